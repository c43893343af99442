// ---- animals --------------------------------------------------------------------------------------------------

float sj_whale(vec2 q) {
    float wave = 0.055 * sin(t * 1.5 + q.x * 2.2);
    vec2 p = q - vec2(0.0, 0.46 + wave * (0.55 - 0.55 * q.x));
    float u = clamp((p.x + 0.80) / 1.62, 0.0, 1.0);
    float thick = 0.30 * pow(u, 0.86) * sqrt(max(1.0 - pow(u, 5.0), 0.0)) + 0.022 * (1.0 - u);
    float back = thick * (0.78 - 0.20 * smoothstep(0.55, 1.0, u)), belly = thick * (0.92 + 0.12 * smoothstep(0.5, 0.9, u));
    float d = max(p.y - back, -p.y - belly) * 0.8;
    d = max(d, abs(p.x - 0.01) - 0.82);
    d = min(d, sj_triangle(p, vec2(-0.30, 0.185), vec2(-0.12, 0.12), vec2(-0.36, 0.07)) - 0.008);
    vec2 tail = vec2(-0.79, 0.0);
    float flick = 0.06 * sin(t * 1.5 - 2.4);
    vec2 up = vec2(-1.05, 0.20 + flick), low = vec2(-1.10, -0.06 + flick);
    d = sj_smin(d, sj_triangle(p, vec2(-0.70, 0.035), tail + vec2(-0.085, 0.005), up) - 0.014, 0.03);
    d = sj_smin(d, sj_triangle(p, vec2(-0.70, -0.01), low, tail + vec2(-0.07, 0.03)) - 0.014, 0.03);
    float mouth = abs(p.y + 0.075 + 0.20 * (p.x - 0.8) * (p.x - 0.8)) - 0.0055;
    d = max(d, -max(mouth, max(0.36 - p.x, p.x - 0.9)));
    for (int i = 0; i < 3; i++) {
        float groove = abs(p.y + 0.140 + 0.03 * float(i) + 0.14 * (p.x - 0.6) * (p.x - 0.6)) - 0.0032;
        d = max(d, -max(groove, max(0.22 + 0.05 * float(i) - p.x, p.x - 0.70 + 0.05 * float(i))));
    }
    d = max(d, 0.013 - length(p - vec2(0.40, -0.075)));
    float fin = sj_limb(p, vec2(0.27, -0.15), vec2(0.12, -0.34 + 0.07 * sin(t * 1.5 + 1.0)), 0.055, 0.040);
    fin = min(fin, sj_limb(p, vec2(0.12, -0.34 + 0.07 * sin(t * 1.5 + 1.0)), vec2(-0.07, -0.43 + 0.12 * sin(t * 1.5 + 0.6)), 0.040, 0.012));
    return min(max(d, 0.011 - fin), fin);
}

