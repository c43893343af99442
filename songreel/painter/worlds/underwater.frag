// Underwater: 0 coral reef under light shafts with a school of fish, 1 kelp forest up to the sun in the surface, 2 wreck of a tall ship on
// the sea floor, 3 deep sea with glowing jellyfish. Lengths are in picture heights; w is half the picture's width, so that all formats
// hold the same composition. What lies further off fades towards far_at(), so that shafts shine through everything.

struct Shot { vec3 c; float depth; float glow; };

const float POWER = hour == NIGHT ? .5 : hour == DAY ? .8 : hour == DAWN ? .95 : .9;
const float CURRENT = weather == WIND ? 2.2 : 1.;
const bool LIES = subject_id == SJ_BOAT || subject_id == SJ_SHIP; // sunk to the bottom
const bool SWIMS = subject_id == SJ_WHALE || subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || SJ_HANGS;

float half_width() { return clamp(aspect * .5, .3, .92); }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) { s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a); }
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec2 sun_at() {
  float w = half_width();
  if (variant == 1) return vec2(.08 * w - .03 * cam.x, .27 + .1 * cam.y);
  return vec2((variant == 0 ? .16 : variant == 2 ? -.18 : .05) * w - .04 * cam.x, variant == 3 ? .75 : .55);
}
vec3 sunlight() { return mix(light_colour(), pal[4], .3); }
vec3 deep() {
  vec3 c = hour == NIGHT ? mix(pal[0], pal[1], .5) * .62 : hour == DAY ? mix(pal[1], sky_top(), .4) * .85 : hour == DAWN ? mix(pal[1], sky_top(), .35) * .8 : mix(pal[0], pal[1], .75) * .85;
  return variant == 3 ? mix(c, pal[0] * .5, hour == DAY ? .35 : .45) : c;
}
vec3 shallow() {
  vec3 c = hour == NIGHT ? mix(pal[1], pal[2], .55) * .82 : hour == DAY ? mix(sky_mid(), pal[2], .2) : hour == DAWN ? mix(sky_mid(), pal[2], .45) * .95 : mix(pal[2], sky_low(), .35) * .88;
  return variant == 3 ? mix(deep(), c, hour == NIGHT ? .38 : .6) : c;
}
vec3 ink() { return mix(pal[0], deep(), .3) * (hour == NIGHT ? .55 : .75); }

// ---------------------------------------------------------------- what is soft: the water, its surface from below, shafts
float shafts(vec2 p) {
  vec2 d = p - sun_at() - vec2(0., .3); float down = max(-d.y, .08), angle = d.x / down;
  float rays = fbm1(vec2(angle * 2.1 + .014 * t + rnd.x * 8., .3 + .025 * t)) * .6 + fbm1(vec2(angle * 5.3 - .02 * t, 3.1 + rnd.y * 8.)) * .4;
  return smoothstep(.40, .80, rays + .12 * loudness) * exp(-.75 * down) * clamp(down * 3., 0., 1.) / (1. + 1.3 * angle * angle);
}

// The lit net on the underside of the surface, h above where it vanishes.
float surface_net(vec2 p, float h) {
  float z = .1 / max(h, .02); vec2 q = vec2((p.x - sun_at().x) * (.5 + z) * 1.7, z * 1.15 + .03 * t + .03 * flow);
  float net = ridge1(q + vec2(.03 * t, 0.)) + ridge1(q * vec2(1.5, 1.7) + 2.7 - .04 * t);
  return smoothstep(.72, 1.55, net + (weather == RAIN ? .15 : 0.));
}

vec3 far(vec2 p) {
  float h = clamp(p.y + .5, 0., 1.), d = length((p - sun_at()) * vec2(.75, 1.)); vec3 c = mix(deep(), shallow(), h * h * (1.6 - .6 * h)), light = sunlight();
  float breath = .92 + .16 * bass, reach = variant == 3 ? .4 : 1.;
  if (variant == 1) { // Snell's window: the whole sky in one bright disc, its rim torn by waves
    vec2 q = (p - sun_at()) / vec2(.40, .27);
    float r = length(q), a = atan(q.y, q.x) / TAU, ripple = ridge1(q * .9 + vec2(.05 * t, -.04 * t) + rnd.zw * 8.), fine = ridge1(q * 2.3 - .05 * t);
    float edge = r + .20 * (ripple - .5) + .08 * wave(a * 7. + .07 * t) * r;
    c = mix(c, deep(), .45 * smoothstep(.9, 1.5, edge) * clamp(p.y + .5, 0., 1.));
    float in_window = smoothstep(1.08, .82, edge);
    vec3 sky_there = mix(mix(shallow(), light, .32), light, .75 * exp(-1.6 * r)) * (hour == NIGHT ? .8 : 1.);
    c = mix(c, sky_there, in_window * (.72 + .28 * smoothstep(.4, .8, fine)));
    c += light * smoothstep(.22, 0., abs(edge - .98)) * .14;
  } else {
    float up = p.y - .22, net = surface_net(p, up) * smoothstep(.02, .26, up);
    c += mix(light, shallow(), .3) * net * (.10 + .5 * exp(-d * 3.)) * POWER * reach;
  }
  c += light * POWER * reach * breath * (exp(-d * 2.3) * .26 + exp(-d * 6.5) * .42); c += mix(light, shallow(), .25) * shafts(p) * (.22 + .38 * loudness) * POWER * reach;
  if (weather == RAIN) c = mix(c, vec3(luma(c)), .3) * .86;
  return c;
}

