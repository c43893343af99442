const vec3 SHEET = vec3(0.955, 0.930, 0.865), STONE = vec3(0.74, 0.12, 0.09);

float seal(vec2 q) { // a name cut into a square stone
    if (max(abs(q.x), abs(q.y)) > 1.0) return 0.0;
    float frame = step(0.80, max(abs(q.x), abs(q.y)));
    vec2 g = abs(q);
    float strokes = max(step(abs(g.x - 0.34), 0.085) * step(g.y, 0.62), step(abs(abs(q.y - 0.06) - 0.40), 0.085) * step(g.x, 0.62));
    return max(frame, max(strokes, step(length(q - vec2(0.0, 0.06)), 0.13)));
}
// r: tooth, g: where a dry brush misses, b: the seal, a: brightness of the sheet.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), at = (p - vec2(0.5 * aspect - 0.075, -0.425)) / 0.028;
    float tooth = paper(p), hair = fibres(p), stains = fbm(p * 3.0, 4);
    return vec4(tooth, smoothstep(0.42, 0.82, hair), seal(at) * (0.62 + 0.5 * step(0.35, n2(p * 300.0))), 0.90 + 0.05 * tooth + 0.025 * hair - 0.04 * (stains - 0.5));
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), ink_ = textureLod(pre0, uv, 0.0);
    float tooth = ground.r - 0.5, tone = ink_.r * 4.0, within = abs(fract(tone) - 0.5);
    float wash = 0.45 * ink_.r + 0.1375 * (floor(tone) + slope(0.35, 0.65, fract(tone)));
    wash += 0.09 * slope(0.16, 0.0, within) * slope(0.08, 0.14, ink_.r);                 // a darker rim where a wash dried
    float dry = ground.g * ink_.r * (1.0 - ink_.r) * 4.0;
    wash *= 0.94 + 0.22 * tooth - 0.30 * dry;
    float line = slope(0.30, 0.60, ink_.g + 0.22 * tooth - 0.14 * ground.g);
    float black = min(wash + line * 0.78, 0.97);
    vec3 sheet = SHEET * (0.70 + 0.36 * pal[4]) * (ground.a * 1.03), deep = vec3(0.042, 0.043, 0.055) + pal[0] * 0.30, red = vec3(0.70, 0.115, 0.08) + pal[3] * 0.12;
    vec3 c = mix(sheet, deep, black * (1.0 - 0.10 * black));
    c = mix(c, sheet * red, ink_.b * (0.93 + 0.2 * tooth));
    c = weathered(c, uv, weather == SNOW ? vec4(sheet, 0.95) : vec4(deep, 0.50), vec4(sheet, 1.0));
    return mix(c, STONE, ground.b * 0.85);
}
