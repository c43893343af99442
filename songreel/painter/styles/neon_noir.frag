// Finish: the night as photographed; toe and shoulder of a pushed negative.
vec3 style(vec2 uv) {
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    c = c / (1.0 + 0.35 * c);
    return c * 1.22 - 0.012;
}
