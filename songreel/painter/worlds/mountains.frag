// Mountains: 0 ridges in mist, 1 alpine lake, 2 snowy peaks under the aurora, 3 valley with a river and balloons.
//
// Ridges are lines of noise, one look-up each; the nearest one that covers a pixel is found first and painted once. Each lies at a
// distance of its own, moves with the camera by its nearness and fades into the air with its depth.
// u is p.x in half widths of the picture, so that all formats hold the same composition.

const int RIDGES = variant == 0 ? 5 : 4;
const bool SNOWY = variant == 1 || variant == 2;
const bool FLOATS = subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE;
const bool FLIES = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET;

float half_width() { return clamp(aspect * 0.5, 0.28, 0.95); }
float eye_line() { return (variant == 1 ? -0.13 : variant == 3 ? 0.05 : -0.06) - 0.15 * cam.y; }

vec2 sun_at() {
    float x = half_width() * (variant == 0 ? 0.32 : variant == 1 ? -0.34 : variant == 2 ? 0.46 : 0.16) - 0.02 * cam.x;
    const float high = hour == NIGHT ? 0.30 : hour == DAWN ? 0.150 : hour == DAY ? 0.34 : 0.125;
    return vec2(x, (variant == 3 ? 0.04 : 0.0) + high - 0.1 * cam.y);
}
float sun_radius() {
    const float r = hour == NIGHT ? 0.055 : hour == DAWN ? 0.080 : hour == DAY ? 0.040 : 0.100;
    return r * (1.0 + 0.03 * bass);
}

vec3 haze() { return mix(mix(sky_low(), sky_mid(), 0.35), light_colour(), hour == NIGHT ? 0.04 : 0.12); }

// ---------------------------------------------------------------- sky
// Curtains of the aurora, folded by slow noise; treble runs along them and bass makes them breathe.
vec3 aurora(vec2 p) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 3; i++) {
        float k = float(i), fold = n2(vec2(p.x * 1.9 + 3.7 * k + 0.06 * t, 0.05 * t + 5.0 * k)) - 0.5;
        float up = p.y - (0.04 + 0.11 * k + 0.26 * fold + (0.16 - 0.12 * k) * p.x);
        float rays = fbm1(vec2((p.x + 0.7 * fold) * 4.0 + 0.05 * t * (1.0 - k), 0.08 * t + 3.0 * k));
        float body = smoothstep(-0.02, 0.035, up) * exp(-max(up, 0.0) * (10.0 - 6.0 * rays)) * (0.25 + 0.75 * smoothstep(0.30 - 0.12 * treble, 0.75, rays));
        vec3 tint = mix(mix(pal[3], pal[4], 0.25), mix(pal[1], pal[2], 0.6), clamp(up * 4.5, 0.0, 1.0));
        sum += tint * body * (0.66 + 0.22 * bass) * (1.0 - 0.25 * k);
    }
    return sum;
}

vec3 far(vec2 p) {
    float h = (p.y - eye_line()) / 0.60, d = length((p - sun_at()) * vec2(0.9, 1.1));
    vec3 colour = sky(max(h, 0.0)), light = light_colour();
    float up = max(p.y - eye_line(), 0.0) + 0.12;
    vec2 at = vec2((p.x + 0.06 * cam.x) * 0.36 / up + 0.012 * t + 3.0 * rnd.x, 0.55 / up + 5.0 * rnd.y);
    float here = fbm1(at) * 0.7 + fbm1(at * vec2(2.2, 3.4) + 0.015 * t) * 0.3, there = fbm1(at + (sun_at() - p) * 0.22);
    const float cover = variant == 1 ? 0.58 : variant == 2 ? 0.40 : 0.50;
    float near_sun = exp(-d * 3.0), density = smoothstep(1.0 - cover, 1.28 - cover, here) * smoothstep(0.0, 0.16, up - 0.12);
    vec3 lit = mix(mix(sky_low(), light, 0.55), light, near_sun) * (hour == NIGHT ? 0.36 + 0.5 * near_sun : 0.98);
    vec3 shade = mix(sky_top(), sky_mid(), 0.6) * 0.86;
    colour = mix(colour, mix(shade, lit, clamp(0.5 + 1.5 * (here - there), 0.0, 1.0)), density * (variant == 2 && hour == NIGHT ? 0.35 : 0.8));
    const float power = hour == NIGHT ? 0.42 : hour == DAY ? 0.45 : 1.0;
    colour += light * power * (0.9 + 0.2 * bass) * (0.28 * exp(-d * 6.0) + 0.20 * exp(-d * 1.9));
    if (variant == 2 && hour == NIGHT) colour += aurora(p) * (1.0 - 0.6 * density);
    return mix(colour, haze(), 0.5 * exp(-max(h, 0.0) * 7.0));
}

