// City, the parts that its compositions share (sky, towers, lamps, water, where a subject stands), and composition 0, the harbour.
// Lengths are in picture heights (variant 1 and 2: in street or bridge units, divided by depth). Every edge is one pixel soft.

struct Shot { vec3 c; float depth; float glow; };

// How much of the city's own light is on, how strong the haze is, how wet the ground is.
const float LAMPS = hour == 0 ? 1. : hour == 3 ? .85 : hour == 1 ? .5 : .06;
const float HAZE = weather == 3 ? .75 : weather == 1 ? .42 : weather == 2 ? .5 : .3;
const float WET = weather == 1 ? .85 : weather == 2 ? .25 : hour == 2 ? .16 : .42;
const float FOCAL = .9;

float box2(vec2 q, vec2 b) { vec2 d = abs(q) - b; return max(d.x, d.y); }
float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
float dice(int a, int b) { return unit_float(scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u)); }
int seed() { return int(rnd.x * 977.) * 31; }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec3 ink() { return hour == 2 ? mix(pal[1], pal[2], .25) : hour == 1 ? mix(pal[0], pal[1], .8) : mix(pal[0], pal[1], .15) * .8; }
vec3 haze() { return hour == 0 ? mix(sky_low(), sky_mid(), .45) : mix(sky_low(), sky_mid(), .25); }
vec3 aerial(float k) { return mix(ink(), haze(), k); }
vec3 snow() { return mix(mix(pal[4], sky_mid(), .4), vec3(1.), .1) * (hour == NIGHT ? .5 : hour == DUSK ? .65 : .88); }
vec3 lamp_warm() { return mix(pal[4], vec3(1., .74, .4), .55); }
vec3 lamp_cold() { return mix(mix(pal[4], pal[2], .35), vec3(.62, .86, 1.), .4); }

// Where the sun or moon stands: centre and radius.
vec3 orb() {
  float low = hour == 2 ? .1 : 0.;
  if (variant == 0) return vec3(place_x(.17), .15 + low, hour == DAY ? .07 : aspect < .8 ? .13 : .185);
  if (variant == 1) return vec3(-cam.x * .04, .005 + low * 2.2, hour == 2 ? .05 : .12);
  if (variant == 2) return vec3(place_x(.16), .02 + low * 2.4, hour == 2 ? .05 : .13);
  return vec3(place_x(-.1), .06 + low * 2., hour == 2 ? .06 : .21);
}

// Stars in cells of 0.02, each at its own place, breathing with the treble.
void stars(inout Shot s, vec2 p) {
  if (hour != 0 && hour != 3) return;
  vec2 g = p * 46.; ivec2 i = ivec2(floor(g));
  float r = dice(i.x + 311, i.y + seed());
  vec2 at = vec2(.25) + .5 * vec2(r * 7. - floor(r * 7.), r * 23. - floor(r * 23.));
  float d = length(fract(g) - at) / 46.;
  vec2 point = star_point(.55 + .7 * fract(r * 71.));
  float on = clamp((r - .72) * 3.6, 0., 1.) * smoothstep(.02, .35, p.y) * (.6 + .25 * triangle(t * .21 + r * 9.) + .35 * treble);
  float a = clamp(1.3 - d / point.x, 0., 1.) * point.y * on * (hour == 3 ? .5 : .9) * (weather == 0 || weather == 4 ? 1. : .15);
  s.c += mix(pal[4], vec3(1.), .5) * a; s.glow = max(s.glow, a * .6);
}

