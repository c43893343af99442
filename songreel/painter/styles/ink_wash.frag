const vec3 SHEET = vec3(0.955, 0.930, 0.865);

float seal(vec2 q) { // a name cut into a square stone
    if (max(abs(q.x), abs(q.y)) > 1.0) return 0.0;
    float frame = step(0.80, max(abs(q.x), abs(q.y)));
    vec2 g = abs(q);
    float strokes = max(step(abs(g.x - 0.34), 0.085) * step(g.y, 0.62), step(abs(abs(q.y - 0.06) - 0.40), 0.085) * step(g.x, 0.62));
    return max(frame, max(strokes, step(length(q - vec2(0.0, 0.06)), 0.13)));
}
// r: tooth, g: fibres, b: the seal, a: stains.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), at = (p - vec2(0.5 * aspect - 0.075, -0.425)) / 0.028;
    return vec4(paper(p), fibres(p), seal(at) * (0.62 + 0.5 * step(0.35, n2(p * 300.0))), fbm(p * 3.0, 4));
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), ink = textureLod(pre0, uv, 0.0);
    float wet = ink.r + 0.16 * (ground.a - 0.5) * ink.r;
    wet = mix(wet, smoothstep(0.06, 0.80, wet), 0.75);
    float tone = wet * 4.0, within = fract(tone);
    float wash = mix(wet, (floor(tone) + smoothstep(0.35, 0.65, within)) * 0.25, 0.55);
    wash += 0.09 * smoothstep(0.16, 0.0, abs(within - 0.5)) * step(0.1, wet);          // a darker rim where a wash dried
    float dry = smoothstep(0.42, 0.78, ground.g) * smoothstep(0.25, 0.6, ink.r) * (1.0 - smoothstep(0.75, 1.0, ink.r));
    wash *= 1.0 - 0.34 * dry;
    float line = smoothstep(0.30, 0.62, ink.g + 0.22 * (ground.r - 0.5) - 0.16 * smoothstep(0.6, 0.9, ground.g));
    float black = clamp(wash * (0.94 + 0.22 * (ground.r - 0.5)) + line * 0.78, 0.0, 0.97);
    vec3 sheet = SHEET * (0.965 + 0.05 * ground.r + 0.025 * ground.g) - 0.03 * (ground.a - 0.5);
    vec3 deep = mix(vec3(0.060, 0.062, 0.078), pal[0], 0.30);
    vec3 red = mix(vec3(0.78, 0.13, 0.09), pal[3], 0.35);
    vec3 c = mix(sheet, deep, black * (1.0 - 0.10 * black));
    c = mix(c, sheet * mix(red, vec3(1.0), 0.10 * ground.r), ink.b * (0.86 + 0.2 * (ground.r - 0.5)));
    return mix(c, vec3(0.74, 0.12, 0.09), ground.b * 0.85);
}
