// Garden: 0 cherry blossom over a pond with a bridge, 1 tall flowers against a low sun, 2 cypress alley with a fountain,
// 3 rose arches with lanterns and fireflies. Lengths are in picture heights; w is half the picture's width, so that all formats hold the
// same composition. Flowers open as the section goes on.

struct Shot { vec3 c; float depth; float glow; };

const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .85 : hour == DAWN ? .5 : .16;
const float GUST = weather == WIND ? 2.4 : 1.;
const bool FLOATS = subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE;
const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || subject_id == SJ_ASTRONAUT || SJ_HANGS;

float half_width() { return clamp(aspect * .5, .3, .92); }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) { s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a); }
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec2 sun_at() {
  float w = half_width();
  if (variant == 1) return vec2(.14 * w - .03 * cam.x, hour == DAY ? .27 : hour == NIGHT ? .17 : .055);
  if (variant == 2) return vec2(.02 * w - .03 * cam.x, hour == DAY ? .36 : hour == NIGHT ? .30 : .27); // above the fountain, not in its water
  if (variant == 3) return vec2(-.03 * cam.x, hour == DAY ? .24 : .10);
  return vec2(.20 * w - .04 * cam.x, hour == DAY ? .33 : hour == NIGHT ? .21 : .13);
}
float sun_radius() {
  const float r = hour == NIGHT ? .085 : hour == DAWN ? .10 : hour == DAY ? .048 : .115;
  return r * (variant == 1 && hour != DAY ? 1.35 : variant == 2 ? .85 : 1.) * (1. + .03 * bass);
}
vec3 ink() { return hour == NIGHT ? mix(pal[0], pal[1], .25) * .62 : hour == DAY ? mix(pal[0], pal[1], .85) * .9 : hour == DAWN ? mix(pal[0], pal[1], .7) * .85 : mix(pal[0], pal[1], .35) * .8; }
vec3 haze() { return hour == NIGHT ? mix(sky_low(), sky_mid(), .35) : mix(mix(sky_low(), sky_mid(), .3), light_colour(), .1); }
vec3 leaf(float lit) { return mix(ink(), mix(mix(pal[2], pal[1], .25), light_colour(), .22), lit * (hour == NIGHT ? .42 : hour == DAY ? .85 : .62)); }
vec3 bloom_colour(float r) { return r < .45 ? mix(pal[3], pal[4], .15) : r < .75 ? mix(pal[4], pal[3], .35) : mix(pal[2], pal[3], .45); }
vec3 warm() { return mix(mix(pal[3], pal[4], .55), vec3(1., .78, .46), .25); }
float reach(vec2 p) { vec2 d = p - sun_at(); return 1. / (1. + 5. * dot(d, d)); }

// ---------------------------------------------------------------- what is soft: sky, clouds, light around the sun
vec3 far(vec2 p) {
  float base = variant == 0 ? -.12 : variant == 1 ? -.13 : variant == 2 ? -.06 : -.14, h = max(p.y - base, 0.), d = length(p - sun_at());
  vec3 c = sky(h * 1.55), light = light_colour();
  float up = h + .14;
  vec2 at = vec2((p.x + .1 * cam.x) * .32 / up + .012 * t * GUST + 4. * rnd.x, .46 / up + 5. * rnd.y);
  float here = fbm1(at) * .7 + fbm1(at * vec2(2.3, 2.9) + .02 * t) * .3, there = fbm1(at + (sun_at() - p) * .2), near_sun = exp(-d * 3.);
  vec3 lit = mix(sky_low(), light, .5 + .5 * near_sun) * (hour == NIGHT ? .40 + .4 * near_sun : .98), shade = mix(sky_top(), sky_mid(), .6) * .9;
  float cover = smoothstep(weather == RAIN ? .30 : .47, .80, here) * smoothstep(.05, .22, h);
  c = mix(c, mix(shade, lit, clamp(.5 + 1.5 * (here - there), 0., 1.)), cover * .75);
  c = mix(c, haze(), .55 * exp(-h * 9.));
  const float power = hour == NIGHT ? .45 : hour == DAY ? .4 : .95;
  c += light * power * (.92 + .16 * bass) * (.32 * exp(-d * 6.) + .2 * exp(-d * 2.1));
  if (weather == RAIN || weather == FOG) c = mix(c, vec3(luma(c)) * .9, .35);
  return c;
}
void heaven(inout Shot s, vec2 p, float clear_sky) {
  vec2 d = p - sun_at();
  float r = length(d), radius = sun_radius(), m = mask(r - radius, 1.5 * pixel());
  if (hour == NIGHT) {
    vec2 g = p * 58., cell = floor(g);
    float k = h2(cell), far_away = length(g - cell - .5 - .6 * (vec2(fract(k * 91.7), fract(k * 57.3)) - .5)) / 58.;
    vec2 point = star_point(.7 + .7 * fract(k * 7.));
    s.c += light_colour() * clamp(1.3 - far_away / point.x, 0., 1.) * point.y * step(.80, k) * (.5 + .2 * wave(.2 * t + 9. * k) + .3 * treble) * smoothstep(-.08, .2, p.y) * clear_sky;
  }
  vec3 c = hour == NIGHT ? mix(light_colour(), vec3(1.), .3) * (1. - .16 * r / radius) : mix(light_colour(), vec3(1.), .25 + .35 * clamp(.5 + d.y / radius, 0., 1.));
  const float veil = weather == CLEAR || weather == WIND ? 1. : .5;
  lay(s, c, m * clear_sky * veil, 1., .7 * m * clear_sky);
}

