// Clouds: 0 flight over a sea of clouds towards a huge sun or moon, 1 floating islands with waterfalls, 2 a storm cell seen from aside,
// 3 a fleet of balloons high above a coast. Lengths are in picture heights; w is half the picture's width, so that all formats hold the
// same composition. Soft skies are drawn in far(), heads of cumulus as heaps of balls whose nearest one gives the light.

struct Shot { vec3 c; float depth; float glow; };

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET || subject_id == SJ_WHALE || subject_id == SJ_SHIP || subject_id == SJ_BOAT || SJ_HANGS;
const float GREY = weather == RAIN ? .5 : weather == SNOW ? .35 : weather == FOG ? .25 : 0.;
const float HURRY = weather == WIND ? 2.2 : 1.;

float half_width() { return clamp(aspect * .5, .3, .92); }
int seed() { return int(rnd.x * 977.) * 31; }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec3 sun() { return mix(light_colour(), pal[4], .3); }
vec3 haze() { return mix(sky_low(), sky_mid(), hour == NIGHT ? .4 : hour == DAY ? .65 : .2); }
vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .55 : hour == DAWN ? .6 : .2) * (hour == NIGHT ? .75 : .9); }
// A cloud's colour from its shadow (0) through its body to its lit edge (1).
vec3 cloud(float l) {
  vec3 dark = hour == NIGHT ? mix(pal[0], pal[1], .75) * .8 : hour == DAWN ? mix(pal[1], sky_mid(), .45) : hour == DAY ? mix(mix(pal[1], pal[2], .5), sky_mid(), .3) : mix(pal[1], pal[2], .18) * .9;
  vec3 body = hour == NIGHT ? mix(pal[1], pal[2], .6) * .8 : hour == DAWN ? mix(sky_mid(), pal[3], .25) : hour == DAY ? mix(sky_mid(), pal[4], .3) : mix(pal[2], pal[3], .35);
  vec3 lit = hour == NIGHT ? mix(pal[2], light_colour(), .62) * .92 : hour == DAY ? mix(pal[4], vec3(1.), .6) : mix(light_colour(), pal[4], .55);
  vec3 c = mix(mix(dark, body, clamp(l * 2., 0., 1.)), lit, clamp(l * 2. - 1., 0., 1.));
  return mix(c, vec3(luma(c)) * .82, GREY);
}

// Where the sun or moon stands: centre and radius.
vec3 orb() {
  float w = half_width(), slim = clamp(w / .7, .62, 1.);
  if (variant == 0) return vec3(.07 * w - .03 * cam.x, hour == DAY ? .15 : .055, (hour == DAY ? .11 : .2) * slim);
  if (variant == 1) return vec3(-.42 * w - .03 * cam.x, hour == DAY ? .3 : .2, (hour == NIGHT ? .085 : .07) * slim);
  if (variant == 2) return vec3(-.62 * w - .03 * cam.x, hour == DAY ? .2 : -.03, hour == DAY ? .05 : .075);
  return vec3(.42 * w - .03 * cam.x, .3, .055);
}
const float HORIZON = variant == 0 ? -.07 : variant == 1 ? -.3 : variant == 2 ? -.2 : .1;

// ---------------------------------------------------------------- cumulus
// A heap of balls on y = 0, about 1 high and 1.1 wide. n: the normal of the nearest ball. slim narrows it towards the top.
float heap(vec2 q, int id, int balls, float slim, out vec3 n) {
  float d = 2.; vec2 near = vec2(0.);
  for (int i = 0; i < balls; i++) {
    vec4 r = dice4(i, id); float v = (float(i) + .3 * r.z) / float(balls);
    vec2 c = vec2((r.x - .5) * (1.15 - slim * v) + .12 * v * (r.w - .3), v * .78); float big = mix(.27, .13, v) * (.75 + .5 * r.y), e = length(q - c) - big;
    float h = clamp(.5 + (d - e) * 5., 0., 1.); near = mix(near, (q - c) / big, h); d = mix(d, e, h) - .1 * h * (1. - h); // heads melt into each other
  }
  n = vec3(near, sqrt(max(1. - dot(near, near), .02)));
  return d;
}

