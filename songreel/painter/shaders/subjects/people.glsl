// ---- people ---------------------------------------------------------------------------------------------------

// Where the ankle is at stride position u: on the ground for 60 % of it, then swinging forward.
vec3 sj_ankle(float u, float reach, float lift) {
    u = fract(u);
    if (u < 0.6) {
        float w = u / 0.6;
        float heel = smoothstep(0.62, 1.0, w);
        return vec3(mix(reach, -reach, w), 0.045 + 0.05 * heel, -0.75 * heel + 0.35 * (1.0 - smoothstep(0.0, 0.16, w)));
    }
    float w = (u - 0.6) / 0.4;
    float s = w * w * (3.0 - 2.0 * w);
    return vec3(mix(-reach, reach, s), 0.045 + 0.05 * (1.0 - w) + lift * sin(w * 3.14159), mix(-0.75, 0.35, w));
}

float sj_walking_leg(vec2 q, vec2 hip, float u) {
    vec3 ankle = sj_ankle(u, 0.155, 0.075);
    vec2 foot = ankle.xy;
    vec2 knee = sj_joint(hip, foot, 0.235, 1.0);
    vec2 toe = foot + sj_turn(vec2(0.085, -0.022), ankle.z);
    vec2 heel = foot + sj_turn(vec2(-0.018, -0.02), ankle.z);
    float d = sj_limb(q, hip, knee, 0.062, 0.042);
    d = min(d, sj_limb(q, knee, foot, 0.042, 0.026));
    return sj_smin(d, sj_limb(q, heel, toe, 0.022, 0.016), 0.02);
}

float sj_swinging_arm(vec2 q, vec2 shoulder, float swing) {
    vec2 elbow = shoulder + sj_turn(vec2(0.0, -0.155), swing * 0.62);
    vec2 hand = elbow + sj_turn(vec2(0.0, -0.145), swing * 0.55 + 0.38);
    return min(sj_limb(q, shoulder, elbow, 0.036, 0.028), sj_limb(q, elbow, hand, 0.027, 0.021));
}

// A head in profile looking to +x, its neck ending at `at`.
float sj_head(vec2 q, vec2 at, float tilt) {
    vec2 h = sj_turn(q - at, -tilt);
    float d = sj_oval(h, vec2(0.012, 0.085), vec2(0.058, 0.068));
    d = sj_smin(d, sj_limb(h, vec2(0.032, 0.045), vec2(0.050, 0.036), 0.022, 0.012), 0.02);
    d = min(d, sj_limb(h, vec2(0.058, 0.086), vec2(0.072, 0.074), 0.009, 0.005));
    return sj_smin(d, sj_limb(h, vec2(0.0, -0.03), vec2(0.004, 0.05), 0.030, 0.028), 0.02);
}

float sj_scarf(vec2 q, vec2 from) {
    vec2 r = from - q;
    float along = clamp(r.x / 0.34, 0.0, 1.0);
    float wave = 0.05 * along * sin(r.x * 17.0 - t * 7.0) - 0.05 * along * (1.0 - along);
    float d = abs(q.y - from.y - wave + 0.02 * along) - mix(0.016, 0.026, along);
    return max(d * 0.75, max(-r.x, r.x - 0.34 - 0.02 * sin(t * 5.0)));
}

