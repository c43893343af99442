// Forest: 0 tall trunks with light shafts and a path, 1 edge of a wood with a meadow and fireflies, 2 birch wood in winter,
// 3 glade with glowing mushrooms.
//
// Trunks stand in layers of cells, one trunk to a cell, each layer with a distance, a parallax and a share of haze of its own.
// What is soft (glow, the blurred wood behind) is drawn by far(). u is p.x in half widths of the picture.

const bool FLOATS = subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE;
const bool FLIES = FLOATS || subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET;
const float HORIZON = variant == 1 ? -0.13 : -0.10;

float half_width() { return clamp(aspect * 0.5, 0.28, 0.95); }

vec2 sun_at() {
    const float high = hour == NIGHT ? 0.26 : hour == DAY ? 0.32 : 0.10;
    if (variant == 1) return vec2(0.34 * half_width() - 0.03 * cam.x, hour == DAWN ? 0.055 : hour == DUSK ? 0.035 : high);
    return vec2((variant == 0 ? 0.12 : variant == 2 ? -0.20 : 0.05) * half_width() - 0.05 * cam.x, variant == 0 ? 0.10 + 0.4 * (high - 0.10) : variant == 3 ? 0.12 : high);
}

vec3 dark() { return mix(pal[0], pal[1], 0.28); }
vec3 haze() {
    if (variant == 3) return mix(mix(sky_mid(), pal[2], 0.35), sky_low(), 0.3) * (hour == NIGHT ? 0.9 : 0.95);
    return mix(mix(sky_low(), sky_mid(), 0.4), light_colour(), hour == NIGHT ? 0.06 : 0.15);
}

// ---------------------------------------------------------------- what is soft
// Blurred trunks of the deep wood: 0 between them, 1 on one.
float deep_wood(float x, float soft) {
    float cell = floor(x), f = x - cell, r = h1(cell), middle = 0.5 + 0.5 * (r - 0.5), half_wide = 0.10 + 0.16 * fract(r * 17.3);
    return smoothstep(half_wide + soft, half_wide - soft, abs(f - middle)) * step(0.15, fract(r * 41.7));
}

vec3 meadow_sky(vec2 p) {
    float h = (p.y - HORIZON) / 0.6, d = length(p - sun_at()), up = max(p.y - HORIZON, 0.0) + 0.12;
    vec3 colour = sky(max(h, 0.0)), light = light_colour();
    vec2 at = vec2(p.x * 0.34 / up + 0.012 * t + 3.0 * rnd.x, 0.5 / up + 5.0 * rnd.y);
    float here = fbm1(at) * 0.7 + fbm1(at * vec2(2.3, 3.1) + 0.02 * t) * 0.3, there = fbm1(at + (sun_at() - p) * 0.2);
    float near_sun = exp(-d * 3.0), density = smoothstep(0.46, 0.78, here) * smoothstep(0.12, 0.3, up);
    vec3 lit = mix(sky_low(), light, 0.5 + 0.5 * near_sun) * (hour == NIGHT ? 0.38 + 0.4 * near_sun : 0.98);
    colour = mix(colour, mix(mix(sky_top(), sky_mid(), 0.6) * 0.88, lit, clamp(0.5 + 1.5 * (here - there), 0.0, 1.0)), density * 0.8);
    const float power = hour == NIGHT ? 0.45 : hour == DAY ? 0.45 : 1.0;
    return colour + light * power * (0.9 + 0.2 * bass) * (0.30 * exp(-d * 6.0) + 0.20 * exp(-d * 2.0));
}