float star(vec2 p) {
    vec2 g = p * 66.0, cell = floor(g), f = g - cell - 0.5;
    float r = h2(cell), size = 0.05 + 0.35 * (r - 0.8), twinkle = 0.7 + 0.3 * wave(t * (0.2 + 0.3 * r) + 7.0 * r) * (0.5 + treble);
    return smoothstep(size, 0.0, length(f - 0.5 * (vec2(fract(r * 91.7), fract(r * 57.3)) - 0.5))) * step(0.80, r) * twinkle;
}

vec3 heaven(vec2 p, vec3 colour, inout float glow) {
    vec2 d = p - sun_at();
    float r = sun_radius(), cover = mask(length(d) - r, 2.0 * pixel());
    if (hour == NIGHT) {
        colour += light_colour() * star(p) * smoothstep(0.0, 0.3, p.y - eye_line()) * (1.0 - cover) * 0.8;
        float bite = variant == 2 ? mask(length(d - vec2(0.022, 0.012)) - r * 0.92, 2.0 * pixel()) : 0.0;
        colour = mix(colour, mix(light_colour(), vec3(1.0), 0.35), cover * (1.0 - bite));
        cover *= 1.0 - bite;
    } else {
        vec3 face = mix(mix(light_colour(), vec3(1.0), 0.55), mix(light_colour(), pal[3], hour == DUSK ? 0.30 : 0.10), clamp(0.5 - 0.5 * d.y / r, 0.0, 1.0));
        colour = mix(colour, face, cover);
    }
    glow = max(glow, cover * 0.9);
    return colour;
}

// ---------------------------------------------------------------- ridges
struct Ridge { float base, height, across, depth, parallax; };

// The ridges of a variant from the farthest to the nearest; across: noise cells to a unit of width.
Ridge ridge(int k) {
    float n = float(k);
    if (variant == 0) return Ridge(0.035 - 0.088 * n - 0.006 * n * n, 0.20 - 0.012 * n, 0.60 + 0.10 * n, 0.80 - 0.185 * n, 0.02 + 0.055 * n);
    if (variant == 1) return k == 0 ? Ridge(-0.10, 0.27, 0.45, 0.64, 0.02) : k == 1 ? Ridge(-0.22, 0.34, 0.80, 0.34, 0.045)
        : k == 2 ? Ridge(-0.155, 0.13, 0.75, 0.20, 0.07) : Ridge(-0.155, 0.035, 0.9, 0.08, 0.10);
    if (variant == 2) return k == 0 ? Ridge(-0.05, 0.26, 0.5, 0.60, 0.02) : k == 1 ? Ridge(-0.16, 0.32, 0.75, 0.32, 0.05)
        : k == 2 ? Ridge(-0.30, 0.20, 0.55, 0.20, 0.10) : Ridge(-0.40, 0.08, 0.35, 0.06, 0.18);
    return k == 0 ? Ridge(0.010, 0.30, 0.55, 0.66, 0.02) : k == 1 ? Ridge(-0.005, 0.12, 0.6, 0.46, 0.05)
        : k == 2 ? Ridge(-0.13, 0.15, 0.8, 0.24, 0.10) : Ridge(-0.36, 0.08, 0.6, 0.08, 0.16);
}

const bool WOODED_FAR = variant == 0 || variant == 1;
const int STAND_ON = variant == 0 || variant == 1 ? 3 : variant == 2 ? 3 : 3; // ridge with level ground for a subject
const float STAND_U = variant == 0 ? -0.24 : variant == 2 ? -0.16 : 0.46;     // and where it is level
const float STAND_UP = variant == 0 ? 0.125 : variant == 2 ? 0.055 : 0.14;    // above the ridge's base

