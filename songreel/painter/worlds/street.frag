// Street in the rain, at eye level: 0 neon alley, 1 café corner, 2 crossing with a tram, 3 stairs of an old town.
// What stands on the street is painted once: under its foot the height is mirrored, so a pixel of the ground shows what is above it.

struct Shot { vec3 c; float depth; float glow; };

const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .85 : hour == DAWN ? .6 : .3;
const float WET = weather == RAIN ? 1. : weather == SNOW ? .35 : weather == FOG ? .7 : weather == WIND ? .5 : .62;

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
float halo(vec2 q, float k) { return 1. / (1. + dot(q, q) * k); }

vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .45 : hour == DAWN ? .35 : .12) * (hour == NIGHT ? .6 : .75); }
vec3 haze() { return mix(sky_low(), sky_mid(), hour == NIGHT ? .25 : .4); }
vec3 aerial(float k) { return mix(ink(), haze(), k); }
vec3 warm() { return mix(pal[4], vec3(1., .72, .38), .6); }
vec3 cold() { return mix(mix(pal[4], pal[2], .4), vec3(.6, .86, 1.), .4); }
vec3 neon(float r) { return r < .36 ? mix(pal[3], vec3(1.), .08) : r < .62 ? mix(cold(), pal[2], .3) : r < .82 ? mix(pal[2], pal[4], .3) : warm(); }
vec3 snow() { return mix(mix(pal[4], sky_mid(), .4), vec3(1.), .15) * (hour == NIGHT ? .42 : hour == DUSK ? .62 : .9); }

vec3 far(vec2 p) {
  float base = variant == 3 ? .05 : -.06, y = max(p.y - base, 0.);
  vec3 c = mix(sky_low(), sky_mid(), slope(0., .3, y)); c = mix(c, sky_top(), slope(.2, .62, y));
  float bank = fbm(vec2(p.x * 3. + t * (weather == WIND ? .1 : .02) + cam.x * .2, p.y * 8.) + rnd.xy * 30., 4);
  c = mix(c, mix(sky_mid(), mix(light_colour(), sky_low(), .6), .25 + .5 * bank), slope(weather == RAIN ? .25 : .42, .8, bank) * .65);
  vec2 glow = variant == 0 ? vec2(place_x(.03), -.02) : variant == 1 ? vec2(place_x(.45), -.05) : variant == 2 ? vec2(place_x(-.05), -.02) : vec2(place_x(.03), .2);
  c += mix(light_colour(), warm(), .4) * halo(p - glow, 16.) * (hour == DAY ? .1 : .24) * (.85 + .25 * bass);
  if (variant == 3) c = mix(c, mix(light_colour(), pal[4], .4), smoothstep(.008, -.004, length(p - vec2(place_x(-.02), .25)) - (hour == DAY ? .05 : .09)) * (weather == RAIN || weather == FOG ? .6 : .9));
  if (variant == 1) { // lamps out of focus down the street
    for (int i = 0; i < 2; i++) {
      vec2 g = vec2(p.x - place_x(.45), p.y + .06) * (7. + 5. * float(i)) + float(i) * 3.7; vec2 n = floor(g); vec4 r = dice4(int(n.x) + 50 * i, int(n.y) + seed());
      float d = length(g - n - .5 + (r.xy - .5) * .5), ring = smoothstep(.3, .24, d) * (.7 + .3 * smoothstep(.1, .28, d));
      c += mix(warm(), neon(r.z), .55) * ring * step(.45, r.w) * slope(.24, .05, abs(p.y + .02)) * (.22 + .2 * hat * step(.5, r.x)) * max(LAMPS, .25);
    }
  }
  if (weather == FOG) c = mix(c, haze(), .5 * slope(.6, .0, y));
  return c;
}

// The trembling of wet ground at a place (x, z): .xy bend what is mirrored, .z puddle 0..1, .w rings of drops.
vec4 wet_ground(vec2 at) {
  vec4 n = textureLod(noise_tex, (at * vec2(1.1, .8) + rnd.zw * 8.) / 8., 0.), f = textureLod(noise_tex, vec2(at.x * 3.1 + t * .07, at.y * 2.1 - t * .05 + flow * .06) / 8., 0.);
  vec2 g = at * 3.1, i = floor(g); vec4 r = dice4(int(i.x) + 900, int(i.y) + seed());
  float age = fract(t * (.45 + .3 * r.x) + r.y), d = length(g - i - .35 - .3 * r.zw);
  float ring = clamp(1. - abs(d - age * .34) * 26., 0., 1.) * (1. - age) * (weather == RAIN ? 1. : .5);
  float puddle = slope(.42, .58, n.b) ;
  return vec4((f.ba - .5) * (1.1 - .5 * puddle) + ring * .3, puddle, ring);
}

// Turns the mirrored picture into wet street. near: 0 at the far end, 1 at the feet.
void soak(inout Shot s, vec3 stone, vec4 wet, float near) {
  float mirror = WET * mix(.42, .92, wet.z) * (1. - .35 * near) * (.86 + .22 * bass);
  if (weather == SNOW) stone = mix(stone, snow(), .55 * (1. - wet.z));
  s.c = mix(stone, s.c * .88 + stone * .18, clamp(mirror, 0., 1.));
  s.c += mix(light_colour(), haze(), .4) * wet.w * (.16 + .7 * snare) * (hour == DAY ? .7 : .5);
  s.depth = mix(mix(.7, .1, near), .8 * s.depth, .7 * min(WET + .2, 1.) * mix(.35, 1., wet.z)); // puddles are shapes, too, for styles that draw by depth alone
  s.glow *= mirror * mix(.5, .85, wet.z);
}

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET;

// The subject, dark against the lamps, with its edge lit from `from` and its image in the wet ground under it.
void stand(inout Shot s, vec2 p, vec2 ground, float size, vec2 air, float air_size, vec3 c, vec2 from, vec3 rim, float tremble) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air : ground; size = ALOFT ? air_size : size;
  size *= min(1., aspect * .42 / (subject_half_width() * size)); // the long ones shrink to fit
  vec2 q = (p - at) / size; float under = ALOFT ? 0. : step(q.y, -.015);
  q = mix(q, vec2(q.x + tremble * .22, -q.y * 1.06), under);
  float d = subject(q), m = mask(d, pixel() / size * 1.6);
  vec2 way = vec2(dFdx(d), dFdy(d)); float facing = dot(way, normalize(from - at - vec2(0., size * .5))) / max(length(way), 1e-6);
  lay(s, c, m * mix(1., WET * .62 * clamp(1.1 - q.y, 0., 1.), under), .1, 0.); subject_cover = m * (1. - under);
  s.c += rim * m * (1. - under) * clamp(1. + d / .045, 0., 1.) * clamp(facing + .15, 0., 1.) * .75;
  vec3 g = subject_glow(q) * (1. - .7 * under); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// Steam from `at`: a plume that widens, leans with the wind and thickens with the voice.