vec3 far(vec2 p) {
    if (variant == 1) return meadow_sky(p);
    vec2 away = (p - sun_at()) * vec2(1.0, 0.85);
    float d = length(away), x = p.x + 0.10 * cam.x;
    vec3 light = light_colour(), air = haze();
    vec3 colour = mix(mix(sky_mid(), sky_top(), smoothstep(0.0, 0.55, p.y)), air, 0.55);
    if (variant == 2) colour = mix(colour, mix(sky_low(), light, 0.3), hour == NIGHT ? 0.15 : 0.45);
    const float power = (hour == NIGHT ? 0.50 : hour == DAY ? 0.70 : 1.0) * (variant == 3 ? 0.55 : variant == 2 ? 0.6 : 1.0);
    float wood = max(deep_wood(x * 9.0 + 2.0 * rnd.x, 0.10) * 0.45, deep_wood((x + 0.05 * cam.x) * 5.5 + 31.0, 0.07) * 0.75);
    vec3 tree = mix(dark(), air, variant == 2 ? 0.66 : 0.55);
    colour = mix(colour, tree, wood * smoothstep(HORIZON - 0.04, HORIZON + 0.02, p.y));
    float leaves = fbm1(vec2(p.x * 1.3 + 0.2 * cam.x, p.y * 1.6 + 1.0)) * 0.7 + fbm1(p * 3.7 + 0.01 * t) * 0.3;
    if (variant != 2) colour = mix(colour, mix(dark(), air, 0.42), smoothstep(0.40, 0.72, leaves + 1.1 * (p.y - 0.20)));
    return colour + light * power * (0.88 + 0.24 * bass) * (0.62 * exp(-d * 6.0) + 0.34 * exp(-d * 2.3));
}

// ---------------------------------------------------------------- trunks
struct Trunk { float d; float across; float r; };

// The trunk of one layer nearest to p: d its distance in p units, across -1..1 over it, r its random number.
Trunk trunk(float x, float y, float cells, float thick, float foot, float seed) {
    float s = x * cells + seed, cell = floor(s), r = h1(cell), r2 = fract(r * 57.31), lean = (r2 - 0.5) * 0.22 * (y - foot);
    float middle = cell + 0.5 + 0.42 * (r - 0.5) + lean * cells * 0.5, rise = max(y - foot, 0.0);
    float half_wide = thick * (0.55 + 0.7 * r2) * (1.0 - 0.25 * rise) + 0.0030 * thick * cells / (rise + 0.02);
    float across = (s - middle) / half_wide;
    float there = step(0.22, fract(r * 23.7));
    return Trunk(there > 0.5 ? (abs(across) - 1.0) * half_wide / cells : 1.0, across, r);
}

// Coverage of thin bent blades that stand on y = 0 and are at most 1 high; one blade to a cell of x.
float blades(vec2 q, float bend, float soft) {
    float cell = floor(q.x), r = h1(cell), r2 = fract(r * 37.7), h = q.y / (0.35 + 0.65 * r);
    float off = q.x - cell - 0.5 + 0.22 * (r2 - 0.5) - (0.34 * (r2 - 0.5) + bend) * h * h;
    return smoothstep(soft, -soft, abs(off) - 0.15 * (1.0 - h)) * step(h, 1.0);
}

// Points of light that drift and glow up slowly in cells.
float motes(vec2 p, float scale, float share, float rise) {
    vec2 g = p * scale + vec2(0.3 * wave(0.05 * t), -rise * t), cell = floor(g), f = g - cell;
    float r = h2(cell), r2 = fract(r * 71.3);
    vec2 off = 0.5 + 0.28 * vec2(wave(0.11 * t + 5.0 * r), wave(0.09 * t + 9.0 * r));
    float d = length(f - off), lit = smoothstep(-0.2, 1.0, wave((0.10 + 0.15 * r2) * t + 13.0 * r));
    return lit * step(1.0 - share, r) * (smoothstep(0.10, 0.03, d) + 0.35 * smoothstep(0.42, 0.0, d) * smoothstep(0.42, 0.0, d));
}

void cover_with(inout vec3 colour, inout float depth, vec3 made, float at, float cover) {
    colour = mix(colour, made, cover);
    depth = mix(depth, at, step(0.5, cover));
}

// How strongly edges turned to the sun are lit at p.
float reach(vec2 p) { vec2 d = p - sun_at(); return 1.0 / (1.0 + 7.0 * dot(d, d)); }