float cumulus_cover = 0.; // of the cumulus drawn last
// A cumulus of a size at a foot; k is how far it is lost in haze, base how its foot dissolves.
void cumulus(inout Shot s, vec2 p, vec3 back, vec2 at, vec2 size, int id, int balls, float slim, float k, float depth) {
  vec2 q = (p - at) / size; vec3 n; vec3 o = orb();
  vec4 rough = textureLod(noise_tex, q * .21 * (size.y / .4) + vec2(float(id) * .137, .003 * t * HURRY), 0.);
  vec4 fine = textureLod(noise_tex, q * .62 * (size.y / .4) + vec2(rough.b * .06, float(id) * .37), 0.);
  float puff = .62 * rough.a + .38 * fine.a, d = heap(q, id + seed(), balls, slim, n) + .20 * (puff - .62) + .05 * (rough.b - .5);
  vec3 way = normalize(vec3(o.xy - at - vec2(0., .3 * size.y), .32));
  float l = .46 + .46 * dot(normalize(n + vec3(rough.b - .5, fine.b - .5, 0.) * 1.3), way) + .1 * n.y - .55 * (puff - .6) + .05 * bass;
  float edge = clamp(1. + d / .06, 0., 1.), facing = clamp(.35 + .65 * dot(n.xy, way.xy), 0., 1.);
  l = clamp(l * (.62 + .38 * smoothstep(-.1, .6, q.y)) + .45 * edge * edge * facing, 0., 1.);
  float near = exp(-2.2 * length(p - o.xy));
  vec3 c = mix(cloud(l), back, k);
  c += sun() * near * edge * edge * facing * (.12 + .1 * bass);
  cumulus_cover = smoothstep(.045, -.03, d) * smoothstep(-.06, .22, q.y); lay(s, c, cumulus_cover, depth, 0.);
}

vec3 far(vec2 p) {
  vec3 o = orb(); float y = max(p.y - HORIZON, 0.), d = length(p - o.xy);
  vec3 c = sky(y * (variant == 3 ? 1.5 : 1.15) + (hour == DAY ? .2 : 0.));
  float halo = exp(-max(d - o.z, 0.) * 5.), wide = exp(-max(d - o.z, 0.) * 1.9);
  c += sun() * (halo * (hour == DAY ? .16 : hour == DAWN ? .14 : .36) + wide * (hour == DAY ? .05 : .1)) * (.82 + .26 * bass) * (1. - .6 * GREY);
  vec2 q = vec2(p.x * .75 + p.y * .4 + t * .008 * HURRY + cam.x * .1, p.y * 3. - p.x * .3) + rnd.xy * 8.;
  float a = fbm1(q), b = fbm1(q * vec2(1.7, 2.1) + a * .8 + vec2(t * .012, 0.)), k = smoothstep(.42, .95, .55 * a + .5 * b) * smoothstep(0., .22, y);
  c = mix(c, mix(c, cloud(.62 + .38 * wide), .75), k * (.4 + .4 * treble));
  float low = exp(-y * 11.); c = mix(c, mix(haze(), sun(), .18 * halo), low * .4);
  Shot s = Shot(c, 1., 0.); float w = half_width(), slim = clamp(w / .8, .6, 1.);
  if (variant == 0) cumulus(s, p, c, p.x < o.x ? vec2(-.46 * w - .1 * cam.x, -.13) : vec2(.58 * w - .1 * cam.x, -.13), p.x < o.x ? vec2(.34, .15) : vec2(.30, .19), p.x < o.x ? 31 : 23, 8, .5, .6, 1.);
  if (variant == 1) cumulus(s, p, c, vec2(.62 * w - .06 * cam.x, -.36), vec2(.62, .52) * vec2(slim, 1.), 15, 12, .6, .42, 1.);
  if (variant == 2) cumulus(s, p, c, vec2(-.52 * w - .05 * cam.x, -.21), vec2(.42, .2), 41, 8, .5, .55, 1.);
  if (variant == 3) cumulus(s, p, c, vec2(-.58 * w - .04 * cam.x, HORIZON - .02), vec2(.30, .17), 51, 8, .5, .5, 1.);
  c = s.c;
  if (weather == RAIN || weather == SNOW) c = mix(c, vec3(luma(c)) * .86, .4);
  return weather == FOG ? mix(c, haze(), .45 * exp(-y * 1.5)) : c;
}

void stars(inout Shot s, vec2 p) {
  if (hour == DAY || hour == DAWN) return;
  vec2 g = p * 44., i = floor(g); vec4 r = dice4(int(i.x) + 311, int(i.y) + seed());
  vec2 point = star_point(.5 + .8 * r.w * r.w);
  float a = clamp(1.3 - length(g - i - .2 - .6 * r.xy) / 44. / point.x, 0., 1.) * point.y * step(.62, r.z) * smoothstep(HORIZON, HORIZON + .35, p.y) * (.55 + .2 * triangle(t * .2 + r.w * 9.) + .3 * treble);
  a *= (hour == DUSK ? .45 : .9) * (1. - GREY); s.c += mix(pal[4], vec3(1.), .5) * a; s.glow = max(s.glow, a * .5);
}