void steam(inout Shot s, vec2 p, vec2 at, float tall, vec3 c) {
  vec2 q = p - at; float y = max(q.y, 0.);
  float x = q.x - .04 * wave(y * 1.3 - t * .1) * y / tall - y * (weather == WIND ? .7 : .1);
  float k = clamp(1. - abs(x) / (.02 + y * .26), 0., 1.) * slope(0., .05, q.y) * slope(tall, tall * .3, y);
  float puff = fbm1(vec2(q.x * 5. + 3., q.y * 4. - t * .42 - flow * .2));
  s.c = mix(s.c, c, clamp(k * slope(.2, .75, puff) * (.32 + .5 * vocals), 0., .85));
}

// ---------------------------------------------------------------- 0 alley; in units of half its width
const float EYE = .85, FOCAL = .34;

// A sign that hangs out from the wall at x in [1-w, 1], with strokes like letters.
void neon_sign(inout Shot s, vec2 q, float soft, vec4 r, float fade) {
  float w = .15 + .07 * r.x, tall = .28 + .3 * r.y, up = 1.3 + .75 * r.z; vec2 u = q - vec2(.97 - w, up);
  float d = box2(u, vec2(w, tall)), frame = abs(d + .025) - .014;
  vec3 c = neon(r.w); vec2 g = u / vec2(w * 1.6, .21); vec2 i = floor(vec2(g.x + .5, g.y)); vec4 k = dice4(int(i.x) + int(r.w * 90.), int(i.y) + int(r.x * 70.));
  vec2 f = vec2(g.x - i.x, g.y - i.y - .5);
  float stroke = min(min(box2(f - vec2(0., (k.x - .5) * .6), vec2(.4, .065)), box2(f - vec2((k.y - .5) * .6, 0.), vec2(.065, .38))), box2(f - vec2(0., (k.z - .5) * .7), vec2(.28 * k.w + .1, .065)));
  stroke = max(stroke * .2, d + .055);
  float power = (.62 + .4 * mix(mid, treble, step(.5, r.y)) + .1 * triangle(t * .3 + r.x * 5.)) * max(LAMPS, .4);
  lay(s, mix(ink(), c, .26 * power), mask(d, soft) * fade, .5, .08 * fade);
  shine(s, mix(c, vec3(1.), .3), mask(min(stroke, frame), soft * 1.3) * power * fade);
  s.c += c * .26 * power * fade * clamp(1. - max(d, 0.) / .5, 0., 1.) * clamp(1. - max(d, 0.) / .5, 0., 1.);
}

void alley(inout Shot s, vec2 p) {
  vec2 vp = vec2(place_x(.03), -.03 - cam.y * .1); float half_w = mix(.8, 1., clamp(aspect / 1.78, .5, 1.));
  vec2 d = (p - vp) / half_w; float travel = cam.z * 1.4, zf = FOCAL * EYE / max(-d.y, .004), cx = cam.x * .35;
  float side = d.x + cx / 40. > 0. ? 1. : -1., near = clamp(1.25 / zf, 0., 1.);
  float zw0 = FOCAL * (1. - side * cx) / max(abs(d.x), .004), floor_on = d.y < 0. ? step(zf, zw0) : 0.;
  vec4 wet = wet_ground(vec2(d.x * zf / FOCAL + cx, zf + travel));
  vec2 e = d + floor_on * wet.xy * vec2(.05, .16) * (.5 + .6 * loudness) * min(abs(d.y) * 3., 1.);
  float ax = max(abs(e.x), .004), wall = 1. - side * cx, z = FOCAL * wall / ax, soft = pixel() / FOCAL;
  s.c = far_at(vec2(p.x, vp.y + abs(p.y - vp.y))); s.depth = 1.;
  float zend = 13., xe = e.x * zend / FOCAL, he = abs(e.y * zend / FOCAL + EYE); // the house at the end, its gate full of light
  vec3 ends = mix(aerial(.55), mix(warm(), light_colour(), .4), .55 * halo(vec2(xe, he - .7), .7) * max(LAMPS, .4));
  lay(s, ends, mask(he - 5.2 - .5 * step(.2, xe), zend * soft), .9, 0.);
  float arch = max(abs(xe + .1) - .55, he - 1.35 + xe * xe * .6); shine(s, mix(warm(), light_colour(), hour == DAY ? .8 : .3), mask(arch, zend * soft) * .75 * (.85 + .2 * bass) * max(LAMPS, .6));
  float h = abs(e.y * z / FOCAL + EYE), at = z + travel, b = floor(at / 1.6), k = z / (z + 9.); vec4 house = dice4(int(b), int(side) * 5 + seed());
  float tall = 3.2 + 2.6 * house.x, on = mask(h - tall, z * soft) * step(z, zend);
  vec2 cell = vec2(at / .62, h / .72 - .9), ci = floor(cell), cf = abs(cell - ci - .5), px = vec2(.62, .72) / (vec2(z * z / wall, z) * soft); vec4 w = dice4(int(ci.x) * 3 + int(side), int(ci.y) + seed());
  vec2 pane = clamp((vec2(.27, .34) - cf) * px + .5, 0., 1.), sill = clamp((vec2(.34, .41) - cf) * px + .5, 0., 1.);
  float lit = pane.x * pane.y * step(.0, ci.y) * clamp((w.x - .5 + .12 * hat * w.y) * 9., 0., 1.) * (.6 + .4 * w.z);
  vec3 face = mix(aerial(.06 + k * .85), mix(pal[1], pal[2], house.y), .25) * (.75 + .5 * house.z);
  face = mix(face, mix(face * .55, sky_mid(), .12 + .1 * slope(-.4, .4, cell.y - ci.y - .5)) * (.6 + .4 * pane.x * pane.y), sill.x * sill.y * step(0., ci.y)); face *= .8 + .2 * step(.06, fract(h * 6.));
  float leaf = min(min(cf.x, abs(cf.y - .1)) * .65, abs(fract(ci.y + cell.y * 9.) - .5) * .12 + step(w.w, .55)); lit *= .25 + .75 * clamp((leaf - .012) / (z * z * soft / wall), 0., 1.); lit *= .7 + .5 * slope(-.4, .3, cell.y - ci.y - .5);
  face = mix(face, mix(warm(), neon(w.y), .25), lit * max(LAMPS, .14) * .85); float pipe = abs(fract(at / 1.6) - .06) - .012; face = mix(face, ink() * .8, mask(pipe * 1.6, z * z * soft));
  float bay = fract(at / .8), col = abs(fract(at / .2) - .5), lattice = min(abs(col - .5) * .2, abs(fract(h / .31 + .1) - .5) * .31) - .012; float goods = fract(at / .2) < .5 + .3 * sin(floor(at / .2) * 2.4) ? .16 + .1 * house.y : .1;
  float shop = slope(.98, .94, h) * step(.12, bay) * (h < .34 + goods * step(.5, fract(at / .4)) ? .38 : 1.) * (.35 + .65 * mask(-lattice, z * z * soft * .5)), shine_shop = shop * (.22 + .42 * clamp(h * 1.1, 0., 1.)) * slope(.4, 1.3, z) * max(LAMPS, .22) * (.85 + .2 * mid) * step(.25, fract(house.w * 7. + b * .3));
  face = mix(face, mix(warm(), neon(house.w), .55), shine_shop);
  face += mix(neon(house.y), pal[3], .5) * .3 * LAMPS * halo(vec2(fract((at - .2) / 1.25) - .5, (h - 1.6) * .8), 3.5) * (.8 + .3 * mid); face *= .46 + .54 * slope(.35, 1.7, z);
  lay(s, face, on, .25 + .55 * k + (.12 * sill.x * sill.y * step(0., ci.y) + .10 * shop) * clamp(1.5 - .3 * z, 0., 1.), lit * .4 + .3 * shine_shop); // windows lie in the wall
  float awn = max(abs(h - 1.08 - .12 * fract(at / 1.6)) - .055, wall - 1.); lay(s, mix(ink(), neon(house.w), .25), mask(awn, z * soft) * on * step(.4, house.z), .3, 0.);
  for (int i = 3; i >= 0; i--) { // signs and lanterns, the far ones first
    float n = floor(travel / 1.25) + float(i) + 1., zk = n * 1.25 - travel; vec4 r = dice4(int(n), int(side) * 3 + 11 + seed());
    float fade = clamp(zk * 2.2 - 1.3, 0., 1.) * clamp((5.4 - zk) * 1.2, 0., 1.); vec2 q = vec2(e.x * zk / FOCAL + cx, abs(e.y * zk / FOCAL + EYE));
    neon_sign(s, vec2(q.x * side, q.y), zk * soft, r, fade * step(.1, r.x) * on);
    float wire = q.y - 2.25 - .3 * r.y + .14 * (1. - q.x * q.x) - .02 * wave(t * .11 + q.x * .3 + r.x), bead = (fract(q.x * 2.5) - .5) / 2.5;
    lay(s, ink() * .5, mask(abs(wire) - .006, zk * soft) * step(abs(q.x), 1.) * fade, .4, 0.);
    float lantern = length(vec2(bead, (wire + .11) * .85)) - .068;
    shine(s, mix(warm(), pal[3], .35), mask(lantern, zk * soft * 1.5) * step(abs(q.x), 1.) * fade * (.42 + .3 * treble) * max(LAMPS, .4) * (i == 1 || i == 3 ? 1. : 0.));
  }
  s.c = mix(s.c, haze(), .3 * clamp(1. - abs(p.y - vp.y) * 7., 0., 1.) * slope(.5, 0., abs(d.x)));
  vec2 tile = vec2((d.x * zf / FOCAL + cx) * 2.4, (zf + travel) * 2.4); tile.x += .5 * mod(floor(tile.y), 2.);
  float joint = max(slope(.44, .5, abs(fract(tile.x) - .5)), slope(.42, .5, abs(fract(tile.y) - .5))) * clamp(3. / zf - .6, 0., 1.);
  s.c += mix(pal[3], warm(), .3) * floor_on * .2 * LAMPS * WET * halo(vec2(d.x * 1.6, d.y + .02) - vec2(0., wet.y * .05), 9.) * (.8 + .3 * bass);
  Shot ground = s; soak(ground, mix(ink() * .8, haze(), .12) * (1. - .3 * joint), wet, near); fine_detail = max(fine_detail, .8 * floor_on); // what a wet street mirrors gets no contours
  s.c = mix(s.c, ground.c, floor_on); s.depth = mix(s.depth, ground.depth, floor_on); s.glow = mix(s.glow, ground.glow, floor_on);
  steam(s, p, vec2(place_x(-.3) - cam.x * .4, -.33), .5, mix(mix(haze(), neon(.1), .35), light_colour(), .2));
  stand(s, p, vec2(place_x(.03) - cam.x * .2, -.335), .36, vec2(place_x(.0), .1), .2, ink() * .4, vec2(place_x(.03), .1), mix(warm(), pal[3], .4), wet.x);
}

