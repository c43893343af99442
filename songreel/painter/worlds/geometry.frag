// Sacred geometry: 0 the flower of life unfolds over a stepped altar, 1 a rosette of petals in depth, 2 the solids nested, wire and glass,
// 3 a shell that winds up the golden way. Lengths are in picture heights; the figure is the light, and the subject stands before it.

struct Shot { vec3 c; float depth; float glow; };

const float DAYLIGHT = hour == NIGHT ? 0. : hour == DAWN ? .6 : hour == DAY ? 1. : .35;
const float AIR = weather == FOG ? 1. : weather == RAIN || weather == SNOW ? .5 : .25;

float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
float room() { return clamp(aspect / 1.25, .62, 1.); } // how large a round figure may be in an upright picture
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.15 - s.c); s.glow = max(s.glow, min(a, 1.)); }
// Wire: light on a dark sky, dark on a bright one.
void wire(inout Shot s, float a, float more) {
  if (hour == DAY) { s.c = mix(s.c, mix(pal[1], pal[0], .35), min(a * (.85 + more), 1.)); return; }
  shine(s, mix(pal[4], pal[3], .3), a * (.62 + more));
}
float drift() { return t * .012 + flow * .022; }
vec3 sun() { return mix(light_colour(), pal[4], .4); }
vec3 gold() { return mix(pal[4], pal[3], .3); }
vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .35 : .12) * (hour == NIGHT ? .6 : .85); }
vec3 haze() { return mix(sky_low(), sky_mid(), .35); }