float sj_walker(vec2 q) {
    float u = sj_stride(), swing = cos(SJ_TAU * u);
    float bob = -0.014 * cos(2.0 * SJ_TAU * u);
    vec2 hip = vec2(0.0, 0.498 + bob), shoulder = vec2(0.028, 0.805 + bob);
    float d = min(sj_walking_leg(q, hip, u), sj_walking_leg(q, hip, u + 0.5));
    float back = -0.085 - 0.02 * swing * swing - 0.012 * sin(t * 5.0);
    float coat = sj_quad(q, shoulder + vec2(-0.062, 0.03), shoulder + vec2(0.052, 0.0), hip + vec2(0.082, -0.13), hip + vec2(back, -0.15)) - 0.012;
    d = sj_smin(d, coat, 0.03);
    d = sj_smin(d, sj_limb(q, shoulder + vec2(-0.01, -0.01), hip + vec2(0.0, 0.06), 0.078, 0.07), 0.03);
    d = min(d, sj_swinging_arm(q, shoulder, swing));
    d = min(d, sj_swinging_arm(q, shoulder, -swing));
    d = min(d, sj_head(q, shoulder + vec2(0.018, 0.055), -0.06 + 0.03 * sin(SJ_TAU * bar_phase)));
    return min(d, sj_scarf(q, shoulder + vec2(-0.01, 0.055)));
}

// A hand or foot target that glides through four poses, one a quarter of the bar, and rests on each.
vec2 sj_pose(vec2 a, vec2 b, vec2 c, vec2 d) {
    float x = bar_phase * 4.0, f = smoothstep(0.15, 0.95, fract(x));
    if (x < 1.0) return mix(a, b, f);
    if (x < 2.0) return mix(b, c, f);
    if (x < 3.0) return mix(c, d, f);
    return mix(d, a, f);
}

float sj_arm(vec2 q, vec2 shoulder, vec2 hand, float bend) {
    vec2 elbow = sj_joint(shoulder, hand, 0.16, bend);
    return min(sj_limb(q, shoulder, elbow, 0.034, 0.026), sj_limb(q, elbow, hand, 0.025, 0.017));
}

float sj_leg(vec2 q, vec2 hip, vec2 foot, float bend, float toe) {
    vec2 knee = sj_joint(hip, foot, 0.24, bend);
    float d = min(sj_limb(q, hip, knee, 0.056, 0.038), sj_limb(q, knee, foot, 0.038, 0.023));
    return min(d, sj_limb(q, foot + vec2(0.0, -0.018), foot + vec2(toe, -0.026), 0.021, 0.014));
}

float sj_dancer(vec2 q) {
    vec2 sway = sj_pose(vec2(0.0, 0.03), vec2(0.05, -0.03), vec2(0.0, 0.03), vec2(-0.05, -0.03));
    vec2 hip = vec2(0.0, 0.515) + sway, chest = vec2(0.0, 0.775) + sway * vec2(0.3, 1.0);
    vec2 left_foot = sj_pose(vec2(-0.03, 0.04), vec2(-0.29, 0.05), vec2(-0.02, 0.04), vec2(-0.17, 0.05));
    vec2 right_foot = sj_pose(vec2(0.30, 0.21), vec2(0.17, 0.05), vec2(0.05, 0.30), vec2(0.29, 0.05));
    vec2 left_hand = sj_pose(vec2(-0.13, 1.06), vec2(-0.36, 0.70), vec2(-0.10, 1.08), vec2(-0.31, 0.98));
    vec2 right_hand = sj_pose(vec2(0.34, 0.90), vec2(0.31, 0.98), vec2(0.13, 1.06), vec2(0.36, 0.72));
    float d = min(sj_leg(q, hip + vec2(-0.035, 0.0), left_foot, -1.0, -0.05), sj_leg(q, hip + vec2(0.035, 0.0), right_foot, 1.0, 0.05));
    vec2 waist = mix(hip, chest, 0.42);
    float flare = 0.15 + 0.05 * sin(SJ_TAU * bar_phase * 2.0), drift = 0.06 * cos(SJ_TAU * bar_phase);
    float hem = 0.018 * sin(q.x * 34.0 + t * 4.0);
    float skirt = sj_quad(q, waist + vec2(-0.04, 0.0), waist + vec2(0.04, 0.0), hip + vec2(flare + drift, -0.20 + hem), hip + vec2(-flare + drift, -0.20 + hem));
    d = sj_smin(d, skirt - 0.01, 0.03);
    d = sj_smin(d, min(sj_limb(q, waist, chest, 0.048, 0.058), sj_limb(q, chest + vec2(-0.05, 0.02), chest + vec2(0.05, 0.02), 0.036, 0.036)), 0.04);
    d = min(d, sj_arm(q, chest + vec2(-0.072, 0.025), left_hand, 1.0));
    d = min(d, sj_arm(q, chest + vec2(0.072, 0.025), right_hand, -1.0));
    vec2 head = chest + vec2(sway.x * 0.6, 0.155);
    d = min(d, min(sj_limb(q, chest + vec2(0.0, 0.03), head, 0.026, 0.024), sj_oval(q, head, vec2(0.050, 0.062))));
    vec2 tail = head + vec2(-0.10 * sway.x / 0.05 - 0.03, -0.12 + 0.02 * sin(t * 6.0));
    return sj_smin(d, min(sj_disc(q, head + vec2(-0.2 * sway.x, 0.062), 0.030), sj_limb(q, head + vec2(0.0, 0.06), tail, 0.028, 0.008)), 0.02);
}