// ---------------------------------------------------------------- 1 café corner
void cafe(inout Shot s, vec2 p) {
  float move = aspect < .8 ? -.03 : aspect < 1.3 ? .08 : 0., base = -.235; vec2 g = vec2(p.x - move + cam.x * .22, p.y + cam.y * .12);
  float under = step(g.y, base), near = clamp((base - g.y) * 3.6, 0., 1.), z = .1 / (base - min(g.y, base - .004) + .06);
  vec4 wet = wet_ground(vec2(g.x * z * 2.2, z * 3.));
  vec2 q = vec2(g.x, abs(g.y - base)) + under * wet.xy * vec2(.035, .1) * (.5 + .7 * loudness) * (.15 + near);
  q = (q - vec2(-.15, .0)) / (1. + cam.z * .06) + vec2(-.15, 0.);
  s.c = far_at(vec2(q.x + move - cam.x * .18, q.y + base));
  float street_x = q.x - place_x(.42) - cam.x * .08, row = floor(street_x * 9. + rnd.y * 5.), roof = .2 + .2 * h1(row + 3.) + .5 * max(abs(street_x) - .1, 0.); // houses across the street
  lay(s, aerial(.62), mask(max(q.y - roof + .12, .06 - abs(street_x)), pixel() * 2.) * .8, .85, 0.);
  vec2 lamp = q - vec2(.42, 0.); float post = min(box2(lamp - vec2(0., .17), vec2(.0045, .17)), min(box2(lamp - vec2(0., .02), vec2(.011, .02)), max(abs(lamp.x) - .02 - (lamp.y - .39) * .25, abs(lamp.y - .375) - .03)));
  lay(s, ink() * .6, mask(post, pixel()), .35, 0.);
  vec2 bulb = lamp - vec2(0., .375); shine(s, warm(), (clamp(1.25 - length(bulb * vec2(1.2, .8)) / .017, 0., 1.) + .3 * halo(bulb, 130.)) * (.75 + .2 * bass) * max(LAMPS, .12));
  float edge = .235, wall = q.x - edge; // the house, its corner at `edge`
  vec2 ash = vec2(q.x * 11. + .5 * step(.5, fract(q.y * 8.)), q.y * 16.), ai = floor(ash); vec4 ar = dice4(int(ai.x), int(ai.y));
  float course = max(slope(.46, .5, abs(fract(ash.x) - .5)), slope(.43, .5, abs(fract(ash.y) - .5)));
  vec3 stone = mix(mix(pal[1], pal[2], .35), haze(), hour == NIGHT ? .12 : .35) * (hour == NIGHT ? .55 : hour == DAY ? .95 : .75) * (.9 + .16 * ar.x - .14 * course);
  stone += warm() * .2 * max(LAMPS, .15) * halo(vec2(q.x + .14, q.y - .25), 26.);
  lay(s, stone, mask(wall, pixel()), .5, 0.);
  lay(s, stone * 1.25, mask(max(wall - .008, abs(abs(q.y - .455) - .004) - .006), pixel()), .48, 0.);
  vec2 up = vec2(abs(fract((q.x + .1) / .25 + .5) - .5) * .25, q.y - .61); float n = floor((q.x + .1) / .25 + .5), upper = box2(up, vec2(.045, .085)), shutter = box2(vec2(up.x - .073, up.y), vec2(.024, .088)); vec4 ur = dice4(int(n), 61 + seed());
  lay(s, mix(pal[2], pal[1], .5) * (hour == NIGHT ? .5 : .9) * (.8 + .2 * step(.4, fract(up.y * 60.))), mask(max(shutter, wall), pixel()), .48, 0.);
  float room_on = (.2 + .55 * step(.35, ur.x) + .25 * hat * ur.y) * max(LAMPS, .2);
  lay(s, mix(mix(ink(), sky_mid(), .4), warm(), room_on * .85), mask(max(max(upper, wall), .004 - min(up.x, abs(up.y - .02))), pixel()), .48, .35 * room_on);
  vec2 flowers = q - vec2(n * .25 - .1, .505); float box = box2(flowers, vec2(.06, .014)), bloom = length((flowers - vec2((floor(flowers.x * 50.) + .5) / 50. * .98, .018 + .006 * ur.z)) * vec2(1.1, 1.)) - .011;
  lay(s, mix(pal[3], pal[2], .35) * (hour == NIGHT ? .6 : .95), mask(max(min(box, bloom), abs(flowers.x) - .062), pixel()) * step(wall, -.02), .46, 0.);
  vec2 w = q - vec2(-.27, .165); float pane = box2(w, vec2(.285, .115)); // the window, full of light
  vec3 inside = mix(warm(), vec3(1., .86, .62), .3) * (.62 + .3 * slope(-.1, .1, w.y)) * (.8 + .2 * halo(vec2(fract(w.x * 5.) / 5. - .1, w.y - .075), 500.));
  inside *= .9 + .1 * bass; vec2 l = vec2((fract(w.x * 5.3) - .5) / 5.3, w.y - .062); // pendants
  inside = mix(inside, ink() * .7 + warm() * .1, mask(min(max(abs(l.x) - .022 + l.y * .8, abs(l.y) - .012), max(abs(l.x) - .001, -l.y)), pixel()));
  float shelf = abs(w.y + .01) - .0025 + 9. * step(abs(w.x + .12), .02); float si = floor(w.x * 45.); vec4 sr = dice4(int(si), 91);
  inside = mix(inside, mix(pal[2], pal[1], sr.x) * .7, mask(max(abs(fract(w.x * 45.) - .5) / 45. - .006, abs(w.y - .008 * sr.y) - .012), pixel()) * step(.35, sr.z) * .6 * step(.02, w.x));
  float seat = floor(w.x * 7.2 + .2), sx = (fract(w.x * 7.2 + .2) - .5) / 7.2; vec4 gr = dice4(int(seat), 95 + seed()); float nod = .004 * wave(beat_phase * .5 + gr.x) + .006 * wave(t * .1 + gr.y); // guests
  float guest = min(length(vec2(sx - nod, w.y + .038 - .012 * gr.z)) - .021, length(vec2(sx, (w.y + .125) * .75)) - .048);
  inside = mix(inside, ink() * .7 + warm() * .07, mask(guest, pixel()) * step(.25, gr.w)); inside = mix(inside, ink() * .6, mask(w.y + .083, pixel()));
  float frame = min(abs(fract(w.x / .19 + .5) - .5) * .19 - .004, abs(w.y - .082) - .003); frame = min(frame, -pane - .007);
  lay(s, mix(mix(inside, sky_mid(), hour == DAY ? .45 : hour == DAWN ? .25 : 0.), ink() * .7, mask(frame, pixel())), mask(pane, pixel()), .47, mask(-frame, pixel()) * .3 * max(LAMPS, .3));
  vec2 dr = q - vec2(.125, .14); float door = box2(dr, vec2(.058, .14)), glass = box2(dr - vec2(0., .03), vec2(.04, .09)); lay(s, mix(pal[3], pal[0], .55), mask(door, pixel()), .47, 0.);
  lay(s, warm() * (.6 + .3 * slope(-.1, .1, dr.y)) * mix(.6, 1., LAMPS), mask(max(glass, .003 - abs(dr.x)), pixel()), .47, .25 * max(LAMPS, .3));
  lay(s, ink() * .7, mask(box2(q - vec2(-.2, .024), vec2(.4, .024)) + 9. * step(.06, q.x), pixel()), .46, 0.);
  vec2 a = q - vec2(-.22, .325); float fall = clamp((a.y + .04) / .1, 0., 1.), awn_w = .375 + .03 * (1. - fall), sway = .003 * wave(t * .17 + a.x * 2.) * (weather == WIND ? 3. : 1.), stripe = (a.x + .375) / .05, hem = -.052 - .012 * (1. - pow(abs(fract(stripe) - .5) * 2., 2.)) + sway;
  float awning = max(max(abs(a.x) - awn_w, a.y - .062), hem - a.y); bool red = fract(stripe * .5) < .5;
  vec3 canvas = (red ? mix(pal[3], pal[0], .15) : mix(pal[4], pal[2], .12)) * (hour == NIGHT ? .55 : hour == DUSK ? .7 : .92) * (.72 + .28 * fall) + warm() * .16 * LAMPS * slope(-.02, -.06, a.y);
  if (weather == SNOW) canvas = mix(canvas, snow(), slope(.3, .9, fall) * .85);
  lay(s, canvas, mask(awning, pixel()), .4, 0.);
  vec2 sg = q - vec2(edge + .06, .335); float plate = length(sg) - .045, hang = min(box2(sg - vec2(-.02, .052), vec2(.045, .003)), max(abs(abs(sg.x) - .02) - .001, abs(sg.y - .045) - .01)), cup = min(abs(length(sg - vec2(-.004, -.004)) - .014) - .004 + 9. * step(.0, sg.y), min(box2(sg - vec2(-.004, .002), vec2(.019, .003)), abs(length(sg - vec2(.016, -.004)) - .008) - .002));
  float power = (.55 + .4 * mix(mid, treble, .4)) * max(LAMPS, .35); lay(s, ink() * .6, mask(min(plate, hang), pixel()), .38, 0.);
  shine(s, neon(.1), mask(min(abs(plate + .004) - .0028, cup), pixel() * 1.4) * power); s.c += pal[3] * .2 * power * halo(sg, 130.);
  vec2 tb = q - vec2(-.43, .0); float table = min(box2(tb - vec2(0., .098), vec2(.05, .004)), min(box2(tb - vec2(0., .05), vec2(.004, .05)), box2(tb, vec2(.03, .005)))), cx2 = abs(tb.x) - .085, chair = min(min(box2(vec2(cx2, tb.y - .06), vec2(.024, .004)), box2(vec2(cx2 - .024, tb.y - .07), vec2(.003, .07))), box2(vec2(cx2 + .02, tb.y - .03), vec2(.003, .03)));
  lay(s, ink() * .4, mask(min(table, chair), pixel()), .3, 0.);
  Shot wet_s = s; float slab = max(slope(.47, .5, abs(fract(g.x * z * 4.) - .5)), slope(.45, .5, abs(fract(z * 7.) - .5))) * .3;
  soak(wet_s, mix(ink(), haze(), .14) * (1. - slab), wet, near); if (under > .5) { s = wet_s; fine_detail = max(fine_detail, .8); }
  steam(s, p, vec2(place_x(.3) - cam.x * .2 + move, base - .02), .3, mix(haze(), light_colour(), .3));
  stand(s, p, vec2(move + (aspect < .8 ? -.07 : .05) - cam.x * .3, -.335), .37, vec2(place_x(.38), .2), .19, ink() * .35, vec2(place_x(-.3), .1), warm(), wet.x);
}

