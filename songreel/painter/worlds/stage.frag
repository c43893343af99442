// Stage: 0 festival stage over the crowd, 1 small club, 2 theatre, 3 from behind the performer.
// far() draws the light in the air (beams, smoke, halos); the world adds it to what it paints. Lengths are in picture heights.

struct Shot { vec3 c; float depth; float glow; };

// How far the lamps outshine the hour, and how thick the smoke hangs.
const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .85 : hour == DAWN ? .7 : .5;
const float SMOKE = weather == FOG ? 1.5 : weather == RAIN || weather == SNOW ? 1.1 : weather == WIND ? .7 : .85;

float box2(vec2 q, vec2 b) { vec2 d = abs(q) - b; return max(d.x, d.y); }
float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
int seed() { return int(rnd.x * 977.) * 31; }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .3 : hour == DAWN ? .25 : .1) * .7; }
vec3 warm() { return mix(pal[4], vec3(1., .76, .44), .55); }
vec3 cold() { return mix(mix(pal[4], pal[2], .4), vec3(.62, .85, 1.), .35); }
vec3 gel(int i) { i = i % 3; return i == 0 ? pal[3] : i == 1 ? cold() : mix(pal[2], pal[4], .3); }

// A cone of light from o, soft across and fading along; angle 0 points down, positive to the right.
float cone(vec2 p, vec2 o, float angle, float width, float fade) {
  vec2 q = p - o, dir = vec2(sin(angle), -cos(angle));
  float l = dot(q, dir), a = clamp(1. - abs(q.x * dir.y - q.y * dir.x) / (max(.005, 1.5 * pixel()) + max(l, 0.) * width), 0., 1.);
  return a * a * (3. - 2. * a) * clamp(l * 60., 0., 1.) / (1. + max(l, 0.) * fade);
}
float halo(vec2 q, float k) { return 1. / (1. + dot(q, q) * k); }

// ---------------------------------------------------------------- light in the air
float stage_half() { return min(.46, aspect * .44); }
const float DECK = -.13, ARCH = .47, LIP = -.255, SHORE = -.02, BOARDS = -.2;
vec3 orb() { return vec3(place_x(.2) - cam.x * .03, SHORE + (hour == NIGHT ? .17 : hour == DAY ? .3 : .06), hour == DAY ? .045 : .085); }

vec3 festival_air(vec2 p, float smoke) {
  float w = stage_half(); p = (p + cam.xy * vec2(.12, .1)) / (1. + cam.z * .16);
  vec3 c = mix(pal[3], pal[2], .5) * halo(p - vec2(0., DECK + .15), 11.) * (.32 + .05 * bass);
  for (int i = 0; i < 8; i++) {
    float k = (float(i) - 3.5) / 3.5, turn = wave(t * .045 + flow * .05 + abs(k) * .31) * .3 + .1 * snare;
    vec2 o = vec2(k * w * .92, DECK + .955 * ARCH * sqrt(1. - k * k * .9));
    c += gel(i) * cone(p, o, PI - (k * .85 + turn * sign(k)), .055, 1.1) * .85;
    c += gel(i + 1) * cone(p, o, k * .5 - turn * sign(k) * 1.3, .07, 1.4) * .55;
  }
  return c * (.55 + .65 * smoke * (.8 + .4 * vocals));
}
vec3 club_air(vec2 p, float smoke) {
  vec2 mic = vec2(place_x(-.06), -.24), from = vec2(place_x(.2), .56);
  float lean = atan(mic.x - from.x, from.y - mic.y) + .02 * wave(t * .05 + flow * .02);
  vec3 c = warm() * cone(p, from, lean, .2, .2) * (.95 + .12 * snare);
  c += gel(0) * cone(p, vec2(place_x(-.5), .52), .5 + .2 * wave(t * .04 + flow * .04) + .08 * snare, .13, .8) * .6;
  c += cold() * cone(p, vec2(place_x(-.14), .54), -.45 + .2 * wave(t * .035 - flow * .04) - .08 * snare, .11, .8) * .5;
  c += light_colour() * cone(p, vec2(place_x(-.66), .34), .95, .2, 1.2) * (hour == DAY ? .5 : hour == NIGHT ? .06 : .32);
  return c * (.35 + .95 * smoke * (.65 + .5 * vocals)) * SMOKE + pal[3] * halo(p - vec2(place_x(-.3), .17), 16.) * (.1 + .12 * bass);
}
vec3 theatre_air(vec2 p, float smoke) {
  vec2 at = vec2(place_x(.0), BOARDS);
  float sway = .1 * wave(t * .03 + flow * .03) + .05 * snare;
  vec3 c = warm() * (cone(p, vec2(place_x(-.5), .58), .56 + sway, .12, .3) + cone(p, vec2(place_x(.5), .58), -.56 - sway, .12, .3)) * .3;
  c += light_colour() * cone(p, vec2(place_x(.75), .52), -.7, .12, .6) * (hour == DAY ? .42 : hour == DAWN ? .3 : .06);
  c += warm() * halo((p - vec2(0., .345)) * vec2(.8, 1.), 34.) * (.2 + .1 * treble);
  return c * (.45 + .6 * smoke * (.6 + .6 * vocals)) * mix(.8, SMOKE, .6) + warm() * halo((p - at) * vec2(.5, 1.6), 30.) * .1 * (.6 + .6 * mid);
}
vec3 behind_air(vec2 p, float smoke) {
  vec3 c = light_colour() * halo(p - orb().xy, 13.) * (.16 + .16 * bass);
  for (int i = 0; i < 6; i++) {
    float k = (float(i) - 2.5) / 2.5, turn = wave(t * .04 + flow * .045 + abs(k) * .3) * .28 + .09 * snare;
    c += gel(i) * cone(p, vec2(place_x(k * .72), .44), k * -.35 + turn * sign(k), .085, 1.) * .42;
  }
  for (int i = 0; i < 2; i++) {
    vec2 o = vec2(place_x(i == 0 ? -.5 : .52), .06);
    c += cold() * (cone(p, o, PI - (i == 0 ? .7 : -.7) - .25 * wave(t * .03 + flow * .03 + float(i) * .4), .05, 1.2) * .3 + halo(p - o, 260.) * .3);
  }
  return c * (.5 + .7 * smoke * (.65 + .55 * vocals));
}
vec3 far(vec2 p) {
  float drift = weather == WIND ? .12 : .035;
  float smoke = fbm(vec2(p.x * 2.6 + t * drift + cam.x * .2, p.y * 3.4 - t * .025) + rnd.xy * 30., 4);
  smoke = slope(.2, .8, smoke);
  vec3 c = variant == 0 ? festival_air(p, smoke) : variant == 1 ? club_air(p, smoke) : variant == 2 ? theatre_air(p, smoke) : behind_air(p, smoke);
  return c * LAMPS;
}
void add_air(inout Shot s, vec2 p, float share) { vec3 a = far_at(p) * share; s.c += a * (1. - .6 * s.c); }