// Someone seen from behind, walking away; x and size place the figure, skirt is 1 for a dress and long hair.
float sj_from_behind(vec2 q, float x, float size, float skirt, float u) {
    float step_left = max(sin(SJ_TAU * u), 0.0), step_right = max(-sin(SJ_TAU * u), 0.0);
    vec2 p = (q - vec2(x + 0.008 * sin(SJ_TAU * u), 0.0)) / size;
    vec2 m = vec2(abs(p.x), p.y - 0.012 * cos(2.0 * SJ_TAU * u));
    float lift = 0.07 * (p.x < 0.0 ? step_left : step_right);
    float d = min(sj_limb(m, vec2(0.048, 0.50), vec2(0.052, 0.26), 0.052, 0.040), sj_limb(m, vec2(0.052, 0.26), vec2(0.050, 0.05 + lift), 0.040, 0.026));
    d = min(d, sj_limb(m, vec2(0.046, 0.025 + lift), vec2(0.066, 0.022 + lift), 0.024, 0.020));
    float narrow = 0.018 * skirt;
    float torso = sj_smin(sj_limb(m, vec2(0.0, 0.79), vec2(0.072 - narrow, 0.782), 0.046, 0.036), sj_limb(m, vec2(0.022, 0.75), vec2(0.014, 0.56), 0.072 - narrow, 0.060 - narrow), 0.05);
    d = sj_smin(d, torso, 0.03);
    d = min(d, sj_quad(m, vec2(-0.3, 0.64), vec2(0.060 - 0.015 * skirt, 0.64), vec2(0.072 + 0.055 * skirt, 0.47 - 0.15 * skirt), vec2(-0.3, 0.47 - 0.15 * skirt)) - 0.012);
    d = min(d, sj_limb(m, vec2(0.0, 0.82), vec2(0.0, 0.90), 0.030, 0.026));
    d = min(d, sj_oval(m, vec2(0.0, 0.925), vec2(0.054, 0.066)));
    float hair = sj_quad(m, vec2(-0.3, 0.93), vec2(0.046, 0.93), vec2(0.060, 0.74), vec2(-0.3, 0.72)) - 0.012;
    return min(d, mix(9.0, hair, skirt)) * size;
}

float sj_couple(vec2 q) {
    float u = sj_stride(), reach = 0.018 * sin(SJ_TAU * u);
    float d = min(sj_from_behind(q, -0.175, 1.0, 0.0, u), sj_from_behind(q, 0.155, 0.91, 1.0, u + 0.5));
    vec2 hands = vec2(-0.005 + reach, 0.470);
    d = min(d, sj_arm(q, vec2(-0.092, 0.778), hands, -1.0));
    d = min(d, sj_arm(q, vec2(0.085, 0.715), hands, 1.0));
    d = min(d, sj_arm(q, vec2(-0.258, 0.778), vec2(-0.290 - reach, 0.475), 1.0));
    return min(d, sj_arm(q, vec2(0.225, 0.715), vec2(0.270 - reach, 0.45), -1.0));
}