vec2 heart_of() {
  if (variant == 1) return vec2(place_x(-.02) - cam.x * .06, .06 + cam.y * .05);
  if (variant == 2) return vec2(place_x(.05) - cam.x * .05, .07 + .012 * wave(t * .05));
  if (variant == 3) return vec2(place_x(.13) - cam.x * .06, .07);
  return vec2(place_x(.0) - cam.x * .06, .09);
}

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float size) {
  if (subject_id == 0) return;
  bool up = subject_flies() || subject_floats();
  vec2 at = up ? air - vec2(0., .5 * size) + .012 * vec2(wave(t * .07), wave(t * .11)) : ground, q = (p - at) / size;
  float soft = pixel() / size, d = subject(q), m = mask(d, soft * 1.6);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float facing = dot(out_way, normalize(heart_of() + vec2(0., .1) - at)) / max(length(out_way), 1e-6);
  lay(s, ink() * .4, m, .1, 0.); subject_cover = m;
  s.c += sun() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * .5;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// ---------------------------------------------------------------- what lies far behind: sky, halo, slow rays
vec3 far(vec2 p) {
  vec3 c = mix(sky(p.y * .8 + .45), variant == 2 ? sky_top() : sky_mid(), .25);
  vec2 d = p - heart_of(); float r = length(d), a = atan(d.y, d.x) / TAU;
  float cloud = fbm1(vec2(r * 2.2 - drift() * 1.5, 0.) + rot(.3) * p * 1.2 + rnd.xy * 8.);
  c = mix(c, mix(pal[1], pal[2], .55), clamp((cloud - .42) * 2., 0., 1.) * mix(.4, .2, DAYLIGHT));
  float rays = .5 + .5 * wave(a * 12. + drift() + rnd.z) * (.6 + .4 * wave(a * 29. - drift() * 2.));
  c += sun() * (exp(-r * 6.) * .34 + exp(-r * 2.4) * (.08 + .13 * rays * (.5 + .5 * vocals))) * (.78 + .3 * bass) * (1. - .8 * DAYLIGHT * DAYLIGHT);
  if (hour == DAY) c *= .88;
  return c;
}

// A floor from the horizon towards the eye, with the figure's light on it.
void floor_of(inout Shot s, vec2 p, float horizon) {
  if (p.y > horizon) return;
  float down = horizon - p.y, z = .12 / (down + .02), x = (p.x - heart_of().x + cam.x * .3) * z;
  vec3 c = mix(mix(haze(), mix(pal[1], pal[2], .3), .5), ink(), clamp(.25 + down * 2.6, 0., .92));
  float path = exp(-abs(p.x - heart_of().x) * (7. - 8. * down));
  float ring = length(vec2(x, (z - 1.) * 1.3)), tile = clamp(wave(ring * 2.2 - drift() * 2.) - .72, 0., 1.);
  c += sun() * path * (.2 + tile * (.35 + .5 * kick)) * clamp(1. - down * 2., 0., 1.);
  lay(s, c, 1., clamp(.78 - down * 1.8, .15, .8), path * .08);
}

// Two steps and a top on which the subject stands, at y = top.
void altar(inout Shot s, vec2 p, vec2 top, float wide) {
  for (int i = 2; i >= 0; i--) {
    float w = wide * (1. + .32 * float(i)), y = top.y - .032 * float(i);
    float d = max(abs(p.x - top.x) - w, max(p.y - y, y - .036 - p.y - .5 * float(i / 2))), lip = clamp(1. - abs(p.y - y) / .0045, 0., 1.);
    float facing = clamp(1. - abs(p.x - heart_of().x) / (w * 1.1), 0., 1.);
    lay(s, mix(ink() * .55, mix(pal[1], pal[2], .3), .2 * float(i) * .5) + sun() * lip * (.15 + .45 * facing), mask(d, pixel() * 1.4), .14 + .03 * float(i), lip * .2);
  }
}

void motes(inout Shot s, vec2 p, float level) {
  vec2 g = (p + cam.xy * .25) * 20. + vec2(.3 * wave(t * .02), -t * .13), cell = floor(g); vec4 r = dice4(int(cell.x), int(cell.y));
  vec2 o = g - cell - .25 - .5 * r.xy; float mote = clamp(1.25 - length(o) / (.03 + .06 * r.z * r.z), 0., 1.) * step(.72, r.w);
  s.c += gold() * mote * (.15 + .55 * (r.x > .5 ? level : treble)); s.glow = max(s.glow, mote * .3);
}

// ---------------------------------------------------------------- 0 flower of life
// Lines of equal circles whose centres lie on a net of triangles: x line, y how many circles a place is in.
// Circles appear ring by ring as `grown` goes from 0 to 3.
vec2 flower(vec2 q, float grown, float wide) {
  vec2 n = vec2(q.x - q.y * .57735, q.y * 1.1547), cell = floor(n), f = n - cell; // skewed: every triangle's corners are whole
  vec2 base = cell; float line = 0., within = 0.;
  for (int j = -1; j < 3; j++) for (int i = -1; i < 3; i++) {
    if ((i == -1 && j == -1) || (i == 2 && j == 2)) continue;
    vec2 k = base + vec2(i, j), c = vec2(k.x + k.y * .5, k.y * .8660254);
    float ring = max(max(abs(k.x), abs(k.y)), abs(k.x + k.y)), here = clamp(grown - ring + .6, 0., 1.);
    float d = length(q - c) - 1.;
    line = max(line, clamp(1.3 - abs(d) / wide, 0., 1.) * here); within += mask(d, wide) * here;
  }
  return vec2(line, within);
}

void flower_of_life(inout Shot s, vec2 p) {
  vec2 d = p - heart_of(); float R = .118 * room(), grown = .75 + 2.05 * section_phase + .1 * mid;
  float r = length(d);
  vec2 far_q = rot(.26 - drift() * .8) * d / (R * 2.6); vec2 back = flower(far_q, 9., pixel() / R * .5);
  float fade = clamp(1. - abs(r - .42) * 2.2, 0., 1.);
  s.c = mix(s.c, hour == DAY ? pal[1] : mix(pal[2], pal[3], .5), back.x * fade * (.2 + .12 * treble));
  vec2 q = rot(drift() * .5) * d / R; float wide = max(pixel() * 1.5, .0017) / R;
  vec2 f = flower(q, grown, wide); float edge = R * (min(grown, 2.) + 1.), inside = clamp(f.y, 0., 1.);
  vec3 glass = mix(mix(pal[1], pal[2], .35), mix(pal[3], pal[4], .3), clamp((f.y - 1.) / 3.2, 0., 1.)); glass = mix(glass, sun(), clamp((f.y - 2.5) * .22, 0., .4) + .3 * exp(-r * 9.));
  float lit = .62 + .2 * wave(r * 3.2 - drift() * 5.) + .2 * mid;
  lay(s, glass * mix(lit, 1., DAYLIGHT * .5), inside * (.55 + .15 * clamp(f.y - 1., 0., 1.)), .74, .1 * inside);
  s.depth -= .07 * f.y * inside;
  float hoop = min(abs(r - edge - .012), abs(r - edge - .026)), rim = clamp(1.3 - hoop / max(pixel() * 1.2, .0014), 0., 1.);
  wire(s, f.x, .2 * loudness); wire(s, rim, 0.);
  float a = atan(d.y, d.x) / TAU + drift() * .1, bead = length(vec2((fract(a * 36.) - .5) / 36. * TAU * (edge + .045), r - edge - .045));
  shine(s, gold(), clamp(1.3 - bead / (.0035 + .002 * hat), 0., 1.) * (.25 + .65 * hat));
  s.c += sun() * exp(-r * 26.) * (.25 + .3 * bass) * mix(1., .5, DAYLIGHT);
  motes(s, p, hat);
  floor_of(s, p, -.245);
  vec2 top = vec2(place_x(.0) - cam.x * .22, -.325);
  altar(s, p, top, .15);
  stand(s, p, top + vec2(0., -.003), heart_of() + vec2(0., .0), .29);
}

// ---------------------------------------------------------------- 1 rosette
void petals(inout Shot s, vec2 d, float r, float a, int i, float count, float outer, float inner) {
  float k = float(i) / 6., spin = (mod(float(i), 2.) * 2. - 1.) * drift() * (.12 + .1 * k) + .5 * mod(float(i), 2.) / count;
  float u = (a + spin) * count, n = floor(u), v = abs(fract(u) - .5) * 2.;
  float breath = 1. + .012 * (i < 2 ? treble : i < 4 ? mid : bass), w = clamp((r - inner) / (outer * breath - inner), -.2, 1.4);
  float shape = 1. - w, half_wide = .96 * (1. - w * w * w) * clamp(.35 + w * 1.9, 0., 1.), dist = max((v - half_wide) * r / count * PI, (w - 1.) * (outer - inner));
  float vein = clamp(1. - v * 7., 0., 1.), tip = clamp(w, 0., 1.), round_of = 1. - v / max(half_wide, .05);
  vec3 hue = i == 0 ? mix(pal[1], pal[2], .2) : i == 1 ? mix(pal[2], pal[1], .35) : i == 2 ? mix(pal[2], pal[3], .35) : i == 3 ? mix(pal[1], pal[2], .7) : i == 4 ? mix(pal[3], pal[2], .25) : mix(pal[4], pal[3], .5);
  float light = .38 + .5 * tip * tip + .2 * round_of + .1 * wave(n * .37 + drift() * 3.) * mid;
  vec3 c = mix(hue * mix(.3, .62, DAYLIGHT), mix(hue, sun(), .22), clamp(light, 0., 1.));
  c += gold() * vein * (1. - tip) * .22 + sun() * exp(-r * 6.) * .22;
  float scallop = clamp(wave(tip * 3.5 + .25 * v - drift() * 2.) - .6, 0., 1.) * round_of; c += gold() * scallop * (.08 + .25 * vocals);
  float lace = clamp(1. + dist / max(pixel() * 1.6, .0024), 0., 1.);
  c = mix(c, gold(), lace * (.5 + .25 * tip));
  s.c *= 1. - .5 * clamp(1. - dist / .035, 0., 1.) * step(0., dist);
  lay(s, mix(c, haze(), (1. - k) * (.12 + .4 * AIR)), mask(dist, pixel() * 1.4), (.76 - .1 * float(i)), .14 * lace * k);
}

void rosette(inout Shot s, vec2 p) {
  vec2 d = p - heart_of(); float r = length(d), a = atan(d.y, d.x) / TAU, size = room() * (1. + .04 * cam.z), open = .82 + .18 * section_phase;
  float far_ring = abs(fract(r * 9. - drift()) - .5) / 9.; s.c += gold() * clamp(1. - far_ring / .0015, 0., 1.) * .08;
  petals(s, d * (1. + .05 * cam.x), r, a, 0, 16., .66 * size * open, .12);
  petals(s, d, r, a, 1, 16., .52 * size * open, .1);
  petals(s, d, r, a, 2, 12., .405 * size * open, .08);
  petals(s, d, r, a, 3, 12., .30 * size * open, .06);
  petals(s, d, r, a, 4, 8., .212 * size * open, .03);
  petals(s, d, r, a, 5, 8., .135 * size * open, .012);
  float eye = .052 * size * (1. + .05 * bass); lay(s, mix(sun(), vec3(1.), .3) * (hour == NIGHT ? .85 : .97), mask(r - eye, pixel() * 2.), .45, .6);
  float bead = length(vec2((fract(a * 24. + drift()) - .5) / 24. * TAU * .235 * size, r - .235 * size)); shine(s, gold(), clamp(1.3 - bead / .004, 0., 1.) * (.2 + .7 * hat));
  s.c += sun() * exp(-max(r - eye, 0.) * 16.) * (.2 + .22 * bass);
  motes(s, p, hat);
  float x0 = place_x(-.02) - cam.x * .25, hill = p.y + .33 + .9 * (p.x - x0) * (p.x - x0) / (1. + 2. * abs(p.x - x0));
  float lip = clamp(1. + hill / .007, 0., 1.);
  lay(s, ink() * .5 + sun() * (lip * .4 + .05 * clamp(1. + hill / .12, 0., 1.)) * exp(-abs(p.x - x0) * 2.5), mask(hill, pixel() * 1.4), .13, 0.);
  stand(s, p, vec2(x0, -.334), heart_of() - vec2(0., .02), .3);
}

// ---------------------------------------------------------------- 2 solids, wire and glass
// A solid between pairs of parallel faces, seen along z: the two nearest and the two farthest planes at p and their depths.
// All in the solid's own coordinates, where most of its normals' parts are nought.
struct Solid { float enter; float second; float leave; float third; vec3 front; vec3 beside; vec3 back; vec3 behind; };

void faces(inout Solid s, vec3 n, float h, vec3 from, vec3 way) {
  float nz = dot(n, way), per = 1. / (abs(nz) < 1e-3 ? 1e-3 : nz), middle = -dot(n, from) * per, half_way = h * abs(per), a = middle - half_way, b = middle + half_way;
  bool first = a > s.enter, next = a > s.second, last = b < s.leave, near_last = b < s.third;
  s.beside = first ? s.front : next ? n : s.beside; s.second = first ? s.enter : max(s.second, a);
  s.front = first ? n : s.front; s.enter = max(s.enter, a);
  s.behind = last ? s.back : near_last ? n : s.behind; s.third = last ? s.leave : min(s.third, b);
  s.back = last ? n : s.back; s.leave = min(s.leave, b);
}

// kind: 0 icosahedron, 1 dodecahedron, 2 octahedron; h from its middle to a face.
Solid solid(int kind, vec2 p, float h, mat3 turn) {
  const vec3 Z = vec3(0., 0., 1.);
  Solid s = Solid(-9., -9., 9., 9., Z, Z, Z, Z); vec3 from = vec3(p, 0.) * turn, way = Z * turn;
  const float A = .35682, B = .93417, C = .85065, D = .52573, E = .57735;
  if (kind == 0 || kind == 2) { faces(s, vec3(E, E, E), h, from, way); faces(s, vec3(E, -E, E), h, from, way); faces(s, vec3(E, E, -E), h, from, way); faces(s, vec3(E, -E, -E), h, from, way); }
  if (kind == 0) {
    faces(s, vec3(0., A, B), h, from, way); faces(s, vec3(0., -A, B), h, from, way); faces(s, vec3(B, 0., A), h, from, way);
    faces(s, vec3(B, 0., -A), h, from, way); faces(s, vec3(A, B, 0.), h, from, way); faces(s, vec3(-A, B, 0.), h, from, way);
  }
  if (kind == 1) {
    faces(s, vec3(0., C, D), h, from, way); faces(s, vec3(0., C, -D), h, from, way); faces(s, vec3(C, D, 0.), h, from, way);
    faces(s, vec3(C, -D, 0.), h, from, way); faces(s, vec3(D, 0., C), h, from, way); faces(s, vec3(-D, 0., C), h, from, way);
  }
  return s;
}

// How far an edge is on the picture, where two planes of normals m and n differ by `gap` in depth.
float edge_between(vec3 m, vec3 n, float gap, mat3 turn) {
  vec3 a = turn * m, b = turn * n;
  return gap / max(length(a.xy / (abs(a.z) < 1e-3 ? 1e-3 : a.z) - b.xy / (abs(b.z) < 1e-3 ? 1e-3 : b.z)), 1e-3);
}

mat3 turned(float a, float b) {
  float ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b);
  return mat3(ca, sa * sb, sa * cb, 0., cb, -sb, -sa, ca * sb, ca * cb);
}