// A conifer's outline within its cell, 0..1 high.
float conifers(float x) {
    float cell = floor(x), f = abs(x - cell - 0.5) * 2.0, r = h1(cell);
    return max(1.0 - 1.30 * f - 0.13 * fract(f * 4.0), 0.0) * (0.30 + 0.70 * r);
}

float along(float x, Ridge r) { return x / (1.0 + 0.5 * r.parallax * cam.z) + 3.0 * r.parallax * cam.x; }

float sink(Ridge r) { return 0.14 * r.parallax * cam.z + 2.0 * r.parallax * cam.y; }

float peak(float u, float at, float wide) { return max(1.0 - abs(u - at) / wide, 0.0); }

// The shape of a ridge beyond its noise: where great peaks stand and valleys open.
float massif(int k, float u) {
    if (variant == 0) return k == 0 ? 0.15 * peak(u, -0.30, 0.60) + 0.07 * peak(u, 0.86, 0.35) - 0.02 : k == 1 ? 0.12 * peak(u, 0.72, 0.55) + 0.05 * peak(u, -0.75, 0.4) - 0.02
        : k == 2 ? 0.08 * peak(u, -0.55, 0.7) - 0.02 : k == 4 ? 0.15 * smoothstep(0.1, 1.1, u) - 0.03 : 0.0;
    if (variant == 1) return k == 1 ? 0.34 * peak(u, 0.26, 0.62) + 0.17 * peak(u, -0.62, 0.50) + 0.16 * peak(u, 0.86, 0.4) - 0.05
        : k == 2 ? 0.15 * abs(u - 0.1) - 0.07 : k == 3 ? 0.06 * smoothstep(0.3, 1.0, abs(u)) - 0.02 : 0.0;
    if (variant == 2) return k == 1 ? 0.36 * peak(u, -0.20, 0.58) + 0.20 * peak(u, 0.55, 0.55) - 0.09 : k == 3 ? 0.07 * abs(u) : 0.0;
    return k == 0 ? 0.10 * peak(u, -0.50, 0.5) + 0.06 * peak(u, 0.75, 0.5) - 0.04 : k == 1 ? 0.13 * smoothstep(0.05, 1.1, abs(u - 0.05)) - 0.065
        : k == 2 ? 0.26 * smoothstep(-0.30, -1.1, u) - 0.40 * smoothstep(-0.85, 0.30, u) : 0.30 * smoothstep(0.30, 1.1, u) - 0.36 * smoothstep(0.42, -0.60, u);
}

// The top of a ridge at px: x with its trees, y without.
vec2 top_of(int k, float px) {
    Ridge r = ridge(k);
    float x = along(px, r), u = x / half_width();
    vec2 rough = textureLod(noise_tex, vec2((x * r.across + rnd.z) / 8.0 + 0.137 * float(k), 0.09 + 0.19 * float(k)), 0.0).ab;
    float top = r.base + r.height * (k > 2 || (variant == 3 && k > 0) ? rough.y : rough.x) + massif(k, u) - sink(r);
    if (k == STAND_ON && variant != 1) top = mix(top, r.base + STAND_UP - sink(r) + 0.05 * (STAND_U - u), 1.0 / (1.0 + 40.0 * (u - STAND_U) * (u - STAND_U) * (u - STAND_U) * (u - STAND_U)));
    bool wooded = k == 3 + int(variant == 0) || (variant != 2 && k == 2);
    if (!wooded) return vec2(top);
    float size = (variant == 2 ? 0.105 : variant == 1 && k == 3 ? 0.050 : variant == 3 ? 0.045 : 0.038) * (k == 2 ? 0.42 : 1.0);
    float grows = variant == 2 ? smoothstep(0.40, 0.75, abs(u - 0.08)) : variant == 3 ? smoothstep(0.10, 0.28, abs(u - STAND_U)) : 1.0;
    return vec2(top + size * conifers(x * 1.75 / size) * grows, top);
}

// ---------------------------------------------------------------- painting
// The nearest ridge at a point, -1 for none: how far the point is under its edge and under its ground; depth and ground of the one behind.
struct Found { int k; float under; float depth; float bare; float back; float back_bare; };