// ---------------------------------------------------------------- small things of the air
// Petals that tumble down across the picture in cells.
void petals(inout Shot s, vec2 p, float cells, float share, float fall, float k) {
  vec2 g = vec2(p.x * cells - (.10 * GUST * t + .25 * flow) * fall + .5 * wave(.06 * t + p.y * .8), p.y * cells + .55 * fall * t + .1 * flow), cell = floor(g), f = g - cell - .5;
  float r = h2(cell + rnd.xy * 7.), r2 = fract(r * 57.3), r3 = fract(r * 311.7), turn = .17 * t * (.6 + r2) + r * 9.;
  f -= vec2(.5 * (r2 - .5), .5 * (r3 - .5));
  f = vec2(f.x + wave(turn) * f.y * .8, f.y - wave(turn + .25) * f.x * .5);
  float m = mask(length(f / vec2(1., .35 + .5 * abs(wave(turn * .7)))) - .115, 1.6 * pixel() * cells) * step(1. - share, r);
  vec3 c = mix(bloom_colour(.6), light_colour(), .25 + .35 * reach(p)) * (hour == NIGHT ? .8 : 1.);
  s.c = mix(s.c, c, m * (.35 + .65 * treble) * k);                              // too small for a depth of their own, and for a contour
  fine_detail = max(fine_detail, step(1. - share, r) * slope(.24 + .006 * cells, .20, length(f)));
}
// Fireflies and dust in cells; they drift and glow up slowly.
float motes(vec2 p, float cells, float share) {
  vec2 g = p * cells + vec2(.35 * wave(.05 * t), -.05 * t), cell = floor(g), f = g - cell;
  float r = h2(cell + 5.), r2 = fract(r * 71.3), d = length(f - .5 - .28 * vec2(wave(.10 * t + 5. * r), wave(.08 * t + 9. * r)));
  return step(1. - share, r) * smoothstep(-.3, 1., wave((.10 + .12 * r2) * t + 13. * r)) * (smoothstep(.09, .02, d) + .35 * max(1. - d * 2.5, 0.) * max(1. - d * 2.5, 0.));
}
void fireflies(inout Shot s, vec2 p, float cells, float share, float where) {
  float a = motes(p, cells, share) * where * (.35 + .5 * hat + .25 * vocals) * max(LAMPS, .3);
  s.c += warm() * a * 1.1; s.glow = max(s.glow, min(a, 1.));
}
// Thin bent blades that stand on y = 0 and are at most 1 high, one to a cell of x.
float blades(vec2 q, float bend, float soft) {
  float cell = floor(q.x), r = h1(cell), r2 = fract(r * 37.7), h = q.y / (.35 + .65 * r), off = q.x - cell - .5 + .22 * (r2 - .5) - (.34 * (r2 - .5) + bend) * h * h;
  return smoothstep(soft, -soft, abs(off) - .15 * (1. - h)) * step(h, 1.);
}
void grass(inout Shot s, vec2 p, float line, float tall, float fine, float k, float parallax) {
  float x = p.x + parallax * cam.x, bend = (.10 * wave(.13 * t + .8 * x) * (.5 + mid) + .03) * GUST, bank = line + .012 * wave(1.3 * x + 7. * k), h = (p.y - bank) / tall, soft = 1.2 * fine * pixel() + .02;
  float a = max(mask(p.y - bank - .1 * tall, 2. * pixel()), max(blades(vec2(x * fine, h), bend, soft), blades(vec2(x * fine * 1.63 + .5, h * 1.4), 1.3 * bend, 1.5 * soft)));
  lay(s, mix(leaf(.08 + .5 * clamp(h, 0., 1.) * reach(p)) * (.5 + .5 * clamp(h + .3, 0., 1.)), haze(), k), a, .05 + k, 0.); fine_detail = max(fine_detail, slope(1.08, 1., h) * slope(-.02, .05, h) * .92);
}
void stand(inout Shot s, vec2 p, vec2 ground, float size, vec2 air) {
  if (subject_id == 0) return;
  vec2 at = ALOFT || (FLOATS && variant != 0) ? air + vec2(.012 * wave(.05 * t), .010 * wave(.08 * t)) : ground;
  if (FLOATS && variant == 0) at = vec2(-.02 * half_width() - .1 * cam.x, -.285 + .004 * wave(.15 * t));
  if (ALOFT || FLOATS) size *= subject_id == SJ_BUTTERFLY ? .6 : .8;
  vec2 q = (p - at) / size;
  s.c = subject_over(q, pixel() / size, s.c, ink() * .45, mix(light_colour(), sky_low(), .25), normalize(sun_at() - at));
  s.depth = mix(s.depth, .15, step(.5, subject_cover));
}

