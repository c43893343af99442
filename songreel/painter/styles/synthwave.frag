// A tube's picture: scan lines and a slow band of brightness rolling up.
vec3 style(vec2 uv) {
    vec3 c = textureLod(pre0, uv, 0.0).rgb;
    float lines = abs(fract(uv.y * 180.0) - 0.5) * 2.0;
    float band = 1.0 - abs(fract(uv.y * 0.8 - paint_t * 0.11) - 0.5) * 2.0;
    return c * (0.86 + 0.16 * lines + 0.05 * band * band) + vec3(0.012, 0.0, 0.022);
}