// ---------------------------------------------------------------- 2 crossing
// A row of houses seen from the front; heights over the street.
void houses(inout Shot s, vec2 q, float cells, float low, float tall, float k, int id, float gap) {
  float x = q.x * cells + rnd.y * 7. + float(id), i = floor(x); vec4 r = dice4(int(i), id + seed());
  vec2 u = vec2((x - i - .5) / cells, q.y); float w = .5 / cells, open = slope(gap, gap + .3, abs(q.x)), h = low + tall * (.35 + .65 * r.x) * (.3 + .7 * open);
  float d = max(abs(u.x) - w, u.y - h); d = min(d, box2(u - vec2(0., h), vec2(w + .004, .006)));
  d = min(d, r.y > .5 ? max(u.y - h - .05 + abs(u.x) * .09 / w * .6, abs(u.x) - w) : box2(u - vec2((r.z - .5) * w, h), vec2(w * .18, .04)));
  vec2 cell = vec2(w * 2. / (3. + floor(r.w * 2.)), .058), g = vec2(u.x + w, u.y - .075) / cell, n = floor(g), f = abs(g - n - .5); vec4 o = dice4(int(n.x) + int(i) * 7, int(n.y) + id);
  vec2 a = clamp((vec2(.26, .33) - f) * cell / pixel() + .5, 0., 1.); float pane = a.x * a.y * step(0., n.y) * step(u.y, h - .03);
  float on = clamp((o.x - .52 + .1 * energy + .14 * hat * o.y) * 8., 0., 1.) * (.55 + .45 * o.z) * LAMPS, shop = slope(.062, .056, u.y) * step(.006, u.y) * step(abs(u.x), w * .86) * step(.25, r.z) * step(.15, fract(u.x * 38.));
  vec3 c = mix(aerial(k), mix(pal[1], pal[2], r.x), .22) * (.8 + .3 * r.z);
  c = mix(c, mix(c * .7, o.y > .8 ? cold() : warm(), on * (1. - k * .4)), pane);
  c = mix(c, mix(warm(), neon(r.w), .45), shop * (.5 + .25 * mid) * max(LAMPS, .2) * (1. - k * .4));
  float board = box2(u - vec2(0., .08), vec2(w * .7, .011)); c = mix(c, neon(r.w), mask(board, pixel()) * (.35 + .4 * treble) * max(LAMPS, .3) * step(.3, r.z) * (1. - k * .5));
  lay(s, c, mask(d, pixel()), .3 + .55 * k, (pane * on * .4 + shop * .3 * LAMPS) * (1. - k * .5));
}

