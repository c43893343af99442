// Subjects: animated silhouettes as signed distances, chosen by subject_id (the ids are in subjects.toml).
//
// float subject(vec2 q)                  distance in q units, negative inside; stands on q.y = 0, about 1 high, faces +x
// float subject_mask(vec2 q, float px)   coverage 0..1; px is the size of a pixel in q units
// vec3  subject_glow(vec2 q)             light the subject gives off (lamps, windows, flames), to be added
// float subject_half_width()             half the room it needs sideways, in q units
// float subject_rear(vec2 q)             the same seen from behind, for things that drive away (the car)
// bool  subject_floats(), subject_flies() whether it belongs on water or in the air; else it stands on ground
// vec3  subject_over(...)                the subject painted over a picture, with a rim of light, its lamps and subject_cover
//
// Gaits follow bar_phase (two strides a bar), so that steps fall on the beat and never jump between bars.

const float SJ_TAU = 6.2831853;
const int SJ_WALKER = 1, SJ_DANCER = 2, SJ_COUPLE = 3, SJ_SINGER = 4, SJ_GUITARIST = 5, SJ_BIRDS = 6, SJ_WHALE = 7,
    SJ_BOAT = 8, SJ_CAR = 9, SJ_TRAIN = 10, SJ_WOLF = 11, SJ_HORSE = 12, SJ_BALLOON = 13, SJ_TREE = 14,
    SJ_LIGHTHOUSE = 15, SJ_HOUSE = 16, SJ_BUTTERFLY = 17, SJ_ASTRONAUT = 18, SJ_SHIP = 19, SJ_ROCKET = 20;

// ---- shapes ---------------------------------------------------------------------------------------------------

float sj_limb(vec2 p, vec2 a, vec2 b, float ra, float rb) {
    vec2 pa = p - a, ba = b - a;
    float h = clamp(dot(pa, ba) / max(dot(ba, ba), 1e-6), 0.0, 1.0);
    return length(pa - ba * h) - mix(ra, rb, h);
}

