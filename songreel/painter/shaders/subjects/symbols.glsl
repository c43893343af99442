// ---- a fish, a flower and things that mean more than they are: each light is drawn beside its shape ---------------

vec2 sj_fish_place(vec2 q) {
    vec2 p = q - vec2(0.03, 0.52 + 0.025 * sin(t * 0.9));
    return p - vec2(0.0, 0.055 * sin(t * 2.6 + p.x * 3.4) * (0.42 - 0.75 * p.x));
}

// A fin of rays from a to its far edge b..c.
float sj_fin(vec2 p, vec2 a, vec2 b, vec2 c) {
    vec2 along = normalize(0.5 * (b + c) - a), r = p - a;
    float angle = (r.x * along.y - r.y * along.x) / max(dot(r, along), 0.02);
    bool clockwise = (b.x - a.x) * (c.y - a.y) < (b.y - a.y) * (c.x - a.x);
    float d = (clockwise ? sj_triangle(p, a, b, c) : sj_triangle(p, a, c, b)) - 0.022;
    float ray = abs(fract(angle * 4.2) - 0.5) / 4.2 * max(dot(r, along), 0.02);
    return max(d, dot(r, along) < 0.12 ? -1.0 : 0.0048 - ray);
}

float sj_fish(vec2 q) {
    vec2 p = sj_fish_place(q);
    float u = clamp((p.x + 0.42) / 0.92, 0.0, 1.0), thick = 0.052 * (1.0 - u) + 0.235 * pow(u, 0.72) * sqrt(max(1.0 - u * u * u, 0.0)) + 0.02 * u * (1.0 - u);
    float body = max((abs(p.y) - thick) * 0.8, abs(p.x - 0.04) - 0.46);
    float wave = 0.05 * sin(t * 2.6 - 1.1);
    float d = min(sj_fin(p, vec2(-0.34, 0.02), vec2(-0.80, 0.36 + wave), vec2(-0.62, 0.03 + wave)), sj_fin(p, vec2(-0.34, -0.02), vec2(-0.62, -0.01 + wave), vec2(-0.76, -0.36 + wave)));
    d = min(d, sj_fin(p, vec2(0.16, 0.14), vec2(-0.12, 0.45 - 0.4 * wave), vec2(-0.30, 0.10)));
    d = min(d, sj_fin(p, vec2(-0.02, -0.15), vec2(-0.26, -0.12), vec2(-0.25, -0.37 + 0.5 * wave)));
    d = sj_before(body, d, 0.010);
    float gill = abs(length(p - vec2(0.42, 0.0)) - 0.215);
    d = max(d, 0.007 - max(gill, max(p.x - 0.27, abs(p.y) - 0.15)));
    vec2 s = vec2(p.x * 11.0, p.y * 13.0);
    s.x += 0.5 * mod(floor(s.y), 2.0);
    vec2 f = fract(s) - vec2(1.0, 0.5);
    float scale = abs(length(f) - 0.62) / 12.0;
    d = max(d, 0.0042 - max(scale, max(max(p.x - 0.13, -0.30 - p.x), abs(p.y) - thick * 0.72)));
    float fin = sj_fin(p, vec2(0.16, -0.06), vec2(-0.07, -0.09 - wave), vec2(-0.02, -0.26 - wave));
    d = sj_before(fin, d, 0.010);
    d = max(d, 0.026 - length(p - vec2(0.37, 0.045)));
    return min(max(d, 0.006 - max(abs(p.y + 0.035), 0.43 - p.x)), sj_disc(p, vec2(0.373, 0.047), 0.012));
}

// How far the flower is open: it takes the section to do so.
float sj_bloom() { return smoothstep(-0.25, 1.05, section_phase) * 0.93 + 0.07 * vocals; }
float sj_stem(float y) { return 0.055 * sin(y * 3.4 + 0.4) + (0.022 * sin(t * 0.9) + (weather == 4 ? 0.05 : 0.0)) * y * y - 0.04; }
vec2 sj_bloom_place(vec2 q) { return sj_turn(q - vec2(sj_stem(0.66), 0.66), 0.10 - 0.05 * sin(t * 0.9)); }