void try_ridge(inout Found f, int k, vec2 p) {
    vec2 under = top_of(k, p.x) - p.y;
    if (under.x > 0.0) f = Found(k, under.x, ridge(k).depth, max(under.y, 0.0), f.depth, f.bare);
}

// Written out and not a loop, so that the compiler knows k and drops what the ridge does not have.
Found find(vec2 p) {
    Found f = Found(-1, 0.0, 1.0, 0.0, 1.0, 0.0);
    try_ridge(f, 0, p);
    try_ridge(f, 1, p);
    try_ridge(f, 2, p);
    try_ridge(f, 3, p);
    if (variant == 0) try_ridge(f, 4, p);
    return f;
}

vec3 dark() { return mix(pal[0], pal[1], 0.30); }

// Snow on what is high and not too steep, lit from the sun's side; `low` is where it begins.
vec3 snowed(vec2 p, Found f, vec3 body, float low) {
    const float side = variant == 1 ? -1.0 : 1.0;
    float k = float(f.k);
    vec2 at = vec2(p.x * 2.3 + 0.9 * f.bare + 3.1 * k, p.y * 1.5 + 0.4 * p.x + 1.7 * k) / 8.0;
    vec2 here = textureLod(noise_tex, at, 0.0).ab, there = textureLod(noise_tex, at + vec2(0.014 * side, 0.006), 0.0).ab;
    float facing = smoothstep(-0.16, 0.20, here.x - there.x + 0.6 * (here.y - there.y)), deep = k > 2.5 ? 1.0 : 0.0;
    float snow = max(smoothstep(-0.03, 0.06, p.y - low + 0.16 * (here.y - 0.5) - 0.10 * f.under) * smoothstep(0.20, 0.42, here.x + 0.30 * facing), deep);
    vec3 shade = mix(mix(sky_mid(), sky_top(), 0.45), dark(), 0.18) * (hour == NIGHT ? 0.70 : 0.88);
    vec3 lit = mix(light_colour(), hour == NIGHT ? sky_mid() : sky_low(), hour == NIGHT ? 0.45 : 0.2) * (hour == NIGHT ? 0.62 : 1.0);
    vec3 white = mix(shade, lit, mix(facing * 0.9, 0.30 + 0.25 * facing, deep));
    vec3 rocks = mix(dark(), lit, 0.16 * facing);
    return mix(mix(rocks, body, 0.2), white, snow);
}

vec3 painted(vec2 p, Found f) {
    vec2 away = p - sun_at();
    float edge = clamp(1.0 - f.under * 36.0, 0.0, 1.0), reach = 1.0 / (1.0 + 9.0 * dot(away, away));
    vec3 body = dark() * (0.62 - 0.10 * float(f.k == RIDGES - 1)), light = light_colour();
    if (variant == 1) body = f.k == 1 ? snowed(p, f, body, 0.03) : body;
    if (variant == 2) body = f.k == 3 && f.bare <= 0.0 ? body * 0.8 : snowed(p, f, body, f.k == 2 ? -0.13 : f.k == 3 ? -0.9 : -0.06);
    body += mix(light, sky_low(), 0.3) * edge * edge * reach * (hour == NIGHT ? 0.14 : 0.40);
    return mix(body, haze(), f.depth * (hour == NIGHT ? 0.78 : 0.90));
}

const float MISTY = variant == 0 ? 0.92 : variant == 3 ? 0.50 : variant == 1 ? 0.45 : 0.42; // share of mist in the thickest place
const float MIST_RISE = variant == 0 ? 5.2 : 3.4; // how soon it thickens under a ridge

// Mist that lies in the valley before a ridge; it drifts with flow and swells with loudness.
float mist(vec2 p, Found f) {
    float k = float(f.k), bank = fbm1(vec2(p.x * (1.0 + 0.5 * k) + (0.05 + 0.02 * k) * flow + 0.03 * t + 2.7 * k, p.y * 3.2 + 0.02 * t));
    float low = clamp(f.bare * MIST_RISE, 0.0, 1.0), most = MISTY;
    if (f.k == RIDGES - 1) most *= variant == 0 ? 0.50 : variant == 3 ? 0.45 : 0.0;
    return most * clamp(low * (0.55 + 0.45 * loudness) + 0.75 * (bank - 0.5) * (0.4 + low), 0.0, 1.0) * step(0.0, k);
}

