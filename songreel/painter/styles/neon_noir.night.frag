// Night falls: all but the lights sinks into blue black, edges catch a rim, the lower part lies wet and mirrors what shines above.
vec4 prepare(vec2 uv) {
    vec3 pink = mix(vec3(1.0, 0.10, 0.50), pal[3], 0.28), cyan = mix(vec3(0.05, 0.80, 1.0), pal[2], 0.20);    // the two gases, in the film's colours
    vec2 p = place(uv), o = vec2(0.0022 / aspect, 0.0022);
    vec4 c = textureLod(colour_tex, uv, 0.0), around = textureLod(pre0, uv, 0.0);
    vec4 left = textureLod(colour_tex, uv - vec2(o.x, -o.y), 0.0), right = textureLod(colour_tex, uv + vec2(o.x, o.y), 0.0);
    vec3 aux = textureLod(aux_tex, uv, 0.0).rgb;
    vec2 district = n22(p * 1.6 + rnd.xy * 40.0);
    float y = luma(c.rgb), above = y - around.a;
    const float least = hour == DAY ? 0.26 : hour == NIGHT ? 0.08 : 0.18;             // above its surroundings, for a light
    float lamp = max(smoothstep(0.15, 0.70, aux.g) * slope(0.06, 0.36, y), 0.8 * disc(c.a, aux.g) * slope(0.25, 0.75, y));
    float shine = clamp(max(lamp, 0.85 * smoothstep(least, least + 0.30, above)), 0.0, 1.0);
    float body = smoothstep(0.0, 0.16, above + 0.05) * y;                         // hard light: half of every form is gone
    vec3 deep = mix(vec3(0.012, 0.034, 0.100), pal[0] * 0.6, 0.35), blue = mix(vec3(0.030, 0.150, 0.330), pal[1], 0.40);
    vec3 made = mix(deep * 0.25, deep, c.a * c.a) + blue * (0.95 * body + (0.42 * in_sky(c.a) + 0.30 * slope(0.02, 0.30, around.a)) * around.a * c.a + 0.20 * y);
    float rim = smoothstep(0.02, 0.16, max(left.a, right.a) - c.a) * (1.0 - 0.5 * c.a);
    float gas = slope(0.34, 0.66, 0.55 * district.x + 0.65 * (rnd.z < 0.5 ? 1.0 : -1.0) * p.x / aspect + 0.34);
    vec3 neon = mix(cyan, pink, gas);
    made += rim * mix(pink, cyan, gas) * (0.14 + 0.75 * aux.b + 0.30 * slope(0.05, 0.35, around.a) * (1.0 - c.a));
    made = mix(made, neon * (0.55 + 0.5 * y) + vec3(0.85, 0.75, 0.8) * smoothstep(0.75, 1.0, shine) * 0.55, shine);
    vec3 spread = textureLod(bloom_tex, uv, 0.0).rgb;
    made += neon * luma(spread) * (1.35 + 0.25 * beat);
    float wet = slope(-0.10, -0.30, p.y) * (1.0 - 0.85 * aux.b) * slope(0.95, 0.75, c.a);
    float ripple = n2(vec2(p.x * 9.0, p.y * 60.0 + t * 0.25)) - 0.5;
    vec2 over = vec2(uv.x + 0.016 * ripple / aspect, 0.62 - 0.9 * uv.y + 0.05 * ripple);
    float mirrored = luma(textureLod(bloom_tex, over, 0.0).rgb + textureLod(bloom_tex, over + vec2(0.0, 0.13), 0.0).rgb);
    made += wet * (0.35 + 0.9 * (ripple + 0.5)) * mirrored * mix(cyan, pink, slope(0.35, 0.65, district.y)) * 1.35;
    float rain = textureLod(weather_tex, vec2(p.x * 2.1 + p.y * 0.2, p.y * 0.7 + t * 1.3), 0.0).r;
    made += rain * (0.060 + 0.42 * luma(spread)) * mix(vec3(0.6, 0.8, 1.0), neon, 0.5);
    return vec4(made, y);
}
