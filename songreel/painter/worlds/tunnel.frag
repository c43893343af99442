// Tunnel: 0 tube of light rings flown through, 1 road tunnel with lamps and a bright way out, 2 ice cave with crystals, 3 library of
// pointed arches with a figure of light at its end. Corridors are solved ray by ray: half the width is 1, z runs forward, the eye is at 0.
// Whatever passes the eye does so slower than once a second and differs little from what is beside it.

struct Shot { vec3 c; float depth; float glow; };

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET || subject_id == SJ_WHALE || SJ_HANGS;
const bool DRIVES = subject_id == SJ_CAR && variant == 1;
const float AWAKE = hour == NIGHT ? .0 : hour == DUSK ? .34 : hour == DAWN ? .62 : 1.; // how much of the day comes in
const float WET = weather == RAIN ? 1. : weather == SNOW ? .7 : .5;

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

vec3 sun() { return mix(light_colour(), pal[4], .35); }
vec3 ink() { return mix(pal[0], pal[1], .12 + .30 * AWAKE) * (.62 + .25 * AWAKE); }
vec3 haze() { return mix(mix(pal[1], pal[2], .45) * .8, mix(sky_low(), sky_mid(), .4), .25 + .6 * AWAKE); }
vec3 lamp() { return mix(mix(pal[4], pal[3], .25), vec3(1., .86, .62), .25); }
// The spectrum from low (0) to high (1) as the ear hears it, smooth in x.
float band(float x) { x *= 4.; return bass * max(1. - abs(x), 0.) + mid * max(1. - abs(x - 1.), 0.) + vocals * max(1. - abs(x - 2.), 0.) + treble * max(1. - abs(x - 3.), 0.) + hat * max(1. - abs(x - 4.), 0.); }
// How far the eye has come: never more than about .6 a second.
float travel() { return t * .10 + flow * .22 + cam.z * .45 + rnd.w * 9.; }
// The point that everything runs towards.
vec2 vanish() {
  float w = half_width();
  if (variant == 0) return vec2(.08 * w - .10 * cam.x + .02 * wave(t * .03), .03 - .08 * cam.y);
  if (variant == 1) return vec2(.10 * w - .10 * cam.x, -.02 - .08 * cam.y);
  if (variant == 2) return vec2(.06 * w - .05 * cam.x, .02);
  return vec2(-.02 * w - .10 * cam.x, -.02 - .06 * cam.y);
}
const float FOCAL = variant == 0 ? .44 : variant == 1 ? .60 : .50;
// Pictures that are narrow look through a narrower corridor, so that its walls stay in sight.
float narrow() { return clamp(half_width() / .62, .6, 1.); }
vec2 ray(vec2 p) { return (p - vanish()) / FOCAL / vec2(narrow(), mix(1., narrow(), .35)); }

// What is outside, seen through the way out: sky, its light and a far range.
vec3 outside(vec2 p) {
  vec2 q = p - vanish(); float h = q.y + .03; vec3 c = sky(max(h, 0.) * 2.6 + (hour == DAY ? .15 : .04));
  float d = length(q - vec2(.02, .05)); c += sun() * (exp(-d * 16.) * .5 + exp(-d * 5.) * .22) * (.85 + .2 * vocals) * (1. - .55 * AWAKE);
  return c;
}

vec3 far(vec2 p) {
  vec2 q = p - vanish(); float r = length(q); vec3 c = outside(p);
  if (variant == 2) {
    float a = fbm1(vec2(p.x * .8 + rnd.x * 8., p.y * 2.2 + t * .01)), hill = q.y + .04 - .13 * ridge1(vec2(p.x * .8 + rnd.y * 8., .3)) * smoothstep(.02, .35, abs(q.x) + .05);
    c = mix(c, mix(sun(), sky_mid(), .5), smoothstep(.5, .85, a) * .3 * smoothstep(0., .2, q.y));
    if (hour == NIGHT || hour == DUSK) { // northern lights
      float x = p.x * 1.4 + .25 * wave(p.x * .5 + t * .02), veil = fbm1(vec2(x + .3 * fbm1(vec2(x, t * .03)), .2 + t * .012)), up = (q.y - .10 - .16 * veil) * 7.;
      c += mix(pal[2], pal[3], clamp(up * .4, 0., 1.)) * smoothstep(.35, .7, veil) * exp(-max(up, 0.) * 1.1) * smoothstep(-.6, .1, up) * (.35 + .25 * mid);
    }
    c = mix(c, mix(mix(pal[1], pal[2], .5), sky_low(), .45), smoothstep(.006, -.006, hill) * .8);
  } else c = mix(haze(), c, exp(-r * 3.));
  return c;
}