// ---------------------------------------------------------------- the lake of variant 1, the river and balloons of variant 3
float shore() { return ridge(3).base - sink(ridge(3)); }

vec3 lake(vec2 p, vec3 mirrored, vec2 ripple, inout float glow) {
    float deep = shore() - p.y, off = (p.x - sun_at().x + 0.05 * ripple.x) / (0.03 + 0.16 * deep);
    float breeze = smoothstep(0.58, 0.80, fbm1(vec2(p.x * 1.5 + 0.05 * t, deep * 9.0 + 0.04 * t))) * (0.4 + 0.6 * loudness);
    float glint = smoothstep(0.16, 0.34, ripple.y + 0.12 * treble) / (1.0 + off * off) * (0.3 + 0.7 * breeze);
    vec3 colour = mix(mirrored * 0.90, mix(dark() * 0.6, sky_mid(), 0.35), 0.16 + 0.55 * deep);
    colour = mix(colour, mix(sky_low(), sky_mid(), 0.3), 0.38 * breeze);
    glow = max(glow, glint * 0.5);
    colour += light_colour() * glint * (hour == NIGHT ? 0.45 : 0.6);
    return mix(colour, haze(), 0.45 * clamp(1.0 - deep * 28.0, 0.0, 1.0));
}

// A jetty that runs out from the lower left; x across it, y along, cover.
float jetty(vec2 p, out float plank) {
    float far_end = -0.285 - 0.2 * cam.y, along_it = clamp((far_end - p.y) / (far_end + 0.52), 0.0, 1.0);
    float middle = mix(-0.04, -0.34, along_it) * half_width() * 1.1 - 0.30 * cam.x * (0.4 + along_it), wide = mix(0.050, 0.150, along_it);
    float board = log(along_it + 0.14) * 9.0;
    plank = smoothstep(0.06, 0.16, abs(fract(board) - 0.5)) * (0.85 + 0.3 * h1(floor(board)));
    float deck = mask(max(abs(p.x - middle) - wide, p.y - far_end), 1.5 * pixel());
    vec2 q = vec2(abs(p.x - middle) - wide + 0.006, p.y - far_end);
    float posts = mask(max(abs(q.x) - 0.007, abs(q.y - 0.004) - 0.030), 1.5 * pixel());
    return max(deck, posts);
}

// The river: how far p lies from its middle in half widths, and the distance from the eye line.
vec2 river(vec2 p) {
    float d = max(0.005 - 0.1 * cam.y - p.y, 0.0) + 0.012, far_off = log(d);
    float middle = 0.05 * half_width() + d * (1.15 * wave(0.42 * far_off + 0.30) + 0.25 * wave(0.9 * far_off)) - 0.30 * cam.x * d;
    return vec2((p.x - middle) / (0.012 + 0.24 * d), d);
}

void balloon(inout vec3 colour, inout float far_off, inout float glow, vec2 p, vec2 at, float size, float depth, float stripe) {
    vec2 q = (p - at - vec2(0.0, 0.012 * sin(0.5 * t + 9.0 * stripe))) / size;
    float y = clamp((0.1 - q.y) / 0.75, 0.0, 1.0), wide = mix(0.5, 0.11, y * (1.5 - 0.5 * y) * y);
    float bag = q.y > 0.1 ? length(q - vec2(0.0, 0.1)) - 0.5 : max(abs(q.x) - wide, -0.62 - q.y);
    float basket = max(abs(q.x) - 0.075, abs(q.y + 0.80) - 0.065), ropes = max(abs(abs(q.x) - 0.08) - 0.008, abs(q.y + 0.68) - 0.08);
    float soft = 1.5 * pixel() / size, cover = mask(min(bag, min(basket, ropes)), soft), cloth = mask(bag, soft);
    float round_ = q.y > 0.1 ? sqrt(max(0.25 - (q.y - 0.1) * (q.y - 0.1), 0.001)) : wide, across = q.x / round_;
    float band = smoothstep(-0.1, 0.1, wave(across * (0.86 + 0.42 * across * across) + stripe)), side = sign(sun_at().x - at.x);
    float flame = clamp(1.0 - length((q + vec2(0.0, 0.42)) * vec2(1.6, 1.0)) * 1.5, 0.0, 1.0) * (0.25 + 0.75 * max(kick, 0.6 * bass));
    vec3 skin = mix(mix(pal[3], pal[1], 0.15), mix(pal[4], pal[2], 0.25), band) * (0.62 + 0.38 * across * side + 0.15 * q.y);
    skin = mix(skin * (hour == NIGHT ? 0.45 : hour == DAY ? 1.0 : 0.85), mix(pal[3], pal[4], 0.6), flame * (hour == DAY ? 0.3 : 0.85));
    skin = mix(mix(dark() * 0.7, skin, cloth), haze(), depth);
    colour = mix(colour, skin, cover);
    far_off = mix(far_off, depth, cover);
    glow = mix(glow, flame * 0.7 * float(hour != DAY), cover);
}

