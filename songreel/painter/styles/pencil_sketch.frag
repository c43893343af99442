// Strokes laid side by side at an angle, each with its own place, length and pressure: 0 where none is, up to 1.
float strokes(vec2 p, float angle, float rows, float length_, float salt) {
    vec2 q = rot(angle) * p + 0.006 * (n22(p * 7.0 + salt) - 0.5);
    float v = q.y * rows + 0.55 * n2(vec2(q.x * 5.0, q.y * 3.0) + salt), row = floor(v), across = abs(v - row - 0.5);
    float u = q.x / length_ + h1(row + salt * 17.0) * 7.0, cell = floor(u), along = u - cell;
    float pressure = 0.55 + 0.45 * h2(vec2(row, cell + salt));
    float taper = slope(0.0, 0.10, along) * slope(1.0, 0.70, along);
    return clamp((0.46 * (0.45 + 0.55 * taper) - across) * 4.5, 0.0, 1.0) * pressure * (0.25 + 0.75 * taper);
}
// r: tooth of the paper, g: hatching, b: hatching across it, a: hatching for the darkest places.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    return vec4(paper(p), strokes(p, 0.72, 105.0, 0.16, 1.0), strokes(p, -0.52, 118.0, 0.11, 5.0), strokes(p, 1.42, 130.0, 0.13, 9.0));
}
vec3 style(vec2 uv) {
    vec4 draft = textureLod(pre1, uv, 0.0), ground = canvas_here();
    vec2 edge = 0.5 * vec2(aspect, 1.0) - abs(place(uv));
    float tooth = ground.r - 0.5, sheet = slope(0.015, 0.11, min(edge.x, edge.y) + 0.05 * (ground.g - 0.5));
    float dark = draft.r * sheet;
    float light = slope(0.06, 0.50, dark) * (0.25 + 0.75 * ground.g), cross_ = slope(0.34, 0.72, dark) * ground.b, deep = slope(0.62, 0.95, dark) * ground.a;
    float lead = 0.60 * light * slope(0.0, 0.25, dark) + 0.42 * cross_ + 0.46 * deep + 0.22 * slope(0.5, 1.0, dark);
    lead += 0.95 * slope(0.22, 0.62, draft.g) + 0.34 * slope(0.25, 0.75, draft.b) * (1.0 - slope(0.2, 0.6, draft.g));
    lead *= 1.0 + 0.9 * tooth;
    lead = clamp(lead, 0.0, 1.0) * 0.90;
    vec3 white = vec3(0.80, 0.79, 0.77) + pal[4] * 0.185, graphite = vec3(0.135, 0.135, 0.15) + pal[0] * 0.20;
    vec3 c = mix(white * (0.985 + 0.05 * tooth), graphite, lead);
    c = mix(c, c * mix(vec3(1.0), pal[3] * 1.15, 0.72), draft.a * sheet * (0.35 + 0.65 * ground.b) * 0.8);
    const bool rubbed = weather == SNOW;                                         // flakes and fog are taken out again with a rubber
    return weathered(c, uv, rubbed ? vec4(white, 0.95) : vec4(graphite, 0.62 + 0.5 * tooth), vec4(white, 0.95));
}
