// What the colours of a photograph at this hour lean to: air from the horizon up, and land.
vec3 daylight(float height, float air) {
    if (hour == NIGHT) return mix(vec3(0.30, 0.34, 0.40), mix(vec3(0.36, 0.42, 0.52), vec3(0.24, 0.36, 0.56), height), air);
    if (hour == DAY) return mix(vec3(0.50, 0.46, 0.36), mix(vec3(0.84, 0.90, 0.95), vec3(0.30, 0.54, 0.86), height), air);
    return mix(vec3(0.48, 0.40, 0.33), mix(vec3(1.0, 0.70, 0.46), vec3(0.40, 0.50, 0.66), height), air);
}

// Exposure: surfaces with a grain of their own, air between the layers, light around what shines, and a long film curve.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    vec4 c = textureLod(pre0, uv, 0.0), below = textureLod(pre0, uv - vec2(0.003 / aspect, 0.010), 0.0);
    float sky_here = in_sky(c.a), near = (1.0 - c.a) * (1.0 - sky_here);
    vec2 q = (p + cam.xy * 0.25 + vec2(0.0, 0.7)) * (2.2 + 8.0 * c.a);
    vec2 lump = textureLod(noise_tex, q, 0.0).ba - textureLod(noise_tex, q + vec2(0.0036, -0.0056), 0.0).ba; // lit from above, so that it stands out
    float relief = lump.x + 0.6 * lump.y;
    float crisp = luma(c.rgb - below.rgb);
    vec3 natural = daylight(slope(-0.02, 0.5, p.y), sky_here);
    natural *= luma(c.rgb) / luma(natural);
    vec3 seen = mix(c.rgb, natural, 0.62 * slope(0.30, 0.05, textureLod(aux_tex, uv, 0.0).g)), light = seen * seen; // linear, near enough
    light *= 1.0 + clamp(1.6 * crisp, -0.25, 0.10) * (1.0 - sky_here);
    light *= 1.0 + 0.72 * relief * (1.0 - sky_here);
    light += mix(sky_mid() * sky_mid(), light_colour(), 0.12) * 0.035 * near * (0.8 + 1.2 * relief); // skylight in the shadows
    float shelter = slope(0.0, 0.25, c.a - below.a);               // contact shadow beside what stands in front
    light *= 1.0 - 0.22 * shelter * (1.0 - sky_here);
    vec3 air = mix(sky_low(), sky_mid(), 0.4);
    light = mix(light, air * air, 0.26 * slope(0.45, 1.0, c.a) * (1.0 - sky_here));
    vec3 halo = textureLod(bloom_tex, uv, 0.0).rgb;
    const float GLARE = hour == NIGHT ? 1.0 : hour == DAY ? 0.55 : 0.65;
    light += (halo * halo * vec3(0.84, 0.72, 0.62) + halo * 0.06) * GLARE * (1.0 - 0.7 * min(light, 1.0));
    light *= hour == NIGHT ? 1.9 : hour == DAY ? 1.08 : hour == DAWN ? 1.05 : 1.25;
    light.g += 0.30 * max(min(light.r, light.b) - light.g, 0.0);                    // nothing in daylight is purple
    light = max(mix(vec3(luma(light)), light, 1.06), 0.0);
    light = light * (2.7 * light + 0.05) / (light * (2.4 * light + 0.52) + 0.10);    // toe and long shoulder
    return vec4(sqrt(max(light, 0.0)), c.a);
}