// ---------------------------------------------------------------- 0 pond
// Leaves or blossoms of a crown: mass is its field, above `from` it is thick; x how much covers, y how light this tuft is.
vec2 tufts(vec2 q, float mass, float from) {
  float row = floor(q.y); q.x += 7.3 * h1(row);
  vec2 cell = vec2(floor(q.x), row), f = q - cell - .5; float r = h2(cell);
  f -= .26 * (vec2(fract(r * 31.7), fract(r * 17.3)) - .5);
  float a = 1.9 * (fract(r * 77.7) - .5), d = length(vec2(f.x - a * f.y, (f.y + a * f.x) * 1.45) * inversesqrt(1. + a * a));
  return vec2(smoothstep(.43, .33, d + .16 * abs(fract(r * 91.) - .5)) * step(from, mass + .30 * (fract(r * 53.1) - .5)), .45 * fract(r * 7.7) + .55 * smoothstep(.5, -.3, f.y - f.x * .4));
}
void cherry(inout Shot s, vec2 p, float w) {
  vec2 shift = vec2(.28 * cam.x, .1 * cam.y), q = p + shift;
  float sway = .006 * GUST * wave(.07 * t + .4 * q.x) * (1. + mid);
  vec2 a = vec2(-.98 * w, -.55), b = vec2(-.80 * w, -.12), c = vec2(-.58 * w, .14), e = vec2(-.18 * w, .29 + sway), g = vec2(.22 * w, .31 + 2. * sway);
  float d = min(min(sj_limb(q, a, b, .075, .045), sj_limb(q, b, c, .045, .028)), min(sj_limb(q, c, e, .028, .014), sj_limb(q, e, g, .014, .004)));
  d = min(d, min(sj_limb(q, b, vec2(-1.05 * w, .24), .034, .018), min(sj_limb(q, c, vec2(-.46 * w, .46), .022, .008), sj_limb(q, e, vec2(.02 * w, .17 + 3. * sway), .008, .002))));
  float grain = n2(vec2(q.x * 42. + q.y * 9., q.y * 11.));
  vec3 bark = ink() * (.42 + .3 * grain) + light_colour() * .22 * smoothstep(-.030, .0, d) * grain * reach(p) * (hour == NIGHT ? .5 : 1.);
  lay(s, bark, mask(d, 1.5 * pixel()), .14, 0.);
  vec2 u = vec2((q.x / w) * .9, q.y - sway * 2.);
  vec2 b1 = (u - vec2(-.86, .30)) / vec2(.46, .24), b2 = (u - vec2(-.34, .38)) / vec2(.44, .17), b3 = (u - vec2(.12, .40)) / vec2(.34, .12), b4 = (u - vec2(.02, .22)) / vec2(.13, .06);
  float field = max(max(1. - dot(b1, b1), 1. - dot(b2, b2)), max(1. - dot(b3, b3), .6 - dot(b4, b4))), rough = fbm1(q * 2.1 + rnd.zw * 8.);
  float mass = .42 * clamp(field, -1., 1.) + .62 * rough, open = .04 * section_phase;
  mat2 askew = mat2(.8, .6, -.6, .8);
  vec2 coarse = tufts(askew * q * 27. + 60. * sway, mass, .47 - open), fine = tufts(q * askew * 43. + 9.4 - 90. * sway, mass, .40 - open);
  vec3 pale = mix(mix(pal[3], pal[4], .42), light_colour(), .16), dusky = mix(mix(pal[3], pal[2], .16), ink(), .26);
  float deep_in = smoothstep(.42, .80, mass), light_in = hour == NIGHT ? .62 : .95;
  vec3 c1 = mix(dusky, pale, clamp(.85 * coarse.y + .5 * reach(p) - .35 * deep_in, 0., 1.)) * light_in, c2 = mix(dusky, pale, clamp(.9 * fine.y + .55 * reach(p) - .15 * deep_in, 0., 1.)) * light_in;
  lay(s, mix(dusky, pale, .25 + .4 * reach(p)) * light_in * .8, smoothstep(.50, .60, mass + .1 * coarse.y * coarse.x), .12, .04);
  lay(s, c1 * .9, coarse.x, .12, .04);
  lay(s, c2, fine.x, .12, .06); fine_detail = max(fine_detail, slope(.26, .36, mass));                         // blossom, not each flower of it
}
// A stone lantern, foot at y = 0, about 1 high; light comes back in w.
float stone_lantern(vec2 q, out float lamp) {
  float x = abs(q.x), y = q.y, roof = max(abs(y - .80) - .09, x - .30 + (y - .71) * 1.1 - .5 * min(x * x, .09)), cap = max(abs(y - .93) - .06, x - .05);
  float box = max(abs(y - .60) - .11, x - .15), plate = max(abs(y - .47) - .03, x - .22), leg = max(abs(y - .25) - .2, x - .075 - .04 * abs(y - .25)), foot = max(abs(y - .03) - .05, x - .20);
  lamp = max(abs(y - .60) - .075, x - .095);
  return min(min(min(roof, cap), min(box, plate)), min(leg, foot));
}
void lantern(inout Shot s, vec2 p, vec2 at, float size) {
  float lamp, d = stone_lantern((p - at) / size, lamp), soft = 1.5 * pixel() / size, power = LAMPS * (.45 + .55 * vocals);
  vec2 q = (p - at) / size;
  lay(s, ink() * .55 + warm() * .12 * power * step(q.y, .5) + light_colour() * .10 * reach(p) * clamp(1. + d / .06, 0., 1.) * step(.4, q.y), mask(d, soft), .1, 0.);
  shine(s, warm(), mask(lamp, soft) * (.35 + .65 * power));
  float r = dot(q - vec2(0., .6), q - vec2(0., .6));
  s.c += warm() * power * .34 / (1. + 9. * r) * exp(-.6 * r);
}
void pond(inout Shot s, vec2 p) {
  float w = half_width(), line = -.125 + .08 * cam.y, below = line - p.y, wet = step(0., below), z = 1. / (max(below, 0.) + .04);
  vec4 n = textureLod(noise_tex, vec2(p.x * z * .8 + rnd.z * 7. + .02 * t, z * 1.9 + .10 * t + .10 * flow) / 8., 0.);
  float bend = clamp(below * 6., .08, 1.) * (.4 + .6 * loudness) * wet;
  vec2 q = vec2(p.x + (n.b - .5) * .035 * bend, line + abs(below) * (1. + .08 * wet) + (n.a - .45) * .05 * bend), away = vec2(q.x, q.y - line);
  away.y = max(away.y, 0.);
  s.c = far_at(q);
  heaven(s, q, 1. - .35 * wet);
  float x = q.x + .05 * cam.x;
  vec2 rough = textureLod(noise_tex, vec2(x * .16 + rnd.x, .31), 0.).ba, rough2 = textureLod(noise_tex, vec2((x + .05 * cam.x) * .9 + rnd.y, .71 + away.y * 1.2), 0.).ba;
  lay(s, mix(ink(), haze(), .72), mask(away.y - .03 - .13 * rough.x * smoothstep(-.2, .9, abs(x / w - .15)), 2. * pixel()), .92, 0.);
  float row = abs(fract(x * 4.3 + rnd.w) - .5), bank = .018 + .055 * rough2.x + .045 * sqrt(max(.20 - row * row, 0.)) + .05 * smoothstep(.2, 1., -x / w);
  vec3 trees = mix(mix(leaf(.6), bloom_colour(.6), .30 + .5 * smoothstep(.4, .7, rough2.y)), haze(), .42) * (.72 + .5 * rough2.y * clamp(away.y / bank + .2, 0., 1.));
  lay(s, mix(trees, haze(), .3 * clamp(1. - away.y / .03, 0., 1.)), mask(away.y - bank, 2. * pixel()), .75, 0.);
  vec2 h = (away - vec2(-.40 * w - .08 * cam.x, .0)) / .13; // tea house
  float roof = max(max(abs(h.y - .76) - .22, abs(h.x) - .88 + 1.9 * (h.y - .54) - 1.5 * (h.y - .54) * (h.y - .54)), -h.y), house = min(max(abs(h.x) - .46, abs(h.y - .28) - .28), roof);
  lay(s, mix(ink() * .8, haze(), .18), mask(house, 1.5 * pixel() / .13), .6, 0.);
  shine(s, warm(), mask(max(max(abs(abs(h.x) - .19) - .13, abs(h.y - .29) - .13), .012 - abs(abs(h.x) - .19)), 1.5 * pixel() / .13) * LAMPS * (.45 + .4 * vocals));
  float a = .40 * clamp(w / .75, .62, 1.05), u = (q.x - .24 * w + .12 * cam.x) / a, arch = 1. - u * u, top = .145 * arch + .012, under = .115 * (1. - 1.38 * u * u), posts = abs(fract(u * 6.5 + .5) - .5) / 6.5 * a;
  float deck = max(max(away.y - top, under - away.y), abs(u) - 1.), rail = max(min(abs(away.y - top - .045), abs(away.y - top - .024)) - .0045, abs(u) - .97), post = max(max(posts - .0052, away.y - top - .058), max(top - away.y, abs(u) - .97));
  float bridge = min(min(deck, rail), post);
  vec3 red = mix(mix(pal[3], ink(), hour == NIGHT ? .62 : .38), light_colour(), .18 * clamp(u * .8 + .3, 0., 1.)) * (.70 + .3 * smoothstep(-.004, -.012, deck) + .2 * smoothstep(.0, .02, away.y - top));
  lay(s, mix(red, haze(), .10), mask(bridge, 1.5 * pixel()), .5, 0.); fine_detail = max(fine_detail, mask(min(rail, post) - .012, .01) * step(.002, deck)); // a railing is lines already
  if (wet > .5) {
    vec3 deepest = mix(ink(), sky_top(), .35);
    s.c = mix(s.c * .86, deepest, clamp(.10 + 1.1 * below, 0., .7)); s.glow *= .4; s.depth = clamp(.8 - 1.6 * below, .15, .8);
    float lane = clamp(1. - abs(p.x - sun_at().x + (n.b - .5) * .1) / (.05 + .4 * below), 0., 1.);
    s.c += light_colour() * lane * lane * smoothstep(.52, .75, (n.a + n.b) * .56) * (.35 + .35 * loudness) * clamp(below * 20., 0., 1.) * (hour == DAY ? .6 : .9);
    vec2 g = vec2((p.x + .18 * cam.x) * z * .62 + 3. * rnd.y, z * 2.1), cell = floor(g), f = g - cell - .5; // lilies and their flowers
    float r = h2(cell + 11.), pad = length((f - .3 * (vec2(fract(r * 31.), fract(r * 17.)) - .5)) * vec2(1., .9)) - .16 - .16 * fract(r * 7.), seen = step(.60, r + .2 * smoothstep(.1, .9, abs(p.x / w))) * smoothstep(.02, .08, below);
    lay(s, leaf(.35 + .5 * fract(r * 9.)) * .9, mask(pad, .06 + 2. * pixel() * z) * seen, .3, 0.);
    lay(s, mix(bloom_colour(.6), pal[4], .3) * (hour == NIGHT ? .8 : 1.), mask(pad + .22, .05) * seen * step(.5, fract(r * 23.)), .3, .1);
  }
  float edge = p.x + .28 * cam.x, shore = -.385 + .10 * smoothstep(.2, -1., edge / w) + .09 * smoothstep(.45, 1.1, edge / w) + .010 * wave(edge * 1.7);
  grass(s, p, shore, .035, 30., .02, .28);
  lantern(s, p, vec2(.66 * w - .28 * cam.x, shore - .008), .20);
  cherry(s, p, w);
  stand(s, p, vec2(-.30 * w - .28 * cam.x, -.375 + .035), .32, vec2(-.05 * w, .02));
  grass(s, p, -.50 + .05 * abs(p.x / w), .09, 21., .0, .45);
  petals(s, p + vec2(.2 * cam.x, 0.), 15., .42, 1., .9);
  petals(s, p + vec2(.35 * cam.x, 3.), 8., .26, .8, 1.);
  if (hour == NIGHT || hour == DUSK) fireflies(s, p, 11., .3, smoothstep(.05, -.2, p.y));
}

