// The photograph that the screens are cut from, without its detail. r: tone, g: depth, b: glow and highlights, a: subject.
vec4 prepare(vec2 uv) {
    vec4 sum = textureLod(colour_tex, uv, 0.0);
    vec2 aux = textureLod(aux_tex, uv, 0.0).gb;
    for (int i = 0; i < 6; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i) + 1.0) * 0.0034;
        sum += textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0);
    }
    sum /= 7.0;
    const float white = hour == NIGHT ? 0.50 : hour == DAY ? 1.0 : 0.90;
    float low = sqrt(0.55 * luma(mix(pal[0], pal[1], 0.3)));
    return vec4(slope(low, sqrt(white), sqrt(luma(sum.rgb))), sum.a, aux.x, aux.y);
}