void dust(inout Shot s, vec2 p, float cells, float size, int id, vec3 c) {
  vec2 g = p * cells + vec2(.3 * wave(t * .04 + float(id) * .3) + cam.x * cells * .2, t * (weather == SNOW ? .35 : .10)), i = floor(g); vec4 r = dice4(int(i.x) + 131 * id, int(i.y) + seed());
  vec2 f = g - i - .5 - .5 * (r.xy - .5) - .12 * vec2(wave(t * .13 + r.w * 9.), wave(t * .11 + r.z * 7.)); float d = length(f) / cells;
  float a = clamp(1.4 - d / max(size * (.4 + .8 * r.w), .8 * pixel()), 0., 1.) * step(.80, r.z) * (.05 + .08 * wave(t * .15 + r.y * 5.) + .45 * treble) * clamp(1.3 - 1.1 * length(p - vanish()), .3, 1.);
  s.c += c * a; s.glow = max(s.glow, a * .6);
}

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float ground_size, float air_size) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air + .012 * vec2(wave(t * .07), wave(t * .11)) : ground; float size = ALOFT ? air_size : ground_size; vec2 q = (p - at) / size; float px = pixel() / size;
  vec3 under = s.c; float shadow_of = ALOFT ? 0. : clamp(1. - length((p - at) / vec2(.34, .05) / size), 0., 1.); s.c *= 1. - .55 * shadow_of;
  if (DRIVES) {
    float d = subject_rear(q), m = 1. - smoothstep(-px, px, d); subject_cover = m; lay(s, ink() * .4 + sun() * .5 * clamp(1. + d / .03, 0., 1.) * clamp(q.y * 2. - .2, 0., 1.), m, .15, 0.);
    vec2 tail = vec2(abs(q.x) - .36, q.y - .36); float on = clamp(1.2 - length(tail / vec2(1.7, 1.)) / .055, 0., 1.); s.c += mix(pal[3], vec3(1., .15, .1), .5) * (on * 1.2 + .1 / (1. + dot(tail, tail) * 40.)); s.glow = max(s.glow, on); return;
  }
  s.c = subject_over(q, px, s.c, ink() * .4, mix(sun(), pal[3], .15), normalize(vanish() + vec2(0., .05) - at - vec2(0., .4 * size)));
  s.depth = mix(s.depth, .15, step(.5, subject_cover)); vec3 g = subject_glow(q); s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// The light at the end: a disc of a size, its glow in the air and straight rays that turn slowly.
void way_out(inout Shot s, vec2 p, float size, float power) {
  vec2 q = p - vanish(); float r = length(q), a = atan(q.y, q.x) / TAU; float rays = .5 * fbm1(vec2(a * 16., t * .03)) + .5 * fbm1(vec2(a * 40. , 3. - t * .04));
  s.c += sun() * power * (exp(-r * 7.) * .34 + exp(-r * 2.6) * .14 * smoothstep(.25, .8, rays)) * (.72 + .42 * vocals) * (1. - .45 * AWAKE); s.glow = max(s.glow, exp(-r * 14. / max(size, .3)) * .7);
}