// ---------------------------------------------------------------- 1 flowers against the sun
// One flower's head, about 1 wide, centre at 0: x distance, y how thin its petals are. open 0..1.
vec2 head(vec2 q, float kind, float open, float r, float k) {
  if (kind < 1.) { // poppy from the side
    float cup = length(q * vec2(1. / (.60 + .40 * open), 1.15)) - .46 - .035 * wave(q.x * 2.6 + r), brim = q.y - .30 - .05 * wave(q.x * 2.1 + .3 + r);
    return vec2(max(cup, brim), (.30 + .70 * smoothstep(-.35, .3, q.y)) * (.62 + .38 * abs(triangle(q.x * (.9 + .3 * open) + .25 * q.y * q.x + .5))));
  }
  if (k < .2 && kind < 2.) { // daisy
    vec2 e = vec2(q.x, q.y * 1.35);
    float d = length(e), a = atan(e.x, e.y + .0001), petal = abs(fract(a * 13. / TAU + r) - .5) * 2.;
    return vec2(d - (.26 + .24 * open) * (1. - .55 * petal * petal * petal) , d < .15 ? 0. : .35 + .9 * d);
  }
  if (kind < 3.) { // lupin, a spike of small bells
    float y = q.y + .15, row = fract(y * 5.5), wide = .24 * clamp((1.05 - y) * .8, 0., 1.) * (.70 + .30 * open);
    return vec2(max(abs(q.x) - wide * (.55 + .45 * sqrt(max(1. - 4. * (row - .5) * (row - .5), 0.))), max(y - 1.05, -y - .55)), .3 + .5 * row);
  }
  float side = abs(q.x), tulip = max(length(vec2(side * (1.25 - .25 * open), q.y * .9)) - .42, q.y - .24 - .16 * abs(fract(q.x * 2.4 + .5) - .5) * 4. * .5);
  return vec2(tulip, (.3 + .6 * smoothstep(-.4, .2, q.y)) * (.60 + .40 * abs(triangle(q.x * 1.3))));
}
void flower_row(inout Shot s, vec2 p, float cells, float foot, float tall, float at_sides, float size, float k, float parallax, float seed) {
  float x = (p.x / (1. + .25 * parallax * cam.z) + parallax * cam.x) * cells + seed, cell = floor(x), r = h1(cell), r2 = fract(r * 57.3), r3 = fract(r * 313.1);
  float middle = (cell + .5 - seed) / cells - parallax * cam.x, up = (tall + at_sides * smoothstep(.10, .85, abs(middle) / half_width())) * (.62 + .38 * r3) * (.90 + .10 * section_phase), h = clamp((p.y - foot) / up, 0., 1.);
  float bend = clamp((.35 * (r2 - .5) + .24 * GUST * wave(.075 * t + .25 * r + .12 * x) * (.45 + .8 * mid)) * up * cells, -.20, .20), off = (x - cell - .5 - bend * h * h) / cells;
  vec2 q = vec2((x - cell - .5 - bend) / cells, p.y - foot - up) / size; // the head nods with its stem, and stays in its cell
  q = vec2(q.x - .9 * bend * q.y, q.y + .9 * bend * q.x);
  float kind = fract(r * 17.31 + .07) * 4., open = .35 + .65 * clamp(section_phase * .75 + .25 * r2, 0., 1.), soft = 1.6 * pixel();
  if (k > .2) kind = kind < 2. ? kind * .5 : kind; // daisies are for the near
  vec2 made = head(q / (.80 + .35 * r2), kind, open, r, k);
  float through = reach(p) * made.y, stem = max(abs(off) - .0035 - .004 * size * 4., max(p.y - foot - up, foot - .3 - p.y));
  float side_leaf = max(abs(abs(off) - .25 * size - .12 * size * h) - .10 * size * (1. - abs(h - .45) * 3.2), abs(h - .45) - .3);
  vec3 green = mix(leaf(.10 + .35 * h * reach(p)) * .75, haze(), k);
  lay(s, green, mask(min(stem, side_leaf), soft), .06 + k, 0.); fine_detail = max(fine_detail, mask(min(stem, side_leaf) - .006, .004));
  vec3 hue = bloom_colour(fract(r * 7.7 + .1 * floor(kind))), body = mix(mix(hue, ink(), .58), mix(hue, light_colour(), .40), clamp(.15 + 1.15 * through, 0., 1.)) * (hour == NIGHT ? .74 : 1.);
  if (kind >= 1. && kind < 2.) body = mix(mix(mix(pal[3], ink(), .4), light_colour(), .2), body, step(.01, made.y));
  lay(s, mix(body, haze(), k), mask(made.x * size, soft), .05 + k, .14 * through); fine_detail *= k < .2 ? 1. - mask(made.x * size - .003, .006) : 1.;             // the heads in front keep their contours
}
void flowers(inout Shot s, vec2 p) {
  float w = half_width(), x = p.x + .06 * cam.x, line = -.135;
  heaven(s, p, 1.);
  vec2 rough = textureLod(noise_tex, vec2(x * .19 + rnd.x, .43), 0.).ba, rough2 = textureLod(noise_tex, vec2(x * .5 + rnd.y, .77 + .5 * p.y), 0.).ba;
  lay(s, mix(ink(), haze(), .74), mask(p.y - line - .02 - .085 * rough.x * (.4 + .6 * smoothstep(0., .8, abs(x / w - .15))), 2. * pixel()), .92, 0.);
  float trees = line + .012 + .07 * rough2.x * smoothstep(.12, .6, abs(x / w - .14)) + .05 * smoothstep(.6, 1.2, abs(x / w));
  lay(s, mix(ink(), haze(), .50), mask(p.y - trees, 2. * pixel()), .8, 0.);
  float d = max(line - p.y, 0.), field = fbm1(vec2((p.x + .2 * cam.x) * .8 / (d + .08) - .10 * t - .2 * flow, log2(d + .05) * 1.6));
  vec2 g = vec2((p.x + .15 * cam.x) * 5.5 / (d + .05), log2(d + .04) * 15.), cell = floor(g), f = g - cell - .5;
  float r = h2(cell), dot_ = smoothstep(.42, .26, length(f - .2 * (vec2(fract(r * 31.), fract(r * 77.)) - .5))) * step(.35, r);
  vec3 ground = leaf((.20 + .55 * smoothstep(.4, .75, field) * (.6 + .4 * loudness)) * (.35 + reach(p)));
  ground = mix(ground, mix(bloom_colour(fract(r * 7.)), light_colour(), .3 * reach(p)) * (.55 + .5 * field), dot_ * (.25 + .45 * reach(p)));
  lay(s, mix(haze(), ground, clamp(.30 + 3.5 * d, 0., 1.)), clamp(d / .006, 0., 1.), .7 - d, 0.);
  s.c += light_colour() * exp(-9. * abs(p.y - line - .01)) * reach(p) * (hour == NIGHT ? .06 : .20);
  stand(s, p, vec2(-.20 * w - .2 * cam.x, -.275), .34, vec2(-.24 * w - .1 * cam.x, .06));
  flower_row(s, p, 10.5, -.30, .17, .0, .050, .26, .22, 3. + 9. * rnd.z);
  flower_row(s, p, 6.1, -.38, .24, .13, .085, .12, .34, 13. + 9. * rnd.w);
  grass(s, p, -.43, .15, 24., .06, .38);
  flower_row(s, p, 3.3, -.56, .32, .38, .16, .0, .52, 33. + 9. * rnd.y);
  grass(s, p, -.52 + .03 * abs(p.x / w), .17, 15., .0, .6);
  petals(s, p + vec2(.3 * cam.x, 0.), 13., .30, -.35, .8);
  fireflies(s, p + vec2(.25 * cam.x, 0.), 9., .35, smoothstep(.25, -.15, p.y) * (hour == DAY ? .35 : .9));
}

