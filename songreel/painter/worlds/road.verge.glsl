// Road, the parts that its compositions share: sky, asphalt, things beside the road, wires, where a subject stands.
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
    float d = thing(q.xy, row.kind, r, row.side), a = mask(d, q.z) * clamp((row.gap * float(count) * .95 - q.w) * .4, 0., 1.) * clamp(row.kind == PALMS ? q.w * 2. - 1.6 : q.w * 3. - .5, 0., 1.) * step(0., n);
    float k = q.w / (q.w + 20.), rim = clamp(q.x * sign(orb().x - p.x) * 8., 0., 1.);
    lay(s, mix(ink() * .7, haze(), k * (.5 + HAZE)) + light_colour() * rim * .05 * (1. - k), a, k, 0.);
    if (row.kind != CACTI) fine_detail = max(fine_detail, mask(d - .02 - 2. * q.z, .02) * (row.kind == PALMS ? slope(.45, .6, q.y) : 1.)); // fronds, wires and lattices
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
  fine_detail = max(fine_detail, clamp(6. - f * .5, 0., 1.) * on);
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
