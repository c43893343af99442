// Film grade: the scene sharpened a little, light laid over it, an S-curve, and shadows and highlights tinted apart.
vec4 prepare(vec2 uv) {
    vec2 o = 0.8 / inner;
    vec3 c = textureLod(colour_tex, uv, 0.0).rgb;
    vec3 around = 0.5 * (textureLod(colour_tex, uv + o, 0.0).rgb + textureLod(colour_tex, uv - o, 0.0).rgb);
    c = max(c + (c - around) * 0.75, 0.0);
    vec3 spread = textureLod(bloom_tex, uv, 0.0).rgb * (0.80 + 0.25 * beat);
    c += spread * (1.0 - 0.8 * min(c, 1.0));
    c = min(c * 1.06, 1.5);
    c *= 1.10 - 0.16 * c;                                               // shoulder
    c = mix(c, c * c * (3.0 - 2.0 * min(c, 1.0)), 0.55);                // contrast
    float y = luma(c);
    vec3 cold = vec3(0.84, 1.00, 1.12), warm = mix(vec3(1.07, 1.00, 0.88), vec3(0.78) + light_colour() * 0.25, 0.4);
    c = mix(vec3(y), c, 0.94) * mix(cold, warm, clamp(y * 1.9, 0.0, 1.0));
    c += vec3(0.006, 0.010, 0.018) * (1.0 - min(y, 1.0));               // print film's blacks are blue
    return vec4(c, y);
}