// ---------------------------------------------------------------- 2 cypress alley, in units of half the gravel's width, divided by depth
const float EYE = .34;

void cypress(inout Shot s, vec2 q, float z, float r, float side, float grain) {
  float tall = 1.75 + .45 * r, y = q.y / tall, lean = .012 * GUST * wave(.07 * t + r) * (1. + mid) * q.y * q.y;
  float wide = .275 * sqrt(max(y, 0.)) * (1.04 - y) * (y < .06 ? .5 : 1.), d = max(abs(q.x - lean) - wide * (.88 + .24 * grain), q.y - tall);
  float lit = clamp(.5 - side * q.x / max(wide, .05) * .9, 0., 1.), k = z / (z + 6.5);
  vec3 c = leaf(.06 + .50 * lit * lit * (.3 + .9 * grain)) * (.60 + .4 * lit);
  lay(s, mix(c, haze(), k), mask(max(d, -q.y), 1.8 * pixel() * z), .1 + .8 * k, 0.);
}
// The fountain: a basin and two bowls; water climbs with the loudness and falls in threads.
void fountain(inout Shot s, vec2 q, float soft) {
  float x = abs(q.x), y = q.y;
  float rim = max(abs(y - .17) - .035, x - .80 + .2 * abs(y - .17)), wall = max(abs(y - .08) - .10, x - .72 - .15 * y * y), foot = max(abs(y + .01) - .03, x - .82);
  float stem = max(x - .055 - .05 * abs(wave(y * .8)) - .06 * smoothstep(.4, .2, y), max(.1 - y, y - 1.08)), bowl = max(abs(y - .66) - .055, x - .36 + 2.2 * (.70 - y) * (.70 - y) * 6.), bowl2 = max(abs(y - 1.0) - .04, x - .20 + 12. * (1.03 - y) * (1.03 - y));
  float d = min(min(min(rim, wall), min(foot, stem)), min(bowl, bowl2));
  float ribs = .5 + .5 * triangle(q.x * 4.6), lit = clamp(.55 + .5 * q.x, 0., 1.);
  vec3 stone = mix(ink() * .85, mix(pal[4], haze(), .45), (hour == NIGHT ? .22 : .45) * (.35 + .4 * ribs * step(y, .16) + .5 * smoothstep(.03, -.0, -d) * step(.15, y)) * (.5 + lit * .7));
  float climb = 1.24 + .42 * loudness, fall = textureLod(noise_tex, vec2(q.x * 2.3, q.y * .22 + .07 * t + .05 * flow), 0.).b, fine = fall;
  float plume = smoothstep(.10 * (1.4 - y / climb) + .02, 0., x) * step(1., y) * smoothstep(climb, climb - .25, y);
  float spread = clamp((climb - y) / climb, 0., 1.), umbrella = smoothstep(.05, .0, abs(x - .30 * sqrt(spread) - .02)) * step(.70, y) * smoothstep(climb, climb - .15, y);
  float curtain = smoothstep(.05, .02, abs(x - .345 - .03 * (.66 - y))) * step(y, .66) * step(.18, y) + .55 * step(x, .34) * step(y, .62) * step(.19, y);
  float u = clamp((x - .10) / .62, 0., 1.), arc = (.20 + (.62 + .35 * loudness) * 1.7 * u * (1. - u)) * 1., jets = smoothstep(.035, .0, abs(y - arc)) * step(.10, x) * step(x, .72);
  float wet = plume * .9 + umbrella * (.35 + .8 * fall) + curtain * (.14 + .62 * smoothstep(.40, .62, fall)) + jets * (.30 + .7 * fine);
  vec3 water = mix(mix(sky_low(), light_colour(), .6), vec3(1.), .12) * (hour == NIGHT ? .72 : 1.);
  float spray = exp(-3.5 * length(vec2(q.x * .8, y - .75))) * fine;
  s.c = mix(s.c, water, spray * (.25 + .25 * loudness));
  lay(s, stone, mask(d, soft), .38, 0.);
  lay(s, water, clamp(wet, 0., .85), .38, max(s.glow, wet * .22)); s.depth = mix(s.depth, .38, slope(.05, .2, wet)); s.glow *= mix(1., .3, slope(.05, .2, wet)); fine_detail = max(fine_detail, slope(.05, .3, wet + spray));
}
void alley(inout Shot s, vec2 p) {
  float w = half_width(), travel = .28 * cam.z + .014 * t;
  vec2 vp = vec2(-.03 * cam.x, -.055 + .05 * cam.y), d = p - vp;
  heaven(s, p, 1.);
  float cx = .22 * cam.x, side = d.x < 0. ? -1. : 1.;
  vec2 rough = textureLod(noise_tex, vec2(p.x * .22 + rnd.x, .43), 0.).ba;
  lay(s, mix(ink(), haze(), .70), mask(d.y - .015 - .11 * rough.x * smoothstep(.02, .6, abs(d.x)), 2. * pixel()), .93, 0.);
  vec2 v = d / .15; // the villa at the end of the alley
  float roof = max(abs(v.y - .86) - .05, abs(v.x) - 1.12), pediment = max(v.y - 1.28 + .55 * abs(v.x), .86 - v.y), house = min(max(abs(v.x) - 1., abs(v.y - .4) - .44), min(roof, pediment)), wings = max(abs(v.x) - 1.9, abs(v.y - .25) - .27);
  float bays = abs(fract(v.x * 2.5) - .5) / 2.5, columns = max(max(bays - .12, abs(v.y - .42) - .34), abs(v.x) - .95);
  lay(s, mix(mix(ink(), pal[4], hour == NIGHT ? .14 : .32), haze(), .5), mask(min(house, wings), 1.5 * pixel() / .15), .85, 0.);
  lay(s, mix(ink(), haze(), .40), mask(columns, 1.5 * pixel() / .15), .85, 0.);
  shine(s, warm(), mask(max(bays - .07, max(abs(v.y - .36) - .18, abs(v.x) - 1.85)), 1.5 * pixel() / .15) * LAMPS * (.35 + .4 * vocals));
  float zg = EYE / max(-d.y, .004), gx = abs(d.x * zg + cx), k = zg / (zg + 6.5);
  vec2 ground_at = vec2(d.x * zg + cx, zg + travel);
  vec4 n = textureLod(noise_tex, ground_at * vec2(.22, .12), 0.);
  float path = mask(gx - .56 - .012 * n.a, 2. * pixel() * zg), shade = smoothstep(.55, .42, abs(fract(ground_at.y / .9) - .5)) * smoothstep(.2, .6, gx);
  vec3 gravel = mix(mix(ink(), pal[4], .34), light_colour(), .18) * (hour == NIGHT ? .55 : .92) * (.82 + .3 * n.b), lawn = leaf(.30 + .30 * n.b) * (.75 + .25 * step(.5, fract(ground_at.y * 1.1)));
  vec3 floor_ = mix(lawn, gravel, path) * (1. - .40 * shade * (1. - .5 * path)) + light_colour() * .22 * clamp(1. - abs(d.x) / (.03 - .55 * d.y), 0., 1.) * (hour == NIGHT ? .4 : 1.);
  if (weather == RAIN) floor_ = mix(floor_, far_at(vec2(p.x, vp.y - d.y)), .35 * path);
  if (weather == SNOW) floor_ = mix(floor_, mix(haze(), vec3(1.), .25) * (hour == NIGHT ? .6 : .95), .7);
  lay(s, mix(floor_, haze(), k), step(d.y, -.004), .12 + .8 * k, 0.);
  float bark = n2(vec2(abs(d.x) * 70., d.y * 34. - abs(d.x) * 30.));
  for (int i = 4; i >= 0; i--) {
    float row = floor(travel / 1.15) + float(i) + 1., z = row * 1.15 - travel + .45, r = h1(row * 2. + side);
    vec2 q = vec2((abs(d.x * z + cx) - 1.02), d.y * z + EYE);
    if (z > .5) cypress(s, q, z, r, 1., bark);
  }
  float zh = .64 / max(abs(d.x + cx * .3), .001), hy = d.y * zh + EYE, zt = (EYE - .20) / max(-d.y, .001), tx = abs(d.x * zt + cx), hk = zh / (zh + 6.5); // clipped hedges
  float leaves = n2(tx > .64 ? vec2(tx * 40., zt * 9. + travel * 9.) : vec2(zh * 9. + travel * 9., hy * 40.)), tops = leaves;
  lay(s, mix(leaf(.16 + .4 * leaves) * .8, haze(), hk), mask(max(hy - .20, -hy), 1.5 * pixel() * zh) * step(.12, zh), .1 + .8 * hk, 0.);
  lay(s, mix(leaf(.45 + .5 * tops), haze(), zt / (zt + 6.5)), mask(max(.64 - tx, tx - .84), 2. * pixel() * zt) * step(d.y, -.012), .1 + .8 * zt / (zt + 6.5), 0.);
  float zf = 2.55 - .28 * cam.z;
  fountain(s, vec2(d.x * zf + cx, d.y * zf + EYE) / 1.05 * (w < .45 ? 1.25 : 1.), 1.6 * pixel() * zf);
  stand(s, p, vec2(-.36 * w - .16 * cam.x, -.375), .31, vec2(-.40 * w - .1 * cam.x, .10));
  vec2 u = vec2(abs(p.x + .30 * cam.x) - .80 * w, p.y + .37) / .17; // urns with flowers in front
  float urn = min(max(abs(u.y - .12) - .32, abs(u.x) - .30 - .16 * sin(u.y * 4.2 + .5)), max(abs(u.y + .42) - .24, abs(u.x) - .34)), mass = .95 - length((u - vec2(0., .72)) / vec2(.62, .42)) + .2 * wave(u.x * 1.7 + rnd.x) * wave(u.y * 1.9);
  lay(s, mix(ink() * .6, mix(pal[4], haze(), .5), .22 * clamp(.5 - u.x * sign(p.x), 0., 1.)), mask(urn, 1.5 * pixel() / .17), .08, 0.);
  vec2 tuft = tufts(mat2(.8, .6, -.6, .8) * u * 6.5, mass, .12);
  lay(s, mix(leaf(.25), bloom_colour(.6 * tuft.y) * (hour == NIGHT ? .65 : .95) * (.55 + .55 * tuft.y), tuft.x * step(.3, tuft.y)), max(tuft.x, smoothstep(.25, .4, mass)), .08, 0.);
  petals(s, p + vec2(.2 * cam.x, 0.), 13., .28, .7, .8);
  if (hour != DAY) fireflies(s, p, 11., .28, smoothstep(.1, -.2, p.y));
}