// A pointed petal from the origin upwards.
float sj_petal(vec2 p, float len, float wide) {
    float a = (0.25 * len * len - wide * wide) / (2.0 * wide);
    return length(vec2(abs(p.x) + a, p.y - 0.5 * len)) - a - wide;
}

float sj_petals(vec2 b, out float glow) {
    float open = sj_bloom(), d = 9.0;
    glow = 0.0;
    for (int i = 0; i < 7; i++) {
        float n = 3.0 - floor(float(i + 1) * 0.5), side = mod(float(i), 2.0) * 2.0 - 1.0;
        float turn = side * n * mix(0.10, 0.50, open) * (i == 6 ? 0.0 : 1.0), len = 0.43 - 0.022 * n;
        vec2 p = sj_turn(b - vec2(0.0, 0.01), turn);
        float petal = sj_petal(p, len, mix(0.070, 0.112, open)), inside = smoothstep(0.0, -0.03, petal);
        d = sj_before(petal, d, 0.009);
        glow = mix(glow, 0.14 + 0.40 * (1.0 - clamp(p.y / len, 0.0, 1.0)) + 0.22 * smoothstep(0.016, 0.0, abs(p.x)) * (1.0 - p.y / len), inside);
    }
    return d;
}

float sj_flower(vec2 q) {
    float stem = abs(q.x - sj_stem(q.y)) - 0.013, unused;
    float d = max(stem, max(q.y - 0.68, -q.y));
    vec2 left = q - vec2(sj_stem(0.20), 0.20), right = q - vec2(sj_stem(0.32), 0.32);
    float leaves = min(sj_petal(sj_turn(left, -0.95 - 0.04 * sin(t * 0.8)), 0.31, 0.058), sj_petal(sj_turn(right, 0.85 + 0.05 * sin(t * 0.7)), 0.27, 0.050));
    d = min(d, leaves);
    vec2 b = sj_bloom_place(q);
    d = min(d, sj_oval(b, vec2(0.0, 0.0), vec2(0.056, 0.046)));
    return min(d, sj_petals(b, unused));
}

vec2 sj_flower_glow(vec2 q) {
    vec2 b = sj_bloom_place(q);
    float glow, petals = sj_petals(b, glow), open = sj_bloom();
    vec2 heart = b - vec2(0.0, 0.13 + 0.12 * open);
    return vec2(open * (0.45 * exp(-dot(heart, heart) * 240.0) + 0.08 * exp(-dot(heart, heart) * 14.0) * (0.5 + vocals)), glow * smoothstep(0.004, -0.012, petals));
}

float sj_heart_line(vec2 q) {
    vec2 p = (q - vec2(0.0, 0.53 + 0.012 * sin(t * 0.8))) / (1.0 + 0.075 * beat);
    p = vec2(abs(p.x), p.y + 0.36) / 0.72;
    if (p.x + p.y > 1.0) return (length(p - vec2(0.25, 0.75)) - 0.35355) * 0.72 * (1.0 + 0.075 * beat);
    vec2 corner = p - 0.5 * max(p.x + p.y, 0.0), top = p - vec2(0.0, 1.0);
    return sqrt(min(dot(top, top), dot(corner, corner))) * sign(p.x - p.y) * 0.72 * (1.0 + 0.075 * beat);
}

float sj_heart(vec2 q) { return sj_heart_line(q) - 0.01; }

vec2 sj_heart_glow(vec2 q) {
    float d = sj_heart_line(q), inside = smoothstep(0.0, -0.03, d);
    vec2 shine = sj_turn(q - vec2(-0.17, 0.66), 0.7);
    float body = inside * (0.42 + 0.10 * beat + 0.30 * clamp(-d / 0.2, 0.0, 1.0)), wet = inside * exp(-dot(shine * vec2(1.0, 2.2), shine * vec2(1.0, 2.2)) * 190.0);
    float ring = d - 0.05 - 0.24 * beat_phase, rings = smoothstep(0.014, 0.0, abs(ring)) * (1.0 - beat_phase) * 0.26;
    return vec2(body + 0.16 * exp(-max(d, 0.0) * 9.0) * (1.0 - inside), 0.5 * wet + rings);
}