float sj_microphone(vec2 q) {
    float d = sj_limb(q, vec2(0.27, 0.02), vec2(0.205, 0.80), 0.008, 0.008);
    d = min(d, sj_limb(q, vec2(0.21, 0.80), vec2(0.150, 0.855), 0.013, 0.015));
    d = min(d, sj_disc(q, vec2(0.138, 0.868), 0.027));
    return min(d, sj_oval(q, vec2(0.27, 0.0), vec2(0.13, 0.022)));
}

float sj_singer(vec2 q) {
    float lean = 0.02 * sin(SJ_TAU * bar_phase) + 0.02 * vocals;
    vec2 hip = vec2(-0.01, 0.505), shoulder = vec2(0.0 + lean, 0.80);
    float d = min(sj_leg(q, hip, vec2(0.11, 0.045), 1.0, 0.075), sj_leg(q, hip, vec2(-0.15, 0.045), 1.0, 0.075));
    d = sj_smin(d, sj_limb(q, hip, shoulder + vec2(-0.005, -0.03), 0.062, 0.072), 0.04);
    d = sj_smin(d, sj_quad(q, shoulder + vec2(-0.06, 0.0), shoulder + vec2(0.05, -0.02), hip + vec2(0.055, -0.04), hip + vec2(-0.085, -0.05)) - 0.012, 0.03);
    vec2 fist = shoulder + mix(vec2(-0.22, 0.10), vec2(-0.13, 0.275), 0.35 + 0.65 * vocals) + vec2(0.02 * sin(SJ_TAU * bar_phase * 2.0), 0.0);
    d = min(d, min(sj_arm(q, shoulder + vec2(-0.03, 0.0), fist, 1.0), sj_disc(q, fist, 0.026)));
    vec2 head = shoulder + vec2(0.02, 0.06);
    d = min(d, sj_head(q, head, 0.16));
    d = sj_smin(d, sj_limb(q, head + vec2(-0.045, 0.12), head + vec2(-0.10, 0.0), 0.044, 0.022), 0.03);
    float front = min(sj_arm(q, shoulder + vec2(0.02, -0.03), vec2(0.205, 0.795), -1.0), sj_microphone(q));
    return min(max(d, 0.010 - front), front);
}

float sj_guitar(vec2 q, vec2 at, float tilt) {
    vec2 g = sj_turn(q - at, -tilt);
    float d = sj_smin(sj_oval(g, vec2(-0.07, 0.0), vec2(0.115, 0.110)), sj_oval(g, vec2(0.075, 0.0), vec2(0.075, 0.082)), 0.05);
    d = min(d, sj_limb(g, vec2(0.08, 0.0), vec2(0.46, 0.0), 0.015, 0.012));
    return min(d, sj_quad(g, vec2(0.45, 0.020), vec2(0.56, 0.034), vec2(0.56, -0.018), vec2(0.45, -0.020)));
}