// ---------------------------------------------------------------- people and things
// A row of people from behind: heads at y=0 of a row that stands at `y`, `size` half a head. They jump with the beat; some raise a hand or a phone.
void crowd(inout Shot s, vec2 p, float y, float size, int id, float depth, vec3 dark, vec3 rim, float raised, float phones) {
  vec2 q = (p - vec2(0., y)) / size; float x = q.x / 2.7 + float(id) * .37 + rnd.z * 9., i = floor(x);
  vec4 r = dice4(int(i), id + seed());
  float jump = (.2 + .75 * loudness * r.y) * wave(beat_phase + .22 * r.z) + .16 * wave(t * .31 + r.x * 3.);
  vec2 u = vec2((x - i - .5) * 2.7 + (r.x - .5) * .4, q.y - (r.y - .5) * 1.5 - jump);
  float d = length(u * vec2(1., .82)) - .64;
  d = smin(d, length((u + vec2(0., 2.35)) * vec2(.95, .75)) - 1.12, .3);
  d = min(d, q.y + 2.3);
  bool up = r.w < raised; float both = r.z > .45 ? abs(u.x) : r.z > .2 ? u.x : -u.x;
  // An arm: from the shoulder to an elbow beside the head, then in over it, so that a pair claps and a single one sways.
  vec2 elbow = vec2(1.02, -.25 + .35 * r.y), hand = vec2(.30 + .34 * r.x + .22 * wave(t * .23 + r.y + .2 * beat_phase), 1.15 + 1.0 * r.y), at = vec2(both, u.y);
  float arm = sd_capsule(at, vec2(.78, -1.45), elbow, .20); arm = min(arm, sd_capsule(at, elbow, hand, .145));
  arm = min(arm, sd_ellipse(at - hand - vec2(0., .16), vec2(.19, .30)));
  d = up ? min(d, arm) : d;
  float above = max(clamp(u.y * 1.5 + .35, 0., 1.), .55 * slope(-2., -1.35, u.y) * step(.55, abs(u.x))); // lit from the stage, over their heads
  float lit = clamp(1. + d / .30, 0., 1.) * (up && arm < d + .001 ? .42 : above);
  lay(s, dark + rim * lit * lit, mask(d * size, pixel() * 1.3), depth, 0.);
  fine_detail = size < .04 ? max(fine_detail, mask(d * size - .005, .004)) : fine_detail * (1. - mask(d * size, .004));
  float phone = up && r.y < phones ? box2(at - vec2(0., .42) - hand, vec2(.2, .34)) : 9.;
  float on = mask(phone * size, pixel() * 1.5) * (.55 + .45 * hat);
  lay(s, mix(cold(), vec3(1.), .35), on, depth, on * .8);
}
// A truss of triangles along y=0, half a height h.
float truss(vec2 q, float h) {
  float rail = abs(abs(q.y) - h) - h * .16, web = abs(q.y - h * (2. * abs(fract(q.x / (h * 4.)) * 2. - 1.) - 1.)) - h * .22;
  return min(rail, max(web, abs(q.y) - h));
}

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET;

// The subject: dark against the lamps, its edge lit from `from`.
void stand(inout Shot s, vec2 p, vec2 ground, float size, vec2 air, float air_size, vec3 c, vec2 from, vec3 rim) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air : ground; size = ALOFT ? air_size : size;
  size *= min(1., aspect * .42 / (subject_half_width() * size)); // the long ones shrink to fit
  vec2 q = (p - at) / size; float d = subject(q), m = mask(d, pixel() / size * 1.6);
  vec2 way = vec2(dFdx(d), dFdy(d)); float facing = dot(way, normalize(from - at - vec2(0., size * .5))) / max(length(way), 1e-6);
  lay(s, c, m, .1, 0.); subject_cover = m;
  s.c += rim * m * clamp(1. + d / .045, 0., 1.) * clamp(facing + .15, 0., 1.) * .8;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}
