// Ocean: 0 open sea, 1 rocky coast with a lighthouse, 2 moonlit bay, 3 storm.
//
// The water is drawn as rows of waves that roll towards the eye: row i lies d_i below the horizon, and everything about it scales
// with d_i, so that the sea is in perspective. u is p.x in half widths of the picture, so that all formats hold the same composition.

const float ROWS = 8.0;

float half_width() { return clamp(aspect * 0.5, 0.26, 0.95); }
float horizon() {
    const float at = variant == 0 ? -0.06 : variant == 1 ? -0.05 : variant == 2 ? -0.04 : -0.10;
    return at - 0.20 * cam.y;
}

vec2 sun_at() {
    float x = half_width() * (variant == 0 ? 0.26 : variant == 1 ? -0.34 : variant == 2 ? 0.20 : -0.22) - 0.04 * cam.x;
    float high = hour == NIGHT ? 0.27 : hour == DAWN ? 0.062 : hour == DAY ? 0.33 : 0.035;
    return vec2(x, horizon() + high + (variant == 2 ? 0.03 : 0.0));
}
float sun_radius() {
    const float r = hour == NIGHT ? 0.070 : hour == DAWN ? 0.085 : hour == DAY ? 0.042 : 0.098;
    return r * (variant == 2 && hour == NIGHT ? 1.35 : variant == 3 ? 0.7 : 1.0) * (1.0 + 0.025 * bass);
}

// ---------------------------------------------------------------- sky
// Clouds on a ceiling seen in perspective: x density, y how much light the side that faces the sun takes.
vec2 clouds(vec2 p, float cover) {
    float up = max(p.y - horizon(), 0.0) + 0.10;
    vec2 at = vec2((p.x + 0.10 * cam.x) * 0.34 / up + 0.014 * t + 4.0 * rnd.x, 0.40 / up - 0.10 * cam.z + 5.0 * rnd.y);
    vec2 sun = (sun_at() - p) * 0.55 / up;
    float here = fbm1(at) * 0.72 + fbm1(at * 2.7 + 0.02 * t) * 0.28;
    float towards = fbm1(at + sun * 0.16 / (0.3 + length(sun)));
    return vec2(smoothstep(1.0 - cover, 1.25 - cover, here), clamp(0.5 + 1.6 * (here - towards), 0.0, 1.0));
}

vec3 far(vec2 p) {
    float h = (p.y - horizon()) / 0.56;
    vec3 colour = sky(abs(h));
    float d = length((p - sun_at()) * vec2(0.85, 1.15));
    const float power = hour == NIGHT ? 0.55 : hour == DAY ? 0.45 : 1.0;
    float breath = 0.9 + 0.2 * bass;
    vec3 light = light_colour();
    const float cover = variant == 3 ? 0.86 : variant == 2 ? 0.48 : variant == 1 ? 0.62 : 0.56;
    vec2 c = clouds(vec2(p.x, abs(p.y - horizon()) + horizon()), cover);
    float near_sun = exp(-d * 3.2);
    vec3 lit = mix(mix(sky_low(), light, 0.55), light, near_sun) * (hour == NIGHT ? 0.42 + 0.5 * near_sun : 0.98);
    vec3 shade = mix(sky_top(), sky_mid(), 0.55) * (variant == 3 ? 0.55 : 0.82);
    colour = mix(colour, mix(shade, lit, c.y * (0.55 + 0.45 * near_sun)), c.x * (0.35 + 0.65 * smoothstep(0.0, 0.22, abs(h))) * 0.88);
    colour += light * power * breath * (0.30 * exp(-d * 6.5) + 0.17 * exp(-d * 2.1)) * (variant == 3 ? 0.6 : 1.0);
    if (variant == 3) {
        float roam = 0.5 * half_width() * sin(0.31 * t), glow = 0.14 + 0.09 * smoothstep(0.2, 1.0, snare);
        colour += mix(light, sky_low(), 0.4) * glow * exp(-dot((p - vec2(roam, 0.24)) * vec2(2.0, 4.0), (p - vec2(roam, 0.24)) * vec2(2.0, 4.0))) * (0.4 + c.y);
    }
    return mix(colour, sky_low(), 0.55 * exp(-abs(h) * 9.0));
}

