// Shared by every world and style; the engine puts it in front of their files.
//
// p: picture coordinates, y in [-0.5, 0.5] upwards, x in [-aspect/2, aspect/2].   uv: [0, 1], v upwards in worlds.
// Colours are display values in [0, 1].   All curves are in [0, 1].
//
// The engine writes these four as constants, so that the compiler drops every branch that is not drawn:
//   const int variant     0..3, which of the world's compositions
//   const int hour        0 night, 1 dawn, 2 day, 3 dusk
//   const int weather     0 clear, 1 rain, 2 snow, 3 fog, 4 wind
//   const int subject_id  row in subjects.toml, 0 none

uniform float t;             // world seconds: a clock that quickens with the music and on every beat, and never jumps
uniform float st, sp;        // world seconds since the scene began; share of the scene that has passed
uniform float aspect;        // width / height
uniform vec2 resolution;     // of this pass, in pixels
uniform vec4 rnd;            // four numbers in [0, 1) from the scene's seed
uniform vec3 pal[5];         // palette from dark to light; pal[3] is the accent
uniform vec3 cam;            // camera: x sideways, y height, z forward
uniform float roll;          // camera roll, radians; the engine has turned p by it already
uniform float busy;          // how busy and bright the scene may be
uniform float kick, snare, hat, bass, mid, treble, vocals, loudness, brightness, energy;
uniform float beat, beat_phase, bar_phase, section_phase;
uniform float flow;          // integral of loudness over the song: motion that quickens with the music and never jumps
uniform vec3 sky_tint[4];    // low, middle and top of the sky, and the colour of its light
uniform sampler2D noise_tex; // 256 x 256, tileable: r, g white lattices, b five octaves of value noise, a ridges
uniform sampler2D far_tex;   // what far() drew
uniform sampler2D weather_tex; // particles of rain, snow and wind

const int NIGHT = 0, DAWN = 1, DAY = 2, DUSK = 3;
const int CLEAR = 0, RAIN = 1, SNOW = 2, FOG = 3, WIND = 4;
const float PI = 3.14159265, TAU = 6.28318531;

// ---------------------------------------------------------------- numbers without order
// Integer hashes: a fifth of the cost of fract(sin(x)), and the same on every machine.
float unit_float(uint x) { return uintBitsToFloat((x >> 9) | 0x3f800000u) - 1.0; }
uint scramble(uint x) { x ^= x >> 15; x *= 0x2c1b3c6du; x ^= x >> 12; x *= 0x297a2d39u; return x ^ (x >> 15); }
float h1(float n) { return unit_float(scramble(floatBitsToUint(n + 0.0) * 0x9e3779b9u)); }
float h2(vec2 p) { return unit_float(scramble(floatBitsToUint(p.x + 0.0) * 0x9e3779b9u ^ floatBitsToUint(p.y + 0.0) * 0x85ebca6bu)); }

// ---------------------------------------------------------------- noise
// Value noise, one lattice cell per unit, one texture fetch.
float n2(vec2 p) { vec2 i = floor(p), f = p - i; f = f * f * (3.0 - 2.0 * f); return textureLod(noise_tex, (i + f + 0.5) / 256.0, 0.0).r; }
// Two independent noises for the price of one.
vec2 n22(vec2 p) { vec2 i = floor(p), f = p - i; f = f * f * (3.0 - 2.0 * f); return textureLod(noise_tex, (i + f + 0.5) / 256.0, 0.0).rg; }
// Sum of octaves, about 0..1; a fetch per octave.
float fbm(vec2 p, int octaves) {
    float sum = 0.0, weight = 0.5;
    for (int i = 0; i < octaves; i++) { sum += weight * n2(p); p = vec2(1.6 * p.x - 1.2 * p.y, 1.2 * p.x + 1.6 * p.y) + 7.3; weight *= 0.5; }
    return sum / (1.0 - 2.0 * weight);
}
// Five octaves in one fetch, repeating every 8 units: clouds, fog, stone, water.
float fbm1(vec2 p) { return textureLod(noise_tex, p / 8.0, 0.0).b; }
// Sharp crests in one fetch, repeating every 8 units: mountain ridges, folds, flames.
float ridge1(vec2 p) { return textureLod(noise_tex, p / 8.0, 0.0).a; }