void disc(inout Shot s, vec2 p) {
  vec3 o = orb(); vec2 q = (p - o.xy) / o.z; float r = length(q);
  vec3 c = mix(sun(), vec3(1., .98, .93), hour == DAY ? .5 : .3 * smoothstep(-1., .8, q.y));
  if (hour == NIGHT) {
    float seas = fbm1(q * .9 + rnd.zw * 4.);
    c = mix(mix(pal[4], vec3(1.), .25), mix(pal[3], pal[2], .4), .6 * smoothstep(.45, .85, seas) * (1. - .4 * r)) * (1. - .16 * r * r);
  }
  if (hour != NIGHT) c = max(c, s.c + .10);
  float a = mask((r - 1.) * o.z, 1.5 * pixel()) * (weather == CLEAR || weather == WIND ? 1. : .55);
  lay(s, c, a * (hour == NIGHT ? 1. : .93), 1., .3 * a);
}

// ---------------------------------------------------------------- what several variants share
// Crests of a sea of clouds, one before the other, that come towards the eye and sink beneath it.
const int ROWS = 5;
void sea(inout Shot s, vec2 p, float level, float tall, float speed) {
  float at = (t * .05 * HURRY + flow * .1) * speed + cam.z * .5 + rnd.w * 9., whole = floor(at); vec3 o = orb(); float glare = exp(-2.6 * abs(p.x - o.x) - 3. * max(o.y - p.y - .1, 0.));
  for (int i = 0; i < ROWS; i++) {
    float z = float(ROWS - i) - at + whole, dist = .46 * exp2(z * .7), row = whole + float(ROWS - i), y = p.y - level + .25 / dist + cam.y * .25 / dist;
    vec2 u = vec2((p.x - .07) * dist + cam.x * .45 + row * 3.71, y * dist * 1.25 + row * 1.37);
    vec4 n = textureLod(noise_tex, u * .135, 0.), m = i < 2 ? vec4(n.a, n.a, n.b, n.a) : textureLod(noise_tex, u * .40 + .3 * n.b, 0.);
    float lump = .62 * n.b + .30 * (1. - n.a) + .26 * (1. - m.a), d = y * dist - tall * min(z, 1.) * (1.7 * lump - .48), inside = max(-d, 0.);
    float edge = clamp(1. - inside / .09, 0., 1.), k = z / float(ROWS + 1);
    float l = clamp(.14 + .40 * edge * edge + .75 * (lump - .5) + .25 * (m.b - .5) * edge + .22 * glare + .08 * bass * glare, 0., 1.);
    vec3 c = mix(cloud(l), mix(haze(), sun(), .3 * glare), k * k * .85) + sun() * glare * edge * edge * (.1 + .07 * bass);
    lay(s, c, smoothstep(.022, -.03 - .02 * k, d) * clamp((float(ROWS) - z) * 1.5, 0., 1.), .12 + .8 * k, 0.);
  }
}

// Birds that beat slowly, in a loose line; wings are two strokes.
void birds(inout Shot s, vec2 p, vec2 at, float size, vec3 c) {
  float d = 9.;
  for (int i = 0; i < 5; i++) {
    vec4 r = dice4(i, 91); float k = float(i) - 2.;
    vec2 q = (p - at - size * vec2(k * 2.3 + r.x, -abs(k) * .95 + r.y * .6 + .15 * wave(t * .11 + r.z))) / size;
    float lift = wave(t * .55 + flow * .5 + r.w) * .35; q.x = abs(q.x);
    d = min(d, max(abs(q.y - lift * q.x - .35 * q.x * (1. - q.x)) - .10 * (1.05 - q.x), q.x - 1.) * size);
  }
  lay(s, c, mask(d, 1.3 * pixel()), .5, 0.);
}

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float ground_size, float air_size) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air + .012 * vec2(wave(t * .07), wave(t * .11)) : ground; float size = ALOFT ? air_size : ground_size;
  vec2 q = (p - at) / size; float before = subject_cover;
  s.c = subject_over(q, pixel() / size, s.c, ink() * .5, mix(sun(), s.c, .3), normalize(orb().xy - at));
  s.depth = mix(s.depth, .15, step(.5, subject_cover)); vec3 g = subject_glow(q); s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// A grassy height in front to stand on: top is its line.
