// Every dab is laid out once on the canvas, in two ways: lying ones for air, water and ground, upright ones for what stands.
// Each takes the colour of the motif under its middle, so that paint stays where it is and only its colour lives.
const float REACH = 0.030;                                    // of a dab from its middle, in heights
const vec2 LYING = vec2(0.0175, 0.0090), UPRIGHT = vec2(0.0088, 0.0135); // one dab in each such cell
const vec3 PRIMED = vec3(0.925, 0.885, 0.800);

// The topmost dab over p: xy way to its middle in [-1, 1], z height of its paint in [0, 1].
vec3 dab(vec2 p, vec2 cell, vec2 size, float turn, float other) {
    vec2 home = floor(p / cell);
    vec3 top = vec3(0.0, 0.0, 0.0);
    float highest = -1.0;
    for (int i = 0; i < 35; i++) {
        vec2 id = home + vec2(float(i % 5) - 2.0, float(i / 5) - 3.0);
        vec2 middle = (id + 0.5 + 0.62 * (vec2(h2(id + other), h2(id + other + 17.0)) - 0.5)) * cell;
        float angle = turn + 1.9 * (n2(middle * 3.1 + other) - 0.5) + 0.55 * (h2(id + 5.0 + other) - 0.5);
        vec2 q = (p - middle) * rot(angle) / (size * (0.75 + 0.5 * h2(id + 71.0)));
        q.y += 0.30 * q.x * q.x - 0.10;                                             // a dab bends like a comma
        float hairs = n2(vec2(q.x * 0.9, q.y * 4.5) + id * 3.7), inside = 1.0 - length(vec2(q.x * q.x, q.y)) + 0.35 * (hairs - 0.5);
        float order = h2(id + 40.0 + other) + (inside > 0.0 ? 1.0 : inside - 2.0);
        float ridge = inside > 0.0 ? 0.40 + 0.42 * (hairs - 0.5) + 0.26 * clamp(q.y, -1.0, 1.0) + 0.20 * slope(0.4, 1.0, q.x) : 0.0;
        if (order > highest) { highest = order; top = vec3((middle - p) / REACH, clamp(ridge, 0.07, 1.0) * (inside > 0.0 ? 1.0 : 0.0)); }
    }
    return top;
}
// Six bits each for the way, four for the height.
vec2 coded(vec3 made) {
    ivec3 n = ivec3(clamp(vec3(made.xy * 31.5 + 31.5, made.z * 15.0) + 0.5, vec3(0.0), vec3(63.0, 63.0, 15.0)));
    int all = n.x | n.y << 6 | n.z << 12;
    return vec2(float(all & 255), float(all >> 8)) / 255.0;
}
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    return vec4(coded(dab(p, LYING, vec2(0.0195, 0.0064), 0.22, 0.0)), coded(dab(p, UPRIGHT, vec2(0.0135, 0.0052), 1.35, 300.0)));
}
vec3 style(vec2 uv) {
    ivec4 ground = ivec4(canvas_here() * 255.0 + 0.5);
    float form = textureLod(pre0, uv, 0.0).a;
    bool up = form < 0.0;
    int all = up ? ground.b | ground.a << 8 : ground.r | ground.g << 8;
    vec2 way = (vec2(float(all & 63), float(all >> 6 & 63)) - 31.5) * (REACH / 31.5), p = place(uv);
    float height = float(all >> 12) / 15.0;
    float chance = h2(floor((p + way) / (up ? UPRIGHT : LYING)));
    vec3 c = textureLod(pre0, uv + way * mix(1.0, 0.30, abs(form)) / vec2(aspect, 1.0), 0.0).rgb;
    float y = luma(c), k = fract(chance * 7.0) - 0.5, strength = 1.0 - 0.55 * abs(form);
    vec3 other = max(vec3(1.7 * y) - 0.7 * c, 0.0) + 0.02;                          // the complement, equally light
    c = mix(c, other, (chance > 0.84 ? 0.75 : 0.0) * strength);
    c += (k * vec3(0.24, -0.03, -0.28) + (fract(chance * 31.0) - 0.5) * vec3(0.03, 0.06, -0.16) + (fract(chance * 57.0) - 0.5) * 0.13) * (0.35 + 0.65 * strength) * (0.45 + y);
    c = saturated(c, 1.30) * (0.88 + 0.30 * height);
    return height < 0.03 ? mix(c, PRIMED * (0.55 + 0.5 * y), 0.55) : c;
}