// One layer of trunks over the picture, with ground at foot.
void trees(inout vec3 colour, inout float depth, vec2 p, float cells, float thick, float foot, float at, float parallax, float seed) {
    float x = p.x / (1.0 + parallax * cam.z) + parallax * cam.x, soft = 1.5 * pixel() * (1.0 + 1.5 * at);
    Trunk tree = trunk(x, p.y, cells, thick, foot, seed);
    float side = sign(sun_at().x - p.x + 1e-4), lit = smoothstep(0.25, 1.0, tree.across * side) * reach(p);
    vec3 bark = mix(dark() * 0.62, light_colour(), lit * (hour == NIGHT ? 0.22 : 0.42));
    if (variant == 2) {
        float ring = n2(vec2(tree.across * 1.6 + 9.0 * tree.r, p.y * 34.0 + 40.0 * tree.r)), mark = smoothstep(0.70, 0.82, ring) * (0.75 + 0.25 * at);
        vec3 white = mix(mix(sky_mid(), sky_top(), 0.35), mix(light_colour(), sky_low(), 0.35), 0.30 + 0.55 * smoothstep(-0.9, 0.8, tree.across * side));
        bark = mix(white * (hour == NIGHT ? 0.72 : 0.98), dark() * 0.7, max(mark * 0.85, 0.55 * smoothstep(0.62, 1.0, abs(tree.across))));
    }
    cover_with(colour, depth, mix(bark, haze(), at), at, mask(tree.d, soft) * smoothstep(0.0, 3.0 * pixel(), p.y - foot + 0.016 - 0.020 * min(tree.across * tree.across, 1.5)));
}

// Beams that fall from the sun between the leaves; they wander slowly and breathe with voice and bass.
float shafts(vec2 p) {
    vec2 from = sun_at() + vec2(0.06, 0.42), d = p - from;
    float angle = d.x / max(-d.y, 0.05), rays = fbm1(vec2(angle * 2.6 + 0.012 * t, 0.30 + 0.03 * t)) * 0.65 + fbm1(vec2(angle * 6.0 - 0.02 * t, 3.1)) * 0.35;
    return smoothstep(0.42, 0.85, rays + 0.10 * vocals) * smoothstep(0.0, 0.25, -d.y) * smoothstep(-0.42, 0.2, p.y) * (0.7 + 0.3 * bass) / (1.0 + 2.2 * angle * angle);
}

// The floor: how far p lies under the horizon, seen in perspective.
float floor_depth(vec2 p) { return max(HORIZON - 0.025 + 0.15 * cam.y - p.y, 0.0); }

float path_middle(float d) { return (sun_at().x * 0.8 + 0.02) * (1.0 - 2.2 * d) - 0.55 * d * wave(0.35 * log(d + 0.03) + 0.62) - 0.5 * cam.x * d; }

// Shadows of the trunks on the floor, which run from the sun's foot towards the eye.
float long_shadows(vec2 p, float d) { return deep_wood(((p.x - sun_at().x) / (d + 0.10) + 1.6 * cam.x) * 2.3 + 31.0, 0.16); }

// A row of grass: a dark bank whose edge is `line`, and three sets of blades on it, `tall` high.
void undergrowth(inout vec3 colour, inout float depth, vec2 p, float line, float tall, float fine, float at, float parallax) {
    float x = p.x / (1.0 + parallax * cam.z) + parallax * cam.x;
    float bend = (weather == WIND ? 0.30 : 0.10) * wave(0.16 * t + 0.9 * x) * (0.5 + bass) + (weather == WIND ? 0.2 : 0.03);
    float bank = line + 0.016 * wave(1.3 * x + at * 7.0) + 0.006 * wave(5.1 * x), h = (p.y - bank) / tall;
    float soft = 1.2 * fine * pixel() + 0.02, cover = mask(p.y - bank - 0.10 * tall, 2.0 * pixel());
    cover = max(cover, blades(vec2(x * fine, h), bend, soft));
    cover = max(cover, blades(vec2(x * fine * 1.37 + 0.5, h * 1.25), 1.3 * bend, soft * 1.4));
    cover = max(cover, blades(vec2(x * fine * 1.83 + 7.2, h * 1.7), bend, soft * 1.8));
    fine_detail = max(fine_detail, slope(1.1, 1.0, h) * slope(-0.05, 0.05, h) * 0.92);
    vec3 made = mix(dark() * 0.50, light_colour(), clamp(0.25 + 0.75 * h, 0.0, 1.0) * reach(p) * (hour == NIGHT ? 0.10 : 0.20));
    cover_with(colour, depth, mix(made, haze(), at), at, cover);
}