void glass_solid(inout Shot s, vec2 q, Solid o, mat3 turn, vec3 hue, float clear, float level) {
  float inside = clamp((o.leave - o.enter) / .012, 0., 1.); vec3 front_way = turn * o.front; front_way *= -sign(front_way.z);
  vec3 way = normalize(vec3(-.45, .7, -.6)); float lit = clamp(.5 - .5 * dot(front_way, -way), 0., 1.), deep = clamp((o.leave - o.enter) * 1.6, 0., 1.);
  float wide = max(pixel() * 1.3, .0017), front = clamp(1.4 - edge_between(o.front, o.beside, o.enter - o.second, turn) / wide, 0., 1.), back = clamp(1.4 - edge_between(o.back, o.behind, o.third - o.leave, turn) / wide, 0., 1.);
  float rim = clamp(1.5 - (o.leave - o.enter) / .03, 0., 1.);
  wire(s, back * inside * .3, .1 * level);
  vec3 pane = mix(hue * mix(.45, .8, DAYLIGHT), mix(hue, sun(), .45), lit * lit);
  lay(s, pane, inside * (clear * (.35 + .65 * lit) + .12 * deep), .55, .06);
  s.depth = mix(s.depth, clamp(.5 + 1.1 * o.enter, .2, .8), inside);
  float sheen = clamp(1. - abs(dot(front_way.xy, vec2(.6, .8)) * .5 + q.x * 1.4 - q.y * 1.1 - .35 * wave(drift() * 2.)) * 7., 0., 1.);
  s.c += sun() * sheen * inside * .1;
  wire(s, max(front, rim * .8) * inside, .25 * level); s.glow = max(s.glow, front * inside * (.35 + .3 * level));
}

