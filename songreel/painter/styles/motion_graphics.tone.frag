// Broad light and shade for flat tones. r light, g what shines.
vec4 prepare(vec2 uv) {
    vec2 sum = vec2(0.0);
    float weights = 0.0;
    for (int i = 0; i < 9; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.4) / 9.0), weight = 1.15 - r;
        vec2 way = vec2(cos(turn) / aspect, sin(turn)) * r;
        sum += vec2(luma(textureLod(colour_tex, uv + way * 0.016, 0.0).rgb), textureLod(aux_tex, uv + way * 0.0045, 0.0).g) * weight;
        weights += weight;
    }
    return vec4(sum / weights, 0.0, 1.0);
}