void height(inout Shot s, vec2 p, float top, float grain) {
  float gust = .35 * wave(t * .16 * HURRY + p.x * 1.5), blade = abs(fract(p.x * 70. + (p.y - top) * 60. * gust) - .5), cell = floor(p.x * 70.);
  float d = p.y - top - (.006 + .016 * h1(cell)) * (1. - 1.6 * blade), up = clamp(1. + d / .06, 0., 1.); vec3 o = orb();
  vec3 c = mix(ink() * .5, mix(pal[1], pal[2], .4) * (hour == NIGHT ? .5 : .8), .2 + .3 * grain * up) + sun() * up * up * up * (.14 + .1 * grain) * exp(-1.2 * abs(p.x - o.x));
  if (weather == SNOW) c = mix(c, mix(pal[4], sky_mid(), .4) * (hour == NIGHT ? .55 : .9), up * .7);
  float a = mask(d, pixel()); subject_cover *= 1. - a; lay(s, c, a, .06, 0.);
}

// ---------------------------------------------------------------- 0 flight
void flight(inout Shot s, vec2 p) {
  float w = half_width(), side = p.x + .1 * cam.x - .05 * w;
  stars(s, p); disc(s, p);
  vec2 size = vec2(.52, side < 0. ? .62 : .46) * vec2(clamp(w / .75, .62, 1.), 1.);
  cumulus(s, p, s.c, vec2((side < 0. ? -.88 : .95) * w - .2 * cam.x, -.19 + .06 * cam.y), size * (1. + .1 * cam.z), side < 0. ? 5 : 9, 10, .75, .12, .7);
  birds(s, p, vec2(.30 * w + .12 * wave(t * .012 + flow * .02), .2), .011, ink());
  sea(s, p, HORIZON, .20, 1.);
  float grain = n2(p * 40.), x = p.x + .32 * cam.x, peak = -.475 + .17 * exp(-9. * (x + .36 * w) * (x + .36 * w) / (w * w)) + .012 * wave(x * 3.);
  stand(s, p, vec2(-.36 * w - .32 * cam.x, -.312), vec2(-.06 * w - .15 * cam.x, -.16), .25, .22);
  if (subject_id != 0 && !ALOFT) height(s, p, peak, grain);
}

// ---------------------------------------------------------------- 1 islands
// An island 2 wide round (0, 0): grass and trees above, torn rock below, a waterfall over one edge.
void island(inout Shot s, vec2 p, vec2 at, float size, int id, float k, float fall) {
  vec2 q = (p - at - vec2(0., .014 * wave(t * .045 + float(id) * .37) + .012 * (mid - .4) * float(id & 1))) / size; float x = q.x, ax = abs(x), soft = 1.4 * pixel() / size;
  vec4 n = textureLod(noise_tex, vec2(x * .23 + float(id) * .31, q.y * .1), 0.), m = textureLod(noise_tex, q * .5 + float(id) * .17, 0.);
  float dome = .16 * (1. - x * x) + .07 * (n.b - .4), deep = (1. - ax) * (.25 + 1.05 * n.a) * (1.2 - .5 * ax) * (1. + .35 * (n.b - .5)) + .12 * (m.b - .5), rock = max(q.y - dome, -q.y - deep);
  vec3 o = orb(); float to = sign(o.x - at.x), side = clamp(.5 + .55 * x * to + .9 * (m.b - .5), 0., 1.), crack = smoothstep(.5, .9, m.a);
  vec3 air = far_at(p), stone = mix(ink() * .8, cloud(.42), .10 + .62 * side * (.45 + .6 * m.b)) * (1. - .35 * crack) * (.7 + .3 * clamp(1.2 + q.y, 0., 1.));
  vec3 green = mix(mix(ink(), pal[2], .35), mix(pal[2], sun(), .4), clamp(.2 + .5 * side + .5 * (m.b - .5), 0., 1.)) * (hour == NIGHT ? .72 : 1.);
  if (weather == SNOW) green = mix(green, cloud(.9), .75);
  float lean = .03 * wave(t * .14 * HURRY + n.a) * HURRY, base = .16 * (1. - x * x), trees = 9., leaf = 0.;
  for (int i = 0; i < 2; i++) { // two rows, so that crowns overlap
    float tx = x * 5.4 + float(id) * .43 + .5 * float(i), cell = floor(tx); vec4 r = dice4(int(cell) + 50 * i, id + seed()); float tall = .08 + .10 * r.z + .14 * r.w * (1. - ax) + .05 * float(i), big = (.050 + .022 * r.w) * (r.y > .5 ? 1. : .85);
    vec2 c = vec2((tx - cell - .5 + .2 * (r.y - .5)) / 5.4 - lean * tall * 4., q.y - base + .01), e = c - vec2(0., tall); float crown = r.x > .62 ? max(abs(e.x) - .055 * clamp((.16 - e.y) / .24, 0., 1.) * (.75 + .35 * fract(e.y * 22.)), abs(e.y - .02) - .13) : min(length(e) - big, min(length(e - vec2(.038, -.03)) - big * .75, length(e - vec2(-.036, -.02)) - big * .8));
    crown += .035 * (m.a - .5); float one = min(crown, max(abs(c.x) - .009, abs(c.y - tall * .5) - tall * .5)) + 9. * step(min(r.y + .12, 1.) , .28) + 9. * step(.80, abs(tx - .5 - float(id) * .43 - .5 * float(i)) / 5.4);
    leaf = one < trees ? clamp(.45 + (e.x * to + e.y) * 5. + (m.b - .5), 0., 1.) : leaf; trees = min(trees, one);
  }
  lay(s, mix(mix(mix(ink() * .7, green, .45), mix(green, sun(), .45), leaf), air, k), mask(trees, soft), .2 + .6 * k, 0.);
  float turf = smoothstep(.10, .04, dome - q.y + .12 * (m.b - .5)) , rim = clamp(1. + rock / .03, 0., 1.);
  lay(s, mix(mix(stone, green, turf) + sun() * .2 * rim * side, air, k), mask(rock, soft), .2 + .6 * k, 0.);
  float down = dome - q.y, off = abs(x - fall * .62 - .04 * fall * sqrt(max(down, 0.))) , wide = .035 + .03 * down, water = textureLod(noise_tex, vec2(x * 1.9, q.y * .16 + t * .11 + flow * .02), 0.).b;
  float stream = clamp((wide - off) / soft * .35, 0., 1.) * step(0., down) * clamp(1.5 - down * .62, 0., 1.) * (.55 + .6 * water);
  lay(s, mix(mix(cloud(.6), cloud(1.), .4 + .6 * water), air, k * .8), clamp(stream, 0., .92), .2 + .6 * k, .08);
}