float sj_guitarist(vec2 q) {
    float nod = 0.018 * beat, rock = 0.012 * sin(SJ_TAU * bar_phase * 2.0);
    vec2 hip = vec2(rock, 0.50 - 0.4 * nod), chest = vec2(-0.015 + rock * 1.5, 0.775 - nod);
    float d = min(sj_leg(q, hip + vec2(-0.04, 0.0), vec2(-0.20, 0.045), -1.0, -0.07), sj_leg(q, hip + vec2(0.04, 0.0), vec2(0.19, 0.045), 1.0, 0.075));
    d = sj_smin(d, sj_quad(q, chest + vec2(-0.085, 0.035), chest + vec2(0.085, 0.035), hip + vec2(0.062, -0.02), hip + vec2(-0.062, -0.02)) - 0.02, 0.03);
    vec2 head = chest + vec2(0.03, 0.150 - 0.6 * nod);
    d = min(d, min(sj_limb(q, chest, head, 0.032, 0.028), sj_oval(q, head, vec2(0.054, 0.066))));
    d = sj_smin(d, sj_limb(q, head + vec2(-0.02, 0.04), head + vec2(-0.075 + rock, -0.10 + nod), 0.050, 0.022), 0.02);
    d = sj_smin(d, sj_limb(q, head + vec2(0.02, 0.045), head + vec2(0.052 + rock, -0.07 + nod), 0.040, 0.014), 0.02);
    float tilt = 0.42 + 0.05 * sin(SJ_TAU * bar_phase);
    vec2 at = hip + vec2(-0.06, 0.075);
    float guitar = sj_guitar(q, at, tilt);
    d = min(max(d, 0.012 - guitar), guitar);
    vec2 strum = at + sj_turn(vec2(-0.015, 0.028 * sin(SJ_TAU * bar_phase * 4.0)), tilt), fret = at + sj_turn(vec2(0.34 + 0.03 * sin(SJ_TAU * bar_phase), -0.006), tilt);
    float arms = min(sj_arm(q, chest + vec2(-0.085, 0.025), strum, -1.0), sj_arm(q, chest + vec2(0.085, 0.02), fret, -1.0));
    return min(max(d, 0.010 - arms), arms);
}

float sj_astronaut(vec2 q) {
    vec2 p = sj_turn(q - vec2(0.0, 0.52 + 0.02 * sin(t * 0.8)), 0.22 + 0.12 * sin(t * 0.45));
    float kick_leg = 0.05 * sin(t * 0.9), wave = 0.07 * sin(t * 1.1);
    float d = sj_limb(p, vec2(-0.02, -0.06), vec2(0.0, 0.13), 0.115, 0.125);
    d = min(d, sj_box(p, vec2(-0.155, 0.06), vec2(0.055, 0.135)) - 0.025);
    vec2 knee_a = vec2(0.10, -0.24 + kick_leg), knee_b = vec2(-0.06, -0.27 - kick_leg);
    d = sj_smin(d, min(sj_limb(p, vec2(0.04, -0.10), knee_a, 0.082, 0.066), sj_limb(p, knee_a, vec2(0.05, -0.41), 0.066, 0.058)), 0.02);
    d = sj_smin(d, min(sj_limb(p, vec2(-0.05, -0.10), knee_b, 0.082, 0.066), sj_limb(p, knee_b, vec2(-0.15, -0.41), 0.066, 0.058)), 0.02);
    d = min(d, min(sj_limb(p, vec2(0.05, -0.43), vec2(0.12, -0.43), 0.05, 0.042), sj_limb(p, vec2(-0.15, -0.43), vec2(-0.08, -0.44), 0.05, 0.042)));
    vec2 elbow = vec2(0.23, 0.10), hand = vec2(0.32, 0.26 + wave);
    d = min(d, min(sj_limb(p, vec2(0.07, 0.15), elbow, 0.068, 0.056), sj_limb(p, elbow, hand, 0.056, 0.048)));
    d = min(d, sj_limb(p, vec2(-0.03, 0.12), vec2(0.10, -0.08 - 0.4 * wave), 0.062, 0.052));
    float helmet = sj_disc(p, vec2(0.02, 0.335), 0.142);
    d = min(max(d, 0.012 - helmet), helmet);
    float visor = sj_oval(p, vec2(0.065, 0.335), vec2(0.085, 0.075));
    d = max(d, 0.010 - abs(visor));
    float rope = p.y - 0.02 + 0.09 * sin((p.x + 0.2) * 7.0 + t * 0.9) - 0.05;
    return min(d, max(abs(rope) * 0.8 - 0.009, max(p.x + 0.18, -p.x - 0.58)));
}
