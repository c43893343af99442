// What the can sees: the scene without its small things, and how brightly a place shines (a), from which paint drips.
vec4 prepare(vec2 uv) {
    uv += (n22(place(uv) * 16.0) - 0.5) * 0.004;                              // a wandering hand; paint on a wall does not tremble
    vec3 sum = textureLod(colour_tex, uv, 0.0).rgb;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i) + 1.0) * 0.0030;
        sum += textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0).rgb;
    }
    sum /= 9.0;
    float depth = textureLod(colour_tex, uv, 0.0).a, glow = textureLod(aux_tex, uv, 0.0).g, y = luma(sum);
    float shining = max(disc(depth, glow) * slope(0.2, 0.45, y), smoothstep(0.45, 0.75, y) * (1.0 - in_sky(depth)));
    return vec4(sum, shining);
}