void islands(inout Shot s, vec2 p) {
  float w = half_width(), size = clamp(w / .8, .6, 1.);
  stars(s, p); disc(s, p);
  birds(s, p, vec2(-.12 * w + .15 * wave(t * .013 + flow * .02), .33), .011, mix(ink(), haze(), .25));
  vec2 main_at = vec2(.17 * w - .17 * cam.x, .085 + .05 * cam.y); float off = p.x - main_at.x; bool left = off < -.36 * size, right = off > .36 * size && p.y > .06; // they stand apart
  island(s, p, left ? vec2(-.66 * w - .1 * cam.x, .10) : right ? vec2(.80 * w - .12 * cam.x, .24) : main_at, (left ? .15 : right ? .11 : .33 * (1. + .06 * cam.z)) * size, left ? 4 : right ? 8 : 3, left ? .55 : right ? .48 : .10, left ? -1. : 1.);
  sea(s, p, -.26, .2, .5);
  float x = p.x + .34 * cam.x, grain = n2(p * 40.), top = -.37 + .045 * exp(-7. * (x + .5 * w) * (x + .5 * w) / (w * w)) - .22 * smoothstep(-.28 * w, .05 * w, x) + .01 * wave(x * 2.7);
  stand(s, p, vec2(-.5 * w - .34 * cam.x, -.332), vec2(-.3 * w - .2 * cam.x, -.16), .27, .2);
  height(s, p, top, grain);
}

// ---------------------------------------------------------------- 2 storm cell
// Fields of a plain in perspective below the horizon; z grows with distance.
vec3 plain(vec2 p, float f) {
  float z = .055 / (f + .006); vec2 q = vec2((p.x + .12 * cam.x) * z * 2. + .4 * cam.x, z * 1.3 + .4 * cam.z);
  vec4 n = textureLod(noise_tex, q * vec2(.13, .21) + rnd.zw, 0.);
  vec3 c = mix(ink(), mix(pal[2], pal[1], .35) * (hour == NIGHT ? .55 : .95), .2 + .7 * n.b) + sun() * .12 * smoothstep(.5, .8, n.a) * exp(-1.5 * abs(p.x - orb().x));
  return mix(c, haze(), clamp(z * .12, 0., .8));
}