void tram(inout Shot s, vec2 q, float soft) {
  float body = box2(q - vec2(0., .53), vec2(.36, .43)) ; body = max(body, abs(q.x) - .36 + .12 * clamp(q.y - .62, 0., 1.)); body = smax(body, q.y - .96 + q.x * q.x * .25, .05);
  vec3 c = mix(mix(pal[3], pal[0], .25), pal[4], .55 * step(.5, q.y)) * (hour == NIGHT ? .5 : hour == DUSK ? .65 : .95);
  lay(s, c, mask(body, soft), .4, 0.);
  float pane = max(box2(q - vec2(0., .66), vec2(.31, .145)), .006 - abs(abs(q.x) - .105)); lay(s, mix(mix(sky_mid(), ink(), .5), warm(), .55 * max(LAMPS, .2)), mask(pane, soft), .4, .25 * LAMPS);
  float driver = min(length(q - vec2(.0, .66)) - .05, length((q - vec2(.0, .5)) * vec2(1., .8)) - .1); lay(s, ink() * .6, mask(max(driver, pane), soft), .4, 0.);
  float dest = box2(q - vec2(0., .87), vec2(.17, .04)); lay(s, ink() * .3, mask(dest, soft), .4, 0.);
  shine(s, mix(warm(), pal[3], .3), mask(box2(q - vec2(0., .87), vec2(.13, .02)), soft) * step(.3, fract(q.x * 26. + floor(q.y * 60.) * .3)) * (.5 + .3 * treble));
  lay(s, ink() * .5, mask(min(box2(q - vec2(0., .1), vec2(.33, .035)), box2(vec2(abs(q.x) - .2, q.y - .04), vec2(.07, .045))), soft), .4, 0.);
  float bow = min(abs(q.y - 1.2) - .012 + 9. * step(.2, abs(q.x)), abs(abs(q.x) - .16 + abs(q.y - 1.08) * .9) - .012 + 9. * step(.13, abs(q.y - 1.08))); lay(s, ink() * .5, mask(bow, soft), .4, 0.);
  vec2 l = vec2(abs(q.x) - .24, q.y - .27); shine(s, mix(warm(), vec3(1.), .4), (clamp(1.35 - length(l) / .055, 0., 1.) + .16 * halo(l, 30.)) * (.75 + .25 * kick) * max(LAMPS, .55));
  shine(s, warm(), clamp(1.2 - length(q - vec2(0., 1.0)) / .03, 0., 1.) * max(LAMPS, .5));
}

// Someone under an umbrella, one high, walking.
float passer(vec2 q, float step_at) {
  float coat = max(abs(q.x) - .09 - .05 * clamp(.6 - q.y, 0., 1.), abs(q.y - .45) - .25), swing = .1 * triangle(step_at);
  float legs = min(sd_capsule(q, vec2(0., .25), vec2(swing, .02), .035), sd_capsule(q, vec2(0., .25), vec2(-swing, .02), .035));
  vec2 u = q - vec2(.03, .83); float dome = max(length(u * vec2(.8, 1.)) - .27, -u.y - .015 * triangle(u.x * 6.)), hand = box2(q - vec2(.05, .68), vec2(.008, .2));
  return min(min(coat, legs), min(min(dome, hand), length(q - vec2(0., .77)) - .075));
}

