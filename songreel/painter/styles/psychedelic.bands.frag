// Liquid light: the soft picture's level lines, stirred, become bands; each has one hue, between them lie thick lines.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0034 / aspect, 0.0034);
    vec4 c = textureLod(colour_tex, uv, 0.0), soft = textureLod(pre0, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec4 aux = textureLod(aux_tex, uv, 0.0);
    float y = luma(0.2 * (c + l + r + d + u).rgb), sky_here = in_sky(c.a), shown = aux.b;
    float time = 0.35 * flow + 0.02 * t;
    vec2 stir = n22(p * 1.7 + vec2(0.13 * time, rnd.x * 30.0)) - 0.5;
    vec2 q = p + 0.42 * stir;
    vec2 eddy = n22(q * 3.4 + vec2(rnd.y * 40.0, -0.11 * time)) - 0.5;
    q += 0.16 * eddy;
    const float tones = hour == NIGHT ? 3.8 : 3.4;
    float air = tones * 1.9 * soft.r + 5.0 * soft.g + 5.0 * soft.b + 2.0 * soft.a + 4.2 * (q.y + 0.4 * q.x) + 2.6 * stir.x + 1.1 * eddy.y - 0.55 * time;
    float land = 2.6 * tones * mix(soft.r, y, 0.20 * aux.a * aux.a) + mix(10.0, 5.0, aux.a) * mix(soft.g, c.a, mix(0.15, 0.35, aux.a)) + 2.6 * eddy.x + 1.8 * (q.x + q.y) + 0.40 * time;
    float level = sky_here > 0.5 ? air : land;

    float band = floor(level), within = level - band;
    float steep = max(length(vec2(dFdx(level), dFdy(level))), 0.0005) * inner.y;       // bands in a picture's height
    float line_width = 0.0050 * (0.45 + 1.1 * n2(q * 5.0)) * (0.85 + 0.4 * bass) * min(steep, 45.0), from = min(within, 1.0 - within);
    float shown_lines = slope(75.0, 35.0, steep), line = slope(line_width, line_width * 0.5, from) * shown_lines;
    float hair = slope(0.0026, 0.0013, abs(within - 0.30) / min(steep, 45.0)) * shown_lines;    // a fine light line beside each thick one
    vec3 made = ink(fract(band / 6.0 + 0.08), sky_here > 0.5 ? 0 : 1);
    made *= mix(0.84, 1.14, slope(0.0, hour == NIGHT ? 0.5 : 0.9, mix(soft.r, y, 0.35))) * (0.90 + 0.20 * within);
    vec3 deep = mix(vec3(0.10, 0.015, 0.13), pal[0], 0.5), cream = mix(pal[4], vec3(1.0, 0.95, 0.85), 0.45);
    made = mix(made, cream, hair * 0.70);
    made = mix(made, deep, line * 0.94);
    vec2 w = 2.6 * o;
    float around = max(max(textureLod(aux_tex, uv + vec2(w.x, 0.0), 0.0).b, textureLod(aux_tex, uv - vec2(w.x, 0.0), 0.0).b),
                       max(textureLod(aux_tex, uv + vec2(0.0, w.y), 0.0).b, textureLod(aux_tex, uv - vec2(0.0, w.y), 0.0).b));
    vec3 figure = mix(deep * 0.8, made, slope(0.25, 0.35, y) * 0.9);
    made = mix(made, cream, slope(0.15, 0.5, around) * (1.0 - shown));                              // figures are dark, in a light contour
    made = mix(made, figure, shown);
    float least = 0.012 + 0.06 * c.a * c.a, edge = slope(least, least + 0.045, max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a)));
    float tone = max(abs(luma(l.rgb - r.rgb)), abs(luma(u.rgb - d.rgb)));
    edge = max(edge, 0.85 * slope(0.14, 0.32, tone) * (1.0 - sky_here));
    made = mix(made, deep, edge * (1.0 - slope(0.0, 0.3, around)) * mix(0.2, 1.0, aux.a));
    float shining = disc(c.a, aux.g) * slope(0.25, 0.5, y) * (1.0 - shown);
    made = mix(made, cream, shining * 0.85);
    return vec4(made, y);
}