// A microphone on its stand, 1 high.
float mic_stand(vec2 q) {
  float d = min(box2(q - vec2(0., .42), vec2(.009, .42)), box2(q - vec2(0., .012), vec2(.11, .012)));
  return min(d, sd_capsule(q, vec2(.0, .86), vec2(-.07, .92), .026));
}
// The sky of the hour with drifting cloud, and stars when it is dark.
vec3 open_sky(vec2 p, float base) {
  float y = max(p.y - base, 0.);
  vec3 c = sky(y * 1.5);
  float bank = fbm1(vec2(p.x * 1.5 + t * (weather == WIND ? .09 : .015) + cam.x * .1, p.y * 5.) + rnd.xy * 8.);
  float k = slope(weather == RAIN ? .3 : .48, .8, bank) * slope(0., .1, y);
  c = mix(c, mix(sky_mid(), mix(light_colour(), sky_low(), .5), .3 + .3 * bank), k * (weather == RAIN || weather == SNOW ? .8 : .5));
  if (hour == NIGHT || hour == DUSK) {
    vec2 g = p * 40.; vec2 i = floor(g); vec4 r = dice4(int(i.x) + 400, int(i.y) + seed());
    vec2 star = star_point(.6 + .7 * r.z);
    c += pal[4] * clamp(1.3 - length((g - i - .25 - .5 * r.xy)) / (40. * star.x), 0., 1.) * star.y * step(.72, r.w) * slope(.1, .4, y) * (1. - k) * (weather == CLEAR ? .8 : .15);
  }
  return c;
}

// ---------------------------------------------------------------- 0 festival
void led_wall(inout Shot s, vec2 q, float w, vec2 o) {
  float d = box2(q - vec2(0., .145), vec2(w, .13));
  vec2 cell = vec2(w / 17., .0105), g = q / cell, i = floor(g); float n = abs(i.x + .5) / 17.;
  float level = mix(mix(bass, mid, min(n * 2., 1.)), treble, clamp(n * 2. - 1., 0., 1.));
  float tall = (.12 + .62 * level * (.55 + .45 * wave(t * .17 + h1(abs(i.x + .5)) * 5. + flow * .1))) * 22.;
  float bar = clamp(tall - i.y, 0., 1.) * step(1., i.y);
  vec3 dim = mix(pal[0], pal[2], .16 + .25 * clamp(q.y * 3., 0., 1.));
  float r = length(q - o), disc = mask(r - .098 - .012 * bass, .004), ring = clamp(1. - abs(r - .135 - .02 * bass) / .004, 0., 1.);
  vec3 c = mix(dim + mix(pal[3], pal[2], .4) * .35 * halo(q - o, 60.) * (.8 + .4 * bass), mix(pal[3], pal[4], clamp((q.y - o.y) * 4. + .62, 0., 1.)), disc);
  c = mix(c, pal[3], ring * .7);
  c = mix(c, mix(mix(pal[2], pal[3], i.y / 12.), pal[4], clamp(i.y / 22. - .3, 0., 1.)), bar * .75 * (1. - .75 * disc));
  vec2 f = abs(g - i - .5); float grid = 1. - .3 * clamp((max(f.x * .9, f.y) - .36) * 9., 0., 1.) * clamp(cell.y / pixel() * .25 - .3, 0., 1.);
  lay(s, c * grid * mix(.9, 1., LAMPS), mask(d, pixel()), .55, mask(d, pixel()) * (.1 + .3 * disc + .3 * bar));
}
void festival(inout Shot s, vec2 p) {
  float w = stage_half(), push = 1. + cam.z * .16;
  vec2 q = (p - vec2(-cam.x * .12, -cam.y * .1)) / push;
  s.c = open_sky(p, -.12);
  float ridge = p.x * 1.3 + cam.x * .05 + rnd.y * 5., trees = -.1 + .025 * wave(ridge * .8) + .012 * abs(triangle(ridge * 3.7)) + .007 * abs(triangle(ridge * 13.));
  lay(s, mix(ink(), sky_low(), .3), mask(p.y - trees, pixel() * 2.), .9, 0.);
  vec2 e = (q - vec2(0., DECK)) / vec2(w, ARCH); float r = length(e), a = (r - 1.) * mix(w, ARCH, .5);
  float inside = max(a, DECK - q.y);
  lay(s, mix(ink(), pal[1], .35 + .2 * e.y), mask(inside, pixel() * 1.5), .7, 0.);
  led_wall(s, q - vec2(0., DECK), w * .7, vec2(0., .155));
  float ang = atan(e.x, e.y);
  float arch = max(truss(vec2(ang * .45, a + .016), .015), DECK - q.y);
  vec2 wing = vec2(abs(q.x) - w * .84, q.y - DECK - .16), tower = vec2(abs(q.x) - w * 1.02, q.y - DECK - .1);
  float pa = max(abs(wing.x + wing.y * wing.y * 1.1) - .024, abs(wing.y) - .105), side = max(truss(tower.yx, .015), abs(tower.y) - .2);
  lay(s, ink() * 1.1 + gel(0) * .05 * step(.4, fract(wing.y * 48.)), mask(min(min(arch, side), pa), pixel() * 1.2), .5, 0.);
  float k = ang * 5.1, n = floor(k + .5); vec2 lamp = vec2((k - n) / 5.1 * mix(ARCH, w, abs(cos(ang))), a + .018); // lamps along the arch
  float bulb = clamp(1.25 - length(lamp) / .013, 0., 1.) * step(DECK, q.y) * step(abs(n), 8.);
  shine(s, mix(gel(int(n) + 9), vec3(1.), .45), bulb * (.65 + .35 * snare) * LAMPS);
  add_air(s, p, 1.);
  float deck = box2(q - vec2(0., DECK - .05), vec2(w * 1.12, .05)), strip = max(abs(q.y - DECK + .008) - .004, abs(q.x) - w * 1.12);
  float gear = min(min(box2(q - vec2(w * .5, DECK + .035), vec2(.035, .035)), box2(q - vec2(-w * .5, DECK + .035), vec2(.035, .035))),
    min(length(q - vec2(-w * .34, DECK + .03)) - .03, box2(vec2(abs(q.x + w * .34) - .034, q.y - DECK - .055), vec2(.014, .002))));
  gear = min(gear, box2(q - vec2(w * .34, DECK + .05), vec2(.03, .004)));
  lay(s, ink() * .8 + pal[3] * .06, mask(min(deck, gear), pixel()), .45, 0.);
  shine(s, mix(pal[3], pal[4], .4), mask(strip, pixel() * 1.5) * (.35 + .5 * mid) * LAMPS);
  stand(s, p, vec2(-cam.x * .12, DECK * push - cam.y * .1 - .004), .235 * push, vec2(-cam.x * .2, .12), .2, ink() * .35, vec2(0., .4), mix(pal[4], pal[3], .4));
  vec3 rim = mix(pal[3], pal[4], .35) * mix(.5, 1., LAMPS), lift = mix(pal[1], sky_low(), hour == DAY ? .3 : .1);
  vec2 c = p + vec2(cam.x * .25, cam.y * .15); float spread = 1. + cam.z * .12;
  crowd(s, c / vec2(spread, 1.) + vec2(0., .01), -.215, .0105, 3, .4, mix(ink(), lift, .5), rim * .5, .35, .5);
  add_air(s, p, .25);
  crowd(s, c + vec2(cam.x * .1, 0.), -.265, .017, 7, .32, mix(ink(), lift, .3), rim * .6, .4, .4);
  crowd(s, c + vec2(cam.x * .25, 0.), -.335, .0275, 11, .22, ink() * .85, rim * .65, .55, .25);
  crowd(s, c + vec2(cam.x * .45, 0.), -.45, .046, 19, .12, ink() * .5, rim * .5, .45, .12);
}