// ---------------------------------------------------------------- living things
// A fish about 1 long that faces +x; wag bends its tail.
float fish(vec2 q, float wag) {
  q.y += wag * min(q.x, 0.) * .5; float body = length(q / vec2(.40, .17)) - 1., tail = max(abs(q.y) + (q.x + .28) * .62, -q.x - .56), notch = -.44 - q.x - abs(q.y) * .8;
  return min(body * .17, max(tail, notch));
}

// A school in cells: its heading turns as a wave that runs through it, so that flanks flash one after the other.
void school(inout Shot s, vec2 p, vec2 at, vec2 extent, vec2 cells, float k, float id) {
  vec2 q = p - at; float swing = wave(.05 * t + .07 * flow + id), heading = wave(.06 * t + .09 * flow + id - .5 * q.x - .2 * q.y);
  float face = heading < 0. ? -1. : 1., broad = .35 + .65 * min(abs(heading) * 1.6, 1.); q.y += .10 * swing * q.x - .35 * q.x * q.x * swing;
  float row = floor(q.y * cells.y), r0 = h1(row + 31. * id);
  vec2 g = vec2(q.x * cells.x + .7 * r0 + (.10 * t + .30 * flow) * (.8 + .4 * r0), q.y * cells.y), cell = vec2(floor(g.x), row), f = g - cell - .5;
  float r = h2(cell + 17. * id), r2 = fract(r * 57.3), r3 = fract(r * 311.7); f -= vec2(.36, .34) * (vec2(r2, r3) - .5) + vec2(0., .08 * wave(.2 * t + r));
  vec2 in_school = q / extent; float crowd = 1. - dot(in_school, in_school) + .35 * (r - .5), a = (.6 + .35 * r2) * cells.x * .034;
  vec2 body = vec2(f.x * face / broad, f.y * cells.x / cells.y) / a;
  float m = mask(fish(body, .35 * wave(1.1 * t + 5. * r)), 1.6 * pixel() * cells.x / a) * step(0., crowd) * step(.12, r3); fine_detail = max(fine_detail, slope(-.65, -.3, 1. - dot(in_school, in_school)));
  float glint = smoothstep(.75, .15, abs(heading)) * (.35 + .65 * treble), back = clamp(.4 + body.y * 4., 0., 1.);
  vec3 c = mix(mix(ink() * .8, pal[2], .15), mix(sunlight(), pal[3], .35), clamp(.10 + .45 * glint + .22 * back, 0., 1.));
  lay(s, mix(c, s.c, k), m, .35 + .4 * k, 0.);
}

// Rings of air that rise in cells and wobble; hats and snares bring more of them.
void bubbles(inout Shot s, vec2 p, float cells, float speed, float k) {
  float column = floor(p.x * cells), r0 = h1(column + 7.);
  vec2 g = vec2(p.x * cells, p.y * cells * .5 - speed * t - .12 * flow + 9. * r0), cell = floor(g), f = (g - cell - .5) * vec2(1., 2.);
  float r = h2(cell + rnd.xy * 9.), r2 = fract(r * 53.7), size = .07 + .16 * r2 * r2;
  f -= vec2(.3 * (fract(r * 17.) - .5) + .10 * wave(.4 * t + 7. * r), .9 * (fract(r * 91.) - .5));
  float d = length(f), soft = pixel() * cells, on = step(.66 - .1 * busy, r) * step(.5, r0);
  float ring = clamp(1. - abs(d - size) / (.022 + soft), 0., 1.), lit = mask(length(f - vec2(-.35, .4) * size) - .22 * size, soft * 1.5), inside = mask(d - size, soft);
  float seen = on * (.38 + .35 * hat + .35 * snare) * k;
  s.c += mix(sunlight(), s.c, .3) * ((.5 * ring + .9 * lit) + .12 * inside) * seen;
  s.glow = max(s.glow, (lit + .3 * ring) * seen * .7);
}

// Specks that drift in cells and glow up slowly.
float motes(vec2 p, float cells, float share, float rise) {
  vec2 g = p * cells + vec2(.3 * wave(.05 * t) + .08 * t * (CURRENT - 1.), -rise * t), cell = floor(g), f = g - cell;
  float r = h2(cell + 3.), r2 = fract(r * 71.3);
  float d = length(f - .5 - .28 * vec2(wave(.09 * t + 5. * r), wave(.07 * t + 9. * r)));
  return step(1. - share, r) * smoothstep(-.3, 1., wave((.08 + .12 * r2) * t + 13. * r)) * (smoothstep(.09, .02, d) + .3 * max(1. - d * 2.6, 0.) * max(1. - d * 2.6, 0.));
}

// The bottom seen in perspective, with a net of light on it: f is the depth below its far edge.
vec3 sand(vec2 p, float f, float caustic, out float far_off) {
  float z = .16 / (f + .035);
  vec2 q = vec2((p.x + .3 * cam.x) * (z + .25) * 1.5, z * 2.4 + .6 * cam.z) + rnd.xy * 8.;
  vec4 n = textureLod(noise_tex, (q * 1.3 + vec2(.05 * t, .03 * t)) / 8., 0.);
  float net = n.a * ridge1(q * 1.9 + vec2(-.04 * t, .05 * t) + 2.3);
  far_off = clamp(z * .24 - .06, 0., 1.);
  float lit = smoothstep(.22, .55, net) * (.35 + .55 * treble) * caustic;
  vec3 c = mix(mix(ink(), mix(pal[2], sky_low(), .3), hour == NIGHT ? .38 : .55), sunlight(), .05 + .14 * n.b) * (.72 + .4 * n.a);
  return mix(c + sunlight() * lit * POWER * .6, shallow() * .55 + deep() * .45, far_off);
}

