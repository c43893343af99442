// Paper glued on paper: prints on the pieces, creases, strips of tape, and the tooth of it all.

// r: tooth and creases, g: lines of newsprint, b: halftone screen, a: tape, with its edges.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    float crease = ridge1(p * 1.6 + 3.0), tape = 0.0;
    vec2 line = p * 84.0, column = vec2(fract(p.x * 4.1 + 0.1), 0.0);
    float letters = n2(vec2(p.x * 430.0, floor(line.y) * 7.3)), gap = step(0.24, n2(vec2(p.x * 110.0, floor(line.y) * 3.1)));
    float text = step(0.40, letters) * gap * step(abs(fract(line.y) - 0.5), 0.27) * step(0.05, column.x) * step(column.x, 0.95) * step(0.12, h1(floor(line.y)));
    vec2 q = abs(fract(rot(0.55) * p * 96.0) - 0.5);
    for (int i = 0; i < 4; i++) {
        vec2 from = vec2(i < 2 ? -1.0 : 1.0, (i & 1) == 0 ? -1.0 : 1.0) * vec2(0.5 * aspect - 0.10, 0.40) * (i == 1 || i == 2 ? 1.0 : 0.86);
        vec2 l = rot(0.7 * float(i * 2 - 3) + 0.3) * (p - from);
        float end = 0.075 + 0.004 * triangle(l.y * 120.0);
        tape = max(tape, mask(max(abs(l.x) - end, abs(l.y) - 0.021), 1.5 / resolution.y) * (0.75 + 0.25 * n2(l * vec2(20.0, 160.0))));
    }
    return vec4(0.5 + 0.6 * (paper(p) - 0.5) + 0.35 * (smoothstep(0.72, 0.95, crease) - 0.2), text, length(q) * 1.4142, tape);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), art = textureLod(pre1, uv, 0.0);
    vec3 c = art.rgb, ink_ = mix(pal[0], pal[1], 0.25);
    float print = art.a, news = step(0.9, print) * step(print, 1.1), dots = step(1.95, print) * step(print, 3.05);
    float size = sqrt(clamp(print - 2.0, 0.0, 1.0)) * 1.08;
    c = mix(c, mix(ink_, c, 0.30), news * ground.g * 0.75);
    c = mix(c, mix(ink_, c, 0.12), dots * slope(0.07, -0.07, ground.b - size) * 0.85);
    const float hourly = hour == NIGHT ? 0.72 : 0.95;
    c = weathered(c, uv, vec4(vec3(0.96, 0.94, 0.90) * hourly, 0.92), vec4(mix(sky_low(), vec3(0.92, 0.90, 0.84), 0.5) * hourly, 0.85));
    c *= 0.90 + 0.20 * ground.r;
    return mix(c, c * 0.72 + 0.26 * vec3(0.96, 0.90, 0.72), ground.a * 0.62);
}