float sj_box(vec2 p, vec2 c, vec2 half_size) {
    vec2 d = abs(p - c) - half_size;
    return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

float sj_disc(vec2 p, vec2 c, float r) { return length(p - c) - r; }

float sj_oval(vec2 p, vec2 c, vec2 r) {
    vec2 d = (p - c) / r;
    return (length(d) - 1.0) * min(r.x, r.y);
}

float sj_smin(float a, float b, float k) {
    float h = max(k - abs(a - b), 0.0) / k;
    return min(a, b) - h * h * k * 0.25;
}

// Edge of a half plane through a and b, negative on the right hand when going from a to b.
float sj_side(vec2 p, vec2 a, vec2 b) {
    vec2 e = normalize(b - a);
    return dot(p - a, vec2(-e.y, e.x));
}

// Triangle with corners in clockwise order.
float sj_triangle(vec2 p, vec2 a, vec2 b, vec2 c) { return max(sj_side(p, a, b), max(sj_side(p, b, c), sj_side(p, c, a))); }

// Four-cornered convex shape with corners in clockwise order.
float sj_quad(vec2 p, vec2 a, vec2 b, vec2 c, vec2 d) {
    return max(max(sj_side(p, a, b), sj_side(p, b, c)), max(sj_side(p, c, d), sj_side(p, d, a)));
}

// The middle joint of two equal bones from a to b; bend is +1 or -1 for the side that it points to.
vec2 sj_joint(vec2 a, vec2 b, float bone, float bend) {
    vec2 d = b - a;
    float reach = min(length(d), 2.0 * bone * 0.999);
    vec2 along = d / max(length(d), 1e-4);
    float out_by = sqrt(max(bone * bone - 0.25 * reach * reach, 0.0));
    return a + along * reach * 0.5 + vec2(-along.y, along.x) * out_by * bend;
}

vec2 sj_turn(vec2 p, float a) {
    float c = cos(a), s = sin(a);
    return vec2(c * p.x - s * p.y, s * p.x + c * p.y);
}

// Position of the stride 0..1, two strides a bar.
float sj_stride() { return fract(bar_phase * 2.0); }

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
    d = min(d, max((abs(r.y - wave) - 0.028 - 0.045 * sin(along * 3.14)) * 0.7, max(-r.x - 0.06, r.x - 0.36)));
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

// ---- things that move -----------------------------------------------------------------------------------------

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

vec3 sj_car_glow(vec2 q, vec3 warm) {
    vec2 lamp = q - vec2(0.88, 0.255);
    float beam = smoothstep(0.0, 0.05, lamp.x) * exp(-lamp.x * 1.9) * smoothstep(0.06 + 0.22 * lamp.x, 0.0, abs(lamp.y + 0.06 * lamp.x));
    float tail = exp(-dot(q - vec2(-0.88, 0.27), q - vec2(-0.88, 0.27)) * 900.0);
    return warm * (0.5 * beam + exp(-dot(lamp, lamp) * 900.0) * 1.4) + vec3(1.0, 0.16, 0.10) * tail;
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
    d = max(d, 0.062 - max(abs(q.x), abs(q.y - 0.57)) + 9.0 * step(abs(q.x), 0.0));
    vec2 f = vec2(mod(q.x, 0.062) - 0.031, q.y);
    float fence = min(sj_box(f, vec2(0.0, 0.07), vec2(0.012, 0.07)), sj_box(vec2(0.0, q.y), vec2(0.0, 0.085), vec2(1.0, 0.008)));
    d = min(d, max(fence, max(0.40 - m.x, m.x - 0.62)));
    for (int i = 0; i < 4; i++) {
        float age = fract(t * 0.16 + float(i) * 0.25);
        d = min(d, sj_disc(q, vec2(0.21 + 0.22 * age + 0.03 * sin(t + float(i) * 2.0), 0.95 + 0.26 * age), 0.012 + 0.050 * age * (1.0 - age)) + 0.02 * (n2(q * 26.0 + float(i)) - 0.5));
    }
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

// ---- lights ---------------------------------------------------------------------------------------------------

float sj_pane(vec2 q, vec2 c, vec2 half_size) { return 1.0 - smoothstep(0.0, 0.012, sj_box(q, c, half_size)); }

float sj_carriage_light(vec2 c) {
    float w = mod(c.x, 0.096) - 0.048;
    return sj_pane(vec2(w, c.y), vec2(0.0, 0.305), vec2(0.026, 0.032)) * step(abs(c.x), 0.24);
}

// Steam rolling back from the chimney.
float sj_steam(vec2 q) {
    vec2 r = vec2(1.04 - q.x, q.y - 0.57);
    float rise = 0.13 * sqrt(max(r.x, 0.0)) + 0.02, thick = 0.03 + 0.085 * sqrt(max(r.x, 0.0));
    float curl = n2(vec2(r.x * 7.0 - t * 2.4, q.y * 9.0)) * 0.6 + n2(vec2(r.x * 16.0 - t * 3.8, q.y * 19.0 + t)) * 0.4;
    float body = 1.0 - smoothstep(0.15, 1.0, abs(r.y - rise) / thick + 0.9 * (0.55 - curl));
    return body * smoothstep(-0.01, 0.05, r.x) * exp(-1.1 * max(r.x, 0.0));
}

vec3 sj_train_glow(vec2 q, vec3 warm) {
    float panes = sj_carriage_light(q) + sj_carriage_light(q + vec2(0.64, 0.0));
    vec2 lamp = q - vec2(1.14, 0.30);
    float beam = smoothstep(0.0, 0.04, lamp.x) * exp(-lamp.x * 3.0) * smoothstep(0.05 + 0.2 * lamp.x, 0.0, abs(lamp.y));
    vec3 lit = warm * (0.55 * panes * (0.6 + 0.4 * mid) + 0.6 * beam + 0.6 * sj_pane(q, vec2(0.40, 0.365), vec2(0.06, 0.04)) + exp(-dot(lamp, lamp) * 700.0));
    return lit + mix(pal[2], pal[4], 0.6) * 0.32 * sj_steam(q);
}

vec3 sj_lighthouse_glow(vec2 q, vec3 warm) {
    vec2 l = q - vec2(0.0, 0.85);
    float turn = sin(t * 0.7), reach = l.x * sign(turn + 1e-4);
    float beam = smoothstep(0.02, 0.10, reach) * exp(-reach * 1.1) * smoothstep(0.035 + 0.16 * reach, 0.0, abs(l.y)) * abs(turn);
    return warm * (exp(-dot(l, l) * 260.0) * (0.9 + 0.3 * bass) + 0.5 * beam + 0.5 * sj_pane(q, vec2(0.25, 0.125), vec2(0.02, 0.024)));
}

vec3 sj_house_glow(vec2 q, vec3 warm) {
    vec2 m = vec2(abs(q.x), q.y);
    float panes = sj_pane(m, vec2(0.205, 0.24), vec2(0.056, 0.070)) * step(0.009, min(abs(m.x - 0.205), abs(q.y - 0.25)));
    panes += sj_pane(q, vec2(0.0, 0.57), vec2(0.055, 0.055));
    return warm * (panes * (0.65 + 0.25 * mid) + 0.16 * exp(-dot(m - vec2(0.2, 0.24), m - vec2(0.2, 0.24)) * 30.0));
}

vec3 sj_balloon_glow(vec2 q, vec3 warm) {
    vec2 f = q - vec2(0.0, 0.22);
    float inside = smoothstep(0.34, 0.10, length((q - vec2(0.0, 0.52)) * vec2(1.25, 0.85)));
    return warm * (0.30 * inside * (0.5 + 0.5 * bass) + exp(-dot(f, f) * 1600.0) * (0.6 + 0.6 * kick));
}

vec3 sj_rocket_glow(vec2 q, vec3 warm) {
    vec2 f = q - vec2(0.012 * sin(t * 7.0), 0.17 + 0.03 * sin(t * 1.1));
    float length_of = 0.20 + 0.10 * bass + 0.02 * sin(t * 31.0);
    float flame = smoothstep(0.0, -0.02, f.y) * smoothstep(-length_of, 0.0, f.y) * smoothstep(0.085, 0.02, abs(f.x) * (1.0 - 1.6 * f.y));
    float port = 1.0 - smoothstep(0.038, 0.046, length(q - vec2(0.0, 0.66 + 0.03 * sin(t * 1.1))));
    return warm * (flame * 1.4 + 0.7 * port + 0.25 * exp(-dot(f, f) * 22.0));
}

vec3 sj_astronaut_glow(vec2 q, vec3 warm) {
    vec2 p = sj_turn(q - vec2(0.0, 0.52 + 0.02 * sin(t * 0.8)), 0.22 + 0.12 * sin(t * 0.45));
    float visor = 1.0 - smoothstep(-0.012, 0.0, sj_oval(p, vec2(0.065, 0.335), vec2(0.075, 0.065)));
    float sheen = smoothstep(0.06, 0.0, length(p - vec2(0.095, 0.365)));
    return warm * visor * (0.38 + 0.25 * vocals + 0.6 * sheen);
}

// ---- choosing -------------------------------------------------------------------------------------------------

float subject_half_width() {
    if (subject_id == SJ_TRAIN) return 1.30;
    if (subject_id == SJ_WHALE) return 1.16;
    if (subject_id == SJ_CAR) return 0.95;
    if (subject_id == SJ_BIRDS || subject_id == SJ_SHIP || subject_id == SJ_HORSE) return 0.85;
    return 0.66;
}

float sj_person(vec2 q) {
    if (subject_id == SJ_WALKER) return sj_walker(q);
    if (subject_id == SJ_DANCER) return sj_dancer(q);
    if (subject_id == SJ_COUPLE) return sj_couple(q);
    if (subject_id == SJ_SINGER) return sj_singer(q);
    if (subject_id == SJ_GUITARIST) return sj_guitarist(q);
    return sj_astronaut(q);
}

float sj_creature(vec2 q) {
    if (subject_id == SJ_BIRDS) return sj_birds(q);
    if (subject_id == SJ_WHALE) return sj_whale(q);
    if (subject_id == SJ_WOLF) return sj_wolf(q);
    if (subject_id == SJ_HORSE) return sj_horse(q);
    return sj_butterfly(q);
}

float sj_thing(vec2 q) {
    if (subject_id == SJ_BOAT) return sj_boat(q);
    if (subject_id == SJ_CAR) return sj_car(q);
    if (subject_id == SJ_TRAIN) return sj_train(q);
    if (subject_id == SJ_BALLOON) return sj_balloon(q);
    if (subject_id == SJ_TREE) return sj_tree(q);
    if (subject_id == SJ_LIGHTHOUSE) return sj_lighthouse(q);
    if (subject_id == SJ_HOUSE) return sj_house(q);
    if (subject_id == SJ_SHIP) return sj_ship(q);
    return sj_rocket(q);
}

bool sj_is_person() { return (subject_id >= SJ_WALKER && subject_id <= SJ_GUITARIST) || subject_id == SJ_ASTRONAUT; }

bool sj_is_creature() {
    return subject_id == SJ_BIRDS || subject_id == SJ_WHALE || subject_id == SJ_WOLF || subject_id == SJ_HORSE || subject_id == SJ_BUTTERFLY;
}

float subject(vec2 q) {
    if (subject_id <= 0 || subject_id > SJ_ROCKET) return 9.0;
    float room = sj_box(q, vec2(0.0, 0.55), vec2(subject_half_width(), 0.68));
    if (room > 0.03) return room + 0.02;
    if (sj_is_person()) return sj_person(q);
    return sj_is_creature() ? sj_creature(q) : sj_thing(q);
}

float subject_rear(vec2 q) {
    if (subject_id != SJ_CAR) return subject(q);
    float room = sj_box(q, vec2(0.0, 0.5), vec2(0.6, 0.5));
    if (room > 0.03) return room + 0.02;
    return sj_car_rear(q);
}

float subject_mask(vec2 q, float px) { return 1.0 - smoothstep(-px, px, subject(q)); }

vec3 subject_glow(vec2 q) {
    vec3 warm = mix(pal[3], pal[4], 0.5);
    if (subject_id == SJ_CAR) return sj_car_glow(q, warm);
    if (subject_id == SJ_TRAIN) return sj_train_glow(q, warm);
    if (subject_id == SJ_LIGHTHOUSE) return sj_lighthouse_glow(q, warm);
    if (subject_id == SJ_HOUSE) return sj_house_glow(q, warm);
    if (subject_id == SJ_BALLOON) return sj_balloon_glow(q, warm);
    if (subject_id == SJ_ROCKET) return sj_rocket_glow(q, warm);
    if (subject_id == SJ_ASTRONAUT) return sj_astronaut_glow(q, warm);
    return vec3(0.0);
}

bool subject_floats() { return subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE; }

bool subject_flies() {
    return subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET;
}

// The subject over `colour`. px: a pixel in q units; body: its own dark; rim: light caught by edges that face `toward`.
vec3 subject_over(vec2 q, float px, vec3 colour, vec3 body, vec3 rim, vec2 toward) {
    if (subject_id == 0) return colour;
    float d = subject(q), cover = 1.0 - smoothstep(-px, px, d);
    vec2 middle = vec2(0.0, 0.55);
    float lit = smoothstep(-0.10, 0.30, dot(q - middle, toward)) * smoothstep(-0.017 - px, -0.2 * px, d);
    subject_cover = max(subject_cover, cover);
    return mix(colour, mix(body, rim, lit * 0.85), cover) + subject_glow(q);
}