// A cabin in the snow of variant 2; its windows follow the hat.
void cabin(inout vec3 colour, inout float glow, vec2 p) {
    Ridge r = ridge(3);
    vec2 q = (p - vec2(0.30 * half_width() - 3.0 * r.parallax * cam.x, r.base + 0.060 - sink(r))) / 0.085, m = vec2(abs(q.x), q.y);
    float soft = 1.5 * pixel() / 0.085, wall = max(m.x - 0.62, abs(q.y - 0.25) - 0.30), roof = max(q.y - 1.10 + 0.85 * m.x, 0.50 - q.y);
    float chimney = max(abs(q.x - 0.36) - 0.075, abs(q.y - 0.95) - 0.20), covers = mask(min(wall, min(roof, chimney)), soft);
    float white = mask(max(max(q.y - 1.10 + 0.85 * m.x, 0.96 - 0.85 * m.x - q.y), 0.47 - q.y), soft);
    float pane = mask(max(abs(m.x - 0.30) - 0.125, abs(q.y - 0.27) - 0.115), soft) * step(0.02, abs(m.x - 0.30)) * step(0.02, abs(q.y - 0.28));
    vec3 warm = mix(pal[3], pal[4], 0.5), lit = mix(light_colour(), sky_low(), 0.2) * (hour == NIGHT ? 0.5 : 0.95);
    colour = mix(colour, mix(dark() * 0.5, lit, white), covers);
    float on = hour == DAY ? 0.25 : 0.75 + 0.25 * hat;
    colour = mix(colour, warm * 1.15, pane * on) + warm * 0.12 * on / (1.0 + 6.0 * dot(q - vec2(0.0, 0.1), q - vec2(0.0, 0.1)));
    glow = max(glow, pane * on);
    vec2 s = q - vec2(0.36, 1.15);
    float smoke = smoothstep(0.10 + 0.28 * s.y, 0.0, abs(s.x - 0.22 * s.y * s.y - 0.10 * wave(0.4 * s.y - 0.25 * t) * s.y)) * smoothstep(0.0, 0.15, s.y) * smoothstep(2.2, 0.2, s.y);
    colour = mix(colour, mix(haze(), light_colour(), 0.3), 0.35 * smoke);
}

// ---------------------------------------------------------------- subject
void stand(inout vec3 colour, inout float depth, vec2 p, Found f) {
    if (subject_id == 0) return;
    Ridge r = ridge(STAND_ON);
    float w = half_width(), size = variant == 0 ? 0.20 : variant == 1 ? 0.30 : variant == 2 ? 0.27 : 0.22;
    vec2 foot = vec2(STAND_U * w - 3.0 * r.parallax * cam.x, r.base + STAND_UP - sink(r) - 0.004);
    if (variant == 1) foot = vec2(-0.055 * w - 0.14 * cam.x, -0.295 - 0.2 * cam.y);
    bool behind = variant == 0 && f.k > STAND_ON;
    if (FLIES) { foot = vec2(-0.05 * w - 0.08 * cam.x, 0.10 + 0.012 * sin(0.4 * t)); size = variant == 3 ? 0.26 : 0.30; behind = f.k > 2; }
    if (FLOATS) { foot = vec2(0.10 * w - 0.15 * cam.x, (variant == 1 ? -0.235 : -0.17) + 0.006 * sin(0.7 * t)); size = variant == 1 ? 0.20 : 0.24; behind = variant != 1 && f.k > 2; }
    vec2 q = (p - foot) / size;
    vec3 made = subject_over(q, pixel() / size, colour, dark() * 0.40, mix(light_colour(), sky_low(), 0.3), normalize(sun_at() - foot));
    colour = behind ? colour : made;
    subject_cover = behind ? 0.0 : subject_cover;
    depth = mix(depth, r.depth, step(0.5, subject_cover));
}