// ---------------------------------------------------------------- 3 rose arches
// An arch grown over with roses: inner half width .8, foot at y = 0; open is how far the roses are.
void arch(inout Shot s, vec2 q, float scale, float k, float id, float open) {
  float y = q.y - 1.15, r = y > 0. ? length(vec2(q.x, y * .95)) : abs(q.x), rough = fbm1(q * 1.6 + id * 2.7 + rnd.zw * 8.), thick = .17 + .16 * (rough - .4) + .05 * (y > 0. ? 0. : -y);
  float mass = .62 - abs(r - .98) / (thick * 2.2) + .45 * (rough - .5), sway = .05 * GUST * wave(.08 * t + id + q.x * .3) * (.5 + mid);
  vec2 tuft = k > .2 ? vec2(0.) : tufts(mat2(.8, .6, -.6, .8) * q * 15. + sway, mass, .10);
  float lamp = 1. / (1. + 2.6 * dot(q - vec2(0., 1.72), q - vec2(0., 1.72))), rim = clamp((r - .98) * -4. + .35, 0., 1.) * reach(vec2(0.));
  float lit = clamp(.12 + .75 * tuft.y * tuft.x * (.35 + rim) + .5 * lamp * LAMPS * (.4 + .4 * vocals), 0., 1.);
  vec3 c = leaf(lit) * .8;
  float body = max(smoothstep(.24, .38, mass + .08 * tuft.x * tuft.y), tuft.x);
  lay(s, mix(c, haze(), k), body * step(-.03, q.y), .08 + k, 0.);
  vec2 g = mat2(.6, -.8, .8, .6) * q * 7.5 + 3.7 + .6 * sway; float row = floor(g.y); g.x += 7.3 * h1(row);
  vec2 cell = vec2(floor(g.x), row), f = g - cell - .5; float rr = h2(cell); f -= .26 * (vec2(fract(rr * 31.7), fract(rr * 17.3)) - .5);
  float rose = length(f), swirl = .5 + .5 * wave(rose * 3.4 + .7 * f.x - .4 * f.y + rr), on = step(.56 - .16 * open, fract(rr * 71.3)) * step(.16, mass + .30 * (fract(rr * 53.1) - .5)) * step(.0, q.y);
  vec3 hue = mix(bloom_colour(fract(rr * 7.7)), ink(), .30 - .25 * lit);
  lay(s, mix(hue * (.62 + .45 * swirl + .25 * lit) * (hour == NIGHT ? .70 + .35 * lit : 1.), haze(), k), mask(rose - .20 - .16 * open * fract(rr * 3.3), .08) * on, .08 + k, .08 * lit); fine_detail = max(fine_detail, .9 * slope(-.02, .08, mass) * step(-.03, q.y));
}

