// Night falls: all but the lights sinks into blue black, edges catch a rim, the lower part lies wet and mirrors what shines above.
vec3 tube(float turn) { // between the two gases, in the film's colours
    vec3 pink = mix(vec3(1.0, 0.10, 0.50), saturated(pal[3], 1.5), 0.30), cyan = mix(vec3(0.05, 0.80, 1.0), saturated(pal[2], 1.5), 0.22);
    return mix(cyan, pink, smoothstep(0.38, 0.62, turn));
}
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0022 / aspect, 0.0022);
    vec4 c = textureLod(colour_tex, uv, 0.0), around = textureLod(pre0, uv, 0.0);
    vec4 left = textureLod(colour_tex, uv - vec2(o.x, -o.y), 0.0), right = textureLod(colour_tex, uv + vec2(o.x, o.y), 0.0);
    vec3 aux = textureLod(aux_tex, uv, 0.0).rgb;
    vec2 district = n22(p * 1.6 + rnd.xy * 40.0);
    float y = luma(c.rgb), above = y - around.a;
    const float floor_ = hour == DAY ? 0.30 : hour == NIGHT ? 0.16 : 0.24;
    float shine = clamp(0.9 * smoothstep(0.20, 0.85, aux.g) * slope(0.10, 0.5, y) + 0.7 * smoothstep(floor_, floor_ + 0.34, above), 0.0, 1.0);
    float body = smoothstep(0.0, 0.22, above + 0.07) * y;                         // hard light: half of every form is gone
    vec3 deep = mix(vec3(0.012, 0.030, 0.085), pal[0] * 0.5, 0.35), blue = mix(vec3(0.035, 0.120, 0.260), pal[1], 0.40);
    vec3 made = mix(deep * 0.35, deep, 0.4 + 0.6 * c.a) + blue * (0.55 * body + 0.20 * y * c.a);
    float rim = smoothstep(0.02, 0.16, max(left.a, right.a) - c.a) * (1.0 - 0.6 * c.a);
    vec3 neon = tube(district.x * 0.7 + 0.3 * (0.5 + 0.5 * wave(p.x * 0.35 + 0.2)));
    made += rim * tube(1.0 - district.x) * (0.20 + 0.55 * aux.b);
    made = mix(made, neon * (0.55 + 0.5 * y) + vec3(0.85, 0.75, 0.8) * smoothstep(0.75, 1.0, shine) * 0.55, shine);
    vec3 spread = textureLod(bloom_tex, uv, 0.0).rgb;
    made += neon * luma(spread) * (0.95 + 0.20 * beat);
    float wet = slope(-0.10, -0.30, p.y) * (1.0 - 0.85 * aux.b) * slope(0.95, 0.75, c.a);
    float ripple = n2(vec2(p.x * 9.0, p.y * 60.0 + t * 0.25)) - 0.5;
    vec2 over = vec2(uv.x + 0.016 * ripple / aspect, 0.62 - 0.9 * uv.y + 0.05 * ripple);
    vec3 mirrored = textureLod(bloom_tex, over, 0.0).rgb + textureLod(bloom_tex, over + vec2(0.0, 0.13), 0.0).rgb;
    made += wet * (0.35 + 0.9 * (ripple + 0.5)) * luma(mirrored) * tube(n2(vec2(p.x * 1.6, 0.4) + rnd.xy * 40.0)) * 0.9;
    float rain = textureLod(weather_tex, vec2(p.x * 2.1 + p.y * 0.2, p.y * 0.7 + t * 1.3), 0.0).r;
    made += rain * (0.035 + 0.30 * luma(spread)) * mix(vec3(0.6, 0.8, 1.0), neon, 0.5);
    return vec4(made, y);
}
