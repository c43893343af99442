// ---- musicians at their instruments -----------------------------------------------------------------------------

// `front` laid over `back` with a gap of light between them.
float sj_before(float front, float back, float gap) { return min(max(back, gap - front), front); }

float sj_cymbal(vec2 q, vec2 at, float tilt, float r) {
    vec2 c = sj_turn(q - at, -tilt);
    return min(sj_oval(c, vec2(0.0), vec2(r, 0.013)), sj_oval(c, vec2(0.0, 0.014), vec2(0.034, 0.022)));
}

float sj_stand(vec2 q, vec2 top, float foot) {
    vec2 m = vec2(abs(q.x - top.x), q.y);
    return min(sj_limb(q, top, vec2(top.x, 0.10), 0.010, 0.010), sj_limb(m, vec2(0.0, 0.14), vec2(foot, 0.0), 0.010, 0.008));
}

// An arm with a stick: from the raised position to the drum by `hit`.
float sj_drumming_arm(vec2 q, vec2 shoulder, vec2 raised, vec2 low, vec2 aim, float hit, float bend) {
    vec2 hand = mix(raised, low, hit), tip = hand + mix(vec2(0.35 * (aim.x - hand.x), 0.21), aim - low, hit);
    float d = min(sj_arm(q, shoulder, hand, bend), sj_disc(q, hand, 0.024));
    return min(d, sj_limb(q, hand + 0.18 * (hand - tip), tip, 0.009, 0.007));
}

float sj_drum_kit(vec2 q) {
    float ring = length(q - vec2(0.0, 0.262));
    float d = ring - 0.255;
    d = max(d, 0.009 - abs(ring - 0.215));
    d = max(d, 0.012 - abs(ring - 0.062 - 0.012 * kick));
    vec2 m = vec2(abs(q.x), q.y);
    d = min(d, sj_limb(m, vec2(0.20, 0.10), vec2(0.30, 0.0), 0.012, 0.010));
    vec2 tom = sj_turn(m - vec2(0.145, 0.575), 0.16);
    float toms = max(sj_box(tom, vec2(0.0), vec2(0.105, 0.062)) - 0.008, 0.007 - abs(tom.y - 0.036));
    d = sj_before(min(toms, sj_limb(m, vec2(0.05, 0.47), vec2(0.10, 0.55), 0.014, 0.014)), d, 0.011);
    float floor_tom = max(sj_box(q, vec2(-0.40, 0.25), vec2(0.125, 0.135)) - 0.008, 0.007 - abs(q.y - 0.345));
    floor_tom = min(floor_tom, min(sj_limb(q, vec2(-0.52, 0.22), vec2(-0.545, 0.0), 0.010, 0.009), sj_limb(q, vec2(-0.29, 0.14), vec2(-0.275, 0.0), 0.010, 0.009)));
    float snare_drum = max(sj_box(q, vec2(0.37, 0.42), vec2(0.115, 0.048)) - 0.006, 0.006 - abs(q.y - 0.447));
    d = sj_before(min(floor_tom, min(snare_drum, sj_stand(q, vec2(0.37, 0.38), 0.10))), d, 0.012);
    float shake = 0.10 * sin(t * 9.0);
    d = min(d, min(sj_cymbal(q, vec2(-0.54, 0.86), 0.20 + shake * kick, 0.20), sj_stand(q, vec2(-0.54, 0.86), 0.12)));
    d = min(d, min(sj_cymbal(q, vec2(0.62, 0.93), -0.24 + shake * snare, 0.18), sj_stand(q, vec2(0.62, 0.93), 0.10)));
    float gap = 0.012 + 0.012 * (1.0 - hat);
    float hats = min(sj_cymbal(q, vec2(0.56, 0.63 + gap), 0.0, 0.125), sj_cymbal(vec2(q.x, 1.24 - q.y), vec2(0.56, 0.62 + gap), 0.0, 0.125));
    return min(d, min(hats, sj_stand(q, vec2(0.56, 0.66), 0.09)));
}