// ---------------------------------------------------------------- 1 club
vec3 room() { return mix(ink(), mix(pal[1], pal[2], .35), hour == DAY ? .75 : hour == DAWN ? .5 : hour == DUSK ? .42 : .34); }

void bottles(inout Shot s, vec2 q, float w) {
  float d = box2(q, vec2(w, .17)), row = floor((q.y + .17) / .113), y = q.y + .17 - row * .113;
  vec3 c = mix(warm(), pal[3], .35) * (.22 + .5 * clamp(1. - y * 8., 0., 1.)) * (.75 + .3 * treble) * mix(.8, 1., LAMPS);
  float x = q.x / .031 + row * .4, i = floor(x); vec4 r = dice4(int(i), int(row) + 77 + seed());
  vec2 u = vec2((x - i - .5) * .031, y - .008); float tall = .05 + .03 * r.x, wide = .008 + .004 * r.y;
  float bottle = min(max(abs(u.x) - wide, u.y - tall * .62), max(abs(u.x) - .0035, u.y - tall)) ;
  vec3 glass = mix(mix(pal[2], pal[3], r.z), pal[4], .5 * r.w) * (.35 + .55 * clamp(1. - u.y / tall, 0., 1.)) + .2 * clamp(1. - abs(u.x + wide * .4) / .0025, 0., 1.);
  float on = mask(max(bottle, -u.y), pixel()) * step(.12, r.w);
  c = mix(c, glass * (.7 + .45 * treble * step(.4, r.x)), on);
  c = mix(c, ink() * .8, mask(y - .007, pixel())); fine_detail = max(fine_detail, mask(d + .006, .004));
  fine_detail = max(fine_detail, mask(d + .006, .004)); lay(s, c, mask(d, pixel()), .6, on * .45);
  lay(s, ink() * .7, mask(abs(d) - .007, pixel()), .55, 0.);
}
void club(inout Shot s, vec2 p) {
  vec2 q = (p + vec2(cam.x * .12, cam.y * .1)) / (1. + cam.z * .07);
  vec2 brick = vec2(q.x * 11. + .5 * step(.5, fract(q.y * 15.)), q.y * 30.), at = floor(brick), f = abs(brick - at - .5); vec4 br = dice4(int(at.x), int(at.y));
  float joint = max(slope(.42, .5, f.x * .5 + .24), slope(.36, .5, f.y));
  s = Shot(room() * (.72 + .34 * br.x - .22 * joint) * (1. - .4 * abs(q.y - .1)), .9, 0.);
  s.c += warm() * .17 * LAMPS * halo(q - vec2(place_x(.52), .16), 14.) + pal[3] * .09 * halo(q - vec2(place_x(-.3), .17), 8.) * (.8 + .3 * bass);
  vec2 win = q - vec2(place_x(-.62), .22); float pane = box2(win, vec2(.085, .15)), bars = min(abs(fract(win.x / .057 + .5) - .5) * .057, abs(fract(win.y / .075 + .5) - .5) * .075) - .003;
  vec3 out_sky = mix(mix(sky_low(), sky_mid(), clamp(win.y * 3. + .5, 0., 1.)), light_colour(), hour == DAY ? .3 : 0.);
  if (weather != CLEAR) out_sky = weather_layer(p, out_sky, 1.);
  lay(s, mix(out_sky, ink(), mask(bars, pixel() * 1.3)), mask(pane, pixel()), .95, mask(pane, pixel()) * (hour == NIGHT ? 0. : .15));
  vec2 n = q - vec2(place_x(-.3), .17); float tube = abs(length(n) - .072) - .0035;
  tube = min(tube, max(abs(n.y - .03 * wave(n.x * 9.) * (.5 + mid)) - .003, abs(n.x) - .12)); // a note's wave through a ring
  float power = (.6 + .35 * mid) * mix(.7, 1., LAMPS);
  s.c += pal[3] * .3 * power * clamp(1. - max(tube, 0.) / .06, 0., 1.);
  shine(s, mix(pal[3], vec3(1.), .35), mask(tube, pixel() * 1.5) * power);
  bottles(s, q - vec2(place_x(.52), .1), max(place_x(.24), .1));
  float counter = max(q.y + .15, place_x(.26) - q.x);
  lay(s, mix(ink(), pal[1], .25) + warm() * .1 * slope(-.165, -.15, q.y), mask(counter, pixel()), .55, 0.);
  vec2 pend = vec2(abs(q.x - place_x(.52)) - place_x(.12), q.y - .37); float shade = max(abs(pend.x) - .02 + .5 * pend.y, abs(pend.y) - .022), wire = max(abs(pend.x) - .0012, -pend.y);
  lay(s, ink() * .6, mask(min(shade, wire), pixel()), .5, 0.);
  shine(s, warm(), (clamp(1.2 - length(pend + vec2(0., .024)) / .016, 0., 1.) + .12 * halo(pend + vec2(0., .03), 420.)) * (.7 + .2 * bass) * LAMPS);
  vec2 g = p + vec2(cam.x * .22, cam.y * .12); float platform = max(g.y + .245, g.x - place_x(.3));
  vec2 a = g - vec2(place_x(-.48), -.245), b = g - vec2(place_x(-.27), -.245), k = g - vec2(place_x(.17), -.245);
  float amp = min(box2(a - vec2(0., .075), vec2(.062, .075)), box2(a - vec2(0., .172), vec2(.06, .02)));
  float drums = min(length(b - vec2(0., .062)) - .062, min(box2(b - vec2(-.075, .11), vec2(.03, .028)), box2(b - vec2(.02, .15), vec2(.03, .022))));
  drums = min(drums, min(box2(vec2(abs(b.x) - .1, b.y - .2 - .002 * sign(b.x)), vec2(.045, .0025)), box2(vec2(abs(b.x) - .1, b.y - .1), vec2(.002, .1))));
  float keys = min(box2(k - vec2(0., .13), vec2(.085, .011)), abs(abs(k.x) - (.13 - k.y) * .5) - .003 + 9. * step(.13, k.y));
  vec3 kit = mix(ink(), mix(pal[1], pal[3], .3), .3);
  lay(s, kit, mask(min(min(amp, drums), max(keys, -k.y)), pixel()), .42, 0.);
  float cone_ring = abs(length(b - vec2(0., .062)) - .052) - .002, grille = box2(a - vec2(0., .075), vec2(.05, .06));
  s.c += mix(pal[3], pal[4], .4) * (mask(cone_ring, pixel() * 1.5) * .35 + mask(grille, pixel()) * .05 * step(.5, fract(a.y * 90.)));
  shine(s, pal[3], clamp(1.2 - length(a - vec2(.04, .172)) / .006, 0., 1.) * (.5 + .5 * bass));
  add_air(s, p, 1.);
  float pool = halo((g - vec2(place_x(-.06), -.275)) * vec2(1., 4.2), 46.) * slope(-.244, -.25, g.y);
  lay(s, mix(ink(), pal[1], .35) + warm() * pool * (.7 + .16 * bass) * LAMPS + pal[3] * .12 * slope(-.252, -.245, g.y), mask(platform, pixel()), .35, .15 * pool);
  float edge = max(g.y + .305, g.x - place_x(.3)); lay(s, ink() * .7, mask(edge, pixel()), .3, 0.);
  float lip = max(abs(g.y + .305) - .0025, g.x - place_x(.3)); shine(s, mix(pal[3], pal[4], .3), mask(lip, pixel()) * (.25 + .4 * mid));
  vec2 m = (g - vec2(place_x(-.06) + .085, -.262)) / .27; lay(s, ink() * .4 + warm() * .25 * step(.0, m.x) * LAMPS, mask(mic_stand(m) * .27, pixel()), .12, 0.);
  stand(s, p, vec2(place_x(-.06) - cam.x * .22, -.272 - cam.y * .12), .37, vec2(place_x(.0), -.04), .24, ink() * .45, vec2(place_x(.2), .6), warm());
  vec3 rim = mix(warm(), pal[3], .4) * .3;
  crowd(s, p + vec2(cam.x * .4, cam.y * .2), -.415, .033, 31, .2, ink() * .7, rim, .0, 0.);
  crowd(s, p + vec2(cam.x * .6, cam.y * .2), -.5, .056, 37, .1, ink() * .4, rim * .8, .08, .9);
  vec2 c = p - vec2(place_x(.62) - cam.x * .4, -.315); float flicker = .75 + .25 * treble; // a candle in a glass on the bar
  lay(s, mix(warm(), pal[3], .3) * flicker * .8, mask(box2(c, vec2(.014, .022)), pixel()), .3, .5);
  shine(s, warm(), (.3 * halo(c, 900.) + clamp(1.2 - length(c * vec2(1.5, 1.)) / .012, 0., 1.)) * flicker * LAMPS);
}

