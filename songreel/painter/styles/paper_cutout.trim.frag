// What the scissors follow: forms with their smallest corners cut off. r height of the card (0 sky, 0.86 nearest, 1 subject),
// g, b lowest and highest card hereabouts, a light, and 1.2 more for what shines.
vec4 prepare(vec2 uv) {
    float mean = 0.0, low = 1.0, high = 0.0, light = 0.0, sum = 0.0;
    for (int i = 0; i < 7; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i)) * 0.0021, weight = 1.0 - 0.07 * float(i);
        vec2 at = uv + vec2(cos(turn) / aspect, sin(turn)) * r;
        vec4 c = textureLod(colour_tex, at, 0.0);
        vec3 aux = textureLod(aux_tex, at, 0.0).rgb;
        float h = max((1.0 - c.a) * 0.86, slope(0.25, 0.75, aux.b));
        mean += h * weight; light += (luma(c.rgb) + 1.2 * step(0.17, aux.g)) * weight; sum += weight;
        low = min(low, h); high = max(high, h);
    }
    return vec4(mean / sum, low, high, light / sum);
}
