const vec3 SHEET = vec3(0.985, 0.965, 0.920);

vec3 loud(vec3 c) { // as a screen printer mixes it: no grey in it
    float low = min(c.r, min(c.g, c.b)), high = max(c.r, max(c.g, c.b));
    return mix(c, (c - low * 0.85) / max(high - low * 0.85, 0.06), 0.85);
}
// r: uneven pull of the squeegee, g: distance from the middle of the nearest dot, b: the colour blocks behind.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), q = rot(0.36) * p * 40.0, f = abs(fract(vec2(q.x, q.y + 0.5 * mod(floor(q.x), 2.0))) - 0.5);
    float pull = 0.55 * n2(vec2(p.x * 210.0, p.y * 5.0)) + 0.45 * paper(p);
    float torn = p.x * 0.36 + p.y + 0.012 * (n2(p * 22.0) - 0.5) + 0.02 * (n2(p * 7.0) - 0.5);
    return vec4(pull, length(f) * 1.414, slope(0.13, 0.134, torn), 1.0);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here();
    vec4 first = textureLod(pre0, uv + vec2(0.0085 / aspect, -0.0060) * min(1.3 * aspect, 1.0), 0.0), key = textureLod(pre0, uv, 0.0);
    vec3 accent = loud(pal[3]), second = loud(pal[2]), third = loud(mix(pal[1], pal[2], 0.25)), pale = mix(loud(pal[4]), vec3(1.0, 0.93, 0.35), 0.25);
    float air = slope(0.93, 0.97, first.g), front = slope(0.56, 0.50, first.g);
    vec3 field = mix(second, third, front);
    field = mix(field, mix(accent, pale, ground.b), air);
    float bite = 0.05 * (ground.r - 0.5), tone = first.r + bite, dots = 0.66 * slope(0.26, 0.38, tone) * slope(0.66, 0.52, tone); // only the middle tones
    float dot_ = slope(0.03, -0.05, ground.g - dots);
    vec3 spots = mix(mix(accent, pale, front), mix(second, accent, ground.b), air);
    field = mix(field, spots, dot_);
    float sun = disc(first.g, first.b);
    field = mix(field, SHEET, max(slope(0.05, -0.03, ground.g - 0.72 * slope(0.76, 0.99, tone)) * (1.0 - air), max(sun, slope(0.42, 0.50, first.b) * slope(0.60, 0.67, tone))));
    field = mix(field, pale, slope(0.4, 0.5, first.a));
    float gap = key.g - first.g;                                                   // where the screens do not meet, paper shows or inks overlap
    field = mix(field, SHEET, slope(0.03, 0.06, -gap));
    float black = max(slope(0.22, 0.19, key.r + bite) * (1.0 - slope(0.95, 0.98, key.g)), max(0.9 * slope(0.03, 0.06, gap), slope(0.35, 0.65, disc(key.g, key.b) - sun)));
    vec3 c = field * (0.92 + 0.12 * ground.r);
    c = mix(c, vec3(0.05, 0.035, 0.06) + 0.06 * ground.r, black * (0.90 + 0.2 * (ground.r - 0.5)));
    c = mix(c, mix(SHEET, pale, 0.6), slope(0.30, 0.60, abs(first.a - key.a)) * 0.95);    // a figure is cut out with a rim of paper
    return weathered(c, uv, vec4(SHEET, 0.95), vec4(mix(SHEET, pale, 0.5), slope(0.10, -0.06, ground.g - 0.75) * 0.9));
}