// ---------------------------------------------------------------- 2 theatre
// Velvet in folds: shade across `x`, more folds the larger `n`.
float folds(float x, float n) { float a = triangle(x * n), b = triangle(x * n * .37 + .3); return .5 + .32 * a + .2 * b; }
vec3 velvet(float k) { return mix(mix(pal[0], pal[3], .12), mix(pal[3], pal[1], .32), k * k) * (hour == DAY ? 1. : hour == DAWN ? .85 : hour == DUSK ? .72 : .6); }

// The painted sky: the hour and the weather of the play.
vec3 backdrop(vec2 p) {
  vec3 c = open_sky(p * 1.2, BOARDS);
  vec2 o = p - vec2(place_x(.12), hour == DAY ? .2 : .1); float r = length(o);
  c += light_colour() * halo(o, 50.) * (.2 + .2 * bass);
  c = mix(c, mix(light_colour(), pal[4], .5), mask(r - .085, .003));
  float x = p.x + cam.x * .08 + rnd.y, one = BOARDS + .12 + .06 * wave(x * 1.1) + .012 * triangle(x * 6.), two = BOARDS + .06 + .05 * wave(x * .9 + .4) + .02 * triangle(x * 3.);
  c = mix(c, mix(pal[2], sky_low(), .4) * (hour == DAY ? .95 : .7), mask(p.y - one, .003));
  return mix(c, mix(pal[1], sky_low(), .2) * (hour == DAY ? .8 : .6), mask(p.y - two, .003));
}

