// ---- things that move -----------------------------------------------------------------------------------------

vec2 sj_boat_roll(vec2 q) { return sj_turn(q - vec2(0.0, 0.02 * sin(t * 1.3)), 0.05 * sin(t * 0.9) + 0.02 * (beat - 0.5)); }

float sj_boat(vec2 q) {
    vec2 b = sj_boat_roll(q);
    float sheer = 0.125 + 0.20 * (b.x - 0.02) * (b.x - 0.02);
    float hull = max(b.y - sheer, max(-b.y + 0.02 + 0.10 * b.x * b.x, abs(b.x - 0.01 + 0.25 * (0.13 - b.y)) - 0.40 + 0.85 * max(0.10 - b.y, 0.0)));
    float d = min(hull * 0.85, sj_limb(b, vec2(0.04, 0.1), vec2(0.03, 1.0), 0.010, 0.006));
    float belly = 0.035 * sin(clamp((b.y - 0.2) / 0.74, 0.0, 1.0) * 3.14159) * (1.0 + 0.3 * sin(t * 1.1));
    float main_sail = sj_triangle(b - vec2(-belly, 0.0), vec2(0.010, 0.955), vec2(0.020, 0.215), vec2(-0.36, 0.235)) - 0.004;
    float jib = sj_triangle(b + vec2(-belly * 0.8, 0.0), vec2(0.062, 0.84), vec2(0.385, 0.205), vec2(0.085, 0.235)) - 0.004;
    d = min(d, min(main_sail, jib));
    d = min(d, sj_limb(b, vec2(0.03, 0.205), vec2(-0.38, 0.222), 0.008, 0.006));
    d = min(d, sj_limb(b, vec2(-0.27, 0.13), vec2(-0.265, 0.20), 0.026, 0.022));
    d = min(d, sj_disc(b, vec2(-0.262, 0.248), 0.024));
    return min(d, sj_triangle(b, vec2(0.03, 1.0), vec2(0.03, 0.955), vec2(-0.07, 0.975 + 0.012 * sin(t * 8.0))));
}

// The line of a coupe's bonnet, windscreen, roof and tail.
float sj_car_roof(float x) {
    float belt = 0.300 + 0.018 * cos(x * 2.0 - 0.3) - 0.030 * smoothstep(0.55, 0.88, x);
    float cabin = smoothstep(-0.74, -0.24, x) * (1.0 - smoothstep(0.02, 0.40, x));
    return belt + 0.205 * pow(cabin, 0.75);
}

float sj_car(vec2 q) {
    vec2 c = q - vec2(0.0, 0.004 * sin(t * 9.0) + 0.010 * beat);
    float roof = sj_car_roof(c.x);
    float nose = 0.90 - 0.35 * (c.y - 0.235) * (c.y - 0.235) * 6.0;
    float d = max((c.y - roof) * 0.8, max(0.125 - c.y + 0.02 * c.x * c.x, abs(c.x) - nose)) - 0.006;
    vec2 w = vec2(abs(q.x - 0.02) - 0.55, q.y);
    d = max(d, -sj_disc(w, vec2(0.0, 0.140), 0.162));
    float glass = max(max((c.y - roof + 0.034) * 0.8, 0.335 - c.y), max(c.x - 0.28 + 0.9 * (c.y - 0.33), -0.52 - c.x + 0.6 * (c.y - 0.33)));
    glass = max(glass, 0.011 - abs(c.x + 0.15 + 0.2 * (c.y - 0.33)));
    float driver = min(sj_disc(c, vec2(0.005, 0.415), 0.038), sj_box(c, vec2(-0.015, 0.345), vec2(0.055, 0.045)));
    d = max(d, -max(glass, -driver));
    d = max(d, 0.0035 - max(abs(c.y - 0.255), abs(c.x) - 0.78));
    d = min(d, min(sj_box(c, vec2(0.885, 0.175), vec2(0.028, 0.016)), sj_box(c, vec2(-0.885, 0.185), vec2(0.028, 0.016))) - 0.006);
    vec2 spoke = sj_turn(w - vec2(0.0, 0.140), flow * 9.0 + t * 6.0);
    float wheel = max(sj_disc(w, vec2(0.0, 0.140), 0.138), -max(max(length(spoke) - 0.088, 0.030 - length(spoke)), 0.013 - min(abs(spoke.x), abs(spoke.y))));
    return min(d, wheel);
}