void solids(inout Shot s, vec2 p) {
  vec2 d = p - heart_of(); float size = .235 * room(), r = length(d), a = TAU * drift();
  float hoops = min(abs(length(d * vec2(1., 2.9) + vec2(0., .25 * d.x)) - size * 1.85), abs(length(rot(.9) * d * vec2(1., 2.6)) - size * 1.7)), orbit = clamp(1.3 - hoops / .004, 0., 1.);
  wire(s, orbit * .3, .4 * snare);
  mat3 one = turned(a * 1.3 + rnd.x * 6., a * .8 + .6 + .15 * cam.x), two = transpose(one), three = one * one; // sines are dear
  glass_solid(s, d, solid(0, d, size, one), one, mix(pal[1], pal[2], .6), .16, treble);
  glass_solid(s, d, solid(1, d, size * .62, two), two, mix(pal[2], pal[3], .5), .2, mid);
  glass_solid(s, d, solid(2, d, size * .26 * (1. + .04 * bass), three), three, mix(pal[3], pal[4], .45), .5, bass);
  s.c += sun() * (exp(-r * 22.) * (.35 + .35 * bass) + exp(-r * 6.) * .07) * mix(1., .35, DAYLIGHT);
  for (int i = 0; i < 3; i++) {
    float k = float(i), b = t * .012 * (1. + .2 * k) + flow * .02 + k * .36 + rnd.z;
    vec2 e = p - vec2(place_x(.02 + (.39 + .06 * k) * wave(b)), .1 + .11 * wave(b * 1.3 + .25 + k * .2)) + cam.xy * .2;
    float turn_by = wave(drift() * 2. + k * .3), wide = .013 + .003 * k, seam = e.x - turn_by * wide * .6 * clamp(1. - abs(e.y) / (wide * 1.5), 0., 1.), d_of = abs(e.x) + abs(e.y) * .68 - wide;
    vec3 side = mix(mix(pal[2], pal[3], .4), sun(), seam * (turn_by + .01) > 0. ? .7 : .15) * (e.y > 0. ? 1. : .72);
    lay(s, side, mask(d_of, pixel() * 1.4), .5, .25); wire(s, clamp(1.3 - min(abs(d_of), max(abs(seam), d_of)) / max(pixel(), .0014), 0., 1.) * step(d_of, .002), .3 * hat);
  }
  motes(s, p, hat);
  floor_of(s, p, -.25);
  float x0 = place_x(-.13) - cam.x * .3, rock = p.y + .345 + .012 * wave(p.x * 1.4 + cam.x * .4) + .006 * wave(p.x * 4.7 + .3) + .06 * abs(p.x + cam.x * .3 - place_x(-.13));
  lay(s, ink() * .5 + sun() * clamp(1. + rock / .006, 0., 1.) * .25 * exp(-abs(p.x - heart_of().x) * 2.), mask(rock, pixel() * 1.4), .13, 0.);
  stand(s, p, vec2(x0, -.352), heart_of() + vec2(-place_x(.2), -.06), .31);
}