void theatre(inout Shot s, vec2 p) {
  float w = min(.62, aspect * .43), push = 1. + cam.z * .09;
  vec2 q = (p + vec2(cam.x * .14, cam.y * .1)) / push, b = p + vec2(cam.x * .05, 0.);
  s = Shot(backdrop(b), .95, 0.);
  s.glow = .35 * mask(length(b - vec2(place_x(.12), hour == DAY ? .2 : .1)) - .085, .01);
  float floor_y = BOARDS - q.y, z = .12 / max(floor_y + .1, .02), plank = abs(fract(q.x * z * 9.) - .5);
  vec3 wood = mix(mix(ink(), pal[1], .5), warm(), .18 + .1 * fract(floor(q.x * z * 9.) * .37)) * (.75 + .25 * slope(.46, .4, plank));
  float pool = halo((q - vec2(0., BOARDS - .05)) * vec2(1., 3.4), 20.);
  wood = mix(wood, s.c, .12) + warm() * pool * (.3 + .1 * bass) * LAMPS;
  lay(s, wood, mask(-floor_y, pixel()), .6, .1 * pool);
  if (weather == FOG || weather == RAIN) lay(s, mix(sky_low(), light_colour(), .4), clamp(.5 - abs(floor_y) * 5., 0., 1.) * fbm1(vec2(q.x * 3. - t * .08, q.y * 5.)) * 1.3, .6, 0.);
  if (weather != CLEAR && weather != FOG) s.c = weather_layer(p, s.c, s.depth); // snow and rain of the stage
  add_air(s, p, .8);
  stand(s, p, vec2(-cam.x * .14, BOARDS - .045 - cam.y * .1), .36, vec2(place_x(-.1), .06), .24, ink() * .4, vec2(0., .5), warm());
  float blow = (weather == WIND ? .03 : .006) * wave(t * .19 + q.y * 1.1 + rnd.x), x = abs(q.x) + blow * sign(q.x);
  float tie = clamp(1. - abs(q.y + .06) * 3.2, 0., 1.), open = w * (.66 + .2 * tie * tie * (3. - 2. * tie)) - .16 * w * clamp((q.y + .06) * 2.4, 0., 1.);
  float cloth = open - x, pleat = folds((x - open) / max(w * 1.1 - open, .05) * .55 + .03 * q.y, 7.);
  vec3 red = velvet(pleat) * (.8 + .35 * halo(vec2(x - open, q.y - BOARDS), 12.)) + warm() * .05 * (.5 + mid) * slope(.1, -.2, q.y);
  red = mix(red, mix(warm(), pal[4], .3) * .6, max(clamp(1. - abs(cloth + .008) / .005, 0., 1.) * .8, mask(abs(q.y + .06) - .008, pixel() * 1.5) * step(cloth, 0.)));
  lay(s, red, mask(max(cloth, BOARDS - .03 - q.y), pixel() * 1.5), .45, 0.);
  float u = q.x / (w * .29), swag = .335 - .05 * (1. - pow(abs(fract(u + .5) - .5) * 2., 2.)) + .004 * wave(t * .1 + u);
  vec3 top = velvet(folds(u * .5 + (q.y - .4) * wave(u) * .4, 6.)) * (.62 + .9 * slope(.45, .3, q.y));
  top = mix(top, mix(warm(), pal[4], .3) * .7, clamp(1. - abs(q.y - swag - .008) / .007, 0., 1.) * (.6 + .4 * step(.35, fract(q.x * 70.))));
  lay(s, top, mask(swag - q.y, pixel() * 1.5), .4, 0.);
  float wide = max(abs(q.x) - w, q.y - .45), arch = abs(wide - .022) - .022, moulding = triangle(wide * 34.);
  vec3 gold = mix(mix(pal[1], warm(), .45), warm(), .25 + .25 * moulding) * mix(.5, 1., hour == DAY ? 1. : .35) + warm() * .2 * halo(vec2(0., q.y + .2), 9.) * LAMPS;
  gold *= .85 + .15 * step(.2, fract(q.y * 26.));
  vec3 wall = mix(ink(), velvet(.5), .35) * (.8 + .5 * halo(vec2(abs(q.x) - w - .2, q.y - .05), 30.)) ;
  vec2 box = vec2(abs(q.x) - w - .17, q.y - .08), sconce = box - vec2(0., .1); // boxes with a lamp each at the sides
  wall = mix(wall, velvet(.35 + .3 * triangle(box.x * 20.)), mask(box2(box, vec2(.1, .07)), pixel())); wall = mix(wall, gold * .8, mask(abs(box2(box + vec2(0., .08), vec2(.115, .022))) - .004, pixel()));
  lay(s, wall, mask(-wide, pixel()), .35, 0.);
  shine(s, warm(), (clamp(1.2 - length(sconce) / .012, 0., 1.) + .16 * halo(sconce, 300.)) * (.7 + .2 * treble) * step(0., wide) * mix(.7, 1., LAMPS));
  lay(s, gold, mask(arch, pixel()), .32, 0.);
  float apron = max(q.y + .315, abs(q.x) - w * 2.); lay(s, mix(ink(), pal[1], .25) * .8, mask(apron, pixel()), .3, 0.);
  lay(s, gold * .7, mask(abs(q.y + .318) - .005, pixel()), .3, 0.);
  float n = w / 6.5, i = floor(q.x / n + .5); vec2 l = vec2(q.x - i * n, q.y + .3), shell = l - vec2(0., -.004); // footlights
  float power = (.45 + .3 * mid + .25 * wave(t * .4 + i * .31) * treble) * step(abs(i), 6.) * mix(.7, 1., LAMPS);
  lay(s, ink() * .5, mask(max(length(shell) - .016, -shell.y), pixel()) * step(abs(i), 6.), .28, 0.);
  shine(s, warm(), (clamp(1.3 - length(l - vec2(0., .014)) / .009, 0., 1.) + .26 * clamp(1. - abs(l.x) / (.012 + max(l.y, 0.) * .3), 0., 1.) * slope(.13, 0., l.y) * step(0., l.y)) * power);
  vec2 c = q - vec2(0., .345); // chandelier: two crowns of candles, hung with crystals
  float tier = c.y > .0 ? .07 : .12, yy = c.y > 0. ? c.y - .035 : c.y + .03, m = floor(c.x / tier * 3.5 + .5);
  vec2 flame = vec2(c.x - m * tier / 3.5, yy - .02 - .01 * abs(m) / 3.); float here = step(abs(m), 3.);
  float iron = min(min(abs(yy + .006 - .9 * c.x * c.x) - .0026 + 9. * step(tier, abs(c.x)), max(abs(c.x) - .0022, -c.y - .06)), max(abs(flame.x) - .0032, abs(flame.y + .012) - .012) + 9. * (1. - here));
  lay(s, gold, mask(iron, pixel() * 1.2), .25, 0.);
  float drop = fract(c.x * 62.), glass = max(abs(drop - .5) - .22, abs(yy + .02 - .9 * c.x * c.x) - .014) + 9. * step(tier, abs(c.x));
  shine(s, pal[4], step(glass, 0.) * (.16 + .4 * hat * step(.5, fract(floor(c.x * 62.) * .618))));
  shine(s, warm(), here * (clamp(1.2 - length(flame * vec2(1.6, 1.)) / .011, 0., 1.) + .1 * halo(flame, 1500.)) * (.65 + .35 * treble));
  vec3 rim = mix(warm(), pal[3], .35) * .32;
  crowd(s, p + vec2(cam.x * .3, cam.y * .15), -.385, .026, 41, .2, mix(ink(), velvet(.3), .4) * .75, rim, .0, 0.);
  crowd(s, p + vec2(cam.x * .45, cam.y * .15), -.47, .042, 47, .1, ink() * .45, rim * .8, .0, 0.);
}

