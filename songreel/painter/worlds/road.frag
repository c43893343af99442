// Road, driven forward with the music: 0 desert with mesas, 1 coast with palms, 2 plains with power lines under a storm, 3 neon grid.
// Lengths on the ground are in half road widths, z is the distance ahead; every edge is one pixel soft.

struct Shot { vec3 c; float depth; float glow; };

const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .8 : hour == DAWN ? .45 : .12;
const float HAZE = weather == FOG ? .8 : weather == RAIN ? .5 : weather == SNOW ? .5 : weather == WIND ? .45 : .26;
const float FOCAL = .9, HORIZON = variant == 1 ? -.05 : -.09, EYE = .62;

float box2(vec2 q, vec2 b) { vec2 d = abs(q) - b; return max(d.x, d.y); }
float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
float fine(float f) { return abs(f) / max(length(vec2(dFdx(f), dFdy(f))), 1e-5); }
int seed() { return int(rnd.x * 977.) * 31; }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec3 ink() { return hour == DAY ? mix(pal[1], pal[0], .25) : hour == DAWN ? mix(pal[0], pal[1], .6) : mix(pal[0], pal[1], .12) * .85; }
vec3 haze() { return hour == NIGHT ? mix(sky_low(), sky_mid(), .4) : mix(sky_low(), sky_mid(), .2); }
vec3 aerial(float k) { return mix(ink(), haze(), k); }
vec3 earth() { return hour == DAY ? mix(pal[2], pal[3], .35) : hour == NIGHT ? mix(pal[0], pal[1], .7) : mix(mix(pal[1], pal[2], .45), pal[3], .16); }
vec3 warm() { return mix(pal[4], vec3(1., .78, .45), .5); }

float travel() { return t * 1.7 + flow * 2.6 + cam.z * 2. + rnd.w * 90.; }
float turning() { return (variant == 3 ? .0016 : .0042) * wave(t * .017 + flow * .008 + rnd.y); }
// How far the road has swung aside at distance z.
float bend(float z) { return turning() * z * z / (1. + z * .028); }
float aside() { return cam.x * .7; }

vec3 orb() {
  float up = hour == DAY ? .3 : hour == NIGHT ? .03 : 0.;
  if (variant == 0) return vec3(place_x(.13), HORIZON + .1 + up, hour == DAY ? .055 : .19);
  if (variant == 1) return vec3(place_x(-.2), HORIZON + .07 + up, hour == DAY ? .05 : .13);
  if (variant == 2) return vec3(place_x(-.22), HORIZON + .03 + up * .9, hour == DAY ? .05 : .09);
  return vec3(0., HORIZON + .14, .21);
}

// A storm's anvil and its shelf: dense above, torn below, lit from where the sun stands.
vec3 storm(vec3 c, vec2 p, float y) {
  vec2 q = vec2(p.x * 1.1 + t * .012 + cam.x * .1, y * 2.4) + rnd.xy * 8.;
  float body = fbm1(q * 1.3 + vec2(0., -t * .008)) + .35 * fbm1(q * 3.1);
  float shelf = smoothstep(.16, .34, y + .16 * (body - .6) + .05 * abs(p.x - place_x(.1)));
  vec3 dark = mix(sky_top(), pal[0], hour == DAY ? .35 : .55), lit = mix(sky_mid(), light_colour(), .18);
  vec3 cloud = mix(dark, lit, smoothstep(.45, 1.05, body) * smoothstep(.75, .12, y) * .8);
  float flash = exp(-dot(p - vec2(place_x(.2), .3), p - vec2(place_x(.2), .3)) * 30.) * (.15 * loudness + .22 * snare);
  cloud += mix(light_colour(), pal[3], .3) * flash * smoothstep(.4, .9, body) * .6;
  c = mix(c, cloud, shelf * .94);
  float shaft = smoothstep(.35, .75, fbm1(vec2(p.x * 3. + y * 1.2 + t * .02, y * .3))) * smoothstep(.34, .02, y) * smoothstep(place_x(-.08), place_x(.5), p.x);
  return mix(c, mix(dark, haze(), .45), shaft * .55);
}

vec3 far(vec2 p) {
  float y = max(p.y - HORIZON, 0.);
  vec3 c = mix(sky_low(), sky_mid(), smoothstep(0., .24, y));
  c = mix(c, sky_top(), smoothstep(.16, .6, y));
  vec3 o = orb();
  float d = length((p - o.xy) * vec2(.9, 1.1)), halo = exp(-max(d - o.z, 0.) * 5.) * (.66 + .14 * energy + .2 * bass);
  c += light_colour() * halo * (hour == NIGHT ? .22 : hour == DAY ? .2 : .36);
  float gust = weather == WIND ? .08 : .014;
  vec2 q = vec2(p.x * (variant == 1 ? 1.6 : 1.) + t * gust, y * (variant == 1 ? 3.4 : 6.5) - p.x * .25) + rnd.xy * 8.;
  float bank = fbm1(q) * .7 + fbm1(q * 2.3 + 3.) * .4, k = smoothstep(weather == RAIN ? .4 : .52, .8, bank) * smoothstep(.0, .1, y);
  vec3 lit = mix(sky_mid(), light_colour(), .22 + .5 * halo + .2 * vocals), shade = mix(sky_mid(), sky_top(), .8);
  if (variant != 3) c = mix(c, mix(shade, lit, smoothstep(.35, .75, fbm1(q + vec2(.1, .35)))), k * (weather == RAIN ? .9 : .62));
  if (variant == 2) c = storm(c, p, y);
  if (weather == FOG) c = mix(c, haze(), .65 * smoothstep(.6, .0, y));
  if (weather == RAIN || weather == SNOW) c = mix(c, vec3(luma(c)) * .88, .3);
  return c;
}