// ---------------------------------------------------------------- subject
void stand(inout Shot s, vec2 p, vec2 ground, float ground_size, vec2 water, float water_size) {
  if (subject_id == 0) return;
  vec2 at = SWIMS ? water + vec2(.02 * wave(.05 * t), .012 * wave(.08 * t)) : ground;
  float size = SWIMS ? water_size : ground_size;
  vec2 q = (p - at) / size;
  if (LIES) q = rot(-.22) * (q + vec2(0., .06));
  s.c = subject_over(q, pixel() / size, s.c, ink() * .5, mix(sunlight(), shallow(), .3), normalize(sun_at() - at));
  s.depth = mix(s.depth, .15, step(.5, subject_cover));
}

// Weed along the lower edge, tall at the sides.
void weeds(inout Shot s, vec2 p, float w) {
  float x = (p.x + .45 * cam.x) * 15., r = h1(floor(x)), tall = (.10 + .26 * r) * smoothstep(.30, .95, abs(p.x / w + .1 * r)), y = clamp((p.y + .5) / max(tall, .01), 0., 1.);
  float d = abs(fract(x) - .5 - .22 * wave(.06 * t + r - y * .8) * y * CURRENT) - .17 * (1. - y) * (.6 + .4 * abs(triangle(y * 4. + r)));
  lay(s, ink() * .5, mask(d / 15., 1.5 * pixel()) * step(p.y + .5, tall), .06, 0.);
}

// ---------------------------------------------------------------- 0 reef
// Stems that fork three times; the tips lean with the swell.
float staghorn(vec2 q, float lean) {
  float d = 9., size = 1.;
  q.x += lean * q.y * q.y;
  for (int i = 0; i < 4; i++) {
    vec2 e = vec2(q.x, q.y - clamp(q.y, 0., .34)); d = min(d, (length(e) - .052) * size);
    q = vec2(abs(q.x), q.y - .30); q = vec2(.868 * q.x - .497 * q.y, .497 * q.x + .868 * q.y) * 1.32; size /= 1.32;
  }
  return d;
}

// One coral standing on y = 0, about 1 high: 0 brain, 1 tubes, 2 fan, 3 staghorn. grain is the skin's noise.
float coral(vec2 q, float kind, float grain, float r) {
  float lean = .10 * wave(.06 * t + r) * (.5 + bass) * CURRENT;
  if (kind < 1.) return length(q * vec2(.86, 1.15)) - .56 + .05 * grain;
  if (kind < 2.) {
    float a = sd_capsule(q, vec2(-.20, 0.), vec2(-.30, .52 + .2 * r), .10), b = sd_capsule(q, vec2(0.), vec2(.02, .86), .12), c = sd_capsule(q, vec2(.20, 0.), vec2(.34, .42 + .3 * r), .09);
    return min(a, min(b, c));
  }
  if (kind < 3.) {
    vec2 e = vec2(q.x + lean * q.y, q.y - .52);
    float ribs = abs(fract(e.x / (abs(e.y) * .6 + .75) * 4.4 + .25 * grain) - .5) * (e.y + .7) * .22;
    return min(max(length(e * vec2(.9, 1.05)) - .46 + .07 * grain, .020 - ribs), sd_capsule(q, vec2(0.), vec2(0., .3), .035));
  }
  return staghorn(q, lean);
}

// A row of corals in cells on the line `foot`.
void corals(inout Shot s, vec2 p, vec3 back, float cells, float foot, float tall, float k, float parallax, float seed) {
  float x = (p.x / (1. + parallax * .3 * cam.z) + parallax * cam.x) * cells + seed, cell = floor(x), r = h1(cell), r2 = fract(r * 57.3), r3 = fract(r * 313.1);
  vec2 q = vec2((x - cell - .5 - .16 * (r2 - .5)) / cells, p.y - foot - .012 * wave(x * .7)) / (tall * (.62 + .55 * r3));
  float kind = fract(r * 17.31 + .13) * 4., grain = n2(q * 9. + cell * 5.), grow = .93 + .07 * section_phase;
  float d = coral(q / grow, kind, grain, r2) * tall * .85, bank = p.y - foot - .012 * wave(x * .7);
  d = min(d, bank);
  vec3 hue = bank < 0. ? mix(pal[2], pal[3], .4) : r2 < .4 ? mix(pal[3], pal[2], .2) : r2 < .7 ? mix(pal[2], pal[4], .25) : mix(pal[3], pal[4], .45);
  float lift = clamp(q.y * .95 + .1, 0., 1.) * (bank < 0. ? .3 : 1.), rim = clamp(1. + d / .012, 0., 1.) * step(0., bank);
  vec3 c = mix(ink(), hue, (.16 + .62 * lift * (.55 + .7 * grain))) * (hour == NIGHT ? .72 : 1.);
  c += sunlight() * rim * lift * .20 * POWER;
  float tip = clamp(q.y * 1.6 - .9, 0., 1.) * grain * (.08 + .3 * vocals) * step(2., kind);
  lay(s, mix(c, back, k) + hue * tip * .5, mask(d, pixel() * 1.4), .08 + .7 * k, tip * .6);
}

