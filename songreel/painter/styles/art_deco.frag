// The frame is drawn once: fillets of gold with stepped corners, a fan in each corner and one above and below.
float ribs(vec2 q, float r, float count) { // a fan opening upwards from its foot: gold rim, gold ribs
    float away = length(q), turn = atan(q.x, q.y) / PI * count, inside = mask(away - r, 0.002) * step(0.0, q.y);
    float rib = slope(0.0022, 0.0009, abs(fract(turn + 0.5) - 0.5) * PI * away / count), rim = slope(0.0026, 0.0014, abs(away - r * 0.97));
    return inside * max(max(rib * step(r * 0.22, away), rim), max(slope(0.0026, 0.0014, abs(away - r * 0.62)), step(away, r * 0.22)));
}
// r: gold, g: the frame's ground, b: brushing of the metal, a: depth of the lacquer.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), rest = 0.5 * vec2(aspect, 1.0) - abs(p);                    // way to the nearest edges
    vec2 in_ = rest - 0.024;
    float edge = min(in_.x, in_.y);
    float notch = min(max(in_.x - 0.034, in_.y - 0.034), max(in_.x - 0.068, in_.y - 0.016));
    notch = min(notch, max(in_.x - 0.016, in_.y - 0.068));                          // three steps cut out of each corner
    float opening = min(edge, notch);
    float gold = slope(0.0030, 0.0020, abs(opening)) + slope(0.0016, 0.0008, abs(opening - 0.0075));
    gold += slope(0.0016, 0.0008, abs(min(rest.x, rest.y) - 0.010)) * step(opening, 0.0);
    vec2 turned = rot(-0.7854) * (rest - 0.018);
    gold += ribs(turned, 0.062, 12.0) * step(opening, 0.002);
    vec2 middle = vec2(p.x, rest.y - 0.024);
    float crest = ribs(middle, 0.052, 9.0), crest_ground = mask(length(middle) - 0.052, 0.002) * step(0.0, middle.y);
    float ground = max(1.0 - slope(-0.0005, 0.0005, opening), crest_ground);
    gold = crest_ground > 0.5 ? crest : gold;
    return vec4(min(gold, 1.0), ground, n2(p * vec2(30.0, 900.0)), 0.5 + 0.5 * n2(p * 500.0));
}
vec3 lacquer(int i) {
    vec3 base[5] = vec3[5](vec3(0.030, 0.040, 0.060), vec3(0.06, 0.20, 0.24), vec3(0.50, 0.10, 0.12), vec3(0.86, 0.55, 0.24), vec3(0.96, 0.90, 0.74));
    return mix(base[i], saturated(pal[i], 1.12), 0.70);
}
vec3 fields(float x) { // flat steps through the lacquers
    float k = clamp(x, 0.0, 0.999) * 4.0, i = floor(k);
    return mix(lacquer(int(i)), lacquer(int(i) + 1), k - i);
}
// Rows: forms by tone; the sky from its light outwards; gold and the disc.
vec3 inks(float x, int row) {
    if (row == 0) return fields(x * (hour == NIGHT ? 0.92 : 1.0));
    const float first = hour == NIGHT ? 0.62 : hour == DAY ? 1.0 : 0.92, last = hour == NIGHT ? 0.0 : hour == DAY ? 0.42 : 0.16;
    if (row == 1) return mix(fields(mix(first, last, sqrt(x))), sky(x), 0.25);
    return mix(vec3(0.98, 0.91, 0.70), pal[4], 0.5);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), art = textureLod(pre1, uv, 0.0);
    vec2 p = place(uv);
    float sheen = wave(p.x * 0.55 - p.y * 0.85 + flow * 0.05) * 0.5 + 0.5;
    sheen = 0.62 + 0.55 * sheen * sheen + 0.16 * (ground.b - 0.5);
    vec3 gold = mix(vec3(0.80, 0.60, 0.26), pal[3], 0.18) * sheen + vec3(0.30, 0.26, 0.16) * slope(0.9, 1.2, sheen);
    vec3 c = art.rgb * (0.975 + 0.05 * ground.a);
    c = mix(c, gold, slope(0.25, 0.60, art.a));
    c = weathered(c, uv, vec4(mix(gold, vec3(0.98, 0.95, 0.86), 0.35), 0.85), vec4(ink(0.45, 1), 0.85));
    c = mix(c, pal[0] * 0.6, ground.g);
    return mix(c, gold, ground.r);
}