void stars(inout Shot s, vec2 p) {
  if (hour == DAY || hour == DAWN || variant == 2) return;
  vec2 g = p * 44., i = floor(g); vec4 r = dice4(int(i.x) + 311, int(i.y) + seed());
  float d = length(g - i - .2 - .6 * r.xy) / 44., up = clamp((p.y - HORIZON - .08) * 3., 0., 1.);
  float on = clamp((r.z - .68) * 3.2, 0., 1.) * up * (.6 + .25 * triangle(t * .21 + r.w * 9.) + .35 * treble);
  vec2 point = star_point(.55 + .7 * r.w);
  float a = clamp(1.3 - d / point.x, 0., 1.) * point.y * on * (hour == DUSK ? .5 : .95) * (weather == CLEAR || weather == WIND ? 1. : .15);
  s.c += mix(pal[4], vec3(1.), .4) * a; s.glow = max(s.glow, a * .6);
}

void disc(inout Shot s, vec2 p) {
  vec3 o = orb(); vec2 q = (p - o.xy) / o.z;
  float r = length(q), a = mask((r - 1.) * o.z, pixel() * 1.5);
  vec3 c = mix(mix(pal[3], light_colour(), hour == DAY ? .9 : .35), mix(pal[4], vec3(1., .99, .94), .45), smoothstep(-1., .8, q.y));
  if (hour == NIGHT && variant != 3) {
    float seas = clamp(1. - length(q - vec2(-.3, .35)) * 2.1, 0., 1.) + clamp(1. - length(q - vec2(-.45, -.15)) * 2.4, 0., 1.) + clamp(1. - length(q - vec2(.25, .3)) * 2.4, 0., 1.);
    c = mix(mix(pal[4], pal[2], .25), mix(pal[4], pal[1], .55), min(seas, 1.) * .5) * (1. - .2 * r * r);
  }
  if (variant == 3) {
    float slat = fract(q.y * 5.5 - t * .16), width = clamp(.5 - q.y * .75, 0., .62);
    a *= 1. - mask((abs(slat - .5) - .5 * width) * o.z / 5.5, pixel() * 1.5) * step(.02, width) * step(q.y, .62);
    c = mix(mix(pal[3], pal[2], .25), mix(pal[4], pal[3], .12), smoothstep(-.7, .8, q.y)) * (.92 + .12 * bass);
  }
  lay(s, c, a * (weather == FOG ? .6 : weather == RAIN || weather == SNOW ? .45 : 1.) * (variant == 2 ? smoothstep(-1.1, 1., -q.y + .6) : 1.), 1., .25 * a);
}

// ---------------------------------------------------------------- ground and asphalt
struct Ground { float z, x, soft, zsoft, along; };

Ground ground_at(vec2 p) {
  float z = FOCAL * EYE / max(HORIZON - p.y, .0015);
  return Ground(z, p.x * z / FOCAL + aside() - bend(z), z * pixel() / FOCAL, z * z * pixel() / (FOCAL * EYE), z + travel());
}

float dashes(Ground g, float period, float share) {
  float u = abs(fract(g.along / period) - .5) * period;
  return mix(clamp((share * .5 * period - u) / g.zsoft + .5, 0., 1.), share, clamp(g.zsoft / period * 2. - .3, 0., 1.));
}

vec3 snow() { return mix(mix(pal[4], sky_mid(), .35), vec3(1.), .15) * (hour == NIGHT ? .42 : hour == DUSK ? .62 : .88); }

void asphalt(inout Shot s, Ground g, float grain, vec3 paint) {
  float x = abs(g.x), on = mask(x - 1.06 - (grain - .5) * .12, g.soft), k = g.z / (g.z + 16.);
  vec3 tar = mix(mix(ink(), earth(), .22) * (.8 + .4 * grain), haze(), k * (.35 + HAZE));
  tar = mix(tar, tar * .82, clamp(1. - abs(x - .5) * 5., 0., 1.) * .5);
  float tracks = clamp(1.2 - abs(x - .5) * 5., 0., 1.);
  if (weather == SNOW) tar = mix(tar, mix(snow(), haze(), k * .5), clamp(.62 + .5 * (grain - .5) - .55 * tracks, 0., 1.));
  if (weather == RAIN) tar = mix(tar, mix(sky_mid(), sky_low(), k), (.3 + .45 * k) * (.5 + .9 * grain)) + light_colour() * .22 * clamp(1. - abs(g.x - (orb().x) * g.z / FOCAL) / (.5 + g.z * .16), 0., 1.) * (.4 + grain) * smoothstep(.0, .6, k);
  lay(s, tar, on, s.depth, 0.);
  float edge = mask(abs(x - .97) - .022, g.soft), middle = mask(abs(g.x) - .026, g.soft) * dashes(g, 3.2, .5);
  vec3 bright = mix(paint, haze(), k * .7) * (hour == NIGHT ? .55 + .4 / (1. + g.z * g.z * .05) : .95);
  lay(s, bright, (edge * .75 + middle * .95) * clamp(1.15 - HAZE * k, 0., 1.), s.depth, middle * LAMPS * .25);
  float eyes = abs(fract(g.along / 1.6) - .5) * 1.6, studs = clamp(1.2 - length(vec2((x - .86) * .8, eyes * .5)) / (.035 + g.soft * 1.2), 0., 1.) + clamp(1.2 - length(vec2(x * .8, eyes * .5)) / (.03 + g.soft * 1.2), 0., 1.);
  float near = clamp(1.3 - g.z * .07, 0., 1.), pulse = kick * edge * near;
  s.c += mix(pal[3], warm(), .5) * (studs * near * max(LAMPS, .15) * (.15 + .85 * hat) + pulse * .3); s.glow = max(s.glow, max(studs * hat * LAMPS, pulse) * near * .6);
  float head = LAMPS * clamp(1. - abs(g.x) * .55, 0., 1.) * clamp(g.z * .6 - .5, 0., 1.) / (1. + g.z * g.z * .03);
  s.c += s.c * warm() * head * (.7 + .35 * mid);
}