void reef(inout Shot s, vec2 p) {
  float w = half_width(), x = p.x + .08 * cam.x;
  vec3 back = s.c;
  vec2 rough = textureLod(noise_tex, vec2(x * .20 + rnd.x, .21 + p.y * .05), 0.).ba;
  float u = abs(x / w + .08), top = -.22 + .15 * rough.x + .34 * smoothstep(.30, 1.15, u) * (.6 + .8 * rough.y);
  lay(s, mix(mix(ink(), deep(), .55), back, .62), mask(p.y - top, 4. * pixel()), .82, 0.);
  float x2 = p.x + .16 * cam.x;
  vec2 rough2 = textureLod(noise_tex, vec2(x2 * .34 + rnd.y, .63 + p.y * .12), 0.).ba;
  float u2 = x2 / w, top2 = -.34 + .16 * rough2.x + (.46 * smoothstep(.45, 1.15, -u2) + .30 * smoothstep(.5, 1.2, u2)) * (.65 + .6 * rough2.y);
  float under = top2 - p.y, edge = clamp(1. - under / .035, 0., 1.);
  lay(s, mix(mix(ink(), deep(), .3) + sunlight() * .18 * POWER * edge * edge * rough2.y, back, .36), mask(-under, 2. * pixel()), .55, 0.);
  float f = max(-.235 + .1 * cam.y - p.y + .018 * wave(p.x * .8 + .3), 0.), far_off;
  vec3 ground = sand(p, f, 1., far_off);
  lay(s, mix(ground, back, .6 * far_off), clamp(f / .012, 0., 1.), .2 + .45 * far_off, 0.);
  vec2 far_at_ = vec2(-.16 * w + .20 * w * wave(.017 * t + .02 * flow) - .1 * cam.x, .13 + .03 * wave(.03 * t)), near_at = vec2(.40 * w - .14 * w * wave(.021 * t + .3 + .02 * flow) - .16 * cam.x, -.06 + .02 * wave(.04 * t));
  bool near_one = p.y < .5 * (far_at_.y + near_at.y); // the two schools keep apart: a pixel belongs to one of them
  school(s, p, near_one ? near_at : far_at_, near_one ? vec2(.26 * min(w, .7), .07) : vec2(.50 * min(w, .62), .14), near_one ? vec2(17., 34.) : vec2(25., 46.), near_one ? .08 : .22, near_one ? 2. : 1.);
  corals(s, p, back, 5.2, -.262, .13, .34, .22, 3. + 9. * rnd.z);
  corals(s, p, back, 3.4, -.345 + .05 * smoothstep(.2, 1., abs(p.x / w)), .20 + .08 * abs(p.x / w), .10, .32, 21. + 9. * rnd.w);
  stand(s, p, vec2(.02 * w - .26 * cam.x, -.385), .33, vec2(.06 * w - .1 * cam.x, -.06), .30);
  float near_x = p.x + .45 * cam.x, bank = -.50 + .10 * smoothstep(.25, 1.1, abs(near_x / w)) + .012 * wave(near_x * 1.9) + .006 * triangle(near_x * 7.);
  lay(s, ink() * .5, mask(p.y - bank, 2. * pixel()), .06, 0.);
  weeds(s, p, w);
  bubbles(s, p + vec2(.2 * cam.x, 0.), 13., .16, 1.);
}

// ---------------------------------------------------------------- 1 kelp forest
// Strands that rise towards a point far above, with blades on both sides; u in strands, v along them.
void kelp(inout Shot s, vec2 p, float cells, float thick, float k, float parallax, float seed) {
  float up = 1.05 - p.y, x = (p.x - .03 + parallax * cam.x) / up * cells + seed;
  x += .10 * cells * CURRENT * (wave(.035 * t + .02 * flow + p.y * .30) * .10 + .035 * bass * (p.y + .5)) + (weather == WIND ? .12 * (p.y + .5) * cells * .4 : 0.);
  float cell = floor(x), r = h1(cell), r2 = fract(r * 57.3), there = step(.22, r2) * (k > .5 ? 1. : smoothstep(.20, .24, abs((cell + .5 - seed) / cells * .62 - .03 - sun_at().x)));
  float off = (x - cell - .5 - .3 * (r - .5) - .07 * wave(p.y * .9 + r * 7. + .04 * t)) / cells * up, scale = up * thick;
  float v = log2(up) * -6.4 / thick * .62 + r * 9. - .03 * t - .35 * cam.z, j = floor(v), fv = v - j, rj = h2(vec2(cell, j));
  float side = off < 0. ? 0. : 1., a = abs(off) / (scale * (.080 + .04 * rj)), centre = .18 + .5 * a * (.8 + .4 * rj) - .10 * a * wave(.09 * t + rj + .5 * side);
  centre += .12 * side;
  float blade = abs(fv - centre) - .155 * (1.25 - a) * min(a * 5. + .25, 1.);
  float d = min(abs(off) - .0045 * scale, max(blade * scale * .16, (a - 1.) * .05)), bulb = length(vec2(abs(off) - .012 * scale, (fv - .16 - .12 * side) * .14 * scale)) - .010 * scale;
  d = min(d, bulb);
  float through = clamp(1.2 - length(p - sun_at()) * 1.5, 0., 1.);
  vec3 leaf = mix(mix(ink() * .75, pal[2], .16), mix(pal[3], sunlight(), .3), (.05 + .42 * through * through * (.6 + .5 * rj)) * (.45 + .55 * k) * POWER * step(.005 * scale, abs(off)));
  leaf += sunlight() * .10 * vocals * through * clamp(1. - abs(fv - centre) * 9., 0., 1.);
  lay(s, mix(leaf, far_at(p), k), mask(d, 1.5 * pixel()) * there, .1 + .75 * k, 0.); fine_detail = max(fine_detail, .9 * mask(d - .008, .006) * there);
}