float star(vec2 p) {
    vec2 g = p * 64.0, cell = floor(g), f = g - cell - 0.5;
    float r = h2(cell);
    if (r < 0.80) return 0.0;
    vec2 off = 0.6 * (vec2(h2(cell + 17.0), h2(cell + 41.0)) - 0.5);
    vec2 point = star_point(0.85 + 0.65 * (r - 0.8) * 5.0);
    float twinkle = 0.65 + 0.35 * sin(t * (1.0 + 2.0 * r) + 40.0 * r) * (0.5 + treble);
    return smoothstep(1.3 * point.x, 0.0, length(f - off) / 64.0) * point.y * twinkle;
}

// The sun or the moon itself; grain is a noise that bars it with thin cloud or gives the moon its seas.
vec3 heaven(vec2 p, vec3 colour, float grain, inout float glow) {
    vec2 d = p - sun_at();
    float r = sun_radius(), cover = mask(length(d) - r, 2.0 * pixel());
    if (hour == NIGHT) {
        if (variant != 3) colour += light_colour() * star(p) * smoothstep(0.05, 0.4, p.y - horizon()) * (1.0 - cover) * 0.8;
        float seas = 0.15 * smoothstep(0.35, 0.85, grain) + 0.10 * length(d) / r;
        colour = mix(colour, mix(light_colour(), vec3(1.0), 0.35) * (1.04 - seas), cover * (variant == 3 ? 0.5 : 1.0));
    } else {
        float low = clamp(0.5 - 0.5 * d.y / r, 0.0, 1.0), bars = smoothstep(0.60, 0.72, grain) * low * 0.55;
        vec3 face = mix(mix(light_colour(), vec3(1.0), 0.55), mix(light_colour(), pal[3], hour == DUSK ? 0.40 : 0.15), low);
        colour = mix(colour, face, cover * (1.0 - bars) * (variant == 3 ? 0.65 : 1.0));
    }
    glow = max(glow, cover * 0.9);
    return colour;
}

// A gull: wings that beat, seen from the front; at most a few pixels high.
float gull(vec2 p, vec2 at, float size, float phase) {
    vec2 q = (p - at) / size;
    float m = abs(q.x), flap = wave(t * 0.9 + phase);
    float line = 0.34 * flap * m + 0.55 * m * (0.75 - m) - 0.05;
    return smoothstep(pixel() / size, -pixel() / size, abs(q.y - line) - 0.07 * (1.05 - m)) * step(m, 1.0);
}

vec3 gulls(vec2 p, vec3 colour) {
    if (hour == NIGHT || subject_id == SJ_BIRDS) return colour;
    vec2 drift = vec2(-0.30 * half_width() + 0.05 * wave(t * 0.03) - 0.05 * cam.x, horizon() + 0.22 + 0.012 * wave(t * 0.11));
    float birds = gull(p, drift, 0.026, 0.0) + gull(p, drift + vec2(0.062, 0.028 + 0.006 * wave(t * 0.13)), 0.019, 0.3);
    birds += gull(p, drift + vec2(-0.055, 0.040), 0.015, 0.7);
    return mix(colour, mix(pal[0], pal[1], 0.5), min(birds, 1.0) * 0.8);
}

// ---------------------------------------------------------------- water
float swell() { return (variant == 3 ? 0.56 : variant == 0 ? 0.27 : 0.18) * (0.8 + 0.4 * loudness); }

// Height of a row's crest at x (in units of the row), 0..1; in a storm it climbs slowly and falls steeply.
float crest(float x, float id) {
    float slow = 0.05 * t + 0.07 * flow, seed = h1(id);
    float b = wave(x * 0.61 - 7.0 * seed - 1.7 * slow);
    if (variant != 3) return 0.5 + 0.30 * wave(x * 0.23 + 5.0 * seed + slow) + 0.20 * b;
    float s = fract(x * (0.24 + 0.08 * seed) + 5.0 * seed - 1.3 * slow), climb = s * s * (1.5 - 0.5 * s);
    return clamp(climb * smoothstep(1.0, 0.80, s) * 1.22 + 0.09 * b + 0.04, 0.0, 1.0);
}

struct Row {
    float d;     // below the horizon; 0 where the sea is too far off to have rows
    float below; // distance under the crest, in units of d
    float x;     // sideways, in units of d
    float high;  // the crest's height there, 0..1
    float near;  // 0 on the crest's very edge .. 1 a pixel and a half under it; 0 where there is no row
    float spray; // what flies off the next crest
};