float sj_drummer(vec2 q) {
    float nod = 0.016 * beat, sway = 0.014 * sin(SJ_TAU * bar_phase);
    vec2 chest = vec2(0.03 + sway, 0.80 - 0.4 * nod), head = chest + vec2(0.3 * sway, 0.185 - nod);
    float d = sj_quad(q, chest + vec2(-0.105, 0.045), chest + vec2(0.105, 0.045), vec2(0.115, 0.45), vec2(-0.06, 0.45)) - 0.03;
    d = sj_smin(d, min(sj_limb(q, chest, head, 0.034, 0.030), sj_oval(q, head, vec2(0.060, 0.073))), 0.02);
    d = sj_smin(d, sj_limb(q, head + vec2(-0.025, 0.045), head + vec2(-0.07 - 2.0 * sway, -0.05 + nod), 0.046, 0.022), 0.02);
    d = sj_smin(d, sj_limb(q, head + vec2(0.025, 0.045), head + vec2(0.065 - 2.0 * sway, -0.045 + nod), 0.046, 0.022), 0.02);
    d = sj_before(sj_drum_kit(q), d, 0.012);
    float on_hat = max(hat, 0.35 + 0.35 * sin(SJ_TAU * bar_phase * 8.0));
    float right = sj_drumming_arm(q, chest + vec2(0.115, 0.03), vec2(0.335, 0.86), vec2(0.335, 0.72), vec2(0.53, 0.66), on_hat, 1.0);
    float left = sj_drumming_arm(q, chest + vec2(-0.115, 0.03), vec2(-0.27, 0.97), vec2(-0.22, 0.69), vec2(-0.08, 0.645), snare, -1.0);
    return sj_before(min(left, right), d, 0.010);
}

float sj_grand_piano(vec2 q) {
    float rim = min(sj_box(q, vec2(0.33, 0.535), vec2(0.33, 0.075)), sj_oval(q, vec2(0.66, 0.535), vec2(0.13, 0.075)));
    float lid = sj_quad(q, vec2(0.17, 1.02), vec2(0.55, 0.985), vec2(0.755, 0.675), vec2(0.07, 0.675)) - 0.02;
    lid = max(lid, 0.008 - sj_limb(q, vec2(0.30, 0.64), vec2(0.40, 0.93), 0.0, 0.0)); // the prop
    float d = min(lid, sj_quad(q, vec2(0.05, 0.80), vec2(0.075, 0.80), vec2(0.045, 0.62), vec2(0.0, 0.62)) - 0.006);
    d = sj_before(rim, d, 0.013);
    d = max(d, 0.007 - max(abs(q.y - 0.567), abs(q.x - 0.36) - 0.34));
    d = min(d, sj_box(q, vec2(-0.06, 0.512), vec2(0.085, 0.024)) - 0.004);
    d = min(d, min(sj_limb(q, vec2(0.05, 0.46), vec2(0.05, 0.03), 0.036, 0.020), sj_limb(q, vec2(0.66, 0.46), vec2(0.66, 0.03), 0.036, 0.020)));
    d = min(d, min(sj_disc(q, vec2(0.05, 0.018), 0.018), sj_disc(q, vec2(0.66, 0.018), 0.018)));
    return min(d, min(sj_box(q, vec2(0.20, 0.25), vec2(0.012, 0.21)), sj_box(q, vec2(0.18, 0.055), vec2(0.05, 0.012))));
}

float sj_pianist(vec2 q) {
    vec2 p = q + vec2(0.13, 0.0);
    float lean = 0.030 * sin(SJ_TAU * bar_phase) + 0.025 * vocals;
    vec2 hip = vec2(-0.425, 0.365), shoulder = vec2(-0.375 + lean, 0.735 - 0.3 * lean);
    float d = min(sj_box(p, vec2(-0.44, 0.275), vec2(0.125, 0.022)) - 0.008, min(sj_limb(p, vec2(-0.54, 0.26), vec2(-0.555, 0.0), 0.014, 0.010), sj_limb(p, vec2(-0.34, 0.26), vec2(-0.325, 0.0), 0.014, 0.010)));
    float legs = min(sj_limb(p, hip, vec2(-0.15, 0.385), 0.070, 0.050), sj_limb(p, vec2(-0.15, 0.385), vec2(-0.115, 0.06), 0.046, 0.026));
    legs = min(legs, sj_limb(p, vec2(-0.12, 0.032), vec2(-0.035, 0.026 + 0.02 * bass), 0.024, 0.016));
    float torso = sj_quad(p, shoulder + vec2(-0.055, 0.03), shoulder + vec2(0.05, 0.015), hip + vec2(0.065, -0.02), hip + vec2(-0.075, -0.02)) - 0.025;
    torso = sj_smin(torso, sj_quad(p, hip + vec2(-0.085, 0.06), hip + vec2(-0.01, 0.06), hip + vec2(-0.06, -0.22), hip + vec2(-0.15, -0.20)) - 0.012, 0.03); // coat tails
    d = sj_smin(min(d, legs), torso, 0.02);
    vec2 neck = shoulder + vec2(0.015 + 0.4 * lean, 0.06);
    d = min(d, sj_head(p, neck, -0.28 + 2.2 * lean));
    d = sj_smin(d, sj_limb(p, neck + vec2(-0.025, 0.11), neck + vec2(-0.075, 0.035), 0.048, 0.030), 0.02);
    d = min(d, sj_grand_piano(p));
    vec2 left = vec2(-0.075 + 0.02 * sin(SJ_TAU * bar_phase * 2.0), 0.565 + 0.075 * max(sin(SJ_TAU * bar_phase * 4.0), 0.0));
    vec2 right = vec2(-0.055 - 0.025 * sin(SJ_TAU * bar_phase), 0.565 + 0.085 * max(-sin(SJ_TAU * bar_phase * 4.0), 0.0));
    float arms = min(sj_arm(p, shoulder + vec2(0.005, -0.01), left, -1.0), sj_arm(p, shoulder + vec2(0.02, 0.0), right, -1.0));
    arms = min(arms, min(sj_limb(p, left, left + vec2(0.04, -0.016), 0.019, 0.010), sj_limb(p, right, right + vec2(0.04, -0.016), 0.019, 0.010)));
    return sj_before(arms, d, 0.009);
}