// Tables and buttes on the horizon: flat tops, cliffs, slopes of scree. Returns height; face is the place across the cliff.
float mesas(float x, float cells, int id, out float face) {
  float i = floor(x * cells), u = x * cells - i - .5; vec4 r = dice4(int(i), id + seed());
  float w = .05 + .13 * r.x, h = .42 + .58 * r.y, off = u + (r.z - .5) * .3 + .012 * triangle(x * cells * 9.) + .006 * triangle(x * cells * 31.), a = abs(off) - w;
  float spire = abs(off - (r.w > .5 ? 1. : -1.) * (w + .085)) - .016 - .02 * r.w;
  float scree = h * .46 * clamp(1. - a / .17, 0., 1.), cliff = min(h * clamp(1. - a * 26., 0., 1.), h - .1 * step(.05, off * (r.w - .5) * 4.) * h);
  face = off / (w + .04);
  return r.x < .12 ? scree * .5 : max(max(scree, cliff), h * (.62 + .25 * r.z) * clamp(1. - spire * 40., 0., 1.) * step(.35, r.z));
}

void range(inout Shot s, vec2 p, float cells, float size, float k, int id, float shift, float strata) {
  float face, x = p.x + shift - turning() * 14. * (1. - k), y = p.y - HORIZON, h = mesas(x, cells, id, face) * size, v = y / size;
  float lit = clamp(.5 + face * sign(orb().x - p.x) * .9 + strata * 1.2, 0., 1.);
  vec3 rock = mix(mix(ink(), earth(), .5), mix(earth(), light_colour(), .28), lit * (hour == NIGHT ? .35 : .8)) * (1. + strata * .5 * step(.3, v));
  vec3 c = mix(mix(rock, haze(), k), haze(), clamp(1. - v * 1.7, 0., 1.) * (.3 + HAZE * .6));
  lay(s, c, mask(y - h, pixel() * 1.3), .7 + .25 * k, 0.);
}

// ---------------------------------------------------------------- things beside the road
float saguaro(vec2 q, vec4 r) {
  float d = sd_capsule(q, vec2(0., 0.), vec2(0., .92), .075);
  float la = .36 + .2 * r.x, ra = .28 + .25 * r.y;
  d = min(d, min(sd_capsule(q, vec2(0., la), vec2(-.24, la), .055), sd_capsule(q, vec2(-.24, la), vec2(-.24, la + .3), .058)));
  return min(d, min(sd_capsule(q, vec2(0., ra), vec2(.22, ra), .05), sd_capsule(q, vec2(.22, ra), vec2(.22, ra + .36), .055)));
}

float scrub(vec2 q) { return length(q * vec2(.62, 1.) - vec2(0., .04)) - .17 - .05 * triangle(q.x * 9.) ; }

float palm(vec2 q, float lean, float sway) {
  float y = clamp(q.y, 0., 1.), trunk = max(abs(q.x - lean * y * y) - .021 + .008 * y - .003 * triangle(q.y * 26.) - .03 * max(.06 - y, 0.), max(q.y - 1., -q.y));
  vec2 c = q - vec2(lean, 1.); float x = abs(c.x), side = c.x < 0. ? 1. : 0., frond = 1., teeth = .55 + .45 * abs(triangle(x * 17. + c.y * 9.));
  for (int j = 0; j < 4; j++) {
    float n = float(j) + side * .45, rise = 1.25 - n * .62, reach = .5 - .05 * abs(n - 1.4) - .04 * side;
    float u = x / reach, arch = x * rise - x * u * (1.15 + .32 * rise) + .05 * sway * c.x;
    frond = min(frond, (abs(c.y - arch) - .05 * clamp(1. - u * u, 0., 1.) * clamp(u * 5. + .2, 0., 1.) * teeth) * (.75 - .25 * u));
    frond = u > 1. ? min(frond, 9.) : frond;
  }
  frond = max(frond, x - .5);
  return min(trunk, min(frond, length(c * vec2(1., 1.3)) - .035));
}

float pole(vec2 q) {
  float d = box2(q - vec2(0., .5), vec2(.014, .5));
  d = min(d, min(box2(q - vec2(0., .93), vec2(.17, .011)), box2(q - vec2(0., .8), vec2(.13, .01))));
  vec2 pin = vec2(abs(abs(q.x) - .11) - .04, q.y - .955);
  return min(d, box2(pin, vec2(.008, .018)));
}