// The nearest row of waves that covers p. Rows lie in a geometric series, so only two or three can reach a pixel.
Row row_at(vec2 p) {
    if (variant == 2) return Row(0.0, 0.5, 0.0, 0.3, 0.0, 0.0);
    const float ratio = variant == 3 ? 0.50 : 0.60, nearest = 0.62;
    const int reach = variant == 3 ? 3 : 2;
    float roll_by = 0.13 * t + 0.10 * flow + 0.55 * cam.z, whole = floor(roll_by), f = roll_by - whole;
    float depth = max(horizon() - p.y, 1e-4), x = p.x + 0.25 * cam.x, size = swell();
    float first = max(ceil(f + log(depth / (nearest * (1.0 - size))) / log(ratio) - 1.0), 0.0), d = nearest * pow(ratio, first - f);
    Row row = Row(0.0, 0.5, 0.0, 0.3, 0.0, 0.0);
    bool found = false;
    for (int k = 0; k < reach; k++) {
        float i = first + float(k), fade = clamp((ROWS - i + f) / 2.5, 0.0, 1.0);
        float high = crest(x / d, i - whole), below = (depth - d) / d + size * fade * high;
        if (!found && below > 0.0) row = Row(d * step(0.001, fade), below, x / d, high, fade * clamp(below * d / (2.0 * pixel()), 0.0, 1.0), row.spray);
        found = found || below > 0.0;
        if (!found) row.spray = max(row.spray, smoothstep(0.55, 0.95, high) * clamp(1.0 + below * 9.0, 0.0, 1.0));
        d *= ratio;
    }
    return row;
}

// Where ripples are looked up: perspective through the logarithm of the distance, so that they never crowd into a shimmer.
vec2 ripple_at(vec2 p, float depth) {
    float far_off = depth + 0.035;
    return vec2((p.x + 0.25 * cam.x) * 2.6 / far_off, log(far_off) * 13.0 - 1.5 * t - 1.0 * flow);
}

vec3 deep() { return mix(mix(pal[0], sky_top(), 0.55), sky_mid(), hour == DAY ? 0.30 : 0.12) * (hour == NIGHT ? 0.62 : 0.80); }

// Glitter where the water mirrors the sun.
float glitter(vec2 p, float depth, vec2 slope, float tilt) {
    float width = 0.024 + 0.26 * depth, off = (p.x - sun_at().x + slope.x * 0.22 * (0.12 + depth)) / width;
    float lane = exp(-off * off);
    float sparkle = smoothstep(0.12 - 0.24 * lane, 0.30 - 0.12 * lane, slope.y + tilt);
    return lane * (sparkle * (0.75 + 0.4 * treble + 0.12 * hat) + 0.10) * (1.0 - 0.9 * depth);
}

vec3 foam_colour() { return mix(mix(light_colour(), sky_low(), 0.4), vec3(1.0), 0.15) * (hour == NIGHT ? 0.62 : 0.95); }

// Whitecaps, the lace that they leave on the face of a wave, and spray.
vec3 foamed(vec3 colour, Row row, vec2 slope) {
    if (variant == 2) return colour;
    float white = smoothstep(variant == 3 ? 0.40 : 0.62, 0.95, row.high) * (0.5 + 0.5 * loudness) * row.near;
    float lace = n2(vec2(row.x * 5.0 + row.below * (variant == 3 ? 9.0 : 3.0), row.below * 15.0 - 0.5 * t)) + 0.55 * slope.x;
    float near_crest = clamp(1.0 - row.below * 7.0, 0.0, 1.0);
    float foam = white * smoothstep(0.42, 0.70, lace + 0.42 * near_crest * near_crest - row.below * (variant == 3 ? 0.7 : 2.6));
    foam = max(foam, white * smoothstep(0.045, 0.0, row.below));
    foam = foam * (0.35 + 0.55 * smoothstep(0.02, 0.3, row.d)) + 0.55 * row.spray * (0.35 + 0.65 * snare) * smoothstep(0.05, 0.35, slope.y + 0.25 * row.spray);
    return mix(colour, foam_colour(), min(foam, 0.95));
}

