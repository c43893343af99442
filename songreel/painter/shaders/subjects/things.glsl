// ---- things that stand or hang in the air ---------------------------------------------------------------------

float sj_balloon(vec2 q) {
    vec2 b = sj_turn(q - vec2(0.0, 0.02 * sin(t * 0.6)), 0.03 * sin(t * 0.5));
    float y = clamp((0.66 - b.y) / 0.43, 0.0, 1.0);
    float skirt = max(abs(b.x) - mix(0.335, 0.070, y * y * (1.55 - 0.55 * y)), max(b.y - 0.66, 0.225 - b.y)) * 0.8;
    float d = min(sj_disc(b, vec2(0.0, 0.66), 0.335), skirt);
    float width = b.y > 0.66 ? sqrt(max(0.1122 - (b.y - 0.66) * (b.y - 0.66), 0.0)) : mix(0.335, 0.070, y * y * (1.55 - 0.55 * y));
    float across = b.x / max(width, 0.01);
    float gore = min(abs(abs(across) - 0.36), abs(abs(across) - 0.74)) * width;
    d = max(d, 0.0035 - gore);
    float band = abs(b.y - 0.60 + 0.05 * across * across);
    d = max(d, 0.004 - abs(band - 0.055));
    vec2 m = vec2(abs(b.x), b.y);
    d = min(d, sj_limb(m, vec2(0.066, 0.225), vec2(0.048, 0.12), 0.004, 0.004));
    d = min(d, sj_box(b, vec2(0.0, 0.075), vec2(0.052, 0.040)) - 0.008);
    d = min(d, sj_limb(b, vec2(-0.018, 0.12), vec2(-0.018, 0.145), 0.016, 0.013));
    return min(d, sj_disc(b, vec2(-0.018, 0.172), 0.014));
}

float sj_tree(vec2 q) {
    float sway = 0.018 * sin(t * 0.9 + q.y * 2.0) * q.y * (weather == 4 ? 3.0 : 1.0);
    vec2 p = q - vec2(sway, 0.0);
    float d = max(sj_limb(p, vec2(0.0, 0.0), vec2(0.01, 0.42), 0.052, 0.034) - 0.055 * exp(-max(p.y, 0.0) * 22.0), -p.y);
    d = sj_smin(d, sj_limb(p, vec2(0.005, 0.34), vec2(-0.22, 0.60), 0.030, 0.012), 0.03);
    d = sj_smin(d, sj_limb(p, vec2(0.005, 0.38), vec2(0.24, 0.64), 0.028, 0.012), 0.03);
    d = min(d, sj_limb(p, vec2(0.01, 0.42), vec2(0.02, 0.75), 0.032, 0.012));
    d = min(d, sj_limb(p, vec2(0.0, 0.29), vec2(0.26, 0.44), 0.018, 0.008));
    float crown = sj_smin(sj_oval(p, vec2(-0.24, 0.63), vec2(0.20, 0.13)), sj_oval(p, vec2(0.27, 0.64), vec2(0.20, 0.13)), 0.04);
    crown = min(crown, sj_smin(sj_oval(p, vec2(0.01, 0.80), vec2(0.25, 0.16)), sj_oval(p, vec2(0.36, 0.49), vec2(0.12, 0.07)), 0.02));
    float leaves = n2(p * 21.0 + sway * 9.0) * 0.55 + n2(p * 47.0) * 0.45;
    crown = crown + 0.11 * (leaves - 0.36);
    return min(d, crown * 0.6);
}

float sj_lighthouse(vec2 q) {
    vec2 m = vec2(abs(q.x), q.y);
    float d = sj_quad(m, vec2(-0.3, 0.74), vec2(0.062, 0.74), vec2(0.115, 0.06), vec2(-0.3, 0.06));
    d = max(d, -max(abs(abs(q.y - 0.39) - 0.135) - 0.006, abs(q.x) - 0.2));
    d = max(d, -sj_box(q, vec2(0.0, 0.60), vec2(0.012, 0.026)));
    d = min(d, sj_box(q, vec2(0.0, 0.755), vec2(0.105, 0.014)));
    d = min(d, max(sj_box(q, vec2(0.0, 0.795), vec2(0.10, 0.028)), -max(sj_box(q, vec2(0.0, 0.79), vec2(0.2, 0.020)), 0.005 - abs(mod(q.x, 0.04) - 0.02))));
    d = min(d, max(sj_box(q, vec2(0.0, 0.845), vec2(0.062, 0.055)), -max(sj_box(q, vec2(0.0, 0.848), vec2(0.054, 0.040)), 0.004 - abs(m.x - 0.018))));
    d = min(d, max(sj_oval(q, vec2(0.0, 0.898), vec2(0.078, 0.060)), 0.898 - q.y));
    d = min(d, sj_limb(q, vec2(0.0, 0.95), vec2(0.0, 1.0), 0.008, 0.004));
    d = min(d, sj_box(q, vec2(0.22, 0.12), vec2(0.13, 0.07)));
    d = min(d, sj_triangle(q, vec2(0.22, 0.27), vec2(0.375, 0.185), vec2(0.065, 0.185)));
    d = max(d, -sj_box(q, vec2(0.25, 0.125), vec2(0.022, 0.026)));
    float rock = q.y - 0.075 + 1.1 * pow(abs(q.x - 0.09), 2.6) - 0.055 * n2(vec2(q.x * 13.0 + 3.0, 1.0)) - 0.03 * n2(vec2(q.x * 37.0, 5.0));
    return min(d, max(rock * 0.7, -0.03 - q.y));
}

float sj_house(vec2 q) {
    float d = sj_box(q, vec2(0.0, 0.22), vec2(0.34, 0.22));
    d = min(d, sj_quad(q, vec2(-0.27, 0.76), vec2(0.27, 0.76), vec2(0.43, 0.42), vec2(-0.43, 0.42)) - 0.006);
    d = min(d, sj_box(q, vec2(0.20, 0.80), vec2(0.045, 0.12)));
    vec2 m = vec2(abs(q.x), q.y);
    float panes = sj_box(m, vec2(0.205, 0.24), vec2(0.062, 0.075));
    panes = max(panes, 0.007 - min(abs(m.x - 0.205), abs(q.y - 0.25)));
    d = max(d, -panes);
    d = max(d, -max(sj_box(q, vec2(0.0, 0.14), vec2(0.052, 0.14)), 0.014 - abs(length(q - vec2(0.03, 0.14)) - 0.0)));
    d = max(d, 0.062 - max(abs(q.x), abs(q.y - 0.57)));
    vec2 f = vec2(mod(q.x, 0.062) - 0.031, q.y);
    float fence = min(sj_box(f, vec2(0.0, 0.07), vec2(0.012, 0.07)), sj_box(vec2(0.0, q.y), vec2(0.0, 0.085), vec2(1.0, 0.008)));
    d = min(d, max(fence, max(0.40 - m.x, m.x - 0.62)));
    for (int i = 0; i < 4; i++) {
        float age = fract(t * 0.16 + float(i) * 0.25);
        d = min(d, sj_disc(q, vec2(0.21 + 0.22 * age + 0.03 * sin(t + float(i) * 2.0), 0.95 + 0.26 * age), 0.012 + 0.050 * age * (1.0 - age)) + 0.02 * (n2(q * 26.0 + float(i)) - 0.5));
    }
    return d;
}