// ---------------------------------------------------------------- 0 rings
const int RINGS = 7;
void rings(inout Shot s, vec2 p) {
  float go = travel() * 1.1, w = half_width(); vec2 d = ray(p), bend = vec2(.10 * wave(t * .021 + .2), .05 * wave(t * .017));
  float r0 = length(d); d -= bend * clamp(r0 * .5, 0., 1.); float r = max(length(d), .012), a = atan(d.y, d.x) / TAU, z = 1. / r, fl = .60 / max(-d.y, .001); bool floor_hit = fl < z; z = min(z, fl);
  float k = 1. - exp(-.30 * z), soft = pixel() / FOCAL; vec3 far_c = mix(far_at(vanish()), sun(), .35);
  // The wall: long panels, every third of the upper ones of glass; bands of the spectrum run along it.
  float lane = a * 20. + .5, li = floor(lane), le = abs(lane - li - .5), along = (z + go) / 1.6, ai = floor(along), ae = abs(along - ai - .5); vec4 pr = dice4(int(li) + 40, int(mod(ai, 64.)) + seed());
  float seam = max(smoothstep(.46, .49, le), smoothstep(.47, .49, ae) * clamp(2. - z * .4, 0., 1.)), lit = .35 + .65 * clamp(.5 - .5 * wave(a + .25), 0., 1.); vec4 n = textureLod(noise_tex, vec2(a * 3., (z + go) * .21), 0.);
  vec3 wall = mix(ink() * 1.1, haze() * .75, .16 + .22 * pr.x + .18 * n.b) * (1. - .5 * seam) + sun() * .10 * k; float x = abs(fract(a - .25) * 2. - 1.), level = band(abs(x * 2. - 1.));
  float strip = smoothstep(.20, .12, abs(le - .0)) * smoothstep(.40, .30, ae) * step(.55, pr.z), hop = .5 + .5 * wave((z + go) * .11 - t * .04 + li * .13); wall += mix(pal[3], pal[2], hop) * strip * (.10 + .42 * level) * (.4 + .6 * hop);
  float glass = step(.0, d.y - .25 * abs(d.x)) * step(.55, fract(li * .382)) * (1. - seam) * smoothstep(.49, .47, ae); vec3 sky_c = sky(clamp(.2 + .5 * d.y * z, 0., 1.)) + sun() * .12; wall = mix(wall, sky_c * (.75 + .2 * n.b), glass * (.35 + .5 * AWAKE));
  if (floor_hit) {
    float fx = d.x * z, line = max(smoothstep(.018 + soft * z, .018, abs(abs(fx) - .42)), 0.), slab = smoothstep(.475, .5, abs(fract((z + go) / .8) - .5)) * clamp(1.6 - z * .5, 0., 1.);
    vec3 ground = mix(ink() * .8, haze() * .5, .20 + .2 * n.a) * (1. - .35 * slab); float mirror = exp(-abs(d.x) * 5.) * (.30 + .35 * k); ground += sun() * mirror * (.5 + .3 * vocals); ground += pal[3] * line * (.16 + .22 * level); wall = ground;
  }
  s.c = mix(wall, far_c, k * .72); s.depth = clamp(.08 + k, 0., 1.); s.glow = strip * level * .3;
  float out_r = .145, hole = length(p - vanish()); vec3 light = mix(outside(p), sun(), .55); lay(s, light, smoothstep(out_r, out_r * .35, hole) * .95, 1., .5 * smoothstep(out_r, 0., hole));
  // Hoops, far to near: a dark frame with a thin line of light on its inner edge.
  for (int i = RINGS; i >= 1; i--) {
    float whole = floor(go / 1.6), zi = (float(i) - go / 1.6 + whole) * 1.6, id = whole + float(i), ki = 1. - exp(-.30 * zi); vec2 dd = (ray(p) - bend * clamp(.5 / zi, 0., 1.)) * zi; float turn = h1(id) + .010 * t * (h1(id + 7.) - .5);
    float ang = abs(fract((atan(dd.y, dd.x) / TAU + turn) * 3.) - .5), rr = length(dd), px = soft * zi * 1.3, fade = clamp(zi * 3. - .6, 0., 1.); float inner = .90 - rr + .022 * smoothstep(.26, .30, ang), body = max(inner, rr - 1.03), edge = abs(inner + .016) - .015;
    vec3 hue = mod(id, 3.) < 1. ? mix(pal[3], pal[4], .25) : mod(id, 3.) < 2. ? mix(pal[2], pal[4], .35) : mix(pal[3], pal[2], .4); float power = (.62 + .16 * kick + .12 * bass) * fade * smoothstep(.03, .06, ang);
    lay(s, mix(ink() * .75 + hue * .06, far_c, ki * .65), mask(body, px) * fade, .1 + ki * .85, 0.);
    s.c += hue * power * (.24 / (1. + 90. * max(inner, 0.) * max(inner, 0.) + 240. * max(-inner, 0.) * max(-inner, 0.))) * (1. - .6 * ki) * (1. - .5 * AWAKE);
    float tube = mask(edge, px) * power; lay(s, mix(hue, vec3(1.), .12), tube, .1 + ki * .8, tube);
  }
  way_out(s, p, 1., .85 + .3 * AWAKE);
  dust(s, p, 17., .0022, 1, lamp()); dust(s, p, 9., .0036, 2, lamp());
  stand(s, p, vec2(-.16 * w - .22 * cam.x, -.335), vec2(-.12 * w - .2 * cam.x, -.12), .32, .24);
}

