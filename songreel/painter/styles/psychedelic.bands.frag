// Liquid light: the soft picture's level lines, stirred, become bands; each has one hue, between them lie thick lines.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0034 / aspect, 0.0034);
    vec4 c = textureLod(colour_tex, uv, 0.0), soft = textureLod(pre0, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec3 aux = textureLod(aux_tex, uv, 0.0).rgb;
    float y = luma(0.2 * (c + l + r + d + u).rgb), sky_here = in_sky(c.a), shown = aux.b;
    float time = 0.35 * flow + 0.02 * t;
    vec2 stir = n22(p * 1.7 + vec2(0.13 * time, rnd.x * 30.0)) - 0.5;
    vec2 q = p + 0.42 * stir;
    vec2 eddy = n22(q * 3.4 + vec2(rnd.y * 40.0, -0.11 * time)) - 0.5;
    q += 0.16 * eddy;
    const float tones = hour == NIGHT ? 5.5 : 3.4;
    float air = tones * 1.5 * soft.r + 3.2 * soft.g + 2.5 * soft.b + 3.0 * soft.a + 2.6 * (q.y + 0.4 * q.x) + 1.6 * stir.x - 0.22 * time - 0.05 * bass;
    float land = 2.3 * tones * mix(soft.r, y, 0.42) + 4.4 * mix(soft.g, c.a, 0.55) + 1.5 * eddy.x + 0.9 * (q.x + q.y) + 0.16 * time;
    float shape = 3.0 * soft.b + 2.0 * y + 3.0 * q.y + 0.20 * time;
    float level = shown > 0.5 ? shape : mix(land, air, step(0.5, sky_here));
    int row = shown > 0.5 ? 2 : sky_here > 0.5 ? 0 : 1;

    float band = floor(level), within = level - band;
    float steep = max(length(vec2(dFdx(level), dFdy(level))), 0.0005) * inner.y;       // bands in a picture's height
    float line_width = 0.0052 * (0.55 + 0.9 * n2(q * 5.0)) * min(steep, 45.0);
    float line = slope(line_width, line_width * 0.45, min(within, 1.0 - within)) * slope(70.0, 30.0, steep);
    float hue = band * 0.1846 + 0.008 * time + 0.05 * within;
    vec3 made = ink(fract(hue), row);
    float light = shown > 0.5 ? 0.10 + 0.25 * y : mix(0.62, 1.22, slope(0.0, hour == NIGHT ? 0.5 : 0.9, mix(soft.r, y, 0.35)));
    made *= light;
    vec3 deep = mix(vec3(0.10, 0.015, 0.13), pal[0], 0.5);
    float edge = slope(0.012, 0.055, max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a)));
    made = mix(made, deep, max(line * (shown > 0.5 ? 0.0 : 0.92), edge));
    float shining = disc(c.a, aux.g) * slope(0.25, 0.5, y);
    made = mix(made, ink(0.5 + 0.5 * fract(0.01 * time), 3), shining * 0.85);
    return vec4(made, y);
}