// A lattice mast with three arms.
float lattice(vec2 q) {
  float x = abs(q.x), w = .13 * (1. - q.y) + .022, d = abs(x - w) - .009;
  d = min(d, max(abs(abs(triangle(q.y * 4.5)) * w - x) - .007, x - w));
  d = max(d, abs(q.y - .5) - .5);
  for (int i = 0; i < 3; i++) {
    float h = .62 + .14 * float(i), reach = .26 - .05 * float(i);
    d = min(d, max(abs(q.y - h - (reach - x) * .1) - .008, x - reach));
    d = min(d, max(abs(q.y - h) - .007, x - reach));
  }
  return d;
}

const int CACTI = 0, PALMS = 1, POLES = 2, MASTS = 3;

float thing(vec2 q, int kind, vec4 r, float side) {
  float gust = (weather == WIND ? 1.6 : .5) * wave(t * (weather == WIND ? .5 : .2) + r.z);
  if (kind == POLES) return pole(q);
  if (kind == MASTS) return lattice(q);
  if (kind == PALMS) return palm(vec2(q.x * -side, q.y), .1 + .22 * r.z + .02 * gust, gust);
  return r.w > .4 ? saguaro(q, r) : scrub(q * 2.2) / 2.2;
}

struct Row { int kind; float side, gap, from, spread, size; };

// Where the n-th thing of a row stands on the picture: its own coordinates at p, its size of a pixel, its distance.
vec4 stand_of(vec2 p, Row row, float n, vec4 r) {
  float z = n * row.gap - travel() + .12, tall = row.size * (row.kind >= POLES ? 1. : .65 + .7 * r.y);
  float x = row.side * (row.from + row.spread * r.x) - aside() + bend(z), k = z / FOCAL / tall;
  return vec4((p.x - x * FOCAL / z) * k, (p.y - HORIZON) * k + EYE / tall, pixel() * k, z);
}

// A row of things beside the road: the nearest that this pixel may touch is found first, then drawn; for crowns that overlap, the next too.
void roadside(inout Shot s, vec2 p, Row row, const int count) {
  float first = ceil((travel() + .05) / row.gap), one = -1., two = -1.;
  float wide = row.kind == CACTI ? .36 : row.kind == PALMS ? .56 : .28, high = row.kind == PALMS ? 1.3 : 1.02;
  for (int i = 0; i < count; i++) {
    float n = first + float(i); vec4 q = stand_of(p, row, n, dice4(int(n), row.kind * 7 + int(row.side) + seed()));
    float lean = row.kind == PALMS ? -row.side * .22 * clamp(q.y, 0., 1.) : 0.;
    bool touched = abs(q.x - lean) < (row.kind == PALMS && q.y < .55 ? .3 : wide) && abs(q.y - high * .5) < high * .5;
    two = touched && one >= 0. && two < 0. ? n : two;
    one = touched && one < 0. ? n : one;
  }
  for (int i = row.kind == PALMS ? 0 : 1; i < 2; i++) {
    float n = i == 0 ? two : one; vec4 r = dice4(int(n), row.kind * 7 + int(row.side) + seed()), q = stand_of(p, row, n, r);
    float a = mask(thing(q.xy, row.kind, r, row.side), q.z) * clamp((row.gap * float(count) * .95 - q.w) * .4, 0., 1.) * clamp(q.w * 3. - .5, 0., 1.) * step(0., n);
    float k = q.w / (q.w + 20.), rim = clamp(q.x * sign(orb().x - p.x) * 8., 0., 1.);
    lay(s, mix(ink() * .7, haze(), k * (.5 + HAZE)) + light_colour() * rim * .05 * (1. - k), a, k, 0.);
  }
}

// Distance ahead of an upright plane that runs beside the road at x, for this pixel.
float plane_at(vec2 p, float x) {
  float z = FOCAL * (x - aside()) / (p.x + (p.x < 0. ? -1e-4 : 1e-4));
  z = clamp(z, .2, 60.);
  return FOCAL * (x - aside() + bend(z)) / (p.x + (p.x < 0. ? -1e-4 : 1e-4));
}

// Two wires that sag from pole to pole on an upright plane at x, at two heights.
void wires(inout Shot s, vec2 p, float x, float high, float low, float gap, float sag) {
  float z = plane_at(p, x), u = fract((z - .12 + travel()) / gap), y = (p.y - HORIZON) * z / FOCAL + EYE + sag * 4. * u * (1. - u);
  float slope = max(length(vec2(dFdx(y), dFdy(y))), 1e-5), f = min(abs(y - high), abs(y - low)) / slope;
  float on = clamp(z * 2. - .6, 0., 1.) * clamp((float(5) * gap - z) * .15, 0., 1.) * step(0., (p.x - (bend(z) - aside()) * FOCAL / z) * sign(x)) * clamp((.4 - abs(p.x * z / FOCAL + aside() - bend(z) - x)) * 6., 0., 1.);
  lay(s, mix(ink() * .6, haze(), z / (z + 14.)), clamp(1.1 - f + .5 * clamp(2. - z, 0., 1.), 0., 1.) * on * .85, .3, 0.);
}

// Where a subject stands: cars in the right lane, boats on the sea, wings in the air, all others on the verge.
const bool AFLOAT = subject_id == SJ_BOAT || subject_id == SJ_WHALE || subject_id == SJ_SHIP;
const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || SJ_HANGS;