// ---------------------------------------------------------------- 3 shell
const float WHORL = 1.16; // natural logarithm of how much wider a shell is a turn further on

void shell(inout Shot s, vec2 p) {
  vec2 d = p - heart_of(); float size = room(), r = max(length(d) / size, .002), a = atan(d.y, d.x) / TAU;
  float turning = drift() * .35 + .12 * cam.z, reach = -.34 + .2 * section_phase; // how far along its mouth is
  float l = log(r) / WHORL + .42, whorl = l + a + .25, n = ceil(whorl), f = whorl - n + 1.; // f: 0 inner wall, 1 outer
  float along = n - a - .25; // turns from the middle outwards
  float lip = reach + .16 + .05 * (1. - 4. * (f - .5) * (f - .5));
  float scale = r * WHORL * size, wall = min(f, 1. - f) * scale;
  float chambers = 15., bow = along * chambers - (f - .5) * (f - .5) * -1.3 - turning * chambers * .25 + .45 * f, cell = floor(bow), g = fract(bow);
  float septum = min(g, 1. - g) / chambers * TAU * r * size;
  vec4 dice = dice4(int(mod(cell, 64.)), 5);
  float travel = fract(cell / 15. * .35 - t * .05 - flow * .06), pulse = clamp(1. - abs(travel - .5) * 4., 0., 1.);
  vec3 hue = mix(mix(pal[1], pal[2], .4), mix(pal[3], pal[4], .2), clamp(.25 + .65 * f - .1 + .2 * dice.x, 0., 1.));
  float lit = .2 + .4 * g + .3 * f + .12 * pulse * (.4 + mid);
  vec3 c = mix(hue * mix(.32, .65, DAYLIGHT), mix(hue, sun(), .4), clamp(lit, 0., 1.));
  c += sun() * exp(-r * 7.) * .5 + gold() * clamp(1. - g * 4., 0., 1.) * .14;
  c += gold() * clamp(wave(f * 4. + g * .4) - .8, 0., 1.) * (.1 + .4 * treble) * step(.2, f);
  float line = max(clamp(1.5 - wall / max(pixel() * 1.6, .006 * r + .0012), 0., 1.), .8 * clamp(1.4 - septum / max(pixel() * 1.2, .0035 * r + .001), 0., 1.));
  float mouth = (along - lip) * TAU * r * size, body = mask(mouth, pixel() * 1.6);
  body *= lip - along < 1. ? clamp(.5 + (1. - f) * scale / (pixel() * 1.4), 0., 1.) : 1.; // smooth against the sky
  body = max(body, mask(f * scale, pixel() * 1.4) * step(along - 1., lip) * step(lip, along));
  float halo = (1. - body) * exp(-max(f, 0.) * scale * 16.);
  s.c += sun() * halo * .22 * step(n - 1. - a - .25, lip);
  line = max(line, clamp(1.5 - abs(mouth) / .006, 0., 1.));
  c = mix(c, ink() * .8, clamp(1. + mouth / (.2 * r + .02), 0., 1.) * .75);
  lay(s, c, body, .62 - .12 * f - .16 * g, .08);
  wire(s, line * body * .9, .25 * loudness - .05); s.glow = max(s.glow, line * body * .35);
  float core = length(d); s.c += sun() * (exp(-core * 18.) * (.45 + .35 * bass) + exp(-core * 5.) * .06) * mix(1., .6, DAYLIGHT);
  motes(s, p, hat);
  floor_of(s, p, -.3);
  float x0 = place_x(-.24) - cam.x * .3, dune = p.y + .36 + .02 * wave(p.x * .7 + cam.x * .2 + .3) + .004 * wave(p.x * 6.);
  lay(s, ink() * .5 + sun() * clamp(1. + dune / .006, 0., 1.) * .3 * exp(-abs(p.x - heart_of().x) * 1.6), mask(dune, pixel() * 1.4), .13, 0.);
  stand(s, p, vec2(x0, -.36), heart_of() + vec2(-place_x(.3), .05), .3);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) flower_of_life(s, p);
  if (variant == 1) rosette(s, p);
  if (variant == 2) solids(s, p);
  if (variant == 3) shell(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth * .8);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