// The eye's lids at x: upper and lower, shut for a moment every few seconds.
vec2 sj_lids(float x) {
    float blink = fract(t / 4.1 + rnd.z), shut = smoothstep(0.0, 0.025, blink) * smoothstep(0.085, 0.045, blink), bow = max(1.0 - x * x / 0.36, 0.0);
    float low = -0.165 * bow * (1.0 - 0.25 * x);
    return vec2(mix(0.26 * pow(bow, 0.8) * (1.0 + 0.06 * vocals), low + 0.02, shut), low) + 0.03 * x;
}

vec2 sj_gaze() { return vec2(0.10 * smoothstep(-0.4, 0.4, sin(t * 0.55)) - 0.05, 0.035) + 0.010 * vec2(sin(t * 1.7), sin(t * 2.3)); }

float sj_eye(vec2 q) {
    vec2 p = q - vec2(0.0, 0.50), lids = sj_lids(p.x);
    float ball = max(max(p.y - lids.x, lids.y - p.y) * 0.7, abs(p.x) - 0.60);
    float d = max(ball, 0.012 - abs(p.y - lids.x + 0.028) * 0.8) - 0.022;
    for (int i = 0; i < 9; i++) {
        float x = -0.46 + 0.115 * float(i);
        vec2 root = vec2(x, sj_lids(x).x), tip = root + vec2(0.22 * x + 0.025, 0.105 - 0.12 * x * x + 0.01 * hat);
        d = min(d, sj_limb(p, root, tip, 0.016, 0.003));
    }
    float brow = p.y - 0.47 + 0.42 * (p.x - 0.06) * (p.x - 0.06) - 0.02 * vocals, wide = 0.034 - 0.028 * (p.x + 0.52);
    return min(d, max((abs(brow) - max(wide, 0.004)) * 0.9, abs(p.x) - 0.54));
}

vec2 sj_eye_glow(vec2 q) {
    vec2 p = q - vec2(0.0, 0.50), lids = sj_lids(p.x), g = p - sj_gaze();
    float inside = smoothstep(0.006, -0.022, max(p.y - lids.x + 0.03, lids.y - p.y)) * step(abs(p.x), 0.58);
    float r = length(g), pupil = 0.068 + 0.020 * bass, rays = 0.6 + 0.4 * n2(vec2(atan(g.y, g.x) * 9.0, r * 7.0));
    float iris = smoothstep(0.178, 0.162, r) * smoothstep(pupil, pupil + 0.02, r) * rays * (0.55 + 0.35 * smoothstep(0.17, 0.06, r));
    float white = smoothstep(0.186, 0.200, r) * (0.62 - 0.30 * abs(p.x)) * (0.75 + 0.25 * smoothstep(lids.x, lids.x - 0.16, p.y));
    float spark = smoothstep(0.036, 0.024, length(g - vec2(-0.055, 0.070)));
    return inside * vec2(iris + 0.5 * spark, white + 0.5 * spark);
}

// The door's free edge: it opens as the section goes on, and a little with the voice.
float sj_door_edge() { return mix(0.185, -0.115, smoothstep(0.0, 1.0, section_phase) * 0.9 + 0.1 * vocals) + 0.014 * sin(t * 0.8); }
float sj_leaf(vec2 q) {
    float edge = sj_door_edge(), near = 0.12 * (0.235 - edge) / 0.35;
    return sj_quad(q, vec2(-0.235, 0.945), vec2(edge, 0.945 + near), vec2(edge, 0.03 - near), vec2(-0.235, 0.03));
}

float sj_door(vec2 q) {
    float edge = sj_door_edge(), frame = min(sj_box(q, vec2(0.0, 0.51), vec2(0.29, 0.51)), sj_box(q, vec2(0.0, 1.035), vec2(0.345, 0.030)) - 0.006);
    float d = min(frame, sj_box(q, vec2(0.0, 0.008), vec2(0.40, 0.018)) - 0.004), leaf = sj_leaf(q);
    vec2 u = vec2((q.x + 0.235) / (edge + 0.235), (q.y - 0.49) / (0.46 + 0.12 * (0.235 - edge) / 0.35 * clamp((q.x + 0.235) / (edge + 0.235), 0.0, 1.0)));
    vec2 panel = vec2(abs(abs(u.x - 0.47) - 0.205), u.y > -0.1 ? abs(u.y - 0.38) : abs(u.y + 0.52));
    float line = max(panel.x - 0.135, panel.y - (u.y > -0.1 ? 0.40 : 0.32)) * 0.23;
    leaf = max(leaf, 0.0055 - abs(line));
    leaf = max(leaf, 0.016 - length(q - vec2(edge - 0.035 - 0.1 * (edge + 0.235) * 0.2, 0.46)));
    return sj_before(leaf, d, 0.006);
}