// The water at p, which mirrors `mirrored`; held is how much of the sun's lane something hides.
vec3 water(vec2 p, Row row, vec2 slope, vec3 mirrored, float held, out float glow) {
    float depth = horizon() - p.y, is_wave = row.near, face = is_wave / (1.0 + 7.0 * row.below * row.below + 3.0 * row.below);
    float fresnel = mix(0.90, 0.36, smoothstep(0.0, 0.40, depth)) * (1.0 - 0.40 * face);
    vec3 through = mix(mix(pal[2], light_colour(), 0.35), sky_low(), 0.3) * (hour == NIGHT ? 0.45 : 0.85);
    float thin = clamp(1.0 - row.below * (variant == 3 ? 3.4 : 5.0), 0.0, 1.0) * smoothstep(0.35, 0.9, row.high) * is_wave;
    vec3 colour = mix(mix(deep() * (0.74 + 0.55 * slope.y), through, thin * thin * 0.65), mirrored, fresnel);
    glow = glitter(p, depth, slope, 0.5 * (row.high - 0.5) * face) * (variant == 3 ? 0.5 : 1.0) * (1.0 - held);
    colour += light_colour() * glow * (hour == DAY ? 0.55 : 0.85);
    colour = foamed(colour, row, slope) * (1.0 - 0.18 * clamp(1.0 - row.below * 6.0, 0.0, 1.0) * (1.0 - thin) * is_wave);
    return mix(colour, mix(sky_low(), mirrored, 0.5), 0.8 * clamp(1.0 - depth * 22.0, 0.0, 1.0));
}

// ---------------------------------------------------------------- land
struct Land { vec3 colour; float depth; float cover; float glow; };

float across(vec2 p, float parallax) { return (p.x + parallax * cam.x) / half_width(); }

vec3 rock(float dark, float depth) { return mix(mix(pal[0], pal[1], 0.25) * dark, mix(sky_low(), sky_mid(), 0.4), depth); }

// A hill whose top is `top` at p.x: dark, a rim of light along its edge, haze at its foot.
void hill(inout Land land, float y, float top, float dark, float depth, float rim) {
    float under = top - y, edge = clamp(1.0 - under * 55.0, 0.0, 1.0), cover = mask(-under, 1.5 * pixel());
    vec3 colour = mix(rock(dark, depth), mix(sky_low(), light_colour(), 0.4), rim * edge * edge + 0.30 * depth * clamp(1.0 - y * 12.0, 0.0, 1.0));
    land = Land(mix(land.colour, colour, cover), mix(land.depth, depth, step(0.5, cover)), max(land.cover, cover), land.glow * (1.0 - cover));
}

// Height of the waterline under the near headland, which comes towards the eye on the right.
float waterline(float u) { return -0.012 - 0.045 * smoothstep(-0.1, 1.0, u); }

// The coast: a far cape on the left, the headland on the right with a stack before it; grain is the stone's.
void coast(inout Land land, vec2 p, float y, vec2 grain) {
    vec2 rough = textureLod(noise_tex, vec2(p.x * 0.30 + 0.03 * cam.x, 0.37), 0.0).ba - 0.5;
    float u = across(p, 0.03);
    hill(land, y, 0.070 * smoothstep(0.10, -0.8, u) + 0.030 * rough.y * smoothstep(0.06, -0.2, u), 0.5, 0.60, 0.4);
    land.cover *= step(0.0, y);
    u = across(p, 0.10) + 0.05 * rough.x;
    float top = 0.130 * smoothstep(-0.05, 0.09, u) + 0.11 * smoothstep(0.30, 0.80, u) + 0.035 * rough.x * smoothstep(0.5, 0.8, u) - 0.03;
    top = max(top, 0.075 * smoothstep(0.055, 0.01, abs(u + 0.155)) - 0.03 + 0.02 * rough.y);
    if (u < -0.25) return;
    float under = top - y, cover = mask(-under, 1.5 * pixel()) * smoothstep(waterline(u) - 0.004, waterline(u), y);
    float facing = smoothstep(0.35, 0.75, grain.x) * smoothstep(0.75, -0.05, u), edge = clamp(1.0 - under * 60.0, 0.0, 1.0);
    vec3 colour = rock(0.50 + 0.45 * grain.x, 0.08 + 0.10 * clamp(1.0 - y * 9.0, 0.0, 1.0));
    colour += mix(sky_low(), light_colour(), 0.5) * (0.26 * facing * facing + 0.42 * edge * edge) * (hour == NIGHT ? 0.5 : 0.8);
    land = Land(mix(land.colour, colour, cover), mix(land.depth, 0.30, step(0.5, cover)), max(land.cover, cover), 0.0);
}