// Leaves in cells, each turned its own way: coverage; denser where mass is above `from`.
float foliage(vec2 q, float mass, float from) {
    float row = floor(q.y);
    q.x += 7.3 * h1(row);
    vec2 cell = vec2(floor(q.x), row), f = q - cell - 0.5;
    float r = h2(cell), a = 1.7 * (r - 0.5), size = 0.30 + 0.26 * fract(r * 71.7);
    f -= 0.22 * (vec2(fract(r * 31.7), fract(r * 17.3)) - 0.5);
    vec2 turned = vec2(f.x - a * f.y, (f.y + a * f.x) * 1.9) * inversesqrt(1.0 + a * a);
    return smoothstep(size, size - 0.12, length(turned)) * step(from, mass + 0.26 * (fract(r * 53.1) - 0.5));
}

// Leaves that hang into the picture from above.
void canopy(inout vec3 colour, inout float depth, vec2 p, float low, float at) {
    vec2 q = vec2(p.x + 0.30 * cam.x + (weather == WIND ? 0.02 : 0.006) * wave(0.2 * t + 2.0 * p.y), p.y);
    float mass = fbm1(q * vec2(2.3, 2.9) + 3.0 * rnd.w) + 1.7 * (p.y - low) + 0.30 * abs(p.x / half_width()) - 0.13;
    float flutter = 0.10 * wave(0.5 * t + 3.0 * q.x) * (weather == WIND ? 2.5 : 1.0);
    float leaf = max(smoothstep(0.60, 0.66, mass), max(foliage(q * 34.0 + flutter, mass, 0.46), foliage(q * 22.0 + 9.4 - flutter, mass, 0.48)));
    vec3 made = mix(dark() * 0.55, mix(pal[2], light_colour(), 0.5), 0.45 * smoothstep(0.68, 0.45, mass) * reach(p));
    cover_with(colour, depth, mix(made, haze(), at), at, leaf);
    fine_detail = max(fine_detail, slope(0.32, 0.42, mass) * slope(0.78, 0.70, mass));
}

vec3 warm() { return mix(pal[3], pal[4], 0.45); }

// ---------------------------------------------------------------- the four compositions
void tall_wood(vec2 p, inout vec3 colour, inout float depth, inout float glow) {
    float d = floor_depth(p), middle = path_middle(d), soft = pixel();
    float patches = n2(vec2((p.x - middle) * 1.5 / (d + 0.05), log(d + 0.05) * 7.0 + 0.35 * cam.z));
    float lit = (1.0 - 0.55 * long_shadows(p, d)) * (0.55 + 0.45 * smoothstep(0.30, 0.80, patches)) * reach(p);
    vec3 ground = mix(dark() * 0.60, mix(light_colour(), sky_low(), 0.3), lit * (hour == NIGHT ? 0.20 : 0.42));
    float path = smoothstep(1.25, 0.65, abs(p.x - middle) / (0.018 + 0.42 * d) + 0.25 * (patches - 0.5));
    ground = mix(ground, mix(mix(dark(), pal[2], 0.5), light_colour(), 0.15 + 0.75 * lit * (hour == NIGHT ? 0.35 : 0.8)), path * 0.75);
    ground = mix(haze(), ground, clamp(0.30 + 2.6 * d, 0.0, 1.0));
    cover_with(colour, depth, ground, clamp(0.75 - 1.6 * d, 0.12, 0.75), smoothstep(-0.004, 0.012, d));
    trees(colour, depth, p, 7.0, 0.15, -0.150, 0.62, 0.14, 3.0 + 7.0 * rnd.x);
    trees(colour, depth, p, 4.2, 0.16, -0.195, 0.38, 0.22, 11.0 + 5.0 * rnd.y);
    undergrowth(colour, depth, p, -0.235 - 0.34 * smoothstep(0.40, 0.02, abs(p.x - path_middle(0.20))), 0.055, 30.0, 0.30, 0.25);
    float beams = shafts(p);
    colour += mix(light_colour(), sky_low(), 0.2) * beams * (hour == NIGHT ? 0.16 : hour == DAY ? 0.30 : 0.36);
    float side = sign(p.x), x = p.x / (1.0 + 0.4 * cam.z) + 0.40 * cam.x, frame = abs(x / half_width() - 0.10) - 0.80 + 0.05 * (p.y + 0.4) * side;
    float bark = n2(vec2(x * 60.0, p.y * 7.0 + x * 12.0)), half_wide = 0.085 / half_width() * (1.0 + 0.05 / (max(p.y + 0.47, 0.0) + 0.06));
    float edge = abs(frame) - half_wide, rim = smoothstep(0.35, 1.0, -frame / half_wide) * reach(p);
    vec3 wood = mix(dark() * (0.30 + 0.22 * bark), light_colour(), rim * (0.4 + 0.6 * bark) * (hour == NIGHT ? 0.16 : 0.36));
    cover_with(colour, depth, wood, 0.06, mask(edge * half_width(), 2.0 * soft));
    canopy(colour, depth, p, 0.36, 0.10);
    undergrowth(colour, depth, p, -0.505 + 0.09 * smoothstep(0.20, 0.95, abs(p.x / half_width())), 0.120, 22.0, 0.05, 0.45);
    float dust = motes(p + vec2(0.15 * cam.x, 0.0), 13.0, 0.45, 0.10) * (0.35 + 0.65 * hat) * reach(p);
    colour += light_colour() * dust * 0.8;
    glow = max(glow, dust * 0.7);
}

