// Exposure: surfaces with a grain of their own, air between the layers, light around what shines, and a long film curve.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.010 / aspect, 0.010);
    vec4 c = textureLod(pre0, uv, 0.0), above = textureLod(pre0, uv + vec2(0.3 * o.x, o.y), 0.0), below = textureLod(pre0, uv - vec2(0.3 * o.x, o.y), 0.0);
    float sky_here = in_sky(c.a), near = (1.0 - c.a) * (1.0 - sky_here);
    vec2 q = (p + cam.xy * 0.25) * (2.2 + 9.0 * c.a);
    float relief = fbm1(q * 3.0) - fbm1(q * 3.0 + vec2(0.06, -0.10)) + 0.6 * (ridge1(q * 7.0) - ridge1(q * 7.0 + vec2(0.04, -0.06)));
    vec3 light = c.rgb * c.rgb;                                                   // linear, near enough
    light *= 1.0 + 1.6 * relief * (1.0 - sky_here);
    light += mix(sky_mid() * sky_mid(), light_colour(), 0.12) * 0.035 * near * (0.8 + 1.2 * relief); // skylight in the shadows
    float shelter = slope(0.0, 0.25, c.a - min(above.a, below.a));               // contact shadow beside what stands in front
    light *= 1.0 - 0.22 * shelter * (1.0 - sky_here);
    vec3 air = mix(sky_low(), sky_mid(), 0.4);
    light = mix(light, air * air, 0.42 * slope(0.25, 1.0, c.a) * (1.0 - sky_here));
    vec3 halo = textureLod(bloom_tex, uv, 0.0).rgb;
    light += halo * halo * vec3(1.05, 0.90, 0.78) * 0.8 + halo * 0.10;
    light *= hour == NIGHT ? 1.9 : hour == DAY ? 1.25 : 1.45;
    light = mix(vec3(luma(light)), light, 0.76);
    light = light * (2.2 * light + 0.12) / (light * (2.0 * light + 0.75) + 0.12);    // toe and long shoulder
    return vec4(sqrt(max(light, 0.0)), c.a);
}