// ---------------------------------------------------------------- 1 road
void road(inout Shot s, vec2 p) {
  const float EYE = .46, LAMP_GAP = 3.0; float go = travel() * 1.9, w = half_width(), soft = pixel() / FOCAL; vec2 d = ray(p); d.x += .045 * wave(t * .015) * d.y * 0.;
  float z = d.y > 0. ? 1. / max(length(d), .01) : min(1. / max(abs(d.x), .01), EYE / max(-d.y, .001)); bool ground = d.y < 0. && EYE / -d.y <= z + .0001; const float END = 6.6;
  vec2 hit = d * z; float k = 1. - exp(-.16 * z), u = z + go, near_end = exp(-max(END - z, 0.) * .55); vec3 air = mix(haze() * .8, sun(), .30 + .2 * AWAKE);
  float pool = .5 + .5 * wave(u / LAMP_GAP + .25), over = clamp(hit.y * .6 + .6, 0., 1.); vec4 n = textureLod(noise_tex, vec2(u * .17, (ground ? hit.x : hit.y + hit.x * .3) * .45 + rnd.x), 0.), m = textureLod(noise_tex, vec2(u * .8, hit.y * 1.6 + hit.x), 0.);
  vec3 c; float glow = 0.;
  if (ground) {
    float lane = hit.x - .02, px = soft * z, dash = mask(abs(lane) - .014, px) * smoothstep(.10, .14, .32 - abs(fract(u / 1.5) - .5)), side = mask(abs(abs(hit.x) - .80) - .014, px), kerb = smoothstep(.865, .875, abs(hit.x));
    c = mix(ink() * .9, mix(pal[1], pal[2], .4) * .65, .15 + .35 * n.b + .12 * m.b) * (.75 + .3 * pool); c = mix(c, haze() * .55, kerb * .6);
    c = mix(c, mix(pal[4], vec3(1.), .2), (dash + side * .8) * (.30 + .22 * pool + .15 * AWAKE)); float streak = exp(-abs(d.x + (n.b - .5) * .05) * (5. - 2.5 * WET)) * (.35 + .65 * m.a);
    c += sun() * streak * WET * (.34 + .24 * vocals) * exp(-max(END - z, 0.) * .12); float wet_lamp = exp(-16. * abs(abs(hit.x) - .52)) * (.4 + .6 * m.a) * (.5 + .5 * pool); c += lamp() * wet_lamp * WET * .22;
  } else {
    vec2 tile = vec2(u * 3.2, (d.y > 0. ? atan(abs(d.x), d.y) * -1. : hit.y) * 5.); float joint = max(smoothstep(.47, .495, abs(fract(tile.x) - .5)), smoothstep(.46, .49, abs(fract(tile.y) - .5))) * clamp(1.7 - z * .45, 0., 1.); vec4 tr = dice4(int(mod(floor(tile.x), 97.)), int(floor(tile.y)) + 50);
    float panel = hit.y < .16 && hit.y > -.36 ? 1. : 0.; vec3 base = mix(ink(), mix(pal[1], pal[2], .55) * .85, .28 + .25 * n.b + .10 * tr.x); base = mix(base, mix(pal[2], pal[4], .45) * .72, panel * (.40 + .12 * tr.y)); c = base * (1. - .30 * joint) * (.62 + .22 * pool + .35 * AWAKE * .5);
    c += lamp() * .17 * exp(-4.5 * length(vec2(abs(hit.x) - .70, hit.y - .70))) * (.55 + .45 * pool); c *= 1. - .20 * smoothstep(.4, .95, m.b) * (1. - panel);
    float rail = abs(hit.y - .20), line = mask(rail - .010, soft * z * 1.4), level = band(fract(u * .055)); vec3 hue = mix(pal[3], mix(pal[2], pal[4], .4), fract(u * .055)); c += hue * (line * (.35 + .5 * level) + .10 * exp(-rail * 9.) * level); glow = line * (.3 + .5 * level);
    // Lamps sit in two lines under the crown and glide by, long and soft.
    float ang = atan(abs(d.x), max(d.y, .001)), lx = abs(ang - .62), lz = abs(fract(u / LAMP_GAP) - .5) * LAMP_GAP, box_l = max(lx - .035, lz - .42); if (d.y > 0.) { float on = mask(box_l, soft * z * 2.); c = mix(c, mix(lamp(), vec3(1.), .2), on * (.70 + .10 * bass)); glow = max(glow, on * .75); c += lamp() * .22 * exp(-max(box_l, 0.) * 8.); }
    float pipe = ang < .16 && d.y > 0. ? 1. : 0.; c = mix(c, ink() * .7, pipe * .5);
  }
  s.c = mix(c, air, k * .62) + sun() * near_end * .30 * (.8 + .3 * vocals) * (1. - .5 * AWAKE); s.depth = clamp(.08 + k * .95, 0., .95); s.glow = glow * (1. - k);
  // The way out: the arch's shape with the land behind it.
  vec2 e = d * END; float arch = e.y > 0. ? length(e) - 1. : max(abs(e.x) - 1., -e.y - EYE), px = soft * END; vec3 land = outside(p); float ridge = e.y + .22 - .30 * ridge1(vec2(e.x * .35 + rnd.y * 8., .2)); land = mix(land, mix(mix(pal[1], pal[2], .5), sky_low(), .35), mask(ridge, .03) * .85);
  float way = e.y + EYE; if (e.y < -.16) land = mix(mix(pal[2], sky_low(), .5), mix(pal[1], pal[2], .4), mask(abs(e.x) - .25 - (-.16 - e.y) * 1.8, .05)); float orb_d = length(e - vec2(.22, .32)) - .17; land = mix(land, mix(sun(), vec3(1.), .4), mask(orb_d, .03) * .9);
  lay(s, mix(land, sun(), .14), mask(arch, px), 1., .55 * mask(arch, px)); s.c += sun() * (exp(-max(arch, 0.) * 1.5) * .24 + exp(-max(arch, 0.) * .45) * .08) * (.75 + .35 * vocals) * (1. - .45 * AWAKE);
  dust(s, p, 15., .0022, 1, lamp()); dust(s, p, 8., .0034, 2, sun());
  stand(s, p, DRIVES ? vec2(.30 * w - .2 * cam.x, -.37) : vec2(w < .45 ? -.14 * w - .12 * cam.x : -.30 * w - .22 * cam.x, -.36), vec2(-.2 * w - .2 * cam.x, -.12), DRIVES ? .26 : .34, .26);
}

