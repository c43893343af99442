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
// The engine draws a subject once a frame into a small picture (exact.glsl); worlds look it up there (looked_up.glsl).
// Gaits follow bar_phase (two strides a bar), so that steps fall on the beat and never jump between bars.

const float SJ_TAU = 6.2831853;
const int SJ_WALKER = 1, SJ_DANCER = 2, SJ_COUPLE = 3, SJ_SINGER = 4, SJ_GUITARIST = 5, SJ_BIRDS = 6, SJ_WHALE = 7,
    SJ_BOAT = 8, SJ_CAR = 9, SJ_TRAIN = 10, SJ_WOLF = 11, SJ_HORSE = 12, SJ_BALLOON = 13, SJ_TREE = 14,
    SJ_LIGHTHOUSE = 15, SJ_HOUSE = 16, SJ_BUTTERFLY = 17, SJ_ASTRONAUT = 18, SJ_SHIP = 19, SJ_ROCKET = 20,
    SJ_DRUMMER = 21, SJ_PIANIST = 22, SJ_DJ = 23, SJ_FLOWER = 24, SJ_DOOR = 25, SJ_FISH = 26, SJ_HEART = 27, SJ_EYE = 28, SJ_MOON = 29;
const bool SJ_HANGS = subject_id >= SJ_FISH; // those that hang in the air as if in a dream

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

// ---- habits ---------------------------------------------------------------------------------------------------

float subject_half_width() {
    if (subject_id == SJ_TRAIN) return 1.30;
    if (subject_id == SJ_WHALE) return 1.16;
    if (subject_id == SJ_CAR) return 0.95;
    if (subject_id == SJ_BIRDS || subject_id == SJ_SHIP || subject_id == SJ_HORSE) return 0.85;
    if (subject_id == SJ_DRUMMER || subject_id == SJ_PIANIST || subject_id == SJ_FISH) return 0.86;
    if (subject_id == SJ_DJ) return 0.74;
    return 0.66;
}

bool subject_floats() { return subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE; }

bool subject_flies() {
    return subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET || SJ_HANGS;
}

// ---- the subject's small picture: r distance, g warm light, b its other light, a distance from behind ------------------------
// Where the subject stands is drawn finely; outside it, where only beams and smoke reach, the picture is squeezed.

const float SJ_FINE = 0.8, SJ_BEYOND = 3.4, SJ_MIDDLE = 0.5, SJ_HALF_HEIGHT = 0.78, SJ_OVER = 1.2;
float sj_squeeze(float x, float half_fine, float beyond) {
    float a = abs(x), f = a < half_fine ? a / half_fine * SJ_FINE : SJ_FINE + (1.0 - SJ_FINE) * min((a - half_fine) / beyond, 1.0);
    return 0.5 + 0.5 * f * sign(x);
}
float sj_unsqueeze(float u, float half_fine, float beyond) {
    float x = 2.0 * u - 1.0, a = abs(x);
    return sign(x) * (a < SJ_FINE ? a / SJ_FINE * half_fine : half_fine + (a - SJ_FINE) / (1.0 - SJ_FINE) * beyond);
}
vec2 subject_place(vec2 q) {
    return vec2(sj_squeeze(q.x, subject_half_width() + 0.06, SJ_BEYOND), sj_squeeze(q.y - SJ_MIDDLE, SJ_HALF_HEIGHT, SJ_OVER));
}
vec2 subject_place_back(vec2 u) {
    return vec2(sj_unsqueeze(u.x, subject_half_width() + 0.06, SJ_BEYOND), sj_unsqueeze(u.y, SJ_HALF_HEIGHT, SJ_OVER) + SJ_MIDDLE);
}