float sj_wolf(vec2 q) {
    float howl = smoothstep(-0.5, 0.6, sin(t * 0.55)), breath = 0.006 * sin(t * 2.2);
    float d = sj_limb(q, vec2(0.15, 0.54), vec2(-0.22, 0.53), 0.145 + breath, 0.105);
    d = sj_smin(d, sj_limb(q, vec2(0.19, 0.50), vec2(0.17, 0.42), 0.11, 0.07), 0.05);
    d = sj_smin(d, min(sj_limb(q, vec2(0.20, 0.46), vec2(0.215, 0.23), 0.060, 0.034), sj_limb(q, vec2(0.215, 0.23), vec2(0.20, 0.04), 0.034, 0.024)), 0.03);
    d = min(d, min(sj_limb(q, vec2(0.13, 0.44), vec2(0.11, 0.22), 0.055, 0.032), sj_limb(q, vec2(0.11, 0.22), vec2(0.105, 0.04), 0.032, 0.023)));
    d = min(d, min(sj_limb(q, vec2(0.20, 0.022), vec2(0.245, 0.018), 0.024, 0.018), sj_limb(q, vec2(0.105, 0.022), vec2(0.145, 0.018), 0.023, 0.018)));
    for (int i = 0; i < 2; i++) {
        vec2 h = q - vec2(0.105 * float(i) - 0.06, 0.0);
        d = sj_smin(d, sj_limb(h, vec2(-0.21, 0.50), vec2(-0.17, 0.32), 0.100 - 0.02 * float(i), 0.050), 0.04);
        d = min(d, min(sj_limb(h, vec2(-0.17, 0.32), vec2(-0.265, 0.19), 0.046, 0.028), sj_limb(h, vec2(-0.265, 0.19), vec2(-0.235, 0.04), 0.028, 0.022)));
        d = min(d, sj_limb(h, vec2(-0.235, 0.022), vec2(-0.195, 0.018), 0.023, 0.018));
    }
    vec2 tail = vec2(-0.45, 0.30 + 0.02 * sin(t * 1.7));
    d = sj_smin(d, min(sj_limb(q, vec2(-0.27, 0.55), tail, 0.045, 0.058), sj_limb(q, tail, vec2(-0.47 + 0.02 * sin(t * 1.7), 0.16), 0.058, 0.012)), 0.03);
    vec2 nape = mix(vec2(0.37, 0.70), vec2(0.315, 0.775), howl);
    d = sj_smin(d, sj_limb(q, vec2(0.19, 0.59), nape, 0.135, 0.085), 0.06);
    vec2 h = sj_turn(q - nape, -mix(-0.12, 0.98, howl));
    float face = sj_smin(sj_limb(h, vec2(-0.01, 0.01), vec2(0.06, 0.01), 0.080, 0.062), sj_limb(h, vec2(0.06, 0.002), vec2(0.205, -0.008), 0.046, 0.024), 0.03);
    face = min(face, sj_limb(h, vec2(0.06, -0.035), vec2(0.165, -0.050 - 0.045 * howl), 0.026, 0.013));
    face = min(face, min(sj_triangle(h, vec2(-0.085, 0.165), vec2(0.015, 0.07), vec2(-0.065, 0.03)), sj_triangle(h, vec2(-0.015, 0.160), vec2(0.055, 0.06), vec2(-0.02, 0.04))) - 0.006);
    d = sj_smin(d, face, 0.03);
    return d - 0.010 * n2(q * vec2(46.0, 30.0)) * smoothstep(0.24, 0.40, q.y);
}

float sj_horse_leg(vec2 q, vec2 top, float u, float reach, float bend) {
    float a = SJ_TAU * u;
    vec2 fetlock = vec2(top.x - 0.02 + reach * cos(a) + 0.04 * bend, 0.085 + 0.17 * max(sin(a), -0.05));
    vec2 knee = sj_joint(top, fetlock, 0.235, bend);
    vec2 toe = fetlock + sj_turn(vec2(0.035, -0.060), -1.3 * max(sin(a + 0.7), 0.0));
    float d = sj_limb(q, top, knee, 0.074, 0.029);
    d = sj_smin(d, sj_limb(q, knee, fetlock, 0.026, 0.017), 0.01);
    return min(d, sj_limb(q, fetlock, toe, 0.016, 0.024));
}

float sj_horse(vec2 q) {
    float u = sj_stride();
    vec2 p = sj_turn(q - vec2(0.0, 0.60 + 0.02 * sin(SJ_TAU * u)), 0.05 * cos(SJ_TAU * u));
    float d = sj_limb(p, vec2(-0.20, 0.03), vec2(0.17, 0.0), 0.122, 0.136);
    d = sj_smin(d, sj_disc(p, vec2(-0.25, 0.03), 0.132), 0.05);
    vec2 poll = vec2(0.47, 0.285 + 0.02 * cos(SJ_TAU * u));
    d = sj_smin(d, sj_limb(p, vec2(0.22, 0.06), poll, 0.118, 0.058), 0.07);
    vec2 nose = poll + vec2(0.165, -0.135);
    d = sj_smin(d, sj_limb(p, poll + vec2(0.01, 0.0), nose, 0.056, 0.032), 0.02);
    d = min(d, sj_triangle(p, poll + vec2(0.0, 0.115), poll + vec2(0.035, 0.04), poll + vec2(-0.025, 0.035)) - 0.005);
    for (int i = 0; i < 6; i++) {
        float n = float(i) / 5.0, fly = sin(t * 8.0 - n * 4.0);
        vec2 root = mix(poll + vec2(-0.02, 0.045), vec2(0.21, 0.165), n);
        d = sj_smin(d, sj_limb(p, root, root + vec2(-0.115 - 0.02 * n, 0.010 + 0.035 * fly - 0.05 * n), 0.034, 0.004), 0.02);
    }
    vec2 r = vec2(-0.34, 0.07) - p;
    float along = clamp(r.x / 0.36, 0.0, 1.0), wave = 0.04 * along * sin(r.x * 11.0 - t * 8.0) + 0.10 * along * along - 0.07 * sin(along * 3.14);
    d = min(d, max((abs(r.y - wave) - 0.028 * (1.0 - along * along) - 0.045 * sin(along * 3.14)) * 0.7, max(-r.x - 0.06, r.x - 0.36)));
    d = sj_smin(d, sj_horse_leg(q, vec2(0.19, 0.55), u + 0.50, 0.19, 1.0), 0.03);
    d = sj_smin(d, sj_horse_leg(q, vec2(0.15, 0.55), u + 0.62, 0.19, 1.0), 0.03);
    d = sj_smin(d, sj_horse_leg(q, vec2(-0.24, 0.58), u + 0.0, 0.20, -1.0), 0.03);
    return sj_smin(d, sj_horse_leg(q, vec2(-0.27, 0.58), u + 0.13, 0.20, -1.0), 0.03);
}