float sj_booth(vec2 q) {
    vec2 m = vec2(abs(q.x), q.y);
    float d = min(sj_box(q, vec2(0.0, 0.235), vec2(0.60, 0.235)), sj_box(q, vec2(0.0, 0.475), vec2(0.66, 0.018)) - 0.004);
    d = max(d, 0.007 - max(abs(q.y - 0.447), m.x - 0.58));
    d = min(d, sj_box(m, vec2(0.40, 0.525), vec2(0.185, 0.024)) - 0.004);
    d = min(d, sj_oval(m, vec2(0.38, 0.562), vec2(0.125, 0.012)));
    d = min(d, sj_limb(m, vec2(0.55, 0.545), vec2(0.49, 0.60), 0.011, 0.008));
    return min(d, sj_box(q, vec2(0.0, 0.528), vec2(0.145, 0.030)) - 0.004);
}

float sj_dj(vec2 q) {
    float bob = 0.020 * beat, rock = 0.018 * sin(SJ_TAU * bar_phase);
    vec2 chest = vec2(rock, 0.815 - bob), head = chest + vec2(0.6 * rock + 0.01, 0.180 - 0.5 * bob);
    float d = sj_quad(q, chest + vec2(-0.095, 0.045), chest + vec2(0.095, 0.045), vec2(0.085, 0.46), vec2(-0.085, 0.46)) - 0.03;
    float face = min(sj_limb(q, chest, head, 0.034, 0.030), sj_oval(q, head, vec2(0.059, 0.073)));
    d = sj_smin(d, face, 0.02);
    d = sj_smin(d, sj_limb(q, head + vec2(-0.02, 0.05), head + vec2(0.085, 0.045), 0.030, 0.012), 0.01); // a cap with a peak
    vec2 ear = vec2(abs(q.x - head.x), q.y - head.y);
    float phones = min(sj_oval(ear, vec2(0.066, -0.004), vec2(0.022, 0.036)), abs(length(ear - vec2(0.0, 0.005)) - 0.084) - 0.009 + 9.0 * max(-ear.y, 0.0));
    d = sj_before(phones, d, 0.007);
    vec2 fist = chest + vec2(0.215 + 0.4 * rock, mix(0.20, 0.315, beat)), deck = vec2(-0.275 + 0.03 * sin(SJ_TAU * bar_phase * 2.0), 0.595);
    float arms = min(sj_arm(q, chest + vec2(0.11, 0.03), fist, -1.0), sj_disc(q, fist, 0.031));
    arms = min(arms, min(sj_arm(q, chest + vec2(-0.11, 0.03), deck, -1.0), sj_limb(q, deck, deck + vec2(-0.04, -0.02), 0.020, 0.012)));
    d = min(max(d, 0.006 - arms), arms);
    return sj_before(sj_booth(q), d, 0.010);
}

// The bars on the front of the desk, as high as bass, middle and treble.
float sj_dj_glow(vec2 q) {
    float x = q.x / 0.105, n = floor(abs(x)), level = n < 2.0 ? bass : n < 4.0 ? mid : treble;
    float high = 0.07 + 0.29 * level * (0.55 + 0.45 * h1(n + 3.0)), step_of = fract(q.y / 0.045);
    float bar = smoothstep(0.46, 0.36, abs(fract(abs(x)) - 0.5)) * smoothstep(0.38, 0.30, abs(step_of - 0.5));
    return 0.75 * bar * smoothstep(0.015, -0.015, q.y - 0.05 - high) * step(0.05, q.y) * step(n, 4.5);
}