// ---------------------------------------------------------------- waves without sin
// A sine's shape to within 0.06 of it, at a third of the cost; period 1.
float wave(float x) { float a = abs(fract(x) - 0.5) * 4.0 - 1.0; return a * (1.5 - 0.5 * a * a); }
float triangle(float x) { return abs(fract(x) - 0.5) * 4.0 - 1.0; }

// ---------------------------------------------------------------- shapes: signed distances, negative inside
mat2 rot(float a) { float s = sin(a), c = cos(a); return mat2(c, s, -s, c); }
float sd_circle(vec2 p, float r) { return length(p) - r; }
float sd_box(vec2 p, vec2 half_size) { vec2 d = abs(p) - half_size; return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0); }
float sd_capsule(vec2 p, vec2 a, vec2 b, float r) {
    vec2 pa = p - a, ba = b - a;
    return length(pa - ba * clamp(dot(pa, ba) / dot(ba, ba), 0.0, 1.0)) - r;
}
float sd_ellipse(vec2 p, vec2 r) { float k = length(p / r); return (k - 1.0) * min(r.x, r.y); }
float smin(float a, float b, float k) { float h = max(k - abs(a - b), 0.0) / k; return min(a, b) - h * h * k * 0.25; }
float smax(float a, float b, float k) { return -smin(-a, -b, k); }
// Coverage of a shape whose edge is soft over w.
float mask(float d, float w) { return clamp(0.5 - d / w, 0.0, 1.0); }
// Size of one pixel of this pass in p units.
float pixel() { return 1.0 / resolution.y; }
// A star of a size in pixels of a picture of 1080 lines: the radius it is drawn with, and how bright that leaves it.
// Where pixels are larger than the star, it fills one and is dimmer, so that small pictures are not full of large stars.
vec2 star_point(float size) { float r = max(size / 1080.0, 0.6 * pixel()); return vec2(r, size / (1080.0 * r)); }
// A straight ramp from 0 at a to 1 at b: a third of smoothstep's cost.
float slope(float a, float b, float x) { return clamp((x - a) / (b - a), 0.0, 1.0); }
float luma(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// ---------------------------------------------------------------- light of the hour, in the film's palette
vec3 sky_low() { return sky_tint[0]; }
vec3 sky_mid() { return sky_tint[1]; }
vec3 sky_top() { return sky_tint[2]; }
vec3 light_colour() { return sky_tint[3]; }
// The sky at height h: 0 at the horizon, 1 overhead.
vec3 sky(float h) {
    h = clamp(h, 0.0, 1.0);
    vec3 low = mix(sky_low(), sky_mid(), clamp(h * 2.6, 0.0, 1.0));
    float k = clamp(h * 1.35 - 0.3, 0.0, 1.0);
    return mix(low, sky_top(), k * k * (3.0 - 2.0 * k));
}
// What far() drew at p, smoothed.
vec3 far_at(vec2 p) { return textureLod(far_tex, vec2(p.x / aspect, p.y) + 0.5, 0.0).rgb; }

// A world sets this over many small shapes (a shoal, grass, a crowd), a little past their edges: styles draw few or no contours there; aux_tex's alpha is 1 less it.
float fine_detail = 0.0;

// ---------------------------------------------------------------- weather
// Air between the eye and depth (0 near .. 1 far): haze always, thick in fog, thinner rain and snow.
vec3 hazed(vec3 colour, float depth) {
    const float amount = weather == FOG ? 0.92 : weather == RAIN ? 0.55 : weather == SNOW ? 0.6 : weather == WIND ? 0.45 : 0.35;
    return mix(colour, mix(sky_low(), sky_mid(), 0.35), amount * depth * depth);
}
// Falling and blowing particles and fog banks in front of the picture; call once, last, in world().
// Each kind is two or three fetches: layers of streaks and flakes lie ready in weather_tex.
vec3 weather_layer(vec2 p, vec3 colour, float depth) {
    if (weather == RAIN) {
        vec2 q = vec2(p.x + p.y * 0.16, p.y);
        vec2 drops = vec2(textureLod(weather_tex, vec2(q.x * 1.3 + 0.37, q.y * 0.62 + t * 1.15), 0.0).r,
                          textureLod(weather_tex, vec2(q.x * 2.6, q.y * 1.15 + t * 1.55), 0.0).r * 0.6);
        colour = mix(colour, mix(sky_mid(), light_colour(), 0.7) * 1.1, min((drops.x + drops.y) * (0.34 + 0.16 * loudness), 0.6));
    }
    if (weather == SNOW) {
        float sway = 0.012 * wave(t * 0.21 + p.y * 1.3);
        float flakes = textureLod(weather_tex, vec2(p.x * 0.75 + sway + t * 0.02, p.y * 0.75 + t * 0.10), 0.0).g
                     + 0.8 * textureLod(weather_tex, vec2(p.x * 1.6 - sway + t * 0.035 + 0.31, p.y * 1.6 + t * 0.13), 0.0).g;
        colour = mix(colour, mix(light_colour(), vec3(1.0), 0.6), min(flakes * 0.85, 0.9));
        fine_detail = max(fine_detail, slope(0.02, 0.15, flakes));
    }
    if (weather == FOG) {
        float banks = fbm1(vec2(p.x * 1.1 + t * 0.035, p.y * 2.6 + 0.3)) * fbm1(vec2(p.x * 0.7 - t * 0.02 + 3.0, p.y * 1.7)) * 2.6;
        float low = clamp(0.95 - 0.9 * p.y, 0.25, 1.0);
        vec3 air = mix(mix(sky_low(), sky_mid(), 0.35), light_colour(), hour == NIGHT ? 0.16 : 0.34);
        colour = mix(colour, air, clamp((0.22 + 0.95 * banks) * low * (0.12 + 0.88 * min(depth * 1.25, 1.0)), 0.0, 0.86));
    }
    if (weather == WIND) {
        vec2 q = vec2(p.x - p.y * 0.12, p.y + 0.02 * wave(p.x * 0.6 + t * 0.3));
        float streaks = textureLod(weather_tex, vec2(q.x * 0.45 - t * 0.55, q.y * 1.5), 0.0).b
                      + textureLod(weather_tex, vec2(q.x * 0.8 - t * 0.8 + 0.5, q.y * 2.3 + 0.2), 0.0).b * 0.7;
        float leaves = textureLod(weather_tex, vec2(q.x * 0.9 - t * 0.62, q.y * 1.3 + 0.06 * wave(t * 0.5 + q.x * 0.8)), 0.0).g;
        colour = mix(colour, mix(light_colour(), sky_low(), 0.3), min(streaks * 0.55, 0.6));
        colour = mix(colour, mix(pal[3], pal[1], 0.25), slope(0.35, 0.68, leaves) * 0.9);
        fine_detail = max(fine_detail, slope(0.04, 0.25, leaves));
    }
    return colour;
}

// ---------------------------------------------------------------- for styles
uniform sampler2D colour_tex; // the scene's colour; a depth
uniform sampler2D aux_tex;    // r depth, g glow, b subject, a less than 1 where shapes are too fine for lines
uniform sampler2D bloom_tex;  // light that spreads from what glows
uniform sampler2D pre0, pre1; // the style's own pre-passes
uniform sampler2D canvas_tex; // the style's canvas, drawn once at the output's size
uniform vec2 inner;           // size in pixels of colour_tex and aux_tex
uniform float paint_t;        // seconds for what lives on the canvas itself (boil, grain); t is the scene's, held "on twos" by some styles
uniform vec2 boil;            // a pair of numbers that changes eight times a second

// A world may set this where its subject stands; styles find it in aux_tex's blue.
float subject_cover = 0.0;
uniform sampler2D inks_tex;   // colours the style mixed for the scene
// The canvas under this pixel of the finished picture.
vec4 canvas_here() { return texelFetch(canvas_tex, ivec2(gl_FragCoord.xy), 0); }
// Middle distance of the depths a little to all sides, and the largest step between opposite ones: what contours are drawn from.
vec2 depth_step(vec2 uv, float reach) {
    vec2 o = vec2(reach / aspect, reach);
    float l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0).a, r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0).a;
    float d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0).a, u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0).a;
    return vec2(0.25 * (l + r + d + u), max(abs(l - r), abs(u - d)));
}