// The moon or sun, with seas on it at night and a soft band of haze across its foot.
void disc(inout Shot s, vec2 p) {
  vec3 o = orb(); vec2 q = (p - o.xy) / o.z;
  float r = length(q);
  vec3 c = hour == 0 ? mix(mix(pal[3], pal[4], .5), mix(pal[4], vec3(1.), .35), smoothstep(-1.1, .7, q.y + q.x * .2)) : mix(light_colour(), vec3(1., .98, .9), .55 * smoothstep(-1., .6, q.y));
  if (hour == 0) {
    float seas = clamp(1. - length(q - vec2(-.3, .35)) * 2.1, 0., 1.) + clamp(1. - length(q - vec2(-.42, -.12)) * 2.5, 0., 1.)
      + clamp(1. - length(q - vec2(.22, .38)) * 2.8, 0., 1.) + clamp(1. - length(q - vec2(.3, -.05)) * 3., 0., 1.) + clamp(1. - length(q - vec2(.05, -.55)) * 3.4, 0., 1.) * .7;
    c = mix(c, c * mix(pal[2], pal[3], .5) + .12 * pal[3], min(seas, 1.) * .42);
    c *= 1. - .22 * r * r;
  }
  float veil = smoothstep(-1.05, -.1, q.y) * .30 + .70;
  float cloudy = weather == 0 || weather == 4 ? 1. : weather == 3 ? .55 : .35;
  float a = mask((r - 1.) * o.z, pixel() * 1.5) * mix(veil, 1., .3) * cloudy;
  lay(s, c, a, 1., .24 * mask((r - 1.) * o.z, pixel() * 1.5));                   // whole for styles that cut it out
}

// Window light on a facade: q in facade units, cell in the same units, soft = size of a pixel there (x, y). Far cells fade to their mean.
float panes(vec2 q, vec2 cell, vec2 soft, int id, float share) {
  vec2 g = q / cell, i = floor(g), f = abs(g - i - .5), in_px = cell / soft;
  vec2 a = clamp((vec2(.3, .33) - f) * in_px + .5, 0., 1.);
  vec4 one = dice4(int(i.x) * 7 + id * 131, int(i.y));
  float row = dice(id * 17 + 5, int(i.y));
  float r = mix(one.x, row, (id & 3) == 1 ? .0 : (id & 3) == 0 ? .75 : .3);
  float on = clamp((share - r) * 7., 0., 1.) * (.55 + .45 * one.y);
  return mix(share * .3, a.x * a.y * on, clamp(min(in_px.x, in_px.y) * .5 - .7, 0., 1.));
}

// Distance to one tower standing on y=0: kind picks its crown; squat ones keep plain roofs.
float tower(vec2 q, float w, float h, int kind, float r) {
  float x = abs(q.x), y = q.y - h, d = x - w;
  float plant = box2(vec2(q.x - (r - .5) * w, y), vec2(w * .35, .012));
  float flat_top = min(max(d, y), plant);
  float steps = min(max(d, y + h * .26), min(max(x - w * .72, y + h * .1), max(x - w * .42, y - h * .03)));
  float taper = max(d + w * .4 * clamp(q.y / h, 0., 1.), y + x * .5);
  float slant = max(d, y - q.x * (r > .5 ? .55 : -.55));
  float crown = min(max(d, y + h * .1), max(x - w * .8 + (y + h * .1) * .45, y - .02));
  float shape = kind == 1 ? steps : kind == 2 ? taper : kind == 3 ? slant : kind == 4 ? crown : flat_top;
  shape = h < w * 3. ? flat_top : shape;
  return min(shape, max(abs(q.x - (r - .5) * w * .5) - .0011, y - .05 * step(.45, r)));
}

// The nearest facade found so far at this pixel; painted once, when all bands are through.
struct Face { float on, k, side, up, shown, tone, lod, crest, beacon; vec2 u; int id; };
Face sky_face() { return Face(0., 1., 0., 0., 0., 0., 1., 0., 0., vec2(0.), 0); }

void front(inout Face f, float d, float k, float side, float up, vec2 u, float tone, float lod, int id) {
  float a = mask(d, pixel());
  f.on = mix(f.on, 1., a); f.k = mix(f.k, k, a); f.side = mix(f.side, side, a); f.up = mix(f.up, up, a); f.beacon *= 1. - a; f.crest *= 1. - a;
  if (a > .5) { f.u = u; f.tone = tone; f.lod = lod; f.id = id; f.shown = clamp(-d / pixel() - 1., 0., 1.); }
}