// The lighthouse and its beams; the lamp turns slowly, breathes with the bass and reaches further with the voice.
void lighthouse(inout vec3 colour, inout float depth, inout float glow, vec2 p) {
    vec2 q = (p - vec2(0.34 * half_width() - 0.10 * cam.x, horizon() + 0.088)) / 0.25, m = vec2(abs(q.x), q.y), lamp = q - vec2(0.0, 0.85);
    float turn = TAU * 0.07 * t, c = cos(turn), reach = lamp.x * sign(c + 1e-4), wide = 0.045 + 0.15 * reach;
    float beam = smoothstep(0.0, 0.2, reach) * smoothstep(wide, 0.0, abs(lamp.y - 0.04 * reach)) * c * c / (1.0 + 0.8 * reach * reach);
    float ball = dot(lamp, lamp), halo = 0.022 / (ball + 0.03) * (0.35 + 0.5 * smoothstep(0.6, 1.0, abs(sin(turn))));
    const float strength = hour == DAY ? 0.22 : 0.60;
    vec3 warm = mix(light_colour(), pal[4], 0.5);
    colour += warm * strength * (beam * (0.45 + 0.45 * vocals) + halo * (0.55 + 0.3 * bass + 0.35 * vocals));
    float wall = max(m.x - mix(0.115, 0.062, clamp(q.y / 0.74, 0.0, 1.0)), abs(q.y - 0.37) - 0.37);
    float gallery = max(m.x - 0.105, abs(q.y - 0.757) - 0.020), room = max(m.x - 0.060, abs(q.y - 0.83) - 0.07);
    float roof = max(m.x - 0.085 * clamp((0.99 - q.y) * 8.0, 0.05, 1.0), abs(q.y - 0.945) - 0.055);
    float house = max(abs(q.x - 0.20) - 0.125, abs(q.y - 0.08) - 0.08), gable = max(q.y - 0.265 + 0.80 * abs(q.x - 0.20), 0.14 - q.y), px = 1.5 * pixel() / 0.25;
    float cover = mask(min(min(wall, min(house, gable)), min(gallery, min(room, roof))), px);
    float lit = smoothstep(0.10, -0.12, q.x) * 0.45, band = step(0.5, fract(q.y * 3.6)) * step(q.y, 0.73) * step(m.x, 0.13);
    vec3 stone = mix(rock(0.45, 0.05), mix(sky_low(), light_colour(), 0.4), lit + 0.16 * band);
    colour = mix(colour, stone, cover);
    float lantern = mask(max(m.x - 0.046, abs(q.y - 0.84) - 0.042), px);
    colour = mix(colour, mix(warm, vec3(1.0), 0.4), lantern * (hour == DAY ? 0.4 : 1.0));
    depth = mix(depth, 0.28, step(0.5, cover));
    glow = max(glow * (1.0 - cover), strength * (lantern * 1.6 + 0.5 * beam + 0.5 * halo) * (1.0 - 0.7 * cover));
}

