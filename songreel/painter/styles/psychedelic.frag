// Printed on uncoated poster stock: hues of like lightness, so that neighbours vibrate without flashing.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(paper(p), fbm(p * 4.0, 3), 0.0, 1.0); }

vec3 vivid(vec3 c, float least, float most) { // pure, and neither darker nor lighter than asked
    float low = min(c.r, min(c.g, c.b)), high = max(c.r, max(c.g, c.b));
    c = (c - low * 0.85) / max(high - low * 0.85, 0.04);
    float y = luma(c);
    return y > most ? c * (most / y) : mix(c, vec3(1.0), max(least - y, 0.0) / (1.0 - y));
}
vec3 turned(vec3 c, float angle) { // hue turned round the axis of greys
    float s = sin(angle), k = cos(angle);
    vec3 axis = vec3(0.57735);
    return c * k + cross(axis, c) * s + axis * dot(axis, c) * (1.0 - k);
}
// Rows: six hues for the air, six for the land. The palette leads, its complements answer.
vec3 inks(float x, int row) {
    int i = int(x * 5.999);
    vec3 pop[6] = vec3[6](vec3(1.00, 0.18, 0.52), vec3(0.05, 0.66, 0.62), vec3(1.00, 0.46, 0.05), vec3(0.46, 0.20, 0.86), vec3(0.98, 0.80, 0.12), vec3(0.10, 0.42, 0.92));
    vec3 own = i % 2 == 0 ? saturated(pal[3], 1.5) : row == 1 ? saturated(pal[1], 1.6) : saturated(pal[2], 1.6);
    vec3 hue = mix(pop[(i + 3 * row) % 6], turned(own, float(i / 2) * (i % 2 == 0 ? 0.45 : -0.6)), 0.34);
    return vivid(hue, 0.31, 0.60);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here();
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    c = weathered(c, uv, vec4(mix(pal[4], vec3(1.0, 0.95, 0.85), 0.45), 0.9), vec4(vivid(pal[2], 0.45, 0.60), 0.75));
    return c * (0.93 + 0.10 * ground.r + 0.06 * ground.g) + 0.012;
}