// One band of towers, q.y from the ground. k is its distance, lod the size of its windows; towers keep low before the orb at o.
void band(inout Face f, vec2 q, float cells, float low, float tall, float k, int id, vec2 o, float lod, bool beacons) {
  float x = q.x * cells + float(id) * .37 + rnd.y * 9., i = floor(x);
  vec4 r = dice4(int(i), id + seed());
  vec2 u = vec2((x - i - .5 + (r.y - .5) * .12) / cells, q.y);
  float w = (.3 + .17 * r.y) / cells, open = clamp(abs(q.x - o.x) * 4.5 - .25, 0., 1.);
  float h = low + tall * r.x * r.x * (.25 + .75 * open);
  float body = tower(u, w, h, int(r.z * 4.999), r.y);
  float x2 = floor(x * 1.9), low_top = low * (.45 + .75 * dice(int(x2), id + 5));
  bool tall_one = body < q.y - low_top;
  float side = tall_one ? clamp((u.x * sign(o.x - q.x) - w * .25) / pixel() * .5, 0., 1.) : .3;
  int face_id = tall_one ? int(i) * 13 + id : int(x2) * 7 + id + 3;
  front(f, min(body, q.y - low_top), k, side, q.y / (low + tall * .6), u, tall_one ? r.w : fract(low_top * 977.), lod, face_id);
  if (!beacons || hour == DAY || r.y < .45) return;
  vec2 top = abs(u - vec2((r.y - .5) * w * .5, h + .05));
  f.beacon = max(f.beacon, clamp(1. - (top.x + top.y) / .007, 0., 1.) * (.3 + .25 * triangle(t * .33 + r.z * 7.) + .6 * snare));
}

void paint(inout Shot s, Face f) {
  vec3 c = aerial(f.k);
  c = mix(c, haze(), clamp(1. - f.up, 0., 1.) * (.22 + HAZE * .6) * (.4 + f.k));
  c += light_colour() * f.side * (hour == DAY ? .2 : hour == NIGHT ? .07 : .16) * (1. - .4 * f.k);
  float share = hour == DAY ? .9 : (.26 + .34 * energy + .24 * hat * step(.5, f.tone) + .2 * (treble - .5) * step(f.tone, .4) + .3 * snare * step(.82, f.tone)) * LAMPS;
  float lit = f.shown * panes(f.u + .5, vec2(.0092, .0118) * f.lod * (.85 + .4 * f.tone), vec2(pixel()), f.id, share);
  if (hour == DAY) c = mix(c, mix(sky_mid(), pal[4], .4), lit * .25);
  else c = mix(c, f.tone > .7 ? lamp_cold() : lamp_warm(), lit * (1. - f.k * .55) * .92);
  c = mix(c, mix(pal[3], pal[4], .35), f.crest);
  if (weather == SNOW) c = mix(c, snow(), clamp(f.up * 6. - 5.35, 0., 1.) * .55 * (1. - f.k));
  fine_detail = mix(fine_detail, .7 * f.shown, f.on);
  lay(s, c, f.on, .35 + .5 * f.k, hour == DAY ? 0. : max(lit * .5 * (1. - .5 * f.k), f.crest * .9));
  if (hour != DAY) shine(s, mix(pal[3], vec3(1., .25, .2), .6), f.beacon * LAMPS * (1. - .5 * f.k));
}

// Beams of light from behind the skyline; wide and faint, led by the voice.
void beams(inout Shot s, vec2 p, vec2 from, float lean) {
  vec2 q = p - from;
  float y = max(q.y, 0.), turn = .3 * wave(t * .035 + flow * .03), w = 1. / (.006 + y * .05);
  float a = clamp(1. - abs(q.x - y * (turn + lean) - .03) * w, 0., 1.) + clamp(1. - abs(q.x - y * (turn * -.8 - lean) + .03) * w, 0., 1.);
  s.c += lamp_cold() * a * clamp(1. - y / .62, 0., 1.) * (.07 + .36 * vocals) * LAMPS;
}

