// Dabs of even colour: of four quarters around a place, the calmest wins (Kuwahara); sharp forms stay, small change goes.
vec4 prepare(vec2 uv) {
    vec4 best = vec4(0.0);
    float total = 0.0;
    for (int k = 0; k < 4; k++) {
        vec2 way = vec2(k < 2 ? 1.0 : -1.0, (k & 1) == 0 ? 1.0 : -1.0) * 0.0052;
        vec4 a = textureLod(colour_tex, uv + way * vec2(0.35 / aspect, 0.35), 0.0), b = textureLod(colour_tex, uv + way * vec2(1.5 / aspect, 0.45), 0.0);
        vec4 c = textureLod(colour_tex, uv + way * vec2(0.45 / aspect, 1.5), 0.0), d = textureLod(colour_tex, uv + way * vec2(1.35 / aspect, 1.35), 0.0);
        vec4 mean = 0.25 * (a + b + c + d), spread = max(max(abs(a - mean), abs(b - mean)), max(abs(c - mean), abs(d - mean)));
        float calm = dot(spread, vec4(1.0, 1.0, 1.0, 2.0)) * 9.0;
        float weight = 1.0 / (0.02 + calm * calm * calm * calm);
        best += mean * weight;
        total += weight;
    }
    return best / total;
}