// ---------------------------------------------------------------- 2 ice cave
// A crystal on y = 0, 1 high, half as wide as `fat`, leaning: its distance and the light of the side that is seen, 0..1.
vec2 crystal(vec2 q, float fat, float lean, float r) {
  q.x -= lean * q.y; float top = .62 + .16 * r, half_at = fat * (q.y < top ? .78 + .22 * q.y / top : (1. - q.y) / (1. - top)), u = q.x / max(half_at, .001), split = -.30 + .5 * r;
  float cap = step(top - .12 * abs(u - split), q.y), face = u < split ? .16 : .62; face = mix(face, u < split ? .42 : .95, cap);
  return vec2(max(abs(q.x) - half_at, q.y - 1.), face + .30 * smoothstep(.10, 0., abs(u - split)) * step(q.y, top));
}

// One frame of ice round an opening: rock cut in planes, and crystals that hang and stand, larger to the sides. k: how far off.
void ice(inout Shot s, vec2 p, float open, float cells, float k, int id, float shift) {
  float w = half_width(), x = (p.x - vanish().x + shift) / clamp(w / .7, .52, 1.15), side = abs(x) / (open * 1.55), y = p.y - vanish().y; vec4 n = textureLod(noise_tex, vec2(x * .30 + float(id) * .37 + rnd.x, .13 * float(id)), 0.);
  float top = open * (1.02 - .62 * side * side) + .10 * (n.b - .5), low = -open * (.80 - .44 * side * side) + .05 * (n.a - .5); bool above = y > .0;
  float g = x * cells + float(id) * .31 + (above ? .0 : .43), cell = floor(g); vec4 r = dice4(int(cell) + (above ? 0 : 77), id * 31 + seed()); vec4 r2 = dice4(int(floor(g + .5)) + (above ? 300 : 377), id * 31 + seed());
  float grow = above ? .35 + .65 * min(side, 1.2) : smoothstep(.25, .75, side), tall = open * (.14 + .55 * r.y * r.y) * grow + .001, tall2 = open * (.08 + .30 * r2.y) * grow + .001, foot = above ? top - y + .03 : y - low + .03;
  vec2 one = crystal(vec2((g - cell - .5) / cells, foot / tall), (.26 + .20 * r.w) / cells, (r.x - .5) * .7 / cells, r.z), two = crystal(vec2((g + .5 - floor(g + .5) - .5) / cells, foot / tall2), (.22 + .18 * r2.w) / cells, (r2.x - .5) * .9 / cells, r2.z);
  float rock = above ? top - y : y - low; bool first = one.x < 0. || one.x < two.x; float body = min(rock, min(one.x, two.x)), face = first ? one.y : two.y, rise = clamp(foot / (first ? tall : tall2), 0., 1.);
  vec2 plane = vec2(x + y * .45, y - x * .30) * (3.2 + 2.2 * k) + float(id) * 1.7 + n.b * .8, pi = floor(plane), pf = plane - pi; float cut = pf.x + pf.y > 1. ? 1. : 0.; vec4 pr = dice4(int(pi.x) * 2 + int(cut), int(pi.y) + id * 13);
  bool bare = rock < 0. && min(one.x, two.x) > 0.; float through = exp(-2.1 * length(vec2(x, y))), facet = bare ? .10 + .50 * pr.x + .12 * n.a : face * (.75 + .25 * rise) ;
  vec3 deep = mix(ink() * .85, pal[1] * (.40 + .25 * AWAKE), .5), body_c = mix(pal[1], pal[2], .75) * (.62 + .30 * AWAKE), bright = mix(mix(pal[2], pal[4], .55), sun(), .3) * (.72 + .22 * AWAKE);
  float l = clamp(facet * (.34 + .42 * through + .20 * k) + .16 * through + .10 * k, 0., 1.); vec3 c = l < .45 ? mix(deep, body_c, l / .45) : mix(body_c, bright, (l - .45) / .55); c += sun() * clamp(1. + body / .008, 0., 1.) * (.06 + .26 * through);
  float heart = bare ? 0. : exp(-5. * abs(rise - .45)) * step(.45, (first ? r.z : r2.z)) * (.10 + .50 * band(first ? r.x : r2.x)) * (1. - .7 * k); c += mix(pal[3], mix(pal[2], pal[4], .3), first ? r.w : r2.w) * heart * (.35 + .5 * face);
  lay(s, mix(c, far_at(vanish() + vec2(0., .10)), k * k * .5), mask(body, 1.4 * pixel()), .12 + .75 * k, clamp(heart, 0., 1.) * .6);
}

