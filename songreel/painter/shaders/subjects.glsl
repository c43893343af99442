// Subjects: animated silhouettes as signed distances, chosen by subject_id (the ids are in subjects.toml).
//
// float subject(vec2 q)                  distance in q units, negative inside; stands on q.y = 0, about 1 high, faces +x
// float subject_mask(vec2 q, float px)   coverage 0..1; px is the size of a pixel in q units
// vec3  subject_glow(vec2 q)             light the subject gives off (lamps, windows, flames), to be added
// float subject_half_width()             half the room it needs sideways, in q units
// float subject_rear(vec2 q)             the same seen from behind, for things that drive away (the car)
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

// ---- things that move -----------------------------------------------------------------------------------------

float sj_bird(vec2 q, float beat_of_wing) {
    float up = sin(beat_of_wing), lag = sin(beat_of_wing - 0.9);
    vec2 m = vec2(abs(q.x), q.y);
    vec2 wrist = vec2(0.42, 0.26 * up + 0.10), tip = vec2(0.98, 0.26 * up + 0.42 * lag - 0.04);
    float d = sj_limb(m, vec2(0.02, 0.0), wrist, 0.085, 0.06);
    d = sj_smin(d, sj_limb(m, wrist, tip, 0.062, 0.006), 0.04);
    return min(d, sj_limb(q, vec2(-0.03, -0.07), vec2(0.10, 0.04), 0.045, 0.07));
}

float sj_birds(vec2 q) {
    float d = 9.0;
    for (int i = 0; i < 9; i++) {
        float n = float(i), row = ceil(n * 0.5), side = mod(n, 2.0) * 2.0 - 1.0;
        float size = 0.115 - 0.006 * row + 0.02 * h1(n + 3.0);
        vec2 at = vec2(0.42 - 0.21 * row + 0.04 * h1(n), 0.55 + side * 0.085 * row + 0.06 * (h1(n + 7.0) - 0.5));
        at += vec2(0.025 * sin(t * 0.7 + n), 0.028 * sin(t * 0.9 + n * 1.7));
        vec2 r = (q - at) / size;
        if (dot(r, r) < 2.0) d = min(d, sj_bird(r, t * (5.5 + 1.6 * h1(n + 1.0)) + n * 1.9) * size);
        else d = min(d, (length(r) - 1.15) * size);
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

// The line of a coupé's roof and bonnet.
float sj_car_roof(float x) {
    float cabin = 0.232 * (1.0 - smoothstep(0.12, 0.45, abs(x + 0.10) + 0.06 * step(0.0, x)));
    return 0.295 + cabin + 0.012 * cos(x * 2.2);
}

float sj_car(vec2 q) {
    vec2 c = q - vec2(0.0, 0.006 * sin(t * 9.0) + 0.012 * beat);
    float lower = sj_box(c, vec2(0.0, 0.215), vec2(0.86, 0.085)) - 0.045;
    float roof = max((c.y - sj_car_roof(c.x)) * 0.72, max(0.2 - c.y, abs(c.x) - 0.84));
    float d = sj_smin(lower, roof, 0.04);
    vec2 w = vec2(abs(q.x - 0.02) - 0.53, q.y);
    d = max(d, -sj_disc(w, vec2(0.0, 0.145), 0.168));
    float glass = max(max((c.y - sj_car_roof(c.x) + 0.045) * 0.72, 0.325 - c.y), abs(c.x + 0.12) - 0.29);
    glass = max(glass, 0.012 - abs(c.x + 0.10));
    float driver = min(sj_disc(c, vec2(0.03, 0.42), 0.042), sj_box(c, vec2(0.02, 0.34), vec2(0.05, 0.05)));
    d = max(d, -max(glass, -driver));
    vec2 spoke = sj_turn(w - vec2(0.0, 0.145), flow * 9.0 + t * 6.0);
    float wheel = max(sj_disc(w, vec2(0.0, 0.145), 0.142), -max(length(spoke) - 0.098, 0.016 - min(abs(spoke.x), abs(spoke.y))));
    return min(d, wheel);
}

vec3 sj_car_glow(vec2 q, vec3 warm) {
    vec2 lamp = q - vec2(0.87, 0.27);
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

// ---- choosing -------------------------------------------------------------------------------------------------

float subject_half_width() {
    if (subject_id == SJ_CAR) return 0.95;
    if (subject_id == SJ_BIRDS) return 0.85;
    return 0.55;
}

float sj_choose(vec2 q) {
    if (subject_id == SJ_WALKER) return sj_walker(q);
    if (subject_id == SJ_BIRDS) return sj_birds(q);
    if (subject_id == SJ_BOAT) return sj_boat(q);
    if (subject_id == SJ_CAR) return sj_car(q);
    return 9.0;
}

float subject(vec2 q) {
    if (subject_id == 0) return 9.0;
    float room = sj_box(q, vec2(0.0, 0.55), vec2(subject_half_width(), 0.6));
    if (room > 0.03) return room + 0.02;
    return sj_choose(q);
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
    return vec3(0.0);
}
