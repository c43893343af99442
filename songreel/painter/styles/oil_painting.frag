// r: threads of the linen, g: how thick the paint lies.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(weave(p), fbm(p * 6.0, 4), 0.0, 1.0); }

vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), paint = textureLod(pre1, uv, 0.0);
    float thin = clamp(1.15 - ground.g - 0.5 * paint.a, 0.0, 1.0);
    vec3 c = paint.rgb * (1.0 + (ground.r - 0.62) * (0.06 + 0.26 * thin));
    return c + vec3(0.012, 0.009, 0.004);
}