void stand(inout Shot s, vec2 p) {
  if (subject_id == 0) return;
  vec3 o = orb(); bool driven = subject_id == SJ_CAR;
  float z = driven ? 3.1 + .25 * wave(t * .05) : 3.4, x = driven ? .46 : 1.25, tall = driven ? .8 : subject_id == SJ_TREE || subject_id == SJ_LIGHTHOUSE ? 1.6 : .95;
  vec2 at = vec2((x - aside() + bend(z)) * FOCAL / z, HORIZON - EYE * FOCAL / z); float size = tall * FOCAL / z;
  at.x = clamp(at.x, size * .6 - aspect * .5, aspect * .5 - size * .6);
  if (AFLOAT) { at = vec2(place_x(-.1), HORIZON - (variant == 1 ? .045 : .16)); size = .12; }
  if (ALOFT) { at = vec2(place_x(-.02), .14); size = .17; }
  vec2 q = (p - at) / size; float soft = pixel() / size, d = driven ? subject_rear(q) : subject(q);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float m = mask(d, soft * 1.6), facing = dot(out_way, normalize(o.xy - at)) / max(length(out_way), 1e-6);
  s.c *= 1. - .45 * clamp(1. - length(vec2(q.x * .9, q.y * 7.)) * .9, 0., 1.) * (AFLOAT || ALOFT ? 0. : .8);
  lay(s, ink() * .5, m, .12, 0.); subject_cover = m;
  s.c += light_colour() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * .5;
  if (driven) {
    vec2 tail = vec2(abs(q.x) - .36, q.y - .36); float lamp = clamp(1.2 - length(tail / vec2(1.7, 1.)) / .055, 0., 1.);
    vec3 red = mix(pal[3], vec3(1., .15, .1), .6);
    s.c += red * (lamp * 1.2 + .10 / (1. + dot(tail, tail) * 40.) * LAMPS) * (.75 + .25 * kick); s.glow = max(s.glow, lamp);
  } else { vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b))); }
}

// ---------------------------------------------------------------- 0 desert
void desert(inout Shot s, vec2 p) {
  stars(s, p); disc(s, p);
  bool below = p.y < HORIZON; Ground g = ground_at(p);
  vec4 n = textureLod(noise_tex, below ? vec2(g.x * .04, g.along * .03) : vec2(p.x * .12 + cam.x * .01, (p.y - HORIZON) * 2.4), 0.);
  range(s, p, .95, .13, .58, 5, cam.x * .04 + rnd.z * 5., n.b - .5);
  range(s, p, .72, .255, .24, 9, cam.x * .09 + .2 + rnd.z * 7., n.b - .5);
  if (below) {
    float k = g.z / (g.z + 16.), duneline = smoothstep(.42, .62, n.b), ripple = n.a;
    vec3 c = mix(mix(earth(), ink(), .34), mix(earth(), light_colour(), .2), duneline * .8) * (.86 + .28 * ripple * (1. - k));
    if (weather == SNOW) c = mix(c, snow(), .5 + .4 * duneline);
    s.c = mix(c, haze(), k * (.42 + HAZE)); s.depth = k; s.glow = 0.;
    s.c += light_colour() * clamp(1. - abs(p.x - orb().x) / .5, 0., 1.) * k * .16;
    asphalt(s, g, ripple, mix(pal[3], pal[4], .5));
  }
  roadside(s, p, Row(CACTI, p.x < bend(9.) * .1 - aside() * .1 ? -1. : 1., 2.8, 1.75, 3.6, .8), 5);
  roadside(s, p, Row(POLES, 1., 5.2, 2.3, 0., 2.5), 5);
  wires(s, p, 2.3, 2.38, 2.06, 5.2, .2);
}

// ---------------------------------------------------------------- 1 coast
void headland(inout Shot s, vec2 p, float x, float reach, float size, float k, float shift, float rough) {
  float at = p.x + shift, u = (at - x) / reach, rise = smoothstep(0., .9, u), v = p.y - HORIZON;
  float h = size * rise * (.78 + .16 * wave(at * 2.1 + k * 3.) + .07 * triangle(at * 6.3 + k) + .03 * triangle(at * 17.)) * (.6 + .4 * smoothstep(0., .2, u));
  vec3 c = mix(mix(ink(), earth(), .35), haze(), k) + light_colour() * .16 * smoothstep(.45, .8, rough) * (1. - k) * (hour == NIGHT ? .4 : 1.);
  c = mix(c, haze(), clamp(1. - v / max(h, .01), 0., 1.) * .3 * (1. + HAZE));
  lay(s, c, mask(v - h, pixel() * 1.4) * step(0., u), .5 + .4 * k, 0.);
}

void sea(inout Shot s, vec2 p, vec4 n) {
  float drop = max(HORIZON - p.y, .0015), o = orb().x;
  vec3 deep = mix(mix(pal[1], pal[2], .4), sky_top(), .35) * (hour == NIGHT ? .6 : .9);
  vec3 c = mix(mix(sky_low(), sky_mid(), .5), deep, clamp(.25 + drop * 3., 0., .9)) * (.86 + .3 * n.b * (.5 + .6 * loudness));
  float column = clamp(1. - abs(p.x - o + (n.b - .5) * .12) / (.045 + drop * .75), 0., 1.);
  float glint = smoothstep(.62 - .12 * loudness, .82, (n.a + n.b) * .56) * column;
  c += light_colour() * (glint * (.5 + .35 * snare) + column * column * .14) * (weather == RAIN ? .5 : 1.);
  c = mix(c, pal[4], smoothstep(.8, .95, n.a) * .25 * clamp(drop * 8. - .4, 0., 1.) * (.5 + loudness));
  lay(s, c, mask(p.y - HORIZON, pixel()), .8, 0.); s.glow = max(s.glow, glint * .4);
}

