// One cell: the mean of its four samples, set to the nearest of sixteen colours after an ordered dither.
vec4 prepare(vec2 uv) {
    vec3 c = textureLod(colour_tex, uv, 0.0).rgb;
    float glow = textureLod(aux_tex, uv, 0.0).g;
    c = saturated(c * 1.08 + glow * c * 0.35, 1.25);
    c = mix(c, sqrt(max(c, 0.0)), 0.22);
    const float order[16] = float[16](0., 8., 2., 10., 12., 4., 14., 6., 3., 11., 1., 9., 15., 7., 13., 5.);
    ivec2 cell = ivec2(gl_FragCoord.xy) & 3;
    c += (order[cell.y * 4 + cell.x] / 16.0 - 0.47) * 0.13;
    vec3 best = pal[0];
    float nearest = 9.0;
    for (int i = 0; i < 16; i++) {
        vec3 ink = i < 9 ? saturated(ramp(float(i) / 8.0), 1.15) : i < 13 ? sky_tint[i - 9] : i == 13 ? pal[0] * 0.45 : i == 14 ? mix(pal[4], vec3(1.0), 0.6) : mix(pal[0], pal[3], 0.5);
        vec3 apart = (c - ink) * vec3(0.9, 1.2, 0.8);
        float d = dot(apart, apart);
        best = d < nearest ? ink : best;
        nearest = min(d, nearest);
    }
    return vec4(best, 1.0);
}