float sj_car_rear(vec2 q) {
    vec2 c = vec2(abs(q.x), q.y - 0.008 * sin(t * 9.0) - 0.012 * beat);
    float body = sj_box(c, vec2(0.0, 0.32), vec2(0.40, 0.14)) - 0.055;
    float cabin = sj_quad(c, vec2(-0.4, 0.80), vec2(0.265, 0.80), vec2(0.40, 0.45), vec2(-0.4, 0.45)) - 0.035;
    float d = sj_smin(body, cabin, 0.05);
    d = max(d, -(sj_quad(c, vec2(-0.4, 0.765), vec2(0.24, 0.765), vec2(0.325, 0.56), vec2(-0.4, 0.56)) - 0.012));
    d = min(d, sj_box(c, vec2(0.0, 0.565), vec2(0.10, 0.05)) - 0.03);
    d = min(d, sj_box(c, vec2(0.17, 0.60), vec2(0.045, 0.065)) - 0.02);
    d = min(d, sj_box(c, vec2(0.33, 0.13), vec2(0.065, 0.13)) - 0.012);
    return min(d, sj_limb(c, vec2(0.43, 0.55), vec2(0.50, 0.565), 0.012, 0.03));
}

float sj_sail(vec2 p, vec2 low, float half_low, float half_high, float height) {
    vec2 r = p - low;
    r.x -= 0.030 * sin(clamp(r.y / height, 0.0, 1.0) * 3.14159);
    return sj_quad(r, vec2(-half_high, height), vec2(half_high, height), vec2(half_low, 0.012 + 0.1 * r.x * r.x), vec2(-half_low, 0.012 + 0.1 * r.x * r.x)) - 0.003;
}

float sj_ship(vec2 q) {
    vec2 b = sj_turn(q - vec2(0.0, 0.015 * sin(t * 0.9)), 0.03 * sin(t * 0.7));
    float sheer = 0.15 + 0.16 * b.x * b.x + 0.075 * (1.0 - smoothstep(-0.36, -0.30, b.x)) + 0.03 * smoothstep(0.34, 0.37, b.x);
    float d = max(b.y - sheer, max(0.02 - b.y + 0.12 * b.x * b.x, max(b.x - 0.44 - 0.55 * (b.y - 0.18), -b.x - 0.52 + 0.20 * (0.2 - b.y)))) * 0.85;
    d = max(d, -max(abs(b.y - 0.108 - 0.10 * b.x * b.x) - 0.004, abs(b.x) - 0.44));
    d = min(d, sj_limb(b, vec2(0.40, 0.20), vec2(0.74, 0.34), 0.010, 0.005));
    for (int i = 0; i < 3; i++) {
        float n = float(i), x = -0.31 + 0.30 * n, top = i == 1 ? 1.0 : 0.88 - 0.04 * n, w = i == 1 ? 0.152 : 0.128;
        d = min(d, sj_limb(b, vec2(x, 0.1), vec2(x, top), 0.009, 0.005));
        d = min(d, sj_sail(b, vec2(x, 0.265), w, w * 0.9, top * 0.255));
        d = min(d, sj_sail(b, vec2(x, 0.285 + top * 0.255), w * 0.88, w * 0.72, top * 0.20));
        d = min(d, sj_sail(b, vec2(x, 0.305 + top * 0.455), w * 0.70, w * 0.52, top * 0.125));
        d = min(d, sj_triangle(b, vec2(x, top + 0.012), vec2(x, top - 0.022), vec2(x + 0.075, top - 0.006 + 0.010 * sin(t * 7.0 + n))));
    }
    d = min(d, sj_triangle(b, vec2(0.37, 0.72), vec2(0.72, 0.335), vec2(0.47, 0.27)));
    return min(d, sj_limb(b, vec2(-0.31, 0.82), vec2(-0.53, 0.30), 0.003, 0.003));
}