void guardrail(inout Shot s, vec2 p) {
  float z = plane_at(p, -1.32); if (z < .3 || p.x > .3) return;
  float y = (p.y - HORIZON) * z / FOCAL + EYE, soft = z * pixel() / FOCAL, u = abs(fract((z + travel()) / .9) - .5) * .9;
  float zs = z * z * pixel() / (FOCAL * 1.3), posts = clamp((.045 - u) / zs + .5, 0., 1.) * mask(abs(y - .15) - .16, soft) * clamp(2. - zs * 8., 0.2, 1.);
  float rail = max(mask(abs(y - .27) - .055, soft), posts), k = z / (z + 16.);
  vec3 steel = mix(mix(ink(), pal[2], .4), haze(), k * (.4 + HAZE)) + light_colour() * .22 * clamp(1. - abs(y - .29) / .02, 0., 1.);
  lay(s, steel - .06 * clamp(1. - abs(y - .26) / .012, 0., 1.), rail * clamp((30. - z) * .1, 0., 1.), k, 0.);
  float stud = clamp(1. - length(vec2(u, y - .3)) / (.03 + soft), 0., 1.);
  shine(s, mix(pal[3], warm(), .4), stud * LAMPS * (.35 + .5 * hat) * clamp((14. - z) * .2, 0., 1.));
}

void coast(inout Shot s, vec2 p) {
  Ground g = ground_at(p); float k = g.z / (g.z + 16.), z = 1. / (max(HORIZON - p.y, .0015) + .02); bool below = p.y < HORIZON;
  vec4 n = textureLod(noise_tex, !below ? vec2(p.x, p.y * 1.4) : g.x > -1.62 ? vec2(g.x * .22, g.along * .13) : vec2(p.x * z * .55 + t * .015, z * 1.6 + t * .22 + flow * .2) / 8., 0.);
  stars(s, p); disc(s, p); sea(s, p, n);
  headland(s, p, place_x(.0), place_x(.5), .1, .7, cam.x * .04 - turning() * 5., n.b);
  vec2 tower = p - vec2(place_x(.085) - cam.x * .04 + turning() * 5., HORIZON + .008);
  lay(s, mix(pal[4], haze(), .45), mask(max(abs(tower.x) - .0038 + tower.y * .03, abs(tower.y - .024) - .026), pixel()), .85, 0.);
  vec2 lamp = tower - vec2(0., .053); float swing = wave(t * .07 + flow * .02), ray = abs(lamp.y - lamp.x * .12) / (.004 + abs(lamp.x) * .06);
  s.c += warm() * LAMPS * (clamp(1. - ray, 0., 1.) * clamp(1. - abs(lamp.x) / .5, 0., 1.) * clamp(swing * sign(lamp.x), 0., 1.) * (.2 + .5 * vocals) + clamp(1. - length(lamp) / .008, 0., 1.));
  headland(s, p, place_x(.12), place_x(.55), .26, .36, cam.x * .1 - turning() * 9., n.b);
  if (below) {
    float rough = n.b, land = mask(-1.62 - g.x, g.soft * 2.);
    float path = smoothstep(1.1, 2.2, g.x + .6 * (rough - .5)), tuft = smoothstep(.52, .66, n.a) * (1. - k);
    vec3 sand = mix(ink(), mix(earth(), pal[4], .22), .62 + .16 * rough), green = mix(ink(), mix(pal[1], pal[2], .7), .3 + .5 * n.a);
    vec3 grass = mix(mix(sand, green, path * .8) - .05 * tuft, haze(), k * (.4 + HAZE));
    if (weather == SNOW) grass = mix(grass, mix(snow(), haze(), k * .5), .5 + .4 * rough);
    lay(s, grass, land, k, 0.); s.depth = mix(s.depth, k, land);
    asphalt(s, g, rough, mix(pal[4], pal[3], .25));
  }
  guardrail(s, p);
  roadside(s, p, Row(PALMS, 1., 6.4, 1.75, 1.1, 2.5), 5);
}

// ---------------------------------------------------------------- 2 plains
// A farm's wind pump; its wheel turns with the music.
void wind_pump(inout Shot s, vec2 p, vec2 at, float size) {
  vec2 q = (p - at) / size, hub = q - vec2(0., .86); float x = abs(q.x), w = .13 * (1. - q.y) + .02;
  float d = max(min(abs(x - w) - .012, max(abs(abs(triangle(q.y * 2.6)) * w - x) - .008, x - w)), abs(q.y - .42) - .42);
  float r = length(hub), n = atan(hub.y, hub.x) / TAU * 14. + (t * .12 + flow * .5) * 14. / TAU, blade = abs(fract(n) - .5);
  float wheel = max(max(blade - .27, r - .2), .045 - r); wheel = min(min(wheel * .1, abs(r - .2) - .006), min(abs(r - .05) - .008, r - .02));
  float tail = min(box2(hub - vec2(.16, 0.), vec2(.16, .008)), max(box2(hub - vec2(.32, 0.), vec2(.07, .07)), -box2(hub - vec2(.4, 0.), vec2(.06, .03))));
  lay(s, aerial(.12), mask(min(d, min(max(wheel, r - .21), tail)), pixel() / size), .5, 0.);
}