// A ray that glides past the sun on slow wings.
float manta(vec2 q, float flap) {
  float m = abs(q.x), bend = flap * m * m * .35;
  float y = q.y - bend, wing = max(y - .24 + .36 * m + .10 * m * m, -y - .22 + .30 * m * (1.4 - m)) , span = m - 1.;
  float body = length(vec2(q.x, y - .02) / vec2(.20, .30)) - 1., horns = sd_capsule(vec2(m, y), vec2(.10, .24), vec2(.12, .36), .028);
  float tail = sd_capsule(vec2(q.x, y), vec2(0., -.2), vec2(.05 * flap, -1.05), .012);
  return min(min(max(wing, span), body * .2), min(horns, tail));
}

void kelp_forest(inout Shot s, vec2 p) {
  float w = half_width();
  vec2 d = p - sun_at();
  float r = length(d), disc = mask(r - .052 * (1. + .04 * bass) - .008 * wave(.1 * t + 2. * d.x / max(r, .01)), .012);
  lay(s, mix(sunlight(), vec3(1.), .35), disc * (weather == RAIN || weather == FOG ? .5 : .95), 1., .75 * disc);
  kelp(s, p, 11., .45, .62, .10, 3. + floor(9. * rnd.x));
  vec2 at = vec2(-.34 * w + .16 * w * wave(.012 * t + .02 * flow + rnd.z) - .1 * cam.x, .20 + .04 * wave(.021 * t));
  vec2 q = rot(.5 + .25 * wave(.013 * t)) * (p - at) / .115;
  if (subject_id != SJ_WHALE) lay(s, mix(ink() * .7, s.c, .22), mask(manta(q, wave(.11 * t + .1 * flow)), 1.5 * pixel() / .115), .7, 0.);
  school(s, p, vec2(.36 * w - .15 * cam.x, .02 + .05 * wave(.03 * t)), vec2(.20, .10), vec2(31., 56.), .3, 3.);
  kelp(s, p, 6.5, .72, .34, .18, 11. + floor(9. * rnd.y));
  float x = p.x + .25 * cam.x, n = fbm1(vec2(x * 1.1 + rnd.w * 8., .7 + p.y * .8)), hump = -.43 + .12 * n + .10 * smoothstep(.35, 0., abs(x / w - .06)) + .07 * smoothstep(.4, 1., abs(x / w));
  float under = hump - p.y, edge = clamp(1. - under / .02, 0., 1.);
  stand(s, p, vec2(.07 * w - .25 * cam.x, -.325), .36, vec2(.08 * w - .1 * cam.x, -.10), .34);
  vec3 stone = ink() * (.5 + .5 * n) + sunlight() * .22 * edge * edge * POWER * smoothstep(.9, .1, abs(x / w));
  float before = mask(-under, 1.5 * pixel());
  subject_cover *= 1. - before;
  lay(s, stone, before, .12, 0.);
  kelp(s, p, 3.1, 1.25, .03, .34, 31. + floor(5. * rnd.z));
  bubbles(s, p + vec2(.2 * cam.x, 0.), 11., .14, .9);
  s.c += sunlight() * motes(p + vec2(.1 * cam.x, 0.), 15., .4, .05) * (.15 + .4 * hat) * POWER;
}

// ---------------------------------------------------------------- 2 wreck
// The ship's side, 2 long, deck at about .2; opened planks let the ribs be seen. Lamps in her windows come back in w.
float hull(vec2 q, out float lamps) {
  float x = q.x, castle = smoothstep(-.52, -.56, x) * .20 + smoothstep(-.30, -.33, x) * .07 + smoothstep(.56, .60, x) * .10;
  float deck = .12 + .13 * x * x + castle, keel = -.22 + .30 * x * x * x * x * (x > 0. ? .9 : .5), bow = max(x - .92 - .24 * (q.y + .1), -x - .95 + .12 * q.y);
  float d = max(max(q.y - deck, keel - q.y), bow);
  vec2 tear = vec2((x - .22) / .34, (q.y - .12) / .24);
  float jag = .10 * triangle(x * 9.) + .07 * triangle(x * 23. + q.y * 9.), open = dot(tear, tear) - .8 + jag;
  float ribs = abs(fract(x * 11. + .35 * q.y) - .5) / 11. - .011, wale = min(abs(q.y - .01) - .012, abs(q.y - .115 - .13 * x * x) - .014);
  d = max(d, min(-open * .2, min(ribs, wale + step(.10, q.y) * step(abs(tear.x), .3))));
  vec2 port = vec2(abs(fract(x * 7.5) - .5) / 7.5, q.y + .01 - .06 * x * x), stern = vec2(abs(fract(x * 19.) - .5) / 19., q.y - .28 - .13 * x * x + .02);
  float ports = max(max(port.x - .022, abs(port.y) - .022), max(-x - .85, x + .20));
  float panes = max(max(stern.x - .014, abs(stern.y) - .030), max(-x - .90, x + .60));
  lamps = min(panes, ports);
  return d;
}