float sj_butterfly(vec2 q) {
    vec2 p = sj_turn(q - vec2(0.0, 0.52 + 0.035 * sin(t * 1.6)), 0.22 * sin(t * 0.7));
    float flap = cos(t * 1.7 + SJ_TAU * 0.5 * bar_phase), open = 0.46 + 0.54 * sqrt(flap * flap + 0.03);
    vec2 m = vec2(abs(p.x) / open, p.y);
    float fore = sj_smin(sj_limb(m, vec2(0.02, 0.04), vec2(0.36, 0.30), 0.035, 0.125), sj_limb(m, vec2(0.20, 0.15), vec2(0.44, 0.20), 0.10, 0.075), 0.06);
    float hind = sj_smin(sj_limb(m, vec2(0.02, -0.02), vec2(0.25, -0.20), 0.05, 0.125), sj_limb(m, vec2(0.25, -0.24), vec2(0.29, -0.43), 0.05, 0.018), 0.08);
    float d = min(fore, hind);
    d = max(d, 0.010 - abs(sj_limb(m, vec2(0.16, 0.14), vec2(0.33, 0.24), 0.02, 0.065)));
    d = max(d, 0.028 - length(m - vec2(0.24, -0.20)));
    for (int i = 0; i < 3; i++) d = max(d, 0.017 - length(m - vec2(0.455 - 0.035 * float(i * i), 0.17 + 0.095 * float(i))));
    d *= open;
    d = min(d, sj_limb(p, vec2(0.0, 0.10), vec2(0.0, -0.20), 0.026, 0.012));
    d = min(d, sj_disc(p, vec2(0.0, 0.13), 0.026));
    vec2 a = vec2(abs(p.x), p.y);
    return min(d, min(sj_limb(a, vec2(0.01, 0.14), vec2(0.10, 0.31), 0.005, 0.005), sj_disc(a, vec2(0.10, 0.31), 0.012)));
}

float sj_bird(vec2 q, float beat_of_wing) {
    float up = sin(beat_of_wing), lag = sin(beat_of_wing - 0.9);
    vec2 m = vec2(abs(q.x), q.y);
    vec2 wrist = vec2(0.42, 0.26 * up + 0.10), tip = vec2(0.98, 0.26 * up + 0.42 * lag - 0.04);
    float d = sj_limb(m, vec2(0.02, 0.0), wrist, 0.105, 0.075);
    d = min(d, sj_limb(m, wrist, tip, 0.075, 0.008));
    return min(d, sj_limb(q, vec2(-0.03, -0.09), vec2(0.10, 0.04), 0.050, 0.085));
}

float sj_birds(vec2 q) {
    float d = 9.0;
    for (int i = 0; i < 7; i++) {
        float n = float(i), row = ceil(n * 0.5), side = mod(n, 2.0) * 2.0 - 1.0;
        float size = 0.150 - 0.008 * row + 0.02 * h1(n + 3.0);
        vec2 at = vec2(0.40 - 0.27 * row + 0.04 * h1(n), 0.55 + side * 0.120 * row + 0.06 * (h1(n + 7.0) - 0.5));
        at += vec2(0.025 * sin(t * 0.7 + n), 0.028 * sin(t * 0.9 + n * 1.7));
        vec2 r = (q - at) / size;
        d = min(d, sj_bird(r, t * (3.6 + 1.2 * h1(n + 1.0)) + n * 1.9) * size);
    }
    return d;
}