// A farmhouse, a barn and a silo far off in the fields, one window lit.
void farm(inout Shot s, vec2 q) {
  float barn = min(max(abs(q.x) - .045, q.y - .035), max(q.y - .062 + abs(q.x) * .55 + .4 * max(abs(q.x) - .026, 0.), abs(q.x) - .05));
  float silo = min(box2(q - vec2(.068, .03), vec2(.0135, .036)), length(q - vec2(.068, .066)) - .0135);
  float house = min(box2(q - vec2(-.1, .01), vec2(.024, .02)), max(abs(q.x + .1) - .028, q.y - .052 + abs(q.x + .1) * .8));
  float trees = min(length((q - vec2(-.15, .02)) * vec2(.8, 1.)) - .026, length(q - vec2(.12, .012)) - .018);
  lay(s, aerial(.22), mask(max(min(min(barn, silo), min(house, trees)), -q.y - .01), pixel()), .7, 0.);
  float win = box2(vec2(abs(q.x + .1) - .009, q.y - .013), vec2(.0035, .0045));
  shine(s, warm(), mask(win, pixel()) * max(LAMPS, .25) * (.7 + .3 * mid));
}

// A forked bolt, only as bright as the snare and only where it stands.
void bolt(inout Shot s, vec2 p) {
  float y = p.y - HORIZON; vec4 r = dice4(int(floor(t * .6)), 4 + seed()); float x = p.x - place_x(.24) - .14 * (r.x - .5);
  float crack = .028 * triangle(y * 4.3 + r.y) + .014 * triangle(y * 11. + r.z) + .006 * triangle(y * 27. + r.w);
  float fork = crack + max(.2 - y, 0.) * (.3 + .5 * r.z) + .008 * triangle(y * 33.), power = smoothstep(.25, .95, snare) * (.35 + .65 * energy);
  float d = min(abs(x - crack), abs(x - fork) + .0012 + step(.2, y)), on = step(0., y) * clamp((.33 - y) * 9., 0., 1.);
  s.c += mix(pal[4], light_colour(), .5) * power * on * (clamp(1.3 - d / .0022, 0., 1.) + .25 / (1. + d * 90.) * clamp(1. - d * 5., 0., 1.));
  s.glow = max(s.glow, power * on * clamp(1. - d / .006, 0., 1.));
}

void plains(inout Shot s, vec2 p) {
  disc(s, p); bolt(s, p);
  float hx = p.x + cam.x * .06 + rnd.x * 8., low = .018 + .006 * wave(hx * 1.3) + .003 * triangle(hx * 4.7);
  lay(s, aerial(.62), mask(p.y - HORIZON - low, pixel() * 1.3), .95, 0.);
  farm(s, p - vec2(place_x(.27) - cam.x * .1 + turning() * 8., HORIZON));
  if (p.y < HORIZON) {
    Ground g = ground_at(p); float k = g.z / (g.z + 18.), gusts = wave(g.x * .07 + g.along * .05 - t * .32 - flow * .2);
    vec4 n = textureLod(noise_tex, vec2(g.x * .5, g.along * .06), 0.);
    float ears = mix(n.b, .5, clamp(g.z * .03, 0., 1.)), sway = gusts * (.4 + .6 * loudness) * (weather == WIND ? 1.4 : .8);
    vec3 wheat = mix(mix(pal[1], pal[3], hour == NIGHT ? .16 : .45), mix(pal[3], pal[4], .35), clamp(.12 + .5 * ears + .2 * sway, 0., 1.)) * (hour == NIGHT ? .45 : hour == DAY ? .95 : .75);
    if (weather == SNOW) wheat = mix(wheat, snow(), .45 + .45 * n.b);
    s.c = mix(mix(wheat, ink(), .25 * clamp(1.4 - g.z * .4, 0., 1.)), haze(), k * (.25 + HAZE)); s.depth = k; s.glow = 0.;
    float verge = mask(abs(g.x) - 1.5 - .2 * (n.b - .5), g.soft * 2.); s.c = mix(s.c, mix(mix(ink(), earth(), .5), haze(), k * (.3 + HAZE)), verge * .7);
    asphalt(s, g, n.b, mix(pal[3], pal[4], .6));
  }
  wind_pump(s, p, vec2(place_x(-.3) - cam.x * .22 + turning() * 6., HORIZON - .022), .27);
  roadside(s, p, Row(MASTS, 1., 8.5, 6.2, 0., 6.), 5);
  wires(s, p, 6.2, 5.95, 3.75, 8.5, .5);
  roadside(s, p, Row(POLES, -1., 6., 2.1, 0., 2.4), 5);
  wires(s, p, -2.1, 2.27, 1.98, 6., .28);
  float stalk = p.x * 62. + cam.x * 20., wind = (.35 + .5 * loudness) * wave(t * .32 + p.x * .6 + flow * .2) * (weather == WIND ? 1.6 : .8), up = p.y + .5;
  for (int i = 0; i < 2; i++) {
    float sx = (stalk - wind * up * up * 160. + float(i) * 17.3) * (1. - .27 * float(i)), id = floor(sx); vec4 r = dice4(int(id), 91 + i);
    float edge = clamp(abs(p.x + cam.x * .3) * 2.6 / max(aspect, .8) - .62, 0., 1.), high = (.06 + .16 * r.x) * edge, v = up / max(high, .001);
    float ear = abs(sx - id - .3 - .4 * r.y) / 62. - .0012 - .0032 * clamp(1. - abs(v - .86) * 6.5, 0., 1.);
    lay(s, mix(ink() * .6, mix(pal[3], pal[4], .3), (.12 + .3 * v * v) * (hour == NIGHT ? .35 : .8)), mask(max(ear, (up - high) * .3), pixel()) * step(.004, high), .05, 0.);
  }
}