// Masts with yards, shrouds and torn sail; the masts lean and one is broken.
float rigging(vec2 q, float soft, out float cloth) {
  float main_mast = sd_capsule(q, vec2(-.08, .1), vec2(-.14, 1.12), .016), mizzen = sd_capsule(q, vec2(-.66, .2), vec2(-.76, .92), .012);
  float fore = sd_capsule(q, vec2(.48, .1), vec2(.50, .56), .016), fallen = sd_capsule(q, vec2(.50, .56), vec2(.96, .30), .013), sprit = sd_capsule(q, vec2(.98, .22), vec2(1.42, .44), .011);
  float yards = min(sd_capsule(q, vec2(-.50, .80), vec2(.24, .68), .010), min(sd_capsule(q, vec2(-.36, .99), vec2(.12, .96), .008), sd_capsule(q, vec2(-.94, .66), vec2(-.50, .72), .008)));
  float d = min(min(min(main_mast, mizzen), min(fore, fallen)), min(sprit, yards)), top = min(sj_box(q, vec2(-.12, .74), vec2(.055, .022)), sj_box(q, vec2(-.72, .60), vec2(.04, .016)));
  float wide = (.86 - q.y) * .40, off = q.x + .115, run = off / max(wide, .02), lines = max(abs(fract(run * 2.5 + .5) - .5) * max(wide, .02) / 2.5 - .003, max(abs(run) - 1., max(q.y - .82, .16 - q.y)));
  float steps = max(abs(fract(q.y * 15.) - .5) / 15. - .0022, max(abs(run) - 1., max(q.y - .8, .16 - q.y)));
  float sway = .02 * wave(.05 * t + .6 * q.y) * (1. + bass);
  float hang = .72 - .16 * q.x - q.y, torn = .20 + .16 * triangle(q.x * 3.3 + .4) + .06 * triangle(q.x * 11.);
  cloth = max(max(-hang, hang - torn), max(q.x - .18 + sway, -q.x - .40 + sway));
  return min(min(d, top), min(lines, steps) + .0015);
}

void wreck(inout Shot s, vec2 p) {
  float w = half_width(), x = p.x + .07 * cam.x;
  vec3 back = s.c;
  vec2 rough = textureLod(noise_tex, vec2(x * .17 + rnd.x, .77), 0.).ba;
  lay(s, mix(mix(ink(), deep(), .6), back, .68), mask(p.y + .24 - .10 * rough.x - .26 * smoothstep(.35, 1.2, abs(x / w - .1)) * rough.y, 5. * pixel()), .85, 0.);
  school(s, p, vec2(.30 * w - .2 * w * wave(.016 * t + .02 * flow) - .1 * cam.x, .26 + .03 * wave(.04 * t)), vec2(.30 * min(w, .7), .08), vec2(29., 54.), .42, 4.);
  float f = max(-.215 + .1 * cam.y - p.y + .014 * wave(p.x * .7), 0.), far_off;
  vec3 ground = sand(p, f, .7, far_off);
  lay(s, mix(ground, back, .65 * far_off), clamp(f / .012, 0., 1.), .2 + .5 * far_off, 0.);
  float size = .43 * clamp(w / .75, .58, 1.1);
  vec2 at = vec2((w < .45 ? -.02 : -.02) * w - .15 * cam.x, -.19), q = rot(.15) * (p - at) / size / (1. + .05 * cam.z);
  float soft = pixel() / size, lamps, cloth, d = hull(q, lamps), r = rigging(q, soft, cloth), grain = n2(vec2(q.x * 9., q.y * 46.)), planks = abs(fract(q.y * 17. - 2.2 * q.x * q.x) - .5) * 2.;
  float up = clamp(q.y * 1.1 + .4, 0., 1.), rim = clamp(1. + d / .022, 0., 1.) * step(.0, q.y);
  vec3 wood = mix(ink() * .62, mix(pal[2], back, .5), (.05 + .15 * grain + .08 * up) * step(d, r)) * (.72 + .30 * smoothstep(.1, .3, planks));
  wood += sunlight() * POWER * step(d, r) * (.22 * rim * rim + .04 * up * grain);
  lay(s, mix(ink() * .9, back, .40), mask(cloth, soft * 2.) * .80, .5, 0.);
  lay(s, mix(wood, back, .06), mask(min(d, r), soft * 1.5), .42, 0.);
  vec3 ember = mix(pal[3], pal[4], .45);
  float light = mask(lamps, soft * 1.5) * mask(d + .01, soft) * (.30 + .70 * vocals) * (hour == DAY ? .7 : 1.);
  shine(s, ember, light * .85);
  s.c += ember * (.06 + .16 * vocals) * exp(-10. * length((q - vec2(-.74, .30)) * vec2(.8, 1.)));
  float drift = p.y + .285 - .05 * smoothstep(.9, .0, abs((p.x - at.x) / size)) - .012 * wave(p.x * 1.3 + .2), f2 = max(-drift, 0.), off2;
  vec3 mound = mix(ground, ink(), .15) * (.86 + .3 * clamp(1. - f2 / .03, 0., 1.));
  lay(s, mound, mask(drift, 2. * pixel()), .3, 0.);
  vec2 a = rot(.5) * (p - vec2(.56 * w - .28 * cam.x, -.30)) / .17;
  float ring = abs(length(a - vec2(0., .96)) - .09) - .025, shank = sd_capsule(a, vec2(0., -.1), vec2(0., .86), .035), stock = sd_capsule(a, vec2(-.32, .70), vec2(.32, .70), .03);
  float arms = max(abs(length(a - vec2(0., .42)) - .56) - .042, a.y - .18), fluke = sj_triangle(vec2(abs(a.x), a.y), vec2(.40, .16), vec2(.60, .34), vec2(.62, .06));
  float anchor = min(min(min(ring, shank), min(stock, arms)), fluke), heap = p.y + .345 - .05 * smoothstep(.26, 0., abs(p.x + .28 * cam.x - .56 * w));
  lay(s, ink() * .6 + sunlight() * .16 * POWER * clamp(1. + anchor / .05, 0., 1.) * step(0., a.y), mask(anchor, pixel() / .17 * 1.5), .14, 0.);
  lay(s, mound * .92, mask(heap, 2. * pixel()) * smoothstep(.26, .18, abs(p.x + .28 * cam.x - .56 * w)), .14, 0.);
  vec2 silt = p - vec2(.58 * w - .24 * cam.x, -.25);                            // clear water round whoever stands before the bow
  float clear_ = subject_id == 0 ? 0. : clamp(1. - dot(silt, silt) * 26., 0., 1.) * .8; s.c = mix(s.c, far_at(p), clear_); s.depth = mix(s.depth, .7, clear_); stand(s, p, vec2(.58 * w - .24 * cam.x, -.385), .30, vec2(.34 * w - .1 * cam.x, .02), .28);
  weeds(s, p, w);
  bubbles(s, p + vec2(.15 * cam.x, 0.), 12., .15, .8);
  s.c += sunlight() * motes(p + vec2(.1 * cam.x, 0.), 17., .4, -.03) * (.12 + .35 * hat) * POWER;
}