// Boats, whales and ships belong on water; birds, balloons and butterflies in the air; all others on firm ground.
const bool AFLOAT = subject_id == SJ_BOAT || subject_id == SJ_WHALE || subject_id == SJ_SHIP;
const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || SJ_HANGS;
vec2 subject_spot(vec2 ground, vec2 sea, vec2 air) { return AFLOAT ? sea : ALOFT ? air : ground; }
float subject_size(float ground, float sea, float air) { return AFLOAT ? sea : ALOFT ? air : ground; }

void stand(inout Shot s, vec2 p, vec2 at, float size, vec3 c, vec2 from) {
  vec2 q = (p - at) / size; float soft = pixel() / size, d = variant == 1 && subject_id == SJ_CAR ? subject_rear(q) : subject(q);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float m = mask(d, soft * 1.6), facing = dot(out_way, normalize(from - at)) / max(length(out_way), 1e-6);
  lay(s, c, m, .1, 0.); subject_cover = m; fine_detail *= 1. - mask(d - .03, .03);
  s.c += light_colour() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * (hour == DAY ? .3 : .5);
  if (variant == 1 && subject_id == SJ_CAR) {
    vec2 tail = vec2(abs(q.x) - .36, q.y - .36); float lamp = clamp(1.2 - length(tail / vec2(1.7, 1.)) / .055, 0., 1.);
    s.c += mix(pal[3], vec3(1., .15, .1), .6) * (lamp * 1.2 + .1 / (1. + dot(tail, tail) * 40.) * LAMPS) * (.75 + .25 * kick); s.glow = max(s.glow, lamp);
    return;
  }
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// ---------------------------------------------------------------- 0 harbour
const float WATERLINE = -.16;

// A landmark with stepped shoulders, a crown of lit arches and a spire.
void landmark(inout Face f, vec2 q, float h, vec2 o) {
  float x = abs(q.x), y = q.y, v = (y - h * .76) / (h * .17);
  float d = min(max(x - .034, y - h * .62), max(x - .026, y - h * .76));
  float crown = max(x - .02 * sqrt(max(.9 - v * .9, 0.)), y - h * .93);
  d = min(d, min(crown, max(x - .0016 * clamp((h * 1.12 - y) / (h * .2), .35, 2.), y - h * 1.12)));
  float side = clamp((q.x * sign(o.x) - .012) / pixel() * .4, 0., 1.);
  front(f, d, .14, side, y / h, q, .52, .8, 4);
  if (v < 0.) return;
  f.shown = d < 0. ? 0. : f.shown;
  f.crest = clamp(.3 + triangle(v * 2.6 + x * 30.) * 1.6, 0., 1.) * step(v, 1.) * step(crown, -.0015) * (.35 + .65 * bass) * max(LAMPS, .12);
}

void water(inout Shot s, vec2 p, float far_off, vec3 ripple, vec3 o) {
  vec3 deep = mix(ink(), sky_top(), .4) * (hour == 2 ? 1. : .8);
  s.c = mix(s.c * vec3(.82), deep, clamp(.12 + far_off * 1.5, 0., .82));
  float column = clamp(1. - abs(p.x - o.x + (ripple.x - .5) * .1) / (.03 + far_off * .55 + o.z * .5), 0., 1.);
  float glint = smoothstep(.60 - .1 * loudness, .8, ripple.z) * column * column;
  s.c += light_colour() * glint * (hour == 2 ? .4 : .62) * clamp(far_off * 22., 0., 1.) * (WET > .8 ? .5 : 1.);
  s.c += sky_low() * smoothstep(.58, .9, ripple.y) * .12;
  s.glow = s.glow * .35 + glint * .35;
  s.depth = mix(.75, .12, clamp(far_off * 3., 0., 1.));
}

// Noise on a level surface seen from low above: .xy bend what is mirrored, .z is where it glints.
vec3 ripples(vec2 p, float far_off) {
  float z = 1. / (far_off + .035);
  vec4 n = textureLod(noise_tex, vec2(p.x * z * .9 + rnd.z * 7. + t * .02, z * 2.1 + t * .25 + flow * .22) / 8., 0.);
  return vec3(n.b * 2. - .5, n.a, (n.b + n.a) * .55);
}

void harbour(inout Shot s, vec2 p) {
  vec3 o = orb();
  vec2 shift = cam.xy * vec2(.16, .2);
  float far_off = WATERLINE - p.y + shift.y * .3;
  float wet = step(0., far_off);
  vec3 rip = ripples(p, max(far_off, 0.));
  vec2 q = vec2(p.x, abs(far_off) * mix(1., 1.12, wet));
  q += wet * (rip.xy - .5) * vec2(.05, .09) * (.3 + loudness) * clamp(far_off * 5., .12, 1.);
  q.y = max(q.y, 0.);
  vec2 sky_p = vec2(q.x, q.y + WATERLINE);
  s.c = far_at(sky_p);
  if (wet < .5) { stars(s, p); }
  beams(s, sky_p, vec2(place_x(-.1), WATERLINE), .5);
  if (wet < .5) disc(s, sky_p);
  float push = 1. + cam.z * .05;
  Face f = sky_face();
  band(f, (q + vec2(shift.x * .25, 0.)) / (1. + cam.z * .02), 17., .05, .13, .62, 3, o.xy, .8, false);
  band(f, (q + vec2(shift.x * .55, 0.)) / push, 10.5, .04, .25, .36, 11, o.xy, .95, true);
  landmark(f, (q - vec2(place_x(-.22) - shift.x * .6, 0.)) / push, .37, vec2(1., 0.));
  band(f, (q + vec2(shift.x, 0.)) / (1. + cam.z * .1), 7.5, .035, .15, .08, 29, o.xy, 1.15, true);
  paint(s, f);
  s.c += haze() * clamp(1. - q.y / .05, 0., 1.) * (.1 + .25 * HAZE) * (1. - wet);
  if (wet > .5) water(s, p, far_off, rip, o);
  lay(s, ink() * .5, mask(abs(far_off) - .0016, pixel()) * .7, .5, 0.);
  vec3 pier_light = lamp_warm();
  vec2 g = vec2(p.x + cam.x * .35, p.y + .43 + .02 * cam.y);
  float left = place_x(-.12);
  float deck = max(g.y - .012, g.x - left), posts = max(box2(vec2(mod(g.x, .085) - .042, g.y + .03), vec2(.007, .06)), g.x - left);
  float bollard = box2(g - vec2(left - .03, .022), vec2(.01, .014));
  vec2 l = g - vec2(left - .17, .0);
  float lamp = min(box2(l - vec2(0., .12), vec2(.0022, .12)), min(sd_capsule(l, vec2(0., .24), vec2(.035, .25), .002), box2(l - vec2(.036, .246), vec2(.012, .004))));
  float d = min(min(deck, posts), min(bollard, lamp));
  vec3 wood = ink() * .55 + pier_light * LAMPS * .3 * clamp(1. - length(l - vec2(.03, .0)) * 5., 0., 1.) * step(abs(g.y - .004), .009);
  if (weather == SNOW) wood = mix(wood, snow(), clamp(1. - abs(g.y - .012) / .006, 0., 1.) * .85);
  lay(s, wood, mask(d, pixel()), .08, 0.);
  if (subject_id != 0) stand(s, p, subject_spot(vec2(left - .07 - cam.x * .35, -.418), vec2(place_x(.05), -.25), vec2(place_x(.1), .16)), subject_size(.2, .13, .16), ink() * .5, o.xy);
  float bulb = length(l - vec2(.037, .24));
  s.c += pier_light * LAMPS * (.7 + .3 * mid) * (clamp(1. - bulb / .008, 0., 1.) + .22 / (1. + bulb * bulb * 900.));
  s.glow = max(s.glow, LAMPS * clamp(1. - bulb / .012, 0., 1.));
}