// ---------------------------------------------------------------- 3 neon grid
float grid_line(float u, float soft) { return clamp(.5 + (.016 - abs(fract(u + .5) - .5)) / max(soft, .001), 0., 1.); }

// Peaks joined by straight lines, the low notes near the middle and the high ones outside; drawn as lit wire on dark glass.
void peaks(inout Shot s, vec2 p, float cells, float size, float k, int id) {
  float x = p.x * cells + cam.x * cells * .1 * (1. - k), i = floor(x), u = x - i, ax = abs(p.x) / max(aspect * .5, .3);
  float a = dice4(int(i), id + seed()).x, b = dice4(int(i) + 1, id + seed()).x;
  float band = ax < .4 ? bass : ax < .7 ? mid : treble, open = smoothstep(.1, .55, ax + .1 * (1. - k));
  float ha = (.25 + a * .9), hb = (.25 + b * .9), size_now = size * open * (.75 + .35 * band), h = mix(ha, hb, u) * size_now;
  float y = p.y - HORIZON, inside = mask(y - h, pixel());
  float level = y / max(size_now, .01) * 4.5, ridge = clamp(1.4 - abs(y - h) / pixel() * .6, 0., 1.);
  float wires = max(grid_line(x, pixel() * cells), max(grid_line(level / mix(ha, hb, u) * .9, pixel() * 5. / max(size_now, .02)), grid_line(u + level * .22, pixel() * cells * 1.5)));
  vec3 wire_c = mix(mix(pal[2], pal[3], .35), haze(), k * .4);
  lay(s, mix(mix(pal[0], pal[1], .35), haze(), k * .4), inside, .8, 0.);
  shine(s, wire_c, inside * (max(wires * .5, ridge) * max(LAMPS, .4)) * (.45 + .35 * mid + .35 * snare * step(.5, ax)) * step(.01, open));
}

void neon_grid(inout Shot s, vec2 p) {
  stars(s, p); disc(s, p);
  peaks(s, p, 9., .13, .7, 31); peaks(s, p, 5.5, .2, .2, 37);
  if (p.y < HORIZON) {
    Ground g = ground_at(p); float k = g.z / (g.z + 14.);
    vec3 mirror = far_at(vec2(p.x, 2. * HORIZON - p.y));
    vec3 floor_c = mix(mix(pal[0], pal[1], .28) * .75, mirror, .16 + .34 * k);
    float column = clamp(1. - abs(p.x) / (.16 + (HORIZON - p.y) * .1), 0., 1.);
    floor_c += mix(pal[3], light_colour(), .3) * column * clamp(1. - (HORIZON - p.y) * 2.6, 0., 1.) * .24;
    s.c = floor_c; s.depth = k; s.glow = 0.;
    float gx = g.x * .55, gz = g.along * .55, sx = g.soft * .55, sz = g.zsoft * .55;
    float lines = max(mix(grid_line(gx, sx), .05, clamp(sx * 3. - .4, 0., 1.)), mix(grid_line(gz, sz), .06, clamp(sz * 3. - .4, 0., 1.)));
    float soft_glow = clamp(1. - abs(fract(gx + .5) - .5) * 6., 0., 1.) + clamp(1. - abs(fract(gz + .5) - .5) * 6., 0., 1.);
    float run = clamp(1. - abs(g.z - 1.5 - 14. * beat_phase) / 3., 0., 1.) * (1. - beat_phase), power = max(LAMPS, .5) * (.5 + .25 * bass + .4 * run);
    vec3 wire_c = mix(pal[3], pal[2], clamp(k * 1.2 - .1, 0., 1.));
    float off_road = mask(1.0 - abs(g.x), g.soft);
    shine(s, wire_c, (lines * power + soft_glow * .07 * clamp(1. - sz, 0., 1.) * power) * off_road);
    lay(s, mix(floor_c, ink() * .6, .7), (1. - off_road) * .85, k, 0.);
    float edge = mask(abs(abs(g.x) - 1.) - .03, g.soft), halo = clamp(1. - abs(abs(g.x) - 1.) * 4., 0., 1.), middle = mask(abs(g.x) - .022, g.soft) * dashes(g, 2.4, .5);
    shine(s, mix(pal[4], pal[3], .25), edge * (.65 + .35 * kick)); s.c += wire_c * halo * halo * .22 * power; shine(s, mix(pal[4], pal[2], .3), middle * .75);
  }
  s.c += mix(pal[3], light_colour(), .3) * clamp(1. - abs(p.y - HORIZON) / .05, 0., 1.) * .2 * (.66 + .28 * bass);
  roadside(s, p, Row(PALMS, p.x < bend(12.) * .07 - aside() * .07 ? -1. : 1., 8.5, 1.7, .3, 2.1), 4);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) desert(s, p);
  if (variant == 1) coast(s, p);
  if (variant == 2) plains(s, p);
  if (variant == 3) neon_grid(s, p);
  stand(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