void storm(inout Shot s, vec2 p) {
  float w = half_width(), size = clamp(w / .8, .55, 1.), big = .60; vec3 o = orb();
  stars(s, p); disc(s, p);
  vec2 at = vec2(.20 * w - .08 * cam.x, -.10), q = (p - at) / vec2(big * size, big * .92);
  vec2 shelf = vec2(q.x - .16, q.y - .74 - .16 * max(.5 - abs(q.x - .1), 0.)); vec4 n = textureLod(noise_tex, vec2(q.x * .14 + .004 * t * HURRY + rnd.y, q.y * .5), 0.);
  float anvil = abs(shelf.y - .04 * shelf.x) - .15 * clamp(1.25 - abs(shelf.x) / .95, 0., 1.) + .10 * (n.b - .5), under = clamp(.5 - shelf.y * 4., 0., 1.), to = clamp(.5 - .45 * shelf.x, 0., 1.);
  cumulus(s, p, s.c, at - vec2(0., .03), vec2(.60 * size, .60), 27, 13, .62, .08, .7); lay(s, mix(cloud(0.), ink(), .4), cumulus_cover * smoothstep(.62, .02, q.y) * .78, .7, 0.); // heavy below
  lay(s, mix(mix(cloud(clamp(.25 + .55 * to + .4 * (n.b - .5), 0., 1.)), cloud(.18), under * .8), far_at(p), .12), smoothstep(.05, -.06, anvil), .7, 0.);
  // Light inside: three places that swell one after the other, slower than a breath.
  for (int i = 0; i < 3; i++) {
    vec2 d = q - vec2(-.12 + .2 * float(i), .30 + .19 * float(i * i % 3)); float swell = max(wave(t * .085 + float(i) * .37), 0.);
    float a = exp(-dot(d, d) * 16.) * (.08 + .30 * swell * swell + .16 * snare) * (.45 + n.a) * smoothstep(-.02, .14, q.y);
    s.c += mix(pal[3], pal[4], .6) * a * (1. - s.c) * (hour == DAY ? .7 : 1.); s.glow = max(s.glow, a * .6);
  }
  float base = p.y - at.y - .035 + .03 * (n.b - .5), across = abs(q.x) / .72, skirt = smoothstep(1., .55, across) * smoothstep(.07, 0., base);
  float rain = fbm1(vec2((p.x + .22 * p.y) * 9. , p.y * .35 + t * .16 + 2.)), veil = skirt * smoothstep(HORIZON - .01, HORIZON + .03, p.y);
  lay(s, mix(mix(cloud(0.), ink(), .3), cloud(.4), .15 + .4 * rain), veil * (.62 + .3 * rain) * smoothstep(1., .3, across), .8, 0.);
  float roll_y = (p.y - at.y - .015 - .04 * n.b + .035 * across) / .06, shelf_a = clamp(1. - abs(roll_y), 0., 1.) * smoothstep(1.2, .7, across);
  lay(s, mix(mix(cloud(.02 + .2 * n.a + .25 * clamp(-q.x, 0., 1.)), ink(), .35), far_at(p), .08), clamp(shelf_a * 2., 0., .95), .75, 0.);
  // A bolt that glows up and away with the snare, thin and small.
  float bx = q.x - .10 - .13 * (n2(vec2(p.y * 17., floor(t * .5) + 3.)) - .5) - .05 * (n2(vec2(p.y * 53., 9.)) - .5), bolt = clamp(1.3 - abs(bx) * big * size / pixel(), 0., 1.) * step(p.y, at.y + .01) * step(HORIZON, p.y);
  s.c += pal[4] * bolt * .75 * snare; s.glow = max(s.glow, bolt * snare * .8);
  float f = HORIZON - p.y + .02 * cam.y, hills = .012 * wave(p.x * .8 + rnd.x) + .006 * triangle(p.x * 2.3 + cam.x * .1);
  lay(s, mix(ink(), haze(), .55), mask(-f - .012 - hills, 2. * pixel()), .85, 0.);
  lay(s, plain(p, max(f, 0.)), mask(-f, 1.5 * pixel()), clamp(.75 - f * 1.8, .15, .75), 0.);
  // A farm far out: house, barn, lit windows and a mill whose wheel turns with the flow.
  vec2 m = p - vec2(.40 * w - .13 * cam.x, HORIZON - .035); vec2 wheel = rot(t * .16 + flow * .35) * (m - vec2(0., .088)); float spoke = atan(wheel.y, wheel.x) / TAU * 8., r = length(wheel);
  float mill = min(max(abs(m.x) - .004 - .06 * max(.085 - m.y, 0.) * .25, abs(m.y - .043) - .043), max(abs(fract(spoke) - .5) / 8. * TAU * r - .0035, r - .024));
  vec2 h = m + vec2(.065, 0.); float house = min(max(abs(h.x) - .022, abs(h.y - .011) - .011), max(abs(h.x) * .75 + h.y - .038, .02 - h.y)), barn = min(max(abs(h.x + .06) - .03, abs(h.y - .009) - .01), max(abs(h.x + .06) * .5 + h.y - .034, .017 - h.y));
  lay(s, ink() * .6, mask(min(mill, min(house, barn)), pixel()), .5, 0.);
  float pane = max(abs(abs(h.x) - .009) - .0035, abs(h.y - .01) - .004); shine(s, mix(pal[4], vec3(1., .8, .5), .3), mask(pane, pixel()) * (.4 + .5 * vocals));
  float x = p.x + .33 * cam.x, grain = n2(p * 40.), top = -.405 + .06 * smoothstep(.1 * w, -.8 * w, x) + .012 * wave(x * 1.7);
  float post = max(abs(fract(x * 6.) - .5) / 6. - .004, abs(p.y - top - .03) - .045), wire = max(min(abs(p.y - top - .058), abs(p.y - top - .035)) - .0012, 0.) ;
  lay(s, ink() * .45, max(mask(post, pixel()), clamp(1. - wire / pixel(), 0., 1.) * .8) * step(.05 * w, x), .08, 0.);
  stand(s, p, vec2(-.34 * w - .33 * cam.x, -.385), vec2(-.38 * w - .2 * cam.x, .06), .3, .24);
  height(s, p, top, grain);
}