void meadow(vec2 p, inout vec3 colour, inout float depth, inout float glow) {
    vec2 away = p - sun_at();
    float w = half_width(), disc = mask(length(away) - (hour == DAY ? 0.038 : hour == NIGHT ? 0.058 : 0.085) * (1.0 + 0.03 * bass), 2.0 * pixel());
    vec2 g = p * 62.0, cell = floor(g);
    float r = h2(cell), star = smoothstep(0.05 + 0.4 * (r - 0.82), 0.0, length(g - cell - 0.5 - 0.5 * (vec2(fract(r * 91.7), fract(r * 57.3)) - 0.5))) * step(0.82, r);
    if (hour == NIGHT) colour += light_colour() * star * (0.5 + 0.5 * wave(0.3 * t + 9.0 * r) * treble) * smoothstep(-0.05, 0.25, p.y) * 0.8;
    colour = mix(colour, mix(light_colour(), vec3(1.0), 0.4), disc);
    glow = disc * 0.9;
    float x = p.x + 0.06 * cam.x, line = textureLod(noise_tex, vec2(x * 0.21 + 0.3, 0.41), 0.0).b, d = max(HORIZON + 0.10 * cam.y - p.y, 0.0);
    float far_top = HORIZON + 0.025 + 0.075 * line + 0.030 * smoothstep(0.1, 1.0, abs(x / w - 0.3));
    cover_with(colour, depth, mix(dark() * 0.8, haze(), 0.62 - 3.0 * (p.y - HORIZON)), 0.66, mask(p.y - far_top, 1.5 * pixel()));
    if (d <= 0.0) glow *= step(far_top, p.y);
    float gusts = fbm1(vec2((p.x + 0.2 * cam.x) * 0.9 / (d + 0.09) - 0.16 * t - 0.25 * flow, log(d + 0.06) * 2.2 + 0.05 * t));
    float fine = n2(vec2((p.x + 0.2 * cam.x) * 9.0 / (d + 0.06) + gusts * 4.0, log(d + 0.06) * 26.0));
    vec3 green = mix(mix(dark(), pal[2], 0.28 + 0.20 * gusts), mix(light_colour(), sky_low(), 0.3), (0.10 + 0.40 * smoothstep(0.45, 0.85, gusts) * (0.5 + 0.5 * loudness)) * reach(p) * (hour == NIGHT ? 0.5 : 1.2));
    green = mix(haze(), green * (0.66 + 0.50 * fine), clamp(0.25 + 3.2 * d, 0.0, 1.0)) * (hour == NIGHT ? 0.75 : 0.95);
    cover_with(colour, depth, green, clamp(0.7 - 1.5 * d, 0.15, 0.7), smoothstep(0.0, 2.0 * pixel(), d));
    vec2 q = p - vec2(-0.52 * w - 0.16 * cam.x, -0.235);
    q.x += 0.006 * wave(0.13 * t + q.y) * (weather == WIND ? 3.0 : 1.0) * max(q.y, 0.0) * 4.0;
    float wood = sj_limb(q, vec2(0.0, 0.0), vec2(0.02, 0.30), 0.040, 0.024) - 0.030 * exp(-max(q.y, 0.0) * 34.0);
    wood = min(wood, min(sj_limb(q, vec2(0.015, 0.20), vec2(-0.15, 0.40), 0.017, 0.007), sj_limb(q, vec2(0.015, 0.22), vec2(0.17, 0.41), 0.016, 0.006)));
    float crown = min(min(sj_oval(q, vec2(-0.17, 0.41), vec2(0.21, 0.120)), sj_oval(q, vec2(0.19, 0.43), vec2(0.21, 0.115))), sj_oval(q, vec2(0.01, 0.53), vec2(0.25, 0.17)));
    float leaves = n2(q * 22.0 + 0.2 * wave(0.2 * t)), flutter = 0.12 * wave(0.5 * t + 3.0 * q.x) * (weather == WIND ? 2.5 : 1.0);
    float mass = 0.66 - 5.0 * (crown + 0.07 * (leaves - 0.3)), leaf = max(smoothstep(0.60, 0.66, mass), max(foliage(q * 42.0 + flutter, mass, 0.42), foliage(q * 27.0 + 9.4 - flutter, mass, 0.46)));
    float tree = max(wood, -q.y);
    fine_detail = max(fine_detail, slope(0.24, 0.34, mass));
    vec3 made = mix(dark() * 0.52, mix(light_colour(), sky_low(), 0.3), leaf * smoothstep(0.55, 0.85, leaves) * smoothstep(-0.10, 0.0, crown) * reach(p) * (hour == NIGHT ? 0.30 : 0.62));
    cover_with(colour, depth, mix(made, haze(), 0.10), 0.25, max(mask(tree, 2.0 * pixel()), leaf));
    undergrowth(colour, depth, p, -0.385, 0.075, 34.0, 0.20, 0.35);
    undergrowth(colour, depth, p, -0.490 + 0.05 * abs(p.x / w), 0.160, 21.0, 0.06, 0.55);
    float flies = motes(p + vec2(0.25 * cam.x, 0.0), 9.0, 0.40, 0.03) + 0.7 * motes(p + vec2(0.15 * cam.x + 3.0, 0.0), 17.0, 0.30, 0.02);
    flies *= smoothstep(0.10, -0.10, p.y) * (0.45 + 0.35 * hat + 0.35 * vocals) * (hour == DAY ? 0.25 : 1.0);
    colour += warm() * flies * 1.25;
    glow = max(glow, min(flies, 1.0));
}

