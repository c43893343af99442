vec3 style(vec2 uv) {
    vec2 p = place(uv);
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    return c * 1.0;
}