// ---------------------------------------------------------------- picture
void world(vec2 p, out vec3 colour, out float depth, out float glow) {
    glow = 0.0;
    vec2 look = p, ripple = vec2(0.0);
    bool wet = variant == 1 && p.y < shore();
    if (variant == 1) {
        float deep = max(shore() - p.y, 0.0), far_off = deep + 0.03;
        ripple = n22(vec2((p.x + 0.3 * cam.x) * 2.2 / far_off, log(far_off) * 15.0 - 0.9 * t - 0.5 * flow)) - 0.5;
        if (wet) look = vec2(p.x + 0.035 * ripple.x * (0.04 + deep), 2.0 * shore() - p.y + 0.05 * ripple.y * (0.05 + 4.5 * deep));
    }
    Found f = find(look);
    vec3 air = heaven(look, far_at(look), glow);
    vec3 behind = f.back > 0.9 ? air : mix(dark() * 0.6, haze(), max(0.9 * f.back, MISTY * clamp(f.back_bare * MIST_RISE, 0.0, 1.0) * (0.55 + 0.45 * loudness)));
    float edge = f.k < 0 ? 0.0 : clamp(f.under / (1.6 * pixel()), 0.0, 1.0);
    colour = mix(f.k < 0 ? air : behind, mix(painted(look, f), haze(), mist(look, f)), edge);
    glow *= 1.0 - edge;
    depth = f.depth;
    if (wet) { colour = lake(p, colour, ripple, glow); depth = clamp(0.6 - 1.2 * (shore() - p.y), 0.1, 0.6); }
    if (variant == 3) {
        vec2 stream = river(p);
        float field = wave(7.0 * log(stream.y + 0.03) + 0.8 * p.x / (stream.y + 0.1)) * wave(1.2 * (p.x + 0.3 * cam.x) / (stream.y + 0.08) + 0.4);
        if (f.k == 1) colour = mix(colour, mix(pal[2], light_colour(), 0.35) * (hour == NIGHT ? 0.4 : 0.9), 0.16 * smoothstep(-0.2, 0.6, field) * clamp(9.0 * stream.y - 0.3, 0.0, 1.0));
        float water = smoothstep(1.0 + 3.0 * pixel() / stream.y, 1.0, abs(stream.x)) * float(f.k == 1) * smoothstep(0.012, 0.03, stream.y);
        float shine = 0.75 + 0.25 * wave(3.0 * log(stream.y) + 0.35 * t + 0.3 * stream.x) * treble;
        vec3 sky_in = mix(mix(sky_mid(), sky_low(), 0.6), light_colour(), 0.45) * shine;
        colour = mix(colour, mix(sky_in, haze(), 0.35 * f.depth), water * 0.95);
        glow = max(glow, water * 0.25);
        float w = half_width();
        balloon(colour, depth, glow, p, vec2(0.46 * w - 0.10 * cam.x, 0.30), 0.085, 0.42, 0.1);
        balloon(colour, depth, glow, p, vec2(-0.12 * w - 0.06 * cam.x, 0.155), 0.045, 0.60, 0.6);
        balloon(colour, depth, glow, p, vec2(-0.45 * w - 0.24 * cam.x, 0.16 + 0.03 * cam.z), 0.20, 0.12, 0.3);
    }
    if (variant == 2) cabin(colour, glow, p);
    if (variant == 1) {
        float plank, deck = jetty(p, plank);
        colour = mix(colour, dark() * 0.42 * plank + light_colour() * 0.10 * plank, deck);
        depth = mix(depth, 0.1, deck);
    }
    stand(colour, depth, p, f);
    colour = weather_layer(p, colour, depth);
}