void birches(vec2 p, inout vec3 colour, inout float depth, inout float glow) {
    float d = floor_depth(p), drift = n2(vec2((p.x + 0.3 * cam.x) * 1.1 / (d + 0.06), log(d + 0.05) * 5.0));
    vec3 snow = mix(mix(sky_mid(), sky_top(), 0.25), mix(light_colour(), sky_low(), 0.25), (0.30 + 0.50 * drift) * (1.0 - 0.65 * long_shadows(p, d)) + 0.1);
    snow = mix(haze(), snow * (hour == NIGHT ? 0.66 : 1.0), clamp(0.25 + 2.8 * d, 0.0, 1.0));
    cover_with(colour, depth, snow, clamp(0.75 - 1.6 * d, 0.12, 0.75), smoothstep(-0.004, 0.02, d + 0.02 * drift));
    trees(colour, depth, p, 9.0, 0.17, -0.145, 0.62, 0.14, 3.0 + 7.0 * rnd.x);
    trees(colour, depth, p, 4.6, 0.15, -0.205, 0.34, 0.24, 21.0 + 5.0 * rnd.y);
    trees(colour, depth, p, 2.1, 0.105, -0.34, 0.06, 0.42, 2.0 + 5.0 * rnd.z);
    undergrowth(colour, depth, p, -0.51, 0.110, 22.0, 0.12, 0.5);
    float leaf = motes(vec2(p.x + 0.03 * wave(0.2 * t + 2.0 * p.y), p.y), 8.0, 0.20, -0.35) + motes(vec2(p.x + 0.02 * wave(0.3 * t + 3.0 * p.y) + 5.0, p.y), 13.0, 0.16, -0.45);
    colour = mix(colour, mix(pal[3], dark(), 0.15), min(leaf * (0.75 + 0.25 * mid), 1.0) * 0.9);
    float frost = motes(p + 9.0, 30.0, 0.25, -0.05) * hat * reach(p);
    colour += light_colour() * frost * 0.5;
    glow = frost * 0.5;
}

