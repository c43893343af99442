// Printed on uncoated poster stock: hues mixed to equal lightness, so that neighbours vibrate without flashing.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(paper(p), fbm(p * 4.0, 3), 0.0, 1.0); }

vec3 vivid(vec3 c, float lightness) { // pure, and as light as asked
    float low = min(c.r, min(c.g, c.b)), high = max(c.r, max(c.g, c.b));
    c = (c - low * 0.85) / max(high - low * 0.85, 0.04);
    float y = luma(c);
    return y > lightness ? c * (lightness / y) : mix(c, vec3(1.0), (lightness - y) / (1.0 - y));
}
vec3 turned(vec3 c, float angle) { // hue turned round the axis of greys
    float s = sin(angle), k = cos(angle);
    vec3 axis = vec3(0.57735);
    return c * k + cross(axis, c) * s + axis * dot(axis, c) * (1.0 - k);
}
// Rows: six hues for the air, six for the land, for figures, and for what shines. The palette's accent leads, its complements answer.
vec3 inks(float x, int row) {
    int i = int(x * 5.999);
    float hot[6] = float[6](0.0, 3.1416, 0.55, -2.0, -0.5, 2.3), cool[6] = float[6](2.7, 0.25, -2.4, 0.0, 3.4, -0.6);
    vec3 lead = saturated(row == 1 ? pal[2] : pal[3], 1.6);
    if (row == 3) return vivid(mix(pal[3], pal[4], 0.6), 0.80);
    if (row == 2) return vivid(turned(saturated(pal[1], 1.5), hot[i]), 0.45);
    return vivid(turned(lead, (row == 1 ? cool[i] : hot[i]) * (i % 2 == 1 ? 1.0 : 0.8)), row == 1 ? 0.34 : 0.42);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here();
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    return c * (0.93 + 0.10 * ground.r + 0.06 * ground.g) + 0.012;
}