void paper_lamp(inout Shot s, vec2 q, float soft, float power, float rope) {
  float d = length(q * vec2(1., .86)) - .15, ribs = .86 + .14 * triangle(q.y * 17.), cap = max(abs(abs(q.y) - .165) - .02, abs(q.x) - .06), cord = max(abs(q.x) - .007, abs(q.y - .18 - rope * .5) - rope * .5);
  lay(s, ink() * .6, mask(min(cap, cord), soft), .2, 0.);
  lay(s, mix(warm(), vec3(1., .93, .8), .25) * ribs * (.45 + .55 * power), mask(d, soft), .2, .25 + .6 * power);
  float r = dot(q, q);
  s.c += warm() * power * (.27 / (1. + 11. * r)) * step(0., d) * exp(-.7 * r);
}

void roses(inout Shot s, vec2 p) {
  float w = half_width(), base = -.15;
  heaven(s, p, 1.);
  vec2 rough = textureLod(noise_tex, vec2((p.x + .08 * cam.x) * .28 + rnd.x, .35), 0.).ba, rough2 = textureLod(noise_tex, vec2((p.x + .12 * cam.x) * .8 + rnd.y, p.y * .8 + .3), 0.).ba;
  lay(s, mix(ink(), haze(), .60), mask(p.y - base - .06 - .16 * rough.x - .14 * smoothstep(.2, 1., abs(p.x / w)), 2.5 * pixel()), .9, 0.);
  vec2 g = (p - vec2(-.04 * cam.x, base)) / .24; // gazebo against the moon
  float m = abs(g.x), dome = max(length(vec2(g.x, (g.y - .62) * 1.25)) - .46, .62 - g.y), knob = min(length(g - vec2(0., 1.06)) - .045, max(m - .012, abs(g.y - 1.12) - .09)), beam = max(abs(g.y - .60) - .035, m - .50), rails = max(abs(g.y - .16) - .02, max(m - .44, .13 - m));
  float posts = max(min(abs(m - .40), abs(m - .17)) - .022, abs(g.y - .30) - .32), steps = max(g.y - .05, m - .50 + .3 * g.y);
  lay(s, mix(ink() * .8, haze(), .22), mask(min(min(min(dome, knob), min(beam, posts)), min(rails, steps)), 1.5 * pixel() / .24), .75, 0.);
  s.c += warm() * LAMPS * (.34 + .3 * vocals) * exp(-9. * length((g - vec2(0., .45)) * vec2(1., .8)) * .5) * .5;
  float d = max(base - p.y, 0.), middle = .06 * wave(.35 * log2(d + .05) + .1) * d * 2. - .5 * cam.x * d, z = .1 / (d + .02), path = abs(p.x - middle) - .045 - .62 * d;
  vec4 n = textureLod(noise_tex, vec2((p.x - middle) * z * 1.6, z * 2.2 + .5 * cam.z) + rnd.xy, 0.);
  vec2 cell = vec2((p.x - middle) / (.045 + .62 * d) * 2.5, log2(d + .03) * 9.); cell.x += .5 * mod(floor(cell.y), 2.);
  float joint = smoothstep(.5, .38, max(abs(fract(cell.x) - .5), abs(fract(cell.y) - .5))), stone_r = h2(floor(cell));
  vec3 stone = mix(mix(ink(), haze(), .35), light_colour(), .10 + .12 * stone_r) * (.55 + .5 * joint) * (hour == NIGHT ? .62 : .9), lawn = leaf(.14 + .4 * n.b);
  stone += light_colour() * .22 * clamp(1. - abs(p.x - sun_at().x) / (.08 + .5 * d), 0., 1.) * joint * (hour == NIGHT ? .45 : .7) + warm() * LAMPS * .08 * (.6 + .4 * vocals) * joint;
  if (weather == SNOW) { stone = mix(stone, haze(), .6); lawn = mix(lawn, mix(haze(), vec3(1.), .2), .6); }
  lay(s, mix(haze(), mix(lawn, stone, mask(path, .012 + .03 * d)), clamp(.3 + 3.5 * d, 0., 1.)), clamp(d / .006, 0., 1.), clamp(.75 - 1.8 * d, .1, .75), 0.);
  float hedge = base - .02 + .05 * rough2.x + .30 * smoothstep(.22, 1., abs(p.x - middle) / w) - 1. * step(abs(p.x - middle), .03), grain = rough2.y;
  lay(s, mix(leaf(.05 + .45 * smoothstep(.35, .75, grain) * reach(p)), haze(), .22), mask(max(p.y - hedge, .05 + .70 * d - abs(p.x - middle)), 2.5 * pixel()), .5, 0.);
  float push = 1. + .10 * cam.z, wide = clamp(w / .62, .72, 1.), open = .3 + .7 * section_phase, lamp = LAMPS * (.45 + .55 * vocals);
  vec2 a = (p - vec2(-.05 * cam.x, base - .035)) / (.155 * push) / vec2(wide, 1.), b = (p - vec2(-.13 * cam.x, base - .115)) / (.255 * push) / vec2(wide, 1.), c = (p - vec2(-.26 * cam.x, -.47)) / (.43 * push) / vec2(wide, 1.);
  arch(s, a, .155, .30, 1., open);
  paper_lamp(s, (a - vec2(.03 * wave(.06 * t) * GUST, 1.55)), 1.5 * pixel() / .155, lamp * .8, .3);
  arch(s, b, .255, .12, 2., open);
  paper_lamp(s, b - (b.x < .03 ? vec2(-.34 + .02 * wave(.05 * t + .3) * GUST, 1.50) : vec2(.40 + .02 * wave(.05 * t + .6) * GUST, 1.38)), 1.5 * pixel() / .255, lamp * .9, .4);
  stand(s, p, vec2(.02 * w - .2 * cam.x, -.375), .33, vec2(-.02 * w, -.06));
  arch(s, c, .43, .0, 3., open);
  grass(s, p, -.52 + .09 * smoothstep(.35, 1., abs(p.x / w)), .11, 21., .0, .45);
  fireflies(s, p + vec2(.25 * cam.x, 0.), 8.5, .42, smoothstep(.38, -.05, p.y));
  fireflies(s, p + vec2(.12 * cam.x, 4.), 17., .30, smoothstep(.25, -.1, p.y) * .8);
  petals(s, p + vec2(.2 * cam.x, 0.), 12., .26, .6, .8);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) pond(s, p);
  if (variant == 1) flowers(s, p);
  if (variant == 2) alley(s, p);
  if (variant == 3) roses(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