// ---------------------------------------------------------------- 3 from behind the performer
// The field of people out to the shore: rows of heads that thin into haze, phones among them. k: picture heights under the shore.
void field(inout Shot s, vec2 p, float k) {
  float z = .05 / (k + .012);
  vec3 ground = mix(mix(ink(), pal[1], .4), mix(sky_low(), light_colour(), .2), clamp(z * .22, 0., .6));
  vec2 g = vec2((p.x + cam.x * .12) * z * 84., z * 14. + cam.z * .6), i = floor(g); g.x += .5 * mod(i.y, 2.); i.x = floor(g.x);
  vec4 r = dice4(int(i.x), int(i.y) + seed());
  vec2 f = g - i - .25 - .5 * r.xy, in_px = vec2(1. / (z * 84.), .05 / (z * z * 14.)) / pixel(); // pixels a cell measures
  float bob = .3 * (.3 + loudness) * wave(beat_phase + r.z * .3);
  float head = clamp(.5 + (.24 - length(vec2(f.x, (f.y + bob) * .5))) * in_px.x * .8, 0., 1.);
  float sharp = clamp(in_px.x * .25 - .6, 0., 1.);
  vec3 c = mix(ground, ground * 1.35 + mix(pal[3], light_colour(), .5) * .1, head * sharp);
  float near = 1. - clamp(length(f * vec2(1., in_px.y / in_px.x)) * in_px.x / max(.14 * in_px.x, 1.1), 0., 1.), lit = slope(.62 - .2 * energy, .7, r.w);
  float twinkle = .5 + .25 * triangle(t * .19 + r.z * 7.) + .4 * hat * step(.4, r.x);
  float phone = near * near * lit * twinkle * (hour == DAY ? .25 : hour == DAWN ? .5 : 1.) * clamp(in_px.y * .5, .12, 1.);
  lay(s, c, mask(-k, pixel() * 2.), mix(.9, .4, clamp(k * 5., 0., 1.)), 0.);
  shine(s, mix(cold(), vec3(1.), .3), min(phone * 1.5, 1.) * step(0., k));
}