float sj_door_glow(vec2 q) {
    float gap = smoothstep(0.008, -0.008, sj_box(q, vec2(0.0, 0.485), vec2(0.235, 0.455))) * smoothstep(-0.004, 0.010, sj_leaf(q));
    float x = q.x - 0.5 * (sj_door_edge() + 0.235), wide = 0.235 - sj_door_edge();
    vec2 r = vec2(max(abs(x) - 0.5 * wide, 0.0), max(abs(q.y - 0.485) - 0.455, 0.0));
    float spill = exp(-dot(r, r) * 22.0) * (0.06 + 0.30 * wide), floor_light = smoothstep(0.02, -0.03, q.y) * smoothstep(0.10, -0.05, abs(x - 0.35 * (0.0 - q.y)) - 0.5 * wide - 0.9 * max(-q.y, 0.0));
    return gap * (0.85 + 0.15 * vocals) + (1.0 - gap) * (spill + 0.30 * floor_light * exp(q.y * 5.0));
}

vec2 sj_moon_place(vec2 q) { return sj_turn(q - vec2(0.0, 1.23), 0.05 * sin(t * 0.7)) + vec2(0.0, 1.23); }

float sj_star(vec2 p, float r) {
    float a = atan(p.x, p.y) / SJ_TAU * 5.0, k = abs(fract(a) - 0.5) * 2.0;
    return (length(p) - r * mix(0.45, 1.0, k * k)) * 0.8;
}

float sj_crescent(vec2 p) { return max(length(p - vec2(-0.02, 0.46)) - 0.37, 0.30 - length(p - vec2(0.15, 0.535))); }

float sj_moon(vec2 q) {
    vec2 p = sj_moon_place(q), s = sj_turn(q - vec2(0.11, 1.23), 0.09 * sin(t * 0.9 + 1.0)) + vec2(0.0, 1.23), w = sj_turn(q - vec2(0.30, 1.23), 0.07 * sin(t * 1.1 + 2.0)) + vec2(0.0, 1.23);
    float d = min(sj_crescent(p), sj_limb(p, vec2(-0.02, 0.80), vec2(-0.02, 1.17), 0.006, 0.006));
    d = min(d, min(sj_star(s - vec2(0.0, 0.56), 0.092), sj_limb(s, vec2(0.0, 0.64), vec2(0.0, 1.17), 0.005, 0.005)));
    return min(d, min(sj_star(w - vec2(0.0, 0.33), 0.070), sj_limb(w, vec2(0.0, 0.39), vec2(0.0, 1.17), 0.005, 0.005)));
}

vec2 sj_moon_glow(vec2 q) {
    vec2 p = sj_moon_place(q), s = sj_turn(q - vec2(0.11, 1.23), 0.09 * sin(t * 0.9 + 1.0)) + vec2(0.0, 1.23), w = sj_turn(q - vec2(0.30, 1.23), 0.07 * sin(t * 1.1 + 2.0)) + vec2(0.0, 1.23);
    float d = sj_crescent(p), seas = n2(p * 9.0) * 0.6 + n2(p * 21.0 + 3.0) * 0.4;
    float body = smoothstep(0.0, -0.012, d) * (0.62 + 0.30 * seas) * (0.85 + 0.15 * bass);
    float stars = smoothstep(0.004, -0.006, sj_star(s - vec2(0.0, 0.56), 0.092)) * (0.5 + 0.4 * treble) + smoothstep(0.004, -0.006, sj_star(w - vec2(0.0, 0.33), 0.070)) * (0.5 + 0.4 * hat);
    return vec2(body * 0.55 + stars + 0.12 * exp(-max(d, 0.0) * 9.0), body * 0.5);
}