// ---------------------------------------------------------------- 3 deep sea
// A jellyfish about 1 wide: bell, frilled arms and threads; it draws itself together slowly, deeper with the bass.
void jelly(inout Shot s, vec2 p, vec2 at, float size, float phase, float power, float k) {
  float beat_by = .5 + .5 * wave(.13 * t + phase), pulse = .6 * beat_by + .4 * bass;
  vec2 q = (p - at) / size;
  q.x += .06 * wave(.04 * t + phase + .3 * q.y) * (q.y < 0. ? -q.y : 0.);
  float soft = 1.5 * pixel() / size, wide = .52 - .09 * pulse, tall = .38 + .06 * pulse, m = abs(q.x);
  vec2 e = vec2(q.x / wide, q.y / tall);
  float r = length(e), rim = -.07 - .05 * triangle(q.x / wide * 2.5) * .5 - .04 * pulse, bell = max((r - 1.) * tall, rim - q.y);
  if (q.y < 0.) bell = max(m - wide * (1. - .35 * q.y * q.y * 8.), rim - q.y);
  float ribs = .5 + .5 * triangle(q.x / wide / max(sqrt(max(1. - e.y * e.y, 0.)), .3) * 2.5), inner = length((q - vec2(0., .10)) / vec2(.24, .15));
  vec3 hue = mix(mix(pal[2], pal[3], .55 + .35 * wave(phase)), pal[4], .18), pale = mix(hue, pal[4], .6);
  float edge = smoothstep(.55, 1., r), body = mask(bell, soft);
  vec3 c = mix(mix(s.c, hue, .42), pale, clamp(.55 * edge * edge + .20 * ribs * smoothstep(.2, .8, r), 0., 1.));
  c += hue * (.55 * clamp(1.25 - inner, 0., 1.) + .30 * smoothstep(.12, .0, abs(q.y - rim - .03))) * (.75 + .25 * vocals);
  float low = -q.y, length_of = 1.5 + .35 * wave(phase * 3.), fade = clamp(1. - low / length_of, 0., 1.) * step(0., low);
  float x = q.x + .05 * low * wave(low * .55 - .12 * t + phase), strand = x / wide * 4.5, id = floor(strand + .5), hang = h1(id + phase * 31.);
  float thread = abs(strand - id - .22 * wave(low * (.5 + .4 * hang) - .16 * t + hang * 7.) * min(low * 1.6, 1.)) * wide / 4.5;
  float threads = clamp(1.2 - thread / (.006 + soft * .5), 0., 1.) * step(abs(id), 4.) * clamp(1. - low / (length_of * (.45 + .55 * hang)), 0., 1.) * step(0., low - .05) * (.35 + .65 * hang);
  float frill = abs(q.x + .06 * wave(low * .7 - .10 * t + phase) * low * 1.5) - (.13 + .05 * wave(low * 2.6 - .15 * t + phase)) * clamp(1.15 - low / .95, 0., 1.);
  float arms = smoothstep(.03, -.05, frill) * step(0., low) * clamp(1. - low / .95, 0., 1.);
  float halo = 1. / (1. + 5.5 * dot(q - vec2(0., .05), q - vec2(0., .05)));
  s.c += hue * halo * halo * (.20 + .14 * vocals) * power * (1. - .6 * k);
  lay(s, mix(s.c, hue, .5), arms * .65 * (1. - k), .2 + .5 * k, .25 * arms);
  s.c += pale * threads * fade * .5 * power * (1. - k);
  lay(s, mix(c * (.72 + .5 * power), s.c, k), body * .92, .2 + .5 * k, power * (.25 + .5 * edge) * (1. - k));
  s.glow = max(s.glow, threads * fade * .5 * (1. - k));
}

