// What is torn out: forms with their edges worried by the fingers. r height of the paper (0 sky, 0.06 sun or moon, 0.86 nearest,
// 1 subject), g, b lowest and highest paper hereabouts, a 1 where they meet
// at an edge, less where the ground only recedes.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    vec2 torn = (n22(p * 24.0) - 0.5) * 0.010 + (n22(p * 95.0 + 7.0) - 0.5) * 0.0060, from = uv + torn * vec2(1.0 / aspect, 1.0);
    float mean = 0.0, low = 1.0, high = 0.0, square = 0.0, sum = 0.0, plain = 0.0;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i)) * 0.0041, weight = 1.0 - 0.06 * float(i);
        vec2 at = from + vec2(cos(turn) / aspect, sin(turn)) * r;
        vec4 c = textureLod(colour_tex, at, 0.0);
        vec4 aux = textureLod(aux_tex, at, 0.0);
        float h = max(max((1.0 - c.a) * 0.86, step(0.5, aux.b)), step(0.16, aux.g) * step(0.95, c.a) * 0.06);
        mean += h * weight; square += h * h * weight; sum += weight; plain += aux.a * weight;
        low = min(low, h); high = max(high, h);
    }
    mean /= sum;
    float spread = square / sum - mean * mean, most = max((mean - low) * (high - mean), 1e-5);
    return vec4(mean, low, high, spread / most * slope(0.55, 0.85, plain / sum)); // too small to be torn out
}