// A mushroom with a lit cap; lamp is how brightly it glows. Adds its light to the air around it.
void mushroom(inout vec3 colour, inout float depth, inout float glow, vec2 p, vec2 at, float full, float lamp, float far_off) {
    float size = full * clamp(half_width() / 0.75, 0.55, 1.0);
    vec2 q = (p - at) / size;
    q.x += 0.05 * wave(0.05 * t + at.x * 5.0) * q.y - 0.10 * q.y * q.y * sign(at.x);
    float soft = 1.5 * pixel() / size, dome = q.y - 0.60, round_ = q.x * q.x / 0.30 + dome * dome / (dome > 0.0 ? 0.20 : 0.012);
    float stem = abs(q.x) - 0.075 - 0.42 * (q.y - 0.48) * (q.y - 0.48), cap = mask((round_ - 1.0) * 0.25, soft), below = step(dome, 0.0);
    float leg = mask(max(stem, max(-q.y - 0.05 + 0.8 * q.x * q.x, dome)), soft), spots = smoothstep(0.30, 0.20, length(fract(vec2(q.x * 3.1 + 0.5 * floor(q.y * 4.3), q.y * 4.3)) - 0.5)) * step(dome, 0.36);
    vec3 light = mix(pal[3], pal[4], 0.30), skin = mix(mix(pal[2], pal[3], 0.55), dark(), 0.25);
    vec3 body = mix(skin, light, 0.25 + 0.55 * lamp * smoothstep(0.5, -0.1, dome)) * (0.55 + 0.55 * lamp);
    body = mix(body, mix(pal[4], light, 0.4), spots * (0.35 + 0.45 * lamp));
    body = mix(body, mix(light, vec3(1.0), 0.25) * (0.60 + 0.50 * lamp), below);
    vec3 trunk_light = mix(mix(dark(), skin, 0.45), mix(light, pal[4], 0.35), clamp(1.25 * lamp * q.y * (1.0 - 3.5 * abs(q.x)) + 0.12, 0.0, 0.95));
    float halo = lamp / (1.0 + 7.0 * dot(q - vec2(0.0, 0.55), q - vec2(0.0, 0.55)));
    colour += light * halo * 0.26 * (1.0 - far_off);
    cover_with(colour, depth, mix(trunk_light, haze(), far_off), far_off + 0.1, leg);
    cover_with(colour, depth, mix(body, haze(), far_off), far_off + 0.1, cap);
    glow = max(glow, max(cap * (0.30 + 0.55 * lamp * below + 0.4 * spots * lamp), 0.25 * halo));
}