void ice_cave(inout Shot s, vec2 p) {
  float w = half_width(); vec2 v = vanish(), q = p - v; float shore = v.y - .075, f = shore - p.y; vec3 orb = vec3(v + vec2(.03, .055), hour == DAY ? .030 : .042);
  if (f < 0.) lay(s, mix(sun(), vec3(1.), .35), mask(length(p - orb.xy) - orb.z, 1.5 * pixel()) * .95, 1., .6);
  vec2 m = p; vec4 n = textureLod(noise_tex, vec2(p.x * .6 * (1. + .1 / (max(f, 0.) + .05)), .12 / (max(f, 0.) + .05)) + rnd.zw, 0.);
  if (f > 0.) { m.y = shore + f * .9; m.x += .03 * (n.b - .5); s.c = far_at(m); }
  float z = cam.z * .06; ice(s, m, .20 + z * .5, 12., .90, 1, .05 * cam.x); ice(s, m, .30 + z * .8, 8.0, .60, 2, .12 * cam.x);
  if (f > 0.) { // the frozen lake: it mirrors, dulled, with white cracks and the light's path
    float crack = smoothstep(.82, .94, n.a) * smoothstep(0., .08, f); s.c = mix(s.c, mix(ink(), mix(pal[1], pal[2], .6), .45 + .25 * AWAKE), .30 + .25 * n.b) + mix(pal[2], pal[4], .6) * crack * .12;
    s.c += sun() * exp(-abs(p.x - orb.x) / (.03 + .20 * f)) * smoothstep(.30, .75, n.b + .2 * (n.a - .5)) * (.24 + .24 * vocals) * exp(-f * 1.5) * (1. - .4 * AWAKE); s.depth = clamp(.9 - f * 1.9, .12, .9);
  }
  s.c += sun() * exp(-3.2 * length(q)) * (.07 + .05 * bass) * (1. - .5 * AWAKE);
  ice(s, p, .44 + z * 1.2, 5.2, .30, 3, .22 * cam.x);
  stand(s, p, vec2(-.16 * w - .24 * cam.x, -.335), vec2(-.10 * w - .2 * cam.x, -.10), .33, .24); float kept = subject_cover; vec3 c0 = s.c;
  ice(s, p, .64 + z * 1.6, 3.3, .04, 4, .36 * cam.x); s.c = mix(s.c, c0, kept);
  dust(s, p, 17., .0020, 1, mix(pal[4], vec3(1.), .4)); way_out(s, p, .7, .30);
}