// The bay: far hills, a cape from the right, a near cape from the left with the lights of a village.
void bay(inout Land land, vec2 p, float y) {
    vec2 far_rough = textureLod(noise_tex, vec2(p.x * 0.14 + 0.6, 0.09), 0.0).ab;
    vec2 near_rough = textureLod(noise_tex, vec2(p.x * 0.50 + 0.06 * cam.x, 0.55), 0.0).ab;
    hill(land, y, (0.030 + 0.075 * far_rough.x) * (0.55 + 0.45 * smoothstep(0.1, 0.9, abs(across(p, 0.02) - 0.2))), 0.6, 0.66, 0.35);
    float u = across(p, 0.06);
    hill(land, y, (0.20 * smoothstep(0.20, 1.25, u) + 0.035 * (far_rough.y - 0.3)) * smoothstep(0.18, 0.34, u) - 0.01 * step(u, 0.2), 0.55, 0.34, 0.45);
    u = across(p, 0.12);
    float inside = smoothstep(-0.14, -0.24, u), top = (0.012 + 0.25 * smoothstep(-0.25, -1.25, u) + 0.040 * near_rough.y) * inside - 0.01 * (1.0 - inside);
    hill(land, y, top, 0.5, 0.16, 0.5);
    vec2 grid = vec2(p.x + 0.12 * cam.x, y) * vec2(62.0, 80.0), id = floor(grid), f = grid - id - 0.5;
    float r = h2(id), lamp = step(0.72, r) * smoothstep(0.042, 0.012, y) * step(y, top - 0.010) * smoothstep(0.34, 0.06, length(f));
    lamp *= 0.62 + 0.38 * wave(7.0 * r + 0.11 * t) * (0.3 + hat) + 0.6 * hat;
    land.colour += mix(pal[3], pal[4], 0.45) * lamp * (hour == DAY ? 0.25 : 1.2);
    land.glow = max(land.glow, lamp * (hour == DAY ? 0.2 : 1.0));
}

// ---------------------------------------------------------------- subject
struct Place { vec2 foot; float size; float d; float lean; };

Place place() {
    float w = half_width(), bob = 0.008 * sin(0.8 * t) + 0.006 * sin(1.27 * t + 1.0);
    if (subject_flies()) return Place(vec2(-0.16 * w - 0.08 * cam.x, 0.04 + 0.015 * sin(0.4 * t)), 0.34, 9.0, 0.0);
    if (!subject_floats()) return Place(vec2(-0.30 * w - 0.22 * cam.x, -0.325), 0.36, 9.0, 0.0);
    if (variant == 3) return Place(vec2(0.12 * w - 0.10 * cam.x, horizon() - 0.075 + 3.0 * bob), 0.34, 0.17, 0.18 * sin(0.8 * t));
    if (variant == 1) return Place(vec2(-0.42 * w - 0.08 * cam.x, horizon() - 0.075 + bob), 0.22, 0.11, 0.03 * sin(0.7 * t));
    return Place(vec2(-0.30 * w - 0.10 * cam.x, horizon() - 0.085 + bob), 0.30, 0.13, 0.03 * sin(0.7 * t));
}

vec3 dark() { return mix(pal[0], pal[1], 0.18) * 0.42; }

void stand(inout vec3 colour, inout float depth, vec2 p, Place at, float seen) {
    vec2 q = rot(at.lean) * (p - at.foot) / at.size;
    if (subject_floats()) { // sunk to its waterline, and dark on the water under it
        seen *= smoothstep(0.0, 0.02, q.y - 0.035 - 0.010 * wave(1.7 * q.x + 0.3 * t));
        float smear = smoothstep(0.50, 0.15, abs(q.x + 0.03 * wave(9.0 * q.y + 0.5 * t))) * smoothstep(-0.55, 0.0, q.y) * step(q.y, 0.05) * step(p.y, horizon());
        colour = mix(colour, dark(), 0.45 * smear * step(0.0, at.d - 0.05) * (1.0 - seen));
    }
    vec3 made = subject_over(q, pixel() / at.size, colour, dark(), mix(light_colour(), sky_low(), 0.3), normalize(sun_at() - at.foot));
    colour = mix(colour, made, seen);
    subject_cover *= seen;
    depth = mix(depth, 0.2, step(0.5, subject_cover));
}

// A rock in the foreground for those who stand.
void ledge(inout vec3 colour, inout float depth, vec2 p, float grain) {
    float u = p.x + 0.22 * cam.x + 0.30 * half_width(), off = max(abs(u) - 0.13, 0.0);
    float top = -0.318 - 0.55 * off * sqrt(off) - 0.024 * grain * smoothstep(0.08, 0.25, abs(u));
    float cover = mask(p.y - top, 1.5 * pixel()), edge = clamp(1.0 + (p.y - top) * 60.0, 0.0, 1.0);
    colour = mix(colour, dark() * (0.75 + 0.5 * grain) + light_colour() * 0.30 * edge * edge, cover);
    depth = mix(depth, 0.15, step(0.5, cover));
}