void crossing(inout Shot s, vec2 p) {
  float base = -.1; vec2 vp = vec2(place_x(-.05), -.045), g = vec2(p.x + cam.x * .2, p.y + cam.y * .1); float under = step(g.y, base), k = base - g.y;
  float z = .11 / max(vp.y - g.y, .03), near = clamp(k * 3., 0., 1.); vec2 at = vec2((g.x - vp.x) * z * 9., z * 9. + cam.z * 1.5);
  vec4 wet = wet_ground(at * .42); vec2 shake = under * wet.xy * vec2(.05, .13) * (.5 + .7 * loudness) * (.12 + near), q = vec2(g.x, abs(k)) + shake;
  s.c = far_at(vec2(p.x + shake.x, base + abs(k) + shake.y));
  float push = 1. + cam.z * .1;
  houses(s, vec2((q.x - vp.x - cam.x * .12), q.y) * 1.35, 9., .05, .2, .72, 5, .03);
  houses(s, vec2(q.x - vp.x - cam.x * .06, q.y), 6., .06, .34, .45, 9, .12);
  houses(s, vec2(q.x - vp.x, q.y) / push, 3.3, .02 + .5 * slope(.3, .75, abs(q.x - vp.x) / max(aspect * .5, .3)), .32 * step(.26, abs(q.x - vp.x)), .14, 17, .3);
  vec2 w1 = q - vec2(vp.x, 0.); float wires = min(abs(w1.y - .2 - abs(w1.x - place_x(.1)) * .95), abs(w1.y - .26 - abs(w1.x + place_x(.2)) * .32)) - .0008; wires = min(wires, abs(q.y - .33 - .03 * w1.x - .05 * w1.x * w1.x) - .0011);
  lay(s, ink() * .6, mask(wires, pixel()) * .75 * (1. - under * .6), .3, 0.); fine_detail = max(fine_detail, mask(wires - .005, .003));
  float come = .5 + .5 * wave(t * .011 + rnd.z), size = .2 + .05 * come + cam.z * .04; float foot = -.125 - .03 * come; vec2 tr = vec2(g.x - place_x(.17), abs(g.y - foot)) + step(g.y, foot) * shake; // the tram, in its own mirror
  tram(s, tr / size, pixel() / size);
  for (int i = 0; i < 3; i++) { // people crossing under umbrellas
    float f = -.15 - .018 * float(i), tall = .11 + .02 * float(i), way = i == 1 ? -1. : 1., x = mod(way * (t * .022 + flow * .01) + h1(float(i) + rnd.w * 9.) + .6 * float(i), 2.) - 1.;
    vec2 u = vec2((g.x - x * (aspect * .5 + .1)) * way, abs(g.y - f)) + step(g.y, f) * shake; float d = passer(u / tall, t * .9 + float(i) * .4) * tall;
    lay(s, mix(i == 1 ? mix(pal[3], pal[0], .35) * (hour == NIGHT ? .55 : .8) : ink() * .6, ink() * .55, step(u.y, tall * .8)), mask(d, pixel()), .33, 0.);
  }
  vec2 m = q - vec2(place_x(-.36), 0.); float post = min(box2(m - vec2(0., .2), vec2(.006, .3)), box2(m - vec2(.04, .44), vec2(.05, .004))), head = min(box2(m - vec2(0., .3), vec2(.022, .06)), box2(m - vec2(.09, .42), vec2(.022, .06)));
  vec3 c_go = mix(pal[2], vec3(.25, 1., .65), .65), c_stop = mix(pal[3], vec3(1., .2, .14), .6);
  Shot wet_s = s;
  float zebra = step(.5, fract(at.x * .9)) * mask(abs(z - .62) - .13, .02); zebra *= slope(0., .12, k); float rail = abs(abs(g.x - place_x(.17)) - .07 - k * .35) - .0035;
  vec3 road = mix(mix(ink() * .8, haze(), .14), mix(pal[4], haze(), .35) * (hour == NIGHT ? .42 : .85), zebra * .85); road = mix(road, haze() * .9, mask(rail, pixel() * 1.5) * .5 * step(.04, k));
  soak(wet_s, road, vec4(wet.xy, wet.z * (1. - .6 * zebra), wet.w), near); if (under > .5) { s = wet_s; fine_detail = max(fine_detail, .8); }
  vec2 sgl = vec2(g.x - place_x(-.36) + cam.x * .18, g.y + .36); float pole = min(box2(sgl - vec2(0., .3), vec2(.0085, .36)), min(box2(sgl - vec2(0., .5), vec2(.034, .085)), box2(sgl - vec2(0., .01), vec2(.02, .014)))); // the signal in front
  pole = min(pole, box2(sgl - vec2(.045, .3), vec2(.03, .035)));
  lay(s, ink() * .4, mask(pole, pixel()), .1, 0.);
  float go = slope(.0, .06, bar_phase) * slope(.53, .47, bar_phase); vec2 lt = sgl - vec2(0., .5);
  shine(s, c_stop, (clamp(1.3 - length(lt - vec2(0., .048)) / .021, 0., 1.) + .35 * halo(lt - vec2(0., .048), 260.)) * (1. - .85 * go));
  shine(s, c_go, (clamp(1.3 - length(lt + vec2(0., .048)) / .021, 0., 1.) + .35 * halo(lt + vec2(0., .048), 260.)) * (.15 + .85 * go));
  shine(s, mix(c_stop, c_go, go), clamp(1.2 - length(sgl - vec2(.045, .3 + .014 * (1. - 2. * go))) / .012, 0., 1.));
  float smear = halo(vec2((sgl.x + wet.x * .06) * 6., (sgl.y + .06) * 1.6), 22.) * under * WET; s.c += mix(c_stop, c_go, go) * smear * .3;
  stand(s, p, vec2(place_x(.0) - .03 - cam.x * .25, -.37), .36, vec2(place_x(-.12), .16), .2, ink() * .38, vec2(place_x(.2), .0), warm(), wet.x);
}