void glade(vec2 p, inout vec3 colour, inout float depth, inout float glow) {
    float w = half_width(), d = floor_depth(p), ground_noise = fbm1(vec2(p.x * 1.2 / (d + 0.12) + 0.5 * cam.x, log(d + 0.05) * 2.0));
    trees(colour, depth, p, 6.0, 0.17, -0.150, 0.60, 0.12, 3.0 + 7.0 * rnd.x);
    trees(colour, depth, p, 3.0, 0.17, -0.190, 0.34, 0.20, 17.0 + 5.0 * rnd.y);
    vec3 moss = mix(dark() * 0.55, mix(pal[2], pal[3], 0.3), 0.10 + 0.45 * ground_noise * reach(p));
    moss = mix(haze(), moss, clamp(0.15 + 2.8 * d, 0.0, 1.0));
    cover_with(colour, depth, moss, clamp(0.7 - 1.5 * d, 0.12, 0.7), smoothstep(-0.006, 0.02, d + 0.03 * (ground_noise - 0.5)));
    float bank = fbm1(vec2(p.x * 1.1 + 0.04 * t + 0.10 * flow, p.y * 3.0 - 0.02 * t));
    colour = mix(colour, haze(), 0.75 * smoothstep(0.20, 0.0, abs(p.y + 0.15)) * smoothstep(0.25, 0.8, bank) * (0.6 + 0.4 * loudness));
    float slow = 0.60 + 0.20 * bass, a = slow + 0.25 * mid, b = slow + 0.25 * vocals, c = slow + 0.30 * kick;
    mushroom(colour, depth, glow, p, vec2(0.22 * w - 0.12 * cam.x, -0.215), 0.13, b, 0.30);
    mushroom(colour, depth, glow, p, vec2(-0.20 * w - 0.14 * cam.x, -0.205), 0.09, a, 0.34);
    mushroom(colour, depth, glow, p, vec2(0.60 * w - 0.22 * cam.x, -0.310), 0.32, a, 0.10);
    mushroom(colour, depth, glow, p, vec2(-0.55 * w - 0.26 * cam.x, -0.370), 0.44, b, 0.04);
    mushroom(colour, depth, glow, p, vec2(-0.26 * w - 0.30 * cam.x, -0.400), 0.13, c, 0.02);
    canopy(colour, depth, p, 0.38, 0.08);
    undergrowth(colour, depth, p, -0.47 + 0.05 * abs(p.x / w), 0.110, 20.0, 0.03, 0.45);
    float spores = motes(p + vec2(0.2 * cam.x, 0.0), 10.0, 0.45, 0.16) + 0.7 * motes(p + vec2(4.0, 0.0), 21.0, 0.35, 0.20);
    spores *= smoothstep(0.42, -0.2, p.y) * (0.35 + 0.50 * hat + 0.20 * treble);
    colour += mix(pal[3], pal[4], 0.6) * spores;
    glow = max(glow, min(spores, 1.0));
}

// ---------------------------------------------------------------- subject
void stand(inout vec3 colour, inout float depth, vec2 p) {
    if (subject_id == 0) return;
    float w = half_width(), size = variant == 1 ? 0.27 : 0.26;
    vec2 foot = variant == 0 ? vec2(path_middle(0.17) + 0.01, -0.275) : variant == 1 ? vec2(0.12 * w - 0.2 * cam.x, -0.300) : variant == 2 ? vec2(0.04 * w - 0.2 * cam.x, -0.290) : vec2(0.12 * w - 0.2 * cam.x, -0.330);
    if (FLIES) { foot = vec2(0.04 * w - 0.1 * cam.x, -0.06 + 0.012 * sin(0.5 * t)); size = subject_id == SJ_BUTTERFLY ? 0.22 : 0.28; }
    vec2 q = (p - foot) / size, around = q - vec2(0.0, 0.5);
    if (variant == 2) { // between so many trunks, whoever stands there needs a clearing in the mist
        float clearing = clamp(1.0 - 1.4 * dot(around, around), 0.0, 1.0) * 0.75;
        colour = mix(colour, mix(haze(), light_colour(), hour == NIGHT ? 0.12 : 0.30), clearing);
        depth = mix(depth, 0.75, clearing);
    }
    colour = subject_over(q, pixel() / size, colour, dark() * 0.40, mix(light_colour(), sky_low(), 0.25), normalize(sun_at() - foot));
    depth = mix(depth, 0.2, step(0.5, subject_cover));
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
    colour = far_at(p);
    depth = 1.0;
    glow = 0.0;
    if (variant == 0) tall_wood(p, colour, depth, glow);
    if (variant == 1) meadow(p, colour, depth, glow);
    if (variant == 2) birches(p, colour, depth, glow);
    if (variant == 3) glade(p, colour, depth, glow);
    stand(colour, depth, p);
    colour = weather_layer(p, colour, depth);
}