// ---------------------------------------------------------------- 3 coast and balloons
void balloon(inout Shot s, vec2 p, vec3 air, vec2 at, float size, vec4 r, float k) {
  at.y += .012 * wave(t * .05 + r.x) + .01 * (vocals - .4) * r.y;
  vec2 q = (p - at) / size; float soft = 1.3 * pixel() / size, y = q.y - .66, bag = y > -.06 ? length(vec2(q.x, y)) - .34 : max(abs(q.x) - mix(.10, .335, smoothstep(-.42, -.06, y)), -y - .40);
  float basket = max(abs(q.x) - .06, abs(q.y - .06) - .055), ropes = max(abs(abs(q.x) - .055 - .06 * (q.y - .1)) - .006, abs(q.y - .19) - .09);
  float u = q.x / max(sqrt(max(.13 - y * y, .01)), .1), band = .5 + .5 * wave(u * .62 + r.z), zig = smoothstep(-.2, .2, triangle(u * 2.) * .5 + (y - .02) * 14.);
  vec3 o = orb(); float to = clamp(.5 + 1.25 * dot(q - vec2(0., .66), normalize(o.xy - at)), 0., 1.);
  vec3 one = mix(pal[3], pal[4], .15 * r.x), two = r.y > .5 ? mix(pal[4], vec3(1.), .2) : mix(pal[1], pal[2], .5);
  vec3 c = mix(mix(one, two, smoothstep(.42, .58, band)), mix(pal[4], pal[1], step(.6, r.w)), (1. - abs(zig * 2. - 1.)) * .6) * (.34 + .62 * to) * (hour == NIGHT ? .62 : hour == DUSK ? .8 : 1.);
  float flame = exp(-9. * length((q - vec2(0., .38)) * vec2(1.2, .6))) * (.25 + .75 * vocals) * (hour == DAY ? .35 : .8);
  c += mix(pal[4], vec3(1., .75, .4), .35) * flame * .7;
  lay(s, mix(ink() * .6, air, k), mask(min(basket, ropes), soft), .25 + .6 * k, 0.);
  lay(s, mix(c, air, k), mask(bag, soft), .25 + .6 * k, flame * .4);
}