// ---------------------------------------------------------------- 3 stairs
// A house that leans in from the side at distance `x` from the middle: q.x counts from the middle outwards. Plaster, shutters, a tiled roof.
void old_house(inout Shot s, vec2 q, float x, float foot, float h, float k, int id) {
  vec4 r = dice4(id, 40 + seed()); float size = 1. - .62 * k; vec2 u = vec2(q.x - x, q.y - foot);
  float wall = max(-u.x, u.y - h), eave = max(max(-u.x - .03 * size, u.y - h - .1 * size - u.x * .32), h - u.y - .012 * size);
  vec3 plaster = mix(mix(pal[2], pal[3], r.x * .55), pal[4], .25 + .2 * r.y); plaster = mix(plaster * (hour == NIGHT ? .24 : hour == DUSK ? .46 : hour == DAWN ? .68 : .88), haze(), k * .75);
  if (k < .3) plaster *= .82 + .3 * fbm1(vec2(q.x, q.y) * 3.5 + r.xy * 8.);
  vec2 cell = vec2(.15, .17) * size, g = vec2(u.x - .05 * size, u.y - .1 * size) / cell, n = floor(g); vec4 o = dice4(int(n.x) * 5 + id, int(n.y) + seed()); vec2 f = (g - n - .5) * cell / size;
  float pane = box2(f, vec2(.024, .038)), sh = box2(vec2(abs(f.x) - .038, f.y), vec2(.013, .04)), sill = box2(f + vec2(0., .046), vec2(.05, .005)), ok = step(0., min(n.x, n.y)) * step(u.y, h - .08 * size) * step(.14, o.w);
  float on = clamp((o.x - .45 + .15 * hat * o.y) * 8., 0., 1.) * (.6 + .4 * o.z) * max(LAMPS, .06); float soft = pixel() / size;
  plaster = mix(plaster, mix(pal[1], pal[3], r.z * .4) * (hour == NIGHT ? .5 : .85) * (1. - .5 * k), mask(sh, soft) * ok); plaster = mix(plaster, mix(mix(ink(), haze(), k), warm(), on), mask(max(pane, .0025 - abs(f.x)), soft) * ok);
  plaster = mix(plaster, plaster * 1.3, mask(sill, soft) * ok);
  plaster *= .75 + .25 * slope(.0, .2 * size, u.y);
  lay(s, plaster, mask(wall, pixel()), .2 + .6 * k, mask(pane, soft) * ok * on * .45);
  vec3 tiles = mix(mix(pal[3], pal[1], .55) * (hour == NIGHT ? .42 : .8), haze(), k * .75) * (.8 + .2 * step(.5, fract(u.x * 60. / size))); if (weather == SNOW) tiles = mix(tiles, snow(), .8);
  lay(s, tiles, mask(eave, pixel()), .2 + .6 * k, 0.);
}

void wall_lamp(inout Shot s, vec2 q, float size, float side) {
  vec2 u = vec2(q.x * side, q.y) / size; float soft = pixel() / size, arm = min(box2(u - vec2(.03, .06), vec2(.06, .006)), sd_capsule(u, vec2(.09, .0), vec2(.02, .055), .005)), glass = max(abs(u.x + .025) - .026 - u.y * .22, abs(u.y) - .038), cap = max(abs(u.x + .025) - .05 + (u.y - .035) * 1.4, abs(u.y - .05) - .014);
  lay(s, warm() * mix(.55, 1., LAMPS), mask(glass, soft), .3, .6 * LAMPS); lay(s, ink() * .5, mask(min(arm, cap), soft), .3, 0.);
  vec2 b = vec2(u.x + .025, u.y) * size; shine(s, warm(), (.34 * halo(b, 150. / (size * size)) + .09 * halo(b, 22. / size)) * (.72 + .22 * bass) * max(LAMPS, .06));
}

// Clothes on a line from (-w, y) to (w, y): shirts and sheets that stir in the wind.
void laundry(inout Shot s, vec2 q, float w, float sag, float size, int id, float k) {
  float u = q.x / w, y = -sag * (1. - u * u), blow = weather == WIND ? 1. : .25; if (abs(u) > 1.) return;
  lay(s, mix(ink() * .6, haze(), k), mask(abs(q.y - y) - .0012, pixel()), .3 + .4 * k, 0.);
  float x = q.x / size, i = floor(x); vec4 r = dice4(int(i), id + seed()); vec2 c = vec2(x - i - .5, (y - q.y) / size); c.x += blow * .35 * c.y * (wave(t * .22 + flow * .05 + r.x * .5 + float(i) * .12) + .4 * wave(t * .37 + c.y * .5));
  float len = .75 + .75 * r.y, sheet = max(abs(c.x) - .36, max(c.y - len, -c.y)), shirt = min(max(abs(c.x) - .24, max(c.y - .95, -c.y)), max(abs(c.x) - .44 + .3 * clamp(c.y, 0., .4), max(c.y - .36, -c.y)));
  float legs = max(max(abs(c.x) - .24, .05 - abs(c.x) + .3 * step(c.y, .3)), max(c.y - 1.2, -c.y)), d = r.z < .4 ? sheet : r.z < .75 ? shirt : legs;
  vec3 cloth = mix(r.w < .4 ? mix(pal[4], vec3(1.), .2) : r.w < .65 ? pal[3] : r.w < .85 ? mix(pal[2], pal[4], .4) : pal[2], ink(), hour == NIGHT ? .55 : hour == DUSK ? .38 : .12); cloth *= .86 + .2 * triangle(c.x * 1.1 + .2 + r.x);
  lay(s, mix(cloth, haze(), k), mask(d * size, pixel()) * step(.18, r.x) * step(abs(u), .93), .3 + .4 * k, 0.);
}

// A pair of houses up the hill, the higher `i` the farther; lamps and laundry hang between some.
void tier(inout Shot s, vec2 p, int i, float wide, vec2 shift) {
  float k = float(i) * .24, x = (.15 + .105 * float(3 - i)) * wide, foot = -.5 + .155 * float(i); vec2 c = vec2(p.x + shift.x * (1. - k), p.y + shift.y * (1. - k) * .6) / (1. + cam.z * .08 * (1. - k));
  vec4 r = dice4(i, 77 + seed()); float side = c.x > 0. ? 1. : -1.;
  old_house(s, vec2(abs(c.x), c.y), x + .02 * (r.x - .5) * side, foot, (side > 0. ? .56 + .16 * r.y : .6 + .16 * r.z) * (1. - .17 * float(i)) + (i == 0 ? .5 : 0.), k, i * 2 + (side > 0. ? 1 : 0));
  if (i == 1 || i == 2) laundry(s, c - vec2(0., .2 + .05 * float(2 - i) + .03 * r.w), x + .01, .035, .075 * (1. - .5 * k), 90 + i, k * .7);
  if (i == 1) wall_lamp(s, vec2(c.x - x + .012, c.y - .06), .8, 1.);
  if (i == 2) wall_lamp(s, vec2(c.x + x - .01, c.y - .085), .5, -1.);
  float mist = slope(foot + .42, foot + .1, c.y) * .07 * float(i + 1) * (weather == CLEAR ? .8 : 1.5) * (i == 0 ? 0. : 1.);
  s.c = mix(s.c, mix(haze(), warm(), .25 * LAMPS), mist);
}