// ---------------------------------------------------------------- 3 library
void library(inout Shot s, vec2 p) {
  const float EYE = .56, SPRING = .42, BAY = 1.9, END = 4.6; float go = travel() * .85, w = half_width(), soft = pixel() / FOCAL; vec2 d = ray(p); float ax = max(abs(d.x), .002);
  // The section is a pointed arch: walls upright to the springing, above it a circle round the opposite wall's foot.
  float A = dot(d, d), B = ax - d.y * SPRING, C = SPRING * SPRING - 3., vault = (-B + sqrt(max(B * B - A * C, 0.))) / max(A, 1e-4), wall_z = 1. / ax, z = vault; if (wall_z * d.y < SPRING) z = wall_z; float fl = EYE / max(-d.y, .001); bool ground = fl < z; z = min(z, fl);
  vec2 hit = d * z; float k = 1. - exp(-.17 * z), u = z + go, bay = u / BAY, rib = abs(fract(bay) - .5) * BAY, px = soft * z, fine = clamp(1.7 - z * .34, 0., 1.); bool is_rib = rib < .15; float left = sign(d.x);
  vec3 air = mix(haze() * .7, sun(), .36), wood = mix(ink() * .8, mix(pal[1], pal[2], .3) * .7, .4), stone = mix(ink(), mix(pal[2], sky_low(), .35) * .75, .42 + .2 * AWAKE); float to_end = exp(-max(END - z, 0.) * .30), light = .62 + .60 * to_end + .25 * AWAKE, relief = is_rib && !ground ? -.14 : 0.; vec3 c; float glow = 0.;
  vec4 n = textureLod(noise_tex, vec2(u * .21, hit.y * .3 + hit.x * .11) + rnd.xy, 0.); float lamp_near = exp(-1.8 * rib) * 0. + (.5 + .5 * wave(bay + .0));
  if (ground) {
    vec2 t2 = vec2(hit.x * 2.5, u * 2.5), tile = abs(fract(t2) - .5); float check = mod(floor(t2.x) + floor(t2.y), 2.), carpet = mask(abs(hit.x) - .36, px); c = mix(stone * .55, stone * .85, mix(.5, check, fine * .8)) * (.8 + .3 * n.b);
    float hem = mask(abs(abs(hit.x) - .32) - .012, px); c = mix(c, mix(pal[3], pal[1], .55) * (.45 + .25 * n.b), carpet * .88); c = mix(c, mix(pal[4], pal[3], .4) * .55, hem); c *= light * .9;
    c += sun() * exp(-abs(d.x) * 6.5) * (.22 + .16 * vocals) * (.35 + .75 * to_end) * (carpet > .5 ? .7 : 1.2);
  } else if (hit.y < SPRING && !is_rib) {
    float shelf = (hit.y + EYE) * 6.1, row = floor(shelf), sy = fract(shelf), bx = u * 26. + row * 3.7, book = floor(bx), f = bx - book; vec4 r = dice4(int(mod(book, 211.)), int(row) * 7 + (left > 0. ? 3 : 1) + seed()); float tall = .62 + .30 * r.x, spine = smoothstep(.5, .40, abs(f - .5)), there = step(sy, tall) * step(.05, r.w);
    vec3 cover = mix(mix(mix(pal[1], pal[2], r.y), pal[3], .75 * step(.70, r.z)), pal[4], .28 * step(r.z, .22)) * (.40 + .35 * r.x); cover *= .70 + .30 * spine; cover += mix(pal[4], pal[3], .4) * .30 * step(abs(sy - .5 * tall), .035) * step(.5, r.y);
    vec3 shelved = mix(ink() * .5, cover, there); shelved = mix(shelved, wood * 1.1, smoothstep(.90, .93, sy)); c = mix(mix(wood, mix(pal[1], pal[3], .25) * .5, .4), shelved, fine); c *= light * (.75 + .5 * lamp_near * .5);
    float level = band(fract(row * .193)), shine_row = exp(-14. * abs(sy - .93)); c += mix(pal[3], pal[4], .45) * shine_row * (.06 + .30 * level); glow = shine_row * level * .35;
  } else if (!is_rib) {
    float ry = (hit.y - SPRING) * 1.05, ur = fract(bay + .5) - .5; vec2 win = vec2((fract(bay) < .5 ? fract(bay) : fract(bay) - 1.) * BAY, hit.y - .62); float pane = win.y < .18 ? abs(win.x) - .26 : length(vec2(abs(win.x) + .26, win.y - .18)) - .52; pane = max(pane, -win.y - .14);
    pane = max(abs(fract(bay + .5) - .5) * BAY, 0.) < .6 ? pane : 1.; vec3 web = stone * (.62 + .35 * n.b) * light * (1. - .25 * smoothstep(.5, .8, n.a)); float bars = min(abs(fract(win.x * 7.6 + .5) - .5) / 7.6, abs(fract(win.y * 8.) - .5) / 8.);
    c = web; c = mix(c, ink() * .6, mask(abs(pane) - .03, px) * .8); vec3 glass = (sky(.3 + .4 * hit.y) + sun() * .15) * (.45 + .5 * AWAKE); c = mix(c, mix(glass, ink(), clamp(1.4 - bars / max(.008, px), 0., 1.) * .7), mask(pane, px)); glow = mask(pane, px) * .12 * AWAKE; relief = .30 * mask(pane, px);
  } else {
    float round_l = 1. - rib / .15, lines = .5 + .5 * triangle(rib * 17.); c = stone * (.70 + .32 * round_l + .12 * lines) * light * (1. + .12 * n.b); c += sun() * .10 * to_end * round_l; if (hit.y < -.30) c *= .92;
    float sconce = length(vec2(rib * 1.3, hit.y - .12)); c += lamp() * (.30 * exp(-4.5 * sconce)) * (.75 + .2 * mid); glow = max(glow, .6 * mask(sconce - .05, px * 2.)); c = mix(c, lamp(), mask(sconce - .045, px * 1.5) * (.7 + .2 * mid));
  }
  s.c = mix(c, air, k * .58); s.depth = clamp(.06 + 1.45 * k + relief * (1. - k), 0., .94); s.glow = glow * (1. - k);
  // Lamps on chains down the middle: they pass overhead, slowly and small.
  for (int i = 3; i >= 0; i--) {
    float zi = (float(i) + 1. - fract(go / BAY)) * BAY; vec2 e = d * zi - vec2(0., .74); float q = length(e * vec2(1., 1.15)), ki = 1. - exp(-.17 * zi), fade = clamp(zi * 1.2 - .7, 0., 1.), chain = max(abs(e.x) - .006, -e.y); 
    lay(s, mix(ink() * .6, air, ki * .6), mask(chain, soft * zi) * step(e.y, .62) * fade, .2 + ki * .7, 0.); s.c += lamp() * fade * (.22 + .06 * mid) * exp(-q * 6.) * (1. - .3 * ki);
    float cage = abs(q - .085) - .010, bulb = q - .062; lay(s, mix(lamp(), vec3(1.), .15), mask(bulb, soft * zi) * fade, .2 + ki * .7, .8); lay(s, mix(ink() * .7, air, ki * .6), mask(min(cage, max(abs(fract(e.x * 17.) - .5) / 17. - .005, q - .085)), soft * zi) * .8 * fade, .2 + ki * .7, 0.);
  }
  // The end: a tall arch of light, and one who stands in it.
  vec2 e = d * END; float arch = e.y < .25 ? abs(e.x) - .62 : length(vec2(abs(e.x) + .62, e.y - .25)) - 1.24; arch = max(arch, -e.y - EYE); float ex = soft * END; vec3 beyond = mix(outside(p), sun(), .62);
  lay(s, mix(stone * .8, air, .6), mask(abs(arch) - .07, ex), .93, 0.); lay(s, beyond, mask(arch, ex), 1., .55 * mask(arch, ex));
  vec2 b = e - vec2(0., -EYE); b.x -= .012 * wave(t * .06); float halo = length(b - vec2(0., .62)); s.c += mix(sun(), vec3(1.), .3) * (exp(-halo * 3.) * .35 + exp(-halo * .8) * .10) * (.72 + .40 * vocals);
  float body = min(sj_limb(vec2(abs(b.x), b.y), vec2(.0, .50), vec2(.03, .0), .055, .105), min(length(b - vec2(0., .66)) - .065, sj_limb(vec2(abs(b.x), b.y), vec2(.05, .52), vec2(.13, .30), .028, .022))); float wing = length(b - vec2(0., .66)) - .11;
  lay(s, mix(mix(pal[3], pal[2], .3), beyond, .30), mask(body, ex) * .9, .98, .2); lay(s, vec3(1.) * mix(pal[4], vec3(1.), .5), mask(abs(wing) - .010, ex) * .8, .98, .7);
  way_out(s, p, .6, .45 + .2 * AWAKE); dust(s, p, 15., .0022, 1, lamp()); dust(s, p, 8., .0034, 2, lamp());
  stand(s, p, vec2(-.17 * w - .22 * cam.x, -.36), vec2(-.22 * w - .2 * cam.x, -.08), .33, .26);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) rings(s, p);
  if (variant == 1) road(s, p);
  if (variant == 2) ice_cave(s, p);
  if (variant == 3) library(s, p);
  if (weather == FOG) s.c = mix(s.c, mix(haze(), sun(), .2), .42 * sqrt(s.depth));
  // Rain, snow and leaves blow in: thick at the way out, thin near the eye.
  s.c = mix(s.c, weather_layer(p, s.c, s.depth), clamp(1.25 - (variant == 1 || variant == 3 ? 2. : 1.1) * length(p - vanish()), variant == 1 || variant == 3 ? .14 : .45, 1.));
  if ((weather == RAIN || weather == SNOW) && (variant == 1 || variant == 3)) s.c = mix(s.c, vec3(luma(s.c)), .2) * .95;
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
