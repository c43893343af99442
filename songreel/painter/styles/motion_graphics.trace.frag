// Forms traced as vectors: corners rounded off, hair lines dropped. r height of the shape (0 sky, 0.86 nearest, 1 subject),
// g, b lowest and highest shape hereabouts.
vec4 prepare(vec2 uv) {
    float mean = 0.0, low = 1.0, high = 0.0, sum = 0.0;
    for (int i = 0; i < 9; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i)) * 0.0024, weight = 1.0 - 0.06 * float(i);
        vec2 at = uv + vec2(cos(turn) / aspect, sin(turn)) * r;
        float h = max((1.0 - textureLod(colour_tex, at, 0.0).a) * 0.86, slope(0.25, 0.75, textureLod(aux_tex, at, 0.0).b));
        mean += h * weight; sum += weight;
        low = min(low, h); high = max(high, h);
    }
    return vec4(mean / sum, low, high, 1.0);
}