void stairs(inout Shot s, vec2 p) {
  float wide = clamp(aspect / 1.78, .5, 1.); vec2 shift = cam.xy * vec2(.3, .16), v = vec2(place_x(.03), .0);
  s.c = far_at(p);
  vec2 tower = vec2(p.x - v.x + shift.x * .12 - place_x(.13), p.y - .06); float top = min(max(abs(tower.x) - .03, tower.y - .2), min(max(abs(tower.x) - .037, abs(tower.y - .2) - .007), max(abs(tower.x) - (.29 - tower.y) * .42, .2 - tower.y)));
  float domes = min(top, p.y - .13 - .05 * abs(triangle(p.x * 1.7 + rnd.y)) - .02 * step(.3, fract(p.x * 6. + rnd.x))); lay(s, aerial(.62), mask(domes, pixel() * 1.5), .9, 0.);
  float bell = box2(tower - vec2(0., .165), vec2(.009, .02)); lay(s, mix(light_colour(), warm(), .5), mask(bell, pixel()) * max(LAMPS, .3) * .8, .9, .3 * LAMPS);
  tier(s, p - vec2(v.x, 0.), 3, wide, shift); tier(s, p - vec2(v.x, 0.), 2, wide, shift); tier(s, p - vec2(v.x, 0.), 1, wide, shift); tier(s, p - vec2(v.x, 0.), 0, wide, shift);
  vec2 g = p + vec2(shift.x * .9 - v.x, shift.y * .8); float up = clamp((g.y + .5) / .56, 0., 1.), half_w = mix(.6, .085, pow(up, .8)) * wide;
  float y = up * (.55 + .7 * up) * 15., n = floor(y), f = y - n, on = mask(max(abs(g.x) - half_w, g.y - .055), pixel()); // steps, smaller the higher
  vec4 r = dice4(int(n), 33), wet = wet_ground(vec2(g.x * 3.2 / (1.2 - up) * .5, y * .5)); float tread = slope(.56, .62, f), nose = clamp(1. - abs(f - .60) * 11., 0., 1.);
  float lamp_on = halo(vec2(g.x - .18 * wide, (g.y + .28) * 1.3), 15.) + .8 * halo(vec2(g.x + .14 * wide, (g.y + .02) * 1.4), 34.); float sky_line = clamp(1. - abs(g.x + wet.x * .06 - .02) / (.03 + .35 * half_w), 0., 1.);
  // Blocks of unequal length; their faces are darkest at the foot, their treads are worn bright in the middle.
  float along = g.x / half_w * 5. + r.y * 7., block = floor(along), joint = clamp(1. - abs(along - block - .5) * -30. - 14.2, 0., 1.); vec4 own = dice4(int(block), int(n) + 90);
  vec3 stone = mix(mix(ink(), mix(pal[1], pal[2], .4), .5), haze(), .18 + .3 * up) * (hour == NIGHT ? .62 : 1.) * (.84 + .12 * r.x + .16 * own.x);
  stone *= mix((.48 + .60 * f) * (.92 + .16 * wet.y), 1.12, tread) * (1. - .30 * joint * (1. - up));
  stone += (mix(light_colour(), haze(), .3) * (.16 + .30 * sky_line * (.8 + .3 * bass)) * (hour == DAY ? .8 : .7) + warm() * lamp_on * LAMPS * (.45 + .1 * bass)) * (tread * WET * mix(.35, .85, wet.z) + nose * .30 + .10);
  if (weather == SNOW) stone = mix(stone, snow(), tread * .8); stone += light_colour() * wet.w * tread * (.1 + .6 * snare);
  lay(s, stone, on, mix(.12, .6, up), tread * lamp_on * .12 * LAMPS);
  // A low wall runs up on either side; pots stand on it, one to five steps.
  float scale = 1.12 - up, kerb = abs(abs(g.x) - half_w - .012 * scale) - .020 * scale, m = y / 5. + (g.x > 0. ? .4 : 0.), pot = floor(m), up0 = (sqrt(.3025 + .187 * 5. * max(pot + .3 - (g.x > 0. ? .4 : 0.), 0.)) - .55) / 1.4; vec4 kind = dice4(int(pot), g.x > 0. ? 71 : 72);
  vec3 wall = mix(mix(ink(), mix(pal[1], pal[2], .5), .6), haze(), .2 + .3 * up) * (hour == NIGHT ? .55 : .9) + warm() * lamp_on * LAMPS * .25;
  lay(s, mix(wall, weather == SNOW ? snow() : wall + light_colour() * .12, step(.004 * scale, kerb + .012 * scale)), mask(max(kerb, g.y - .055), pixel()), mix(.11, .58, up), 0.);
  scale = 1.12 - up0; vec2 v2 = vec2(abs(g.x) - mix(.6, .085, pow(up0, .8)) * wide - .010 * scale, (up - up0) * .56) / (.062 * scale); float clay = max(max(abs(v2.x) - .24 - .16 * v2.y, abs(v2.y - .22) - .24), -v2.y), soft = pixel() / (.062 * scale);
  float leaf = length((v2 - vec2(.05 * wave(t * .17 + kind.y), .78)) * vec2(1., 1.15)) - .34 - .16 * abs(triangle(atan(v2.x, v2.y - .78) * .9 + kind.z)); float there = step(.35, kind.x) * step(pot, 2.5) * step(g.y, .0);
  lay(s, mix(mix(pal[2], pal[1], .55), pal[3], .5 * step(.7, kind.w)) * (hour == NIGHT ? .3 : hour == DUSK ? .55 : .8) + warm() * lamp_on * LAMPS * .2, mask(leaf, soft) * there, mix(.10, .57, up), 0.);
  lay(s, mix(pal[3], ink(), hour == NIGHT ? .7 : .4) * (.8 + .4 * v2.x) + warm() * lamp_on * LAMPS * .2, mask(clay, soft) * there, mix(.10, .57, up), 0.);
  steam(s, p, vec2(v.x + .12 * wide - shift.x, -.12), .3, mix(haze(), warm(), .3 * LAMPS));
  vec2 cat = (p - vec2(v.x - .3 * wide - shift.x, -.255)) / .075; float body = min(sd_ellipse(cat - vec2(0., .3), vec2(.22, .3)), min(length(cat - vec2(.06, .68)) - .17, max(abs(abs(cat.x - .06) - .1) - .06 + (cat.y - .8) * .5, abs(cat.y - .84) - .08))); body = min(body, sd_capsule(cat, vec2(-.15, .06), vec2(-.42, .12 + .12 * wave(t * .2 + beat_phase * .5)), .045));
  lay(s, ink() * .3, mask(body * .075, pixel()), .15, 0.);
  stand(s, p, vec2(v.x - shift.x, -.315 - shift.y * .8), .35, vec2(v.x, .16), .18, ink() * .38, vec2(v.x, .4), mix(warm(), light_colour(), .4), 0.);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(pal[0], 1., 0.);
  if (variant == 0) alley(s, p);
  if (variant == 1) cafe(s, p);
  if (variant == 2) crossing(s, p);
  if (variant == 3) stairs(s, p);
  if (weather == FOG) s.c = hazed(s.c, .2 * s.depth + .55 * sqrt(s.depth));
  s.c = weather_layer(p, s.c, s.depth);
  fine_detail *= 1. - subject_cover; colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