void behind(inout Shot s, vec2 p) {
  vec3 o = orb(); vec2 q = p - vec2(-cam.x * .05, -cam.y * .08);
  s.c = open_sky(vec2(p.x, p.y), SHORE);
  float r = length(p - o.xy);
  lay(s, hour == DAY ? mix(light_colour(), vec3(1.), .5) : mix(light_colour(), pal[4], .4), mask(r - o.z, pixel() * 1.5) * (weather == CLEAR || weather == WIND ? 1. : .45), 1., .35 * mask(r - o.z, .004));
  float off = SHORE - q.y, bay = -.05; // the sea lies between the sky and the field
  vec4 n = textureLod(noise_tex, vec2(p.x * 1.2 + t * .01, .5 / (max(off, 0.) + .03) + t * .12 + flow * .08) / 8., 0.);
  vec3 sea = mix(mix(sky_low(), pal[1], .45), sky_mid(), .3) * (hour == DAY ? .95 : .75);
  float glint = slope(.42, .62, n.b) * clamp(1.1 - abs(p.x - o.x) / (.06 + max(off, 0.) * 1.4), 0., 1.);
  lay(s, sea + light_colour() * glint * .7, mask(-off, pixel()), .9, glint * .3);
  float coast = p.x + cam.x * .06 + rnd.y * 3., hills = q.y - SHORE - .05 * slope(.25, .9, abs(p.x - .1) / aspect * 2.) * (.6 + .4 * wave(coast * 1.3)) + .004;
  lay(s, mix(pal[1], sky_low(), .5) * (hour == DAY ? 1. : .8), mask(max(hills, SHORE - q.y), pixel() * 1.5), .9, 0.);
  field(s, q, bay - q.y);
  for (int i = 0; i < 2; i++) { // towers of lamps among the crowd
    vec2 a = q - vec2(place_x(i == 0 ? -.5 : .52), -.13); float legs = max(truss(a.yx - vec2(.1, 0.), .017), abs(a.y - .08) - .1), top = box2(a - vec2(0., .19), vec2(.032, .018));
    lay(s, ink() * .8, mask(min(legs, top), pixel()), .6, 0.);
    vec2 l = vec2(abs(abs(a.x) - .015) , a.y - .19); shine(s, mix(cold(), vec3(1.), .5), clamp(1.3 - length(l - vec2(.008, 0.)) / .009, 0., 1.) * (.7 + .3 * snare) * LAMPS);
  }
  vec3 rim = mix(light_colour(), pal[3], .35) * .4;
  crowd(s, q, -.205, .0115, 53, .35, mix(ink(), pal[1], .4), rim * .6, .5, .5);
  add_air(s, p, 1.);
  crowd(s, q + vec2(cam.x * .1, 0.), -.262, .018, 59, .3, ink(), rim * .7, .5, .35);
  vec2 g = p + vec2(cam.x * .3, cam.y * .15), u = vec2(g.x, g.y + .29);
  float plank = abs(fract(g.x * 1.2 / (.25 + .9 * max(-u.y, 0.)) * 2.4) - .5);
  float sheen = clamp(1. - abs(g.x - o.x - cam.x * .1) * 1.4, 0., 1.);
  vec3 boards = mix(ink(), pal[1], .25) * (.7 + .3 * slope(.48, .42, plank)) + mix(light_colour(), pal[3], .4) * sheen * slope(-.2, .0, u.y) * (.22 + .1 * bass);
  lay(s, boards, mask(u.y, pixel()), .2, 0.);
  shine(s, mix(pal[3], pal[4], .4), mask(abs(u.y) - .0025, pixel() * 1.5) * (.3 + .45 * mid) * LAMPS);
  vec2 m = vec2(abs(g.x - place_x(-.05)) - place_x(.36), u.y - .028); // monitors at the edge
  lay(s, ink() * .5, mask(max(box2(m, vec2(.055, .036)), dot(vec2(m.x, m.y), vec2(-.5, .86)) - .02), pixel()), .18, 0.);
  vec2 mic = (g - vec2(place_x(-.12) + .1, -.37)) / .36; lay(s, ink() * .35, mask(mic_stand(mic) * .36, pixel()), .12, 0.);
  vec2 e = p + vec2(cam.x * .12, cam.y * .1), lamp = vec2(abs(fract(e.x / place_x(.288) + .5) - .5) * place_x(.288), e.y - .405);
  float roof = min(truss(e - vec2(0., .455), .026), box2(lamp, vec2(.014, .022))); roof = min(roof, .485 - e.y);
  lay(s, ink() * .55, mask(roof, pixel()), .15, 0.);
  shine(s, gel(int(floor(e.x / place_x(.288) + .5)) + 9), clamp(1.25 - length(lamp + vec2(0., .022)) / .013, 0., 1.) * (.7 + .3 * snare) * LAMPS);
  stand(s, p, vec2(place_x(-.12) - cam.x * .3, -.38 - cam.y * .15), .43, vec2(place_x(.0), .08), .26, ink() * .3, o.xy, mix(light_colour(), pal[3], .3));
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(pal[0], 1., 0.);
  if (variant == 0) festival(s, p);
  if (variant == 1) club(s, p);
  if (variant == 2) theatre(s, p);
  if (variant == 3) behind(s, p);
  if (variant == 0 || variant == 3) { if (weather == FOG) s.c = hazed(s.c, s.depth); s.c = weather_layer(p, s.c, s.depth); }
  else if (weather == FOG) s.c = mix(s.c, mix(sky_low(), warm(), .3), .3 * s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
