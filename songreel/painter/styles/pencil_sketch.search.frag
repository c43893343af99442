// Searching lines: a draughtsman runs past the corner and draws the contour more than once. r tone, g line, b faint lines, a accent.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), wander = n22(p * 5.0 + boil * 31.0) - 0.5;
    vec4 c = textureLod(pre0, uv, 0.0);
    vec2 on = vec2(0.018, 0.026) * (0.6 + wander), aside = vec2(0.0045, 0.0060) * (0.5 + wander.yx);
    vec4 right = textureLod(pre0, uv + vec2(on.x / aspect, aside.y), 0.0), left = textureLod(pre0, uv - vec2(on.x * 1.7 / aspect, 0.3 * aside.y), 0.0);
    vec4 up = textureLod(pre0, uv + vec2(aside.x / aspect, on.y), 0.0), down = textureLod(pre0, uv - vec2(0.3 * aside.x / aspect, on.y * 1.6), 0.0);
    float past = max(max(right.b, 0.8 * left.b), max(up.g, 0.8 * down.g));
    return vec4(c.r + 0.16 * (wander.x + wander.y) * c.r, max(c.g, c.b), past, c.a);
}