// Foam where waves meet the cliff, and spray thrown up there; the snare gives it strength. grain: two noises.
void surf(inout vec3 colour, vec2 p, vec2 grain) {
    float y = p.y - horizon(), u = across(p, 0.10), foot = waterline(u), line = (y - foot - 0.004 * wave(0.2 * t + 1.5 * u)) / 0.010;
    float foam = smoothstep(1.0, 0.0, abs(line)) * smoothstep(-0.24, -0.12, u) * (0.35 + 0.65 * grain.y);
    for (int k = 0; k < 2; k++) {
        float age = fract(0.21 * t + 0.5 * float(k)), at = k == 0 ? -0.03 : -0.16, size = (0.10 + 0.07 * snare) * (k == 0 ? 1.0 : 0.7);
        vec2 q = (p - vec2(at * half_width() - 0.10 * cam.x, horizon() - 0.02)) / size;
        float rise = 4.6 * age * (1.0 - age), shape = rise - q.y - 1.9 * abs(q.x - 0.2 * age) / (0.35 + age) - step(q.y, -0.1);
        foam = max(foam, smoothstep(0.0, 0.6, shape + 1.3 * (grain.x - 0.55)) * (1.0 - age) * step(0.0, q.y));
    }
    colour = mix(colour, foam_colour(), foam * (0.6 + 0.35 * loudness));
}

// ---------------------------------------------------------------- picture
// On a processor a branch costs as much as its dearer side, so sky, land and water share their look-ups: each has its own
// coordinates, and what is fetched is the same.
void world(vec2 p, out vec3 colour, out float depth, out float glow) {
    float under = horizon() - p.y;
    bool above = under < 0.0;
    vec2 at = ripple_at(p, max(under, 0.0)), sky_grain = hour == NIGHT ? (p - sun_at()) * 30.0 + 7.3 : vec2(p.x * 5.0 + 0.1 * t, p.y * 74.0);
    if (variant == 1) sky_grain = mix(sky_grain, vec2(p.x * 34.0 + 3.4 * cam.x, p.y * 13.0 + p.x * 9.0), step(-0.02, across(p, 0.10)));
    vec2 first = n22(above ? sky_grain : at);
    vec2 second = n22(above ? p * vec2(26.0, 22.0) - vec2(0.0, 1.2 * t) : at * vec2(2.7, 2.3) + vec2(0.9 * t, -0.7 * t));
    vec2 slope = (first + 0.7 * second) / 1.7 - 0.5;
    Row row = row_at(p);
    float lean = 0.34 * (row.high - 0.45) * row.near + 0.3 * slope.y;
    vec2 look = above ? p : vec2(p.x + 0.10 * slope.x * (0.2 + under), horizon() + clamp(under * 0.95 + (variant == 2 ? 0.09 * slope.y * (0.06 + under) : 0.16 * lean), 0.004, 0.5));
    Land land = Land(vec3(0.0), 1.0, 0.0, 0.0);
    if (variant == 1) coast(land, p, p.y - horizon(), first);
    if (variant == 2) bay(land, look, look.y - horizon());
    vec3 sky_there = far_at(look);
    float shine = 0.0, lamp = 0.0;
    vec3 air = gulls(p, heaven(p, sky_there, first.x, shine));
    if (variant == 2) sky_there = mix(sky_there, land.colour * 0.85, land.cover * 0.92);
    vec3 wet = water(p, row, slope, sky_there, variant == 2 ? land.cover : 0.0, glow);
    colour = above ? air : wet;
    depth = above ? 1.0 : clamp(0.92 - 1.5 * under, 0.12, 0.92);
    glow = above ? shine : glow * 0.6;
    float on_land = variant == 2 && !above ? 0.0 : land.cover;
    colour = mix(colour, land.colour, on_land);
    depth = mix(depth, land.depth, step(0.5, on_land));
    glow = mix(glow, land.glow, on_land);
    if (variant == 1) { lighthouse(colour, depth, glow, p); surf(colour, p, second); }
    Place here = place();
    bool standing = subject_id != 0 && !subject_floats() && !subject_flies();
    float open_ = depth;
    if (standing) ledge(colour, depth, p, second.x);
    glow = depth < open_ ? 0.0 : glow;
    if (subject_id != 0) stand(colour, depth, p, here, here.d < 9.0 ? (above ? 1.0 : step(row.d, here.d)) : 1.0);
    colour = weather_layer(p, colour, depth);
}