float sj_train_wheels(vec2 q, float x0, float gap, float r, float count) {
    float k = clamp(floor((q.x - x0) / gap + 0.5), 0.0, count - 1.0);
    vec2 w = q - vec2(x0 + gap * k, r);
    vec2 s = sj_turn(w, t * 5.0 + flow * 4.0);
    return max(length(w) - r, -max(length(w) - r * 0.74, r * 0.12 - min(abs(s.x), abs(s.y))));
}

float sj_carriage(vec2 q, float x) {
    vec2 c = q - vec2(x, 0.004 * sin(t * 8.0 + x * 9.0));
    float d = sj_box(c, vec2(0.0, 0.265), vec2(0.275, 0.125)) - 0.010;
    d = min(d, sj_oval(c, vec2(0.0, 0.395), vec2(0.285, 0.030)));
    float w = mod(c.x, 0.096) - 0.048;
    d = max(d, -max(sj_box(vec2(w, c.y), vec2(0.0, 0.305), vec2(0.030, 0.036)), abs(c.x) - 0.24));
    return min(d, sj_box(c, vec2(-0.30, 0.16), vec2(0.04, 0.010)));
}

float sj_train(vec2 q) {
    vec2 c = q - vec2(0.60, 0.004 * sin(t * 9.0));
    float d = sj_box(c, vec2(0.22, 0.275), vec2(0.30, 0.075)) - 0.020;
    d = min(d, sj_box(c, vec2(-0.20, 0.30), vec2(0.115, 0.145)) - 0.008);
    d = max(d, -sj_box(c, vec2(-0.20, 0.365), vec2(0.070, 0.048)));
    d = min(d, sj_oval(c, vec2(-0.205, 0.465), vec2(0.155, 0.024)));
    d = min(d, sj_quad(c, vec2(0.37, 0.545), vec2(0.50, 0.545), vec2(0.462, 0.36), vec2(0.408, 0.36)));
    d = min(d, sj_limb(c, vec2(0.16, 0.34), vec2(0.16, 0.405), 0.045, 0.036));
    d = min(d, sj_limb(c, vec2(0.02, 0.34), vec2(0.02, 0.39), 0.026, 0.022));
    d = min(d, sj_box(c, vec2(0.08, 0.145), vec2(0.42, 0.022)));
    d = min(d, sj_triangle(c, vec2(0.50, 0.16), vec2(0.62, 0.015), vec2(0.48, 0.015)));
    d = min(d, sj_train_wheels(q, 0.47, 0.215, 0.100, 3.0));
    d = min(d, sj_train_wheels(q, 1.06, 0.2, 0.062, 1.0));
    float turn = -(t * 5.0 + flow * 4.0);
    vec2 pin = 0.05 * vec2(cos(turn), sin(turn)) + vec2(0.0, 0.10);
    d = min(d, sj_limb(q, vec2(0.47, 0.0) + pin, vec2(0.90, 0.0) + pin, 0.012, 0.012));
    d = min(d, sj_carriage(q, 0.0));
    d = min(d, sj_carriage(q, -0.64));
    d = min(d, sj_train_wheels(q, -0.19, 0.38, 0.072, 2.0));
    d = min(d, sj_train_wheels(q, -0.83, 0.38, 0.072, 2.0));
    return d;
}

float sj_rocket(vec2 q) {
    vec2 r = q - vec2(0.012 * sin(t * 7.0), 0.03 * sin(t * 1.1));
    float y = clamp((r.y - 0.22) / 0.78, 0.0, 1.0);
    float width = 0.135 * pow(max(1.0 - pow(y, 2.2), 0.0), 0.75) * (0.80 + 0.20 * smoothstep(0.0, 0.35, y));
    float d = max(abs(r.x) - width, 0.22 - r.y) * 0.8;
    vec2 m = vec2(abs(r.x), r.y);
    d = min(d, sj_quad(m, vec2(0.10, 0.46), vec2(0.245, 0.26), vec2(0.225, 0.12), vec2(0.09, 0.235)) - 0.006);
    d = min(d, sj_quad(m, vec2(-0.2, 0.23), vec2(0.075, 0.23), vec2(0.095, 0.175), vec2(-0.2, 0.175)));
    d = max(d, 0.010 - abs(length(r - vec2(0.0, 0.66)) - 0.055));
    return max(max(d, 0.004 - abs(r.y - 0.80 + 0.4 * r.x * r.x)), r.y - 0.99);
}