void deep_sea(inout Shot s, vec2 p) {
  float w = half_width(), x = p.x + .1 * cam.x;
  vec3 back = s.c;
  vec2 rough = textureLod(noise_tex, vec2(x * .21 + rnd.x, .33), 0.).ba;
  float top = -.30 + .16 * rough.x + .34 * smoothstep(.35, 1.2, abs(x / w + .05)) * (.5 + rough.y);
  lay(s, mix(ink(), back, .55), mask(p.y - top, 4. * pixel()), .85, 0.);
  float rise = .03 * wave(.021 * t);
  vec2 a = vec2(-.62 * w - .10 * cam.x, .24 + rise), b = vec2(.66 * w - .09 * cam.x, .30 - rise), c = vec2(.46 * w - .11 * cam.x, -.02 + .5 * rise), d = vec2(-.30 * w - .08 * cam.x, .36 + .6 * rise);
  float da = distance(p, a + vec2(0., -.05)), db = distance(p, b + vec2(0., -.05)), dc = distance(p, c + vec2(0., -.05)), dd = distance(p, d + vec2(0., -.03));
  float least = min(min(da, db), min(dc, dd)); // they stand apart: only the nearest can touch this pixel
  vec2 at = least == da ? a : least == db ? b : least == dc ? c : d;
  jelly(s, p, at, (least == da ? .16 : least == db ? .13 : least == dc ? .12 : .08) * clamp(w / .8, .7, 1.), least == da ? .3 : least == db ? .62 : least == dc ? .05 : .85, .75, least == dd ? .45 : .25);
  float near_specks = motes(p + vec2(.25 * cam.x, -.08 * cam.z), 9., .45, .04), far_specks = motes(p + vec2(.1 * cam.x, 3.), 22., .5, .03);
  s.c += mix(pal[3], pal[4], .5) * far_specks * (.28 + .5 * hat);
  jelly(s, p, vec2(.04 * w + .05 * w * wave(.014 * t + rnd.z) - .16 * cam.x, .14 + .035 * wave(.026 * t + .4)), .36 * clamp(w / .7, .72, 1.05), .45 + rnd.y, 1., 0.);
  float x2 = p.x + .25 * cam.x;
  vec2 stone = textureLod(noise_tex, vec2(x2 * .38 + rnd.w, .52 + p.y * .2), 0.).ba;
  float ledge = -.43 + .10 * stone.x + .26 * smoothstep(.35, 1.1, x2 / w) * (.6 + stone.y) + .14 * smoothstep(.5, 1.2, -x2 / w) + .05 * smoothstep(.25, 0., abs(x2 + .36 * w)), under = ledge - p.y;
  stand(s, p, vec2(-.36 * w - .25 * cam.x, -.352), .32, vec2(-.42 * w - .12 * cam.x, -.14), .26);
  float before = mask(-under, 1.5 * pixel()), edge = clamp(1. - under / .025, 0., 1.);
  vec3 lamp = mix(pal[3], pal[4], .35);
  subject_cover *= 1. - before;
  lay(s, ink() * (.35 + .5 * stone.y) + lamp * .16 * edge * edge * (.5 + .5 * vocals) / (1. + 4. * p.x * p.x), before, .12, 0.);
  vec2 g = vec2(x2 * 26., p.y * 26.), cell = floor(g), f = g - cell - .5; // small things that live on the rock, and light
  float r = h2(cell), on = step(.72, r) * smoothstep(.10, .0, under) * step(.004, under), dot_ = length(f - .5 * (vec2(fract(r * 31.), fract(r * 77.)) - .5));
  float spark = on * (smoothstep(.16, .05, dot_) + .35 * max(1. - 2.2 * dot_, 0.)) * (.35 + .35 * wave(.09 * t + r * 9.) * .5 + .55 * mid);
  shine(s, mix(pal[3], mix(pal[2], pal[4], .5), step(.86, r)), spark * .9);
  s.c += mix(pal[3], pal[4], .6) * near_specks * (.25 + .6 * treble);
  s.glow = max(s.glow, min(near_specks * .6, 1.));
  bubbles(s, p + vec2(.2 * cam.x, 0.), 10., .12, .55);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) reef(s, p);
  if (variant == 1) kelp_forest(s, p);
  if (variant == 2) wreck(s, p);
  if (variant == 3) deep_sea(s, p);
  if (weather == SNOW || weather == FOG) s.c = weather_layer(p, s.c, s.depth); // marine snow, stirred-up silt
  if (weather == RAIN) s.c += mix(shallow(), sunlight(), .5) * textureLod(weather_tex, vec2(p.x * 1.1, p.y * .5 - .12 * t), 0.).r * .2; // drops' air
  if (weather == WIND) s.c += mix(shallow(), sunlight(), .5) * textureLod(weather_tex, vec2(p.x * .5 - .12 * t - .1 * flow, p.y * 1.6), 0.).b * .28;
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