void coast(inout Shot s, vec2 p) {
  float w = half_width(), f = HORIZON + .1 * cam.y - p.y; vec3 o = orb();
  stars(s, p); disc(s, p);
  float mx = p.x * .55 + .05 * cam.x + rnd.x, crest = .012 + .085 * ridge1(vec2(mx, .7)) * smoothstep(.9 * w, -.6 * w, p.x), slope_light = ridge1(vec2(mx + .05, .7 + p.y * .5));
  lay(s, mix(mix(mix(ink(), sky_mid(), .35), cloud(.8), .5 * smoothstep(.45, .8, slope_light) * smoothstep(.02, .06, -f)), haze(), .45), mask(-f - crest, 2. * pixel()), .9, 0.);
  float z = .17 / (max(f, 0.) + .03), along = t * .018 + flow * .03 + .35 * cam.z; vec2 g = vec2((p.x + .1 * cam.x) * z + .25 * cam.x, z + along) + vec2(rnd.y * .5, 0.);
  vec4 land = textureLod(noise_tex, g * .085 + rnd.zw * .3, 0.); float shore = land.b - .5 + .16 * (g.x - .14 * z), wet = smoothstep(-.008, .010 + .004 * z, shore);
  vec2 turned = rot(.5) * g * 5.2 + .4 * land.a, cell = floor(turned), e = abs(fract(turned) - .5); vec4 r = dice4(int(cell.x) + 57, int(cell.y));
  float fine = clamp(1.25 - z * .36, 0., 1.), hedge = smoothstep(.5, .44, max(e.x, e.y)), lines = .5 + .5 * triangle(fract(r.z * 7.) > .5 ? turned.x * 9. : turned.y * 9.);
  vec3 field = mix(mix(pal[1], pal[2], .35 + .5 * r.x), mix(pal[3], pal[4], r.z), r.y * r.y * .55) * (hour == NIGHT ? .42 : hour == DUSK ? .72 : .85);
  field = mix(mix(pal[1], pal[2], .55) * (hour == NIGHT ? .42 : .8), field * (.92 + .1 * lines * fine) * (.72 + .28 * mix(1., hedge, fine)), .45 + .55 * fine);
  field = mix(field, ink() * .8, smoothstep(.56, .7, land.a) * .7);
  if (weather == SNOW) field = mix(field, cloud(.85), .6);
  vec3 sea_c = mix(mix(sky_top(), pal[1], .3), sky_low(), .12 + .45 * clamp(z * .13, 0., 1.)) * (hour == NIGHT ? .8 : .92);
  float glint = exp(-7. * abs(p.x - o.x) / (1. + 3. * max(f, 0.))) * smoothstep(.5, .75, fbm1(g * vec2(3.5, 2.) + vec2(t * .05, t * .03)));
  sea_c += sun() * glint * (.22 + .3 * treble) * (1. - GREY); sea_c = mix(sea_c, cloud(.95), .6 * smoothstep(.035, .0, abs(shore - .022 - .008 * wave(t * .06))) * step(0., shore) * fine);
  float lights = hour == DAY || hour == DAWN ? 0. : clamp(1. - length((fract(turned * 5.) - .5)) * 3.2, 0., 1.) * step(.72, h2(floor(turned * 5.))) * step(.55, land.b + .12 * r.x) * fine;
  vec3 c = mix(field + mix(pal[4], vec3(1., .75, .4), .3) * lights * (.4 + .5 * hat), sea_c, wet);
  lay(s, mix(c, haze(), clamp(z * .22 - .12, 0., .9)), mask(-f, 2. * pixel()), clamp(.9 - f * 1.2, .3, .9), lights * (1. - wet) * .6);
  // Broken clouds half way down, with their shadows' blue below.
  float z2 = .10 / (max(f + .015, 0.) + .03); vec2 v = vec2((p.x + .2 * cam.x) * z2 + .4 * cam.x, z2 + along * 1.5 + t * .01 * HURRY) + rnd.wx;
  vec4 n = textureLod(noise_tex, v * .34, 0.), n2_ = textureLod(noise_tex, v * .34 + vec2(.012, .03), 0.); float thick = .6 * n.b + .5 * (1. - n.a) - .52 + GREY * .08, k = smoothstep(0., .22, thick) * step(0., f + .015);
  float l = clamp(.62 + 1.7 * (n.b - n2_.b) + .3 * thick + .06 * bass, 0., 1.);
  lay(s, mix(cloud(l), haze(), clamp(z2 * .3 - .1, 0., .9)), k * .93 * clamp(1.5 - z2 * .45, .0, 1.), clamp(.85 - f, .25, .85), 0.);
  vec3 air = far_at(p);
  for (int i = 0; i < 6; i++) {
    vec4 r = dice4(i + 3, 17); float n = float(i), dist = 1. - n / 6.5;
    vec2 at = vec2((i == 5 ? .10 : (fract(n * .618 + .13) * 1.7 - .85)) * w - (.28 - .22 * dist) * cam.x, i == 5 ? -.16 : -.02 + .27 * fract(n * .37 + .3) + .04 * r.z);
    if (i == 5) at.x = ALOFT || subject_id == 0 ? -.28 * w - .25 * cam.x : .34 * w - .25 * cam.x;
    balloon(s, p, air, at, (i == 5 ? .42 : .055 + .13 * (1. - dist)) * clamp(w / .7, .62, 1.), r, dist * .6 * (i == 5 ? .2 : 1.));
  }
  float x = p.x + .34 * cam.x, grain = n2(p * 40.), top = -.43 + .1 * exp(-5. * (x + .52 * w) * (x + .52 * w) / (w * w)) - .2 * smoothstep(-.25 * w, .15 * w, x) + .008 * wave(x * 2.7);
  stand(s, p, vec2(-.46 * w - .34 * cam.x, -.345), vec2(.22 * w - .2 * cam.x, -.10), .28, .26);
  height(s, p, top, grain);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) flight(s, p);
  if (variant == 1) islands(s, p);
  if (variant == 2) storm(s, p);
  if (variant == 3) coast(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth * .85);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
