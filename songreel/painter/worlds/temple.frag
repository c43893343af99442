// Ruins and temples: 0 Greek temple on a hill against a huge sun, 1 stepped pyramid in the jungle with torches, 2 nave of a cathedral with
// stained glass, 3 torii gates and a pagoda in mist. Lengths are in picture heights; w is half the picture's width, so that all formats
// hold the same composition.
struct Shot { vec3 c; float depth; float glow; };

const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .85 : hour == DAWN ? .55 : .25;
const float GUST = weather == WIND ? 2.4 : 1.;
const bool FLOATS = subject_id == SJ_BOAT || subject_id == SJ_SHIP || subject_id == SJ_WHALE;
const bool ALOFT = FLOATS || subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || subject_id == SJ_ASTRONAUT || SJ_HANGS;

float half_width() { return clamp(aspect * .5, .3, .92); }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) { s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a); }
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec2 sun_at() {
  float w = half_width();
  if (variant == 1) return vec2(-.50 * w - .03 * cam.x, hour == DAY ? .33 : .22);
  if (variant == 2) return vec2(-.02 * cam.x, .12);
  if (variant == 3) return vec2((w < .45 ? .18 : .24) * w - .04 * cam.x, hour == DAY ? .20 : .13);
  return vec2(.34 * w - .04 * cam.x, hour == DAY ? .30 : .10);
}
float sun_radius() {
  const float r = hour == NIGHT ? .13 : hour == DAWN ? .17 : hour == DAY ? .07 : .205;
  return r * (variant == 1 ? .62 : variant == 3 ? (hour == DAY ? 1.5 : .95) : 1.) * (1. + .025 * bass) * clamp(half_width() / .55, .72, 1.);
}
vec3 ink() { return hour == NIGHT ? mix(pal[0], pal[1], .25) * .62 : hour == DAY ? mix(pal[0], pal[1], .8) * .9 : hour == DAWN ? mix(pal[0], pal[1], .65) * .85 : mix(pal[0], pal[1], .35) * .8; }
vec3 haze() { return hour == NIGHT ? mix(sky_low(), sky_mid(), .35) : mix(mix(sky_low(), sky_mid(), .3), light_colour(), .1); }
vec3 stone(float lit) { return mix(ink(), mix(mix(pal[2], pal[4], .45), haze(), .3), lit * (hour == NIGHT ? .42 : hour == DAY ? .80 : .55)); }
vec3 leaf(float lit) { return mix(ink(), mix(mix(pal[2], pal[1], .25), light_colour(), .2), lit * (hour == NIGHT ? .40 : .62)); }
vec3 warm() { return mix(mix(pal[3], pal[4], .5), vec3(1., .74, .38), .3); }
float reach(vec2 p) { vec2 d = p - sun_at(); return 1. / (1. + 5. * dot(d, d)); }

// ---------------------------------------------------------------- what is soft: sky and clouds; in the nave its dusk
vec3 far(vec2 p) {
  float d = length(p - sun_at()); vec3 light = light_colour();
  if (variant == 2) return mix(ink() * .8, mix(sky_mid(), pal[2], .4), .30 * exp(-2.2 * d)) + light * (hour == NIGHT ? .10 : .24) * exp(-3. * d) * (.9 + .2 * bass);
  float base = variant == 1 ? -.2 : variant == 3 ? -.24 : -.16, h = max(p.y - base, 0.), up = h + .14; vec3 c = sky(h * 1.45);
  vec2 at = vec2((p.x + .1 * cam.x) * .30 / up + .012 * t * GUST + 4. * rnd.x, .42 / up + 5. * rnd.y);
  float here = fbm1(at) * .7 + fbm1(at * vec2(2.1, 3.1) + .02 * t) * .3, there = fbm1(at + (sun_at() - p) * .2), near_sun = exp(-d * 3.);
  vec3 lit = mix(sky_low(), light, .5 + .5 * near_sun) * (hour == NIGHT ? .40 + .4 * near_sun : .98), shade = mix(sky_top(), sky_mid(), .6) * .88;
  c = mix(c, mix(shade, lit, clamp(.5 + 1.5 * (here - there), 0., 1.)), .78 * smoothstep(weather == RAIN ? .30 : .46, .78, here) * smoothstep(.04, .2, h));
  c = mix(c, haze(), .6 * exp(-h * 8.)); const float power = hour == NIGHT ? .45 : hour == DAY ? .4 : .95;
  c += light * power * (.92 + .16 * bass) * (.30 * exp(-max(d - .1, 0.) * 6.) + .2 * exp(-d * 2.1));
  if (weather == RAIN || weather == FOG) c = mix(c, vec3(luma(c)) * .9, .35);
  return c;
}
void heaven(inout Shot s, vec2 p) {
  vec2 d = p - sun_at(); float r = length(d), radius = sun_radius(), m = mask(r - radius, 1.5 * pixel());
  if (hour == NIGHT) {
    vec2 g = p * 58., cell = floor(g);
    float k = h2(cell), away = length(g - cell - .5 - .6 * (vec2(fract(k * 91.7), fract(k * 57.3)) - .5)) / 58.;
    vec2 point = star_point(.7 + .7 * fract(k * 7.));
    s.c += light_colour() * clamp(1.3 - away / point.x, 0., 1.) * point.y * step(.80, k) * (.5 + .2 * wave(.2 * t + 9. * k) + .3 * treble) * smoothstep(-.08, .2, p.y);
  }
  float seas = hour == NIGHT ? .16 * smoothstep(.45, .75, fbm1(d / radius * 1.3 + 3.)) + .10 * r / radius : 0., low = clamp(.5 - .5 * d.y / radius, 0., 1.);
  vec3 c = hour == NIGHT ? mix(light_colour(), vec3(1.), .25) * (1. - seas) : mix(mix(light_colour(), vec3(1.), .45), mix(light_colour(), pal[3], hour == DUSK ? .5 : .2), low);
  const float veil = weather == CLEAR || weather == WIND ? .96 : .5; lay(s, c, m * veil, 1., .6 * m);
}

// ---------------------------------------------------------------- what burns, flies and drifts
// A flame that stands on `at`; it leans and breathes slowly, fuller with treble and snare.
void flame(inout Shot s, vec2 p, vec2 at, float size, float phase) {
  vec2 q = (p - at) / size; float power = .72 + .18 * treble + .14 * snare, low = clamp(q.y, 0., 1.4);
  q.x += (.16 * wave(.45 * t + phase - .55 * q.y) + .10 * wave(.83 * t + 3. * phase - 1.2 * q.y)) * low * GUST;
  float tall = 1.15 + .25 * wave(.31 * t + phase) + .25 * treble, y = q.y / tall, wide = .36 * sqrt(max(y + .06, 0.)) * (1. - y) * 1.7, f = clamp(1.2 - abs(q.x) / max(wide, .01), 0., 1.) * step(-.05, y) * step(y, 1.);
  vec3 c = mix(mix(pal[3], warm(), .6), mix(pal[4], vec3(1., .94, .8), .5), clamp(1.3 * f - y, 0., 1.)); lay(s, c, min(f * 1.5, 1.) * (.75 + .25 * power), .2, .9 * f);
  float r = dot(q - vec2(0., .4), q - vec2(0., .4)); s.c += warm() * LAMPS * power * (.42 / (1. + 1.1 * r) * exp(-.06 * r));
}
// Birds that circle before the sky: wings that beat slowly.
float bird(vec2 p, vec2 at, float size, float phase) {
  vec2 q = (p - at) / size; float m = abs(q.x), line = .34 * wave(t * .8 + phase) * m + .55 * m * (.75 - m) - .05;
  return smoothstep(pixel() / size, -pixel() / size, abs(q.y - line) - .07 * (1.05 - m)) * step(m, 1.);
}
void birds(inout Shot s, vec2 p, vec2 at) {
  if (subject_id == SJ_BIRDS) return; float go = .02 * t + .05 * flow, a = 0.;
  for (int i = 0; i < 4; i++) {
    float k = float(i), turn = go + k * .13 + .03 * wave(k * .37);
    a = max(a, bird(p, at + vec2(.17 * wave(turn) * (1. + .2 * k), .05 * wave(turn + .25) + .022 * k), .020 - .0018 * k, k * .23));
  }
  lay(s, mix(ink(), haze(), .2), a * .85, .9, 0.);
}
// Smoke of incense that climbs and curls: q.y from its source upwards.
void smoke(inout Shot s, vec2 q, float tall, float lean) {
  float y = clamp(q.y / tall, 0., 1.), x = q.x - (.10 * wave(q.y * 1.1 - .08 * t - .10 * flow) + .05 * wave(q.y * 2.7 - .13 * t)) * y * tall * 1.2 - lean * GUST * y * y;
  float a = clamp(1. - abs(x) / (.006 + .10 * y * tall), 0., 1.) * clamp(q.y * 16., 0., 1.) * (1. - y) * (.62 + .30 * wave(q.y * 5. + x * 9. - .25 * t - .3 * flow));
  s.c = mix(s.c, mix(haze(), light_colour(), .45), .6 * a);
}
// Specks of dust and embers that drift in cells.
float motes(vec2 p, float cells, float share, float rise) {
  vec2 g = p * cells + vec2(.3 * wave(.05 * t), -rise * t - .1 * flow), cell = floor(g), f = g - cell;
  float r = h2(cell + 5.), r2 = fract(r * 71.3), d = length(f - .5 - .28 * vec2(wave(.10 * t + 5. * r), wave(.08 * t + 9. * r)));
  return step(1. - share, r) * smoothstep(-.3, 1., wave((.10 + .12 * r2) * t + 13. * r)) * (smoothstep(.09, .02, d) + .3 * max(1. - d * 2.5, 0.) * max(1. - d * 2.5, 0.));
}
float blades(vec2 q, float bend, float soft) {
  float cell = floor(q.x), r = h1(cell), r2 = fract(r * 37.7), h = q.y / (.35 + .65 * r), off = q.x - cell - .5 + .22 * (r2 - .5) - (.34 * (r2 - .5) + bend) * h * h;
  return smoothstep(soft, -soft, abs(off) - .15 * (1. - h)) * step(h, 1.);
}
void grass(inout Shot s, vec2 p, float line, float tall, float fine, float k, float parallax) {
  float x = p.x + parallax * cam.x, bend = (.10 * wave(.13 * t + .8 * x) * (.5 + bass) + .03) * GUST, bank = line + .010 * wave(1.3 * x + 7. * k), h = (p.y - bank) / tall, soft = 1.2 * fine * pixel() + .02;
  float a = max(mask(p.y - bank - .1 * tall, 2. * pixel()), max(blades(vec2(x * fine, h), bend, soft), blades(vec2(x * fine * 1.63 + .5, h * 1.4), 1.3 * bend, 1.5 * soft)));
  lay(s, mix(leaf(.08 + .45 * clamp(h, 0., 1.) * reach(p)) * (.5 + .5 * clamp(h + .3, 0., 1.)), haze(), k), a, .05 + k, 0.);
}
// Tufts of leaves: x how much covers, y how light this one is; thick where mass is above `from`.
vec2 tufts(vec2 q, float mass, float from) {
  float row = floor(q.y); q.x += 7.3 * h1(row); vec2 cell = vec2(floor(q.x), row), f = q - cell - .5; float r = h2(cell), a = 1.7 * (r - .5);
  f -= .24 * (vec2(fract(r * 31.7), fract(r * 17.3)) - .5); float d = length(vec2(f.x - a * f.y, (f.y + a * f.x) * 1.6) * inversesqrt(1. + a * a));
  return vec2(smoothstep(.42, .30, d) * step(from, mass + .30 * (fract(r * 53.1) - .5)), .45 * fract(r * 7.7) + .55 * smoothstep(.5, -.3, -f.y));
}
void stand(inout Shot s, vec2 p, vec2 ground, float size, vec2 air, vec3 rim, vec2 from) {
  if (subject_id == 0) return; vec2 at = ALOFT ? air + vec2(.012 * wave(.05 * t), .010 * wave(.08 * t)) : ground;
  if (ALOFT) size *= subject_id == SJ_BUTTERFLY ? .6 : .8; vec2 q = (p - at) / size;
  s.c = subject_over(q, pixel() / size, s.c, ink() * .45, rim, normalize(from - at)); s.depth = mix(s.depth, .15, step(.5, subject_cover));
}

// ---------------------------------------------------------------- 0 Greek temple, in half widths of its front
// The front: steps, six columns, frieze and pediment; its right end has fallen. Where it stands: x < 1.
float temple_front(vec2 q, out float flute, out float carved) {
  float x = abs(q.x), y = q.y, jag = .05 * triangle(q.y * 4.3) + .03 * triangle(q.y * 11.7), jag2 = .03 * triangle(q.x * 5.3) + .02 * triangle(q.x * 14.1);
  float steps = min(max(abs(y - .02) - .022, x - 1.14), min(max(abs(y - .06) - .022, x - 1.09), max(abs(y - .10) - .022, x - 1.04)));
  float slot = floor(q.x / .36), off = q.x - (slot + .5) * .36, up = (y - .12) / .60, wide = .070 - .016 * up * up, tall = slot == 2. ? .46 + jag2 : slot == 1. ? .60 : .72;
  float column = max(max(abs(off) - wide, y - tall), .11 - y), capital = max(max(abs(off) - .062 - .045 * smoothstep(.66, .71, y), abs(y - .695) - .028), q.x - .72), base = max(abs(off) - .088, abs(y - .132) - .014);
  flute = off / wide; float d = min(min(steps, max(min(column, min(capital, base)), x - 1.05)), 9.);
  float beam = max(max(abs(y - .815) - .092, -q.x - 1.03), q.x - .58 - jag), cornice = max(max(abs(y - .918) - .018, -q.x - 1.09), q.x - .42 - jag);
  float pediment = max(max(y - 1.24 - .30 * q.x * sign(-q.x) , .92 - y), q.x - .30 + .4 * (y - .95) - jag);
  carved = max(max(abs(fract(q.x * 5.5) - .5) / 5.5 - .035, abs(y - .85) - .035), q.x - .5);
  return min(d, min(beam, min(cornice, pediment)));
}
float hill_line(float x) { return -.165 - .30 * x * x * .35 + .012 * wave(x * .9 + .1) + .004 * triangle(x * 5.1); }

void greek(inout Shot s, vec2 p) {
  float w = half_width(), a = .47 * clamp(w / .75, .60, 1.08), x = p.x + .05 * cam.x; heaven(s, p);
  birds(s, p, vec2(-.34 * w - .06 * cam.x, .30));
  vec2 rough = textureLod(noise_tex, vec2(x * .17 + rnd.x, .43), 0.).ba, rough2 = textureLod(noise_tex, vec2((x + .05 * cam.x) * .28 + rnd.y, .11), 0.).ba;
  lay(s, mix(ink(), haze(), .78), mask(p.y + .13 - .13 * rough.x, 2. * pixel()), .94, 0.);
  lay(s, mix(ink(), haze(), .56), mask(p.y + .19 - .11 * rough2.x - .05 * abs(x / w), 2. * pixel()), .85, 0.);
  float bank = fbm1(vec2(p.x * .9 - .03 * t * GUST - .05 * flow, p.y * 4.));
  s.c = mix(s.c, mix(haze(), light_colour(), .3), .6 * smoothstep(.12, 0., abs(p.y + .13)) * smoothstep(.25, .7, bank));
  vec2 foot = vec2(-.20 * w - .14 * cam.x, -.185), q = (p - foot) / a / (1. + .05 * cam.z);
  float soft = 1.5 * pixel() / a, flute, carved, d = temple_front(q, flute, carved), turn = q.x * .2 + .55;
  float f2, c2, inner = temple_front(vec2(q.x * 1.16 + .10, (q.y - .03) * 1.10), f2, c2);
  lay(s, mix(ink(), haze(), .42), mask(max(inner, max(q.y - .70, .13 - q.y)), soft), .6, 0.); vec2 cella = vec2(q.x + .18, q.y - .36);
  float wall = max(max(abs(cella.x) - .50, abs(cella.y) - .30), .085 - max(abs(cella.x) , cella.y - .16) );
  lay(s, mix(ink(), haze(), .22), mask(max(wall, q.y - .7), soft), .55, 0.);
  s.c += warm() * LAMPS * (.18 + .45 * vocals) * exp(-7. * length(cella - vec2(0., -.08))) * step(.1, q.y);
  float grain = n2(q * vec2(26., 17.)), to_sun = clamp(flute * .8 + .15, 0., 1.), rim = clamp(1. + d * a / .008, 0., 1.); bool is_column = q.y > .15 && q.y < .66;
  float lit = is_column ? .15 + .85 * to_sun * to_sun : .30 + .35 * turn; vec3 c = stone(lit * (.62 + .5 * grain)) * (is_column ? .80 + .2 * abs(triangle(flute * 2.)) : 1.);
  c *= .82 + .18 * smoothstep(.0, .012, abs(carved)) - .10 * step(carved, 0.);
  c += light_colour() * .35 * rim * rim * reach(p) * (hour == NIGHT ? .45 : hour == DAY ? .4 : .8);
  c = mix(c, mix(pal[3], pal[4], .4), .55 * mask(carved, soft) * mid * (hour == DAY ? .4 : .9)); lay(s, mix(c, haze(), .06), mask(d, soft), .45, 0.);
  float hx = p.x + .16 * cam.x, hill = hill_line(hx / w * .8), under = hill - p.y, turf = n2(vec2(hx * 60., p.y * 120.));
  lay(s, mix(leaf(.12 + .45 * clamp(1. - under * 5., 0., 1.) * (.5 + .5 * turf)), haze(), .12 * clamp(1. - under * 4., 0., 1.)) + light_colour() * .22 * clamp(1. - under / .010, 0., 1.) * reach(p), mask(-under, 2. * pixel()), .38, 0.);
  vec2 b = vec2(abs(p.x - foot.x) - 1.30 * a, p.y - hill_line((p.x + .16 * cam.x) / w * .8) + .012); // braziers beside the steps
  float bowl = min(max(abs(b.y - .085) - .012, abs(b.x) - .030 + (.10 - b.y) * .8), max(abs(b.x) - .006 - .05 * (.03 - b.y) * step(b.y, .03), abs(b.y - .035) - .045));
  lay(s, ink() * .6, mask(bowl, 1.5 * pixel()), .3, 0.); flame(s, vec2(b.x * sign(p.x - foot.x), b.y), vec2(0., .092), .062, p.x > foot.x ? .37 : 0.);
  float nx = p.x + .30 * cam.x, near_hill = -.335 + .13 * smoothstep(-.1, -1.1, nx / w) - .05 * nx / w + .006 * wave(nx * 2.1);
  vec2 e = vec2(nx + .62 * w, p.y - near_hill), g = rot(-.12) * (e - vec2(.20, .032)); // a broken column and a drum on its side
  float stump = max(max(abs(e.x) - .050 + .01 * e.y, e.y - .23 - .05 * triangle(e.x * 8. + .2) - .3 * e.x), -.05 - e.y), plinth = max(abs(e.x) - .07, abs(e.y) - .018);
  float drum = max(abs(g.x) - .060, abs(g.y) - .040 + .02 * smoothstep(.035, .06, abs(g.x))), block = max(abs(e.x + .16) - .055 + .1 * e.y, e.y - .045 - .2 * (e.x + .16));
  float piece = min(min(stump, plinth), min(drum, block)), ridges = e.x > .1 ? abs(triangle(g.y * 22.)) * .5 : abs(triangle(e.x * 30.));
  lay(s, stone(.10 + .30 * ridges * clamp(e.x * 9. + .3, 0., 1.)) * .75 + light_colour() * .30 * clamp(1. + piece / .009, 0., 1.) * reach(p) * step(-.01, e.x), mask(piece, 1.5 * pixel()), .12, 0.);
  stand(s, p, vec2(.40 * w - .30 * cam.x, -.352), .33, vec2(.30 * w, .10), mix(light_colour(), sky_low(), .25), sun_at());
  grass(s, p, near_hill - .012, .030, 40., .02, .30); grass(s, p, -.50 + .05 * abs(p.x / w), .10, 21., .0, .45);
}

// ---------------------------------------------------------------- 1 stepped pyramid
const float TIERS = 6., RISE = .88;

void pyramid(inout Shot s, vec2 p) {
  float w = half_width(), a = .56 * clamp(w / .75, .56, 1.05), x = p.x + .05 * cam.x; heaven(s, p);
  birds(s, p, vec2(.36 * w - .06 * cam.x, .34));
  float crowns = fbm1(vec2((p.x + .2 * cam.x) * 1.5 + rnd.z * 8., p.y * 1.7 + .02 * GUST * wave(.06 * t + p.x) * (.6 + bass)));
  vec2 rough = textureLod(noise_tex, vec2(x * .22 + rnd.x, .43), 0.).ba;
  lay(s, mix(ink(), haze(), .70), mask(p.y + .10 - .17 * rough.x - .05 * abs(x / w), 2. * pixel()), .92, 0.);
  vec2 foot = vec2(-.12 * cam.x, -.265), q = (p - foot) / a / (1. + .06 * cam.z), m = vec2(abs(q.x), q.y);
  float soft = 1.5 * pixel() / a, tier = clamp(floor(q.y / RISE * TIERS), 0., TIERS - 1.), ty = q.y / RISE * TIERS - tier, half_wide = 1.02 - .125 * tier - .03 * ty;
  float crumble = .012 * triangle(q.y * 9.) + .008 * triangle(q.y * 31. + q.x), body = max(m.x - half_wide - crumble, q.y - RISE);
  float house = max(m.x - .25 + .04 * (q.y - RISE), q.y - RISE - .21), slab = max(m.x - .29, abs(q.y - RISE - .215) - .022), comb = max(max(m.x - .21 + .35 * (q.y - RISE - .2), abs(q.y - RISE - .33) - .12), .02 - max(abs(fract(q.x * 9. + .5) - .5) / 9., abs(fract((q.y - RISE) * 9.) - .5) / 9.) - .018);
  float d = min(min(body, house), min(slab, comb)), stairs = max(m.x - .165 + .03 * q.y, q.y - RISE), rails = max(abs(m.x - .195 + .03 * q.y) - .030, q.y - RISE - .02);
  float grain = n2(vec2(q.x * 40., q.y * 40.)), block = max(abs(fract(q.x * 9. + .5 * mod(floor(q.y * 27.), 2.)) - .5), abs(fract(q.y * 27.) - .5)), ledge = smoothstep(.80, 1., ty);
  float facing = clamp(.55 - .35 * m.x, 0., 1.), lit = (.22 + .50 * ledge + .15 * facing) * (.6 + .55 * grain) * (1. - .25 * smoothstep(.44, .5, block));
  vec3 c = stone(lit);
  vec2 gc = vec2(q.x * 11., 0.), cell = vec2(floor(gc.x), tier); // a band of glyphs on every tier
  float r = h2(cell + 3.), gx = fract(gc.x) - .5, gy = (ty - .46) * 1.35, ring = abs(max(abs(gx), abs(gy)) - .24), bar = max(abs(gx - .18 * (r - .5)) - .05, abs(gy) - .15), dot_ = length(vec2(gx, gy) - .16 * vec2(r - .5, .5 - r)) - .10, glyph = min(ring - .035, r < .5 ? bar : dot_);
  float glyphs = mask(glyph, soft * 11.) * step(.26, m.x) * step(m.x, half_wide - .05) * step(q.y, RISE);
  c = mix(c, ink() * .8, glyphs * .5);
  vec3 light = mix(pal[3], pal[4], .4);
  float mine = glyphs * smoothstep(.15, .75, mid + .35 * wave(.04 * t + r * 3. + tier * .13) - .1) * (hour == DAY ? .35 : .85);
  c = mix(c, light, mine * .75);
  float tread = fract(q.y * 46.);
  c = mix(c, stone((.20 + .65 * smoothstep(.35, .95, tread)) * (.75 + .3 * grain)), mask(stairs, soft));
  c = mix(c, stone(.62 + .25 * grain) * .85, mask(rails, soft));
  float up = clamp(q.y / RISE, 0., 1.2), rim = clamp(1. + d * a / .008, 0., 1.);
  c += light_colour() * rim * rim * .30 * reach(p) * (hour == NIGHT ? .5 : .8);
  float moss = smoothstep(.52, .72, crowns + .12 * (1. - up)) * step(.2, m.x);
  c = mix(c, leaf(.25 + .3 * grain), moss * .75);
  float torch_y = (floor(q.y / RISE * TIERS + .5) + .0) / TIERS * RISE, near_stairs = exp(-5. * abs(m.x - .2)) * step(q.y, RISE);
  c += warm() * LAMPS * near_stairs * (.20 + .10 * treble) * (.5 + grain);
  lay(s, mix(c, haze(), .10 + .18 * (1. - up) * (1. - .6 * LAMPS)), mask(d, soft), .55, mine * .6);
  float door = max(max(m.x - .075, abs(q.y - RISE - .085) - .085), -.0);
  shine(s, warm(), mask(door, soft) * (.30 + .55 * vocals) * max(LAMPS, .45));
  s.c += warm() * max(LAMPS, .3) * (.10 + .34 * vocals) * exp(-5.5 * length(q - vec2(0., RISE + .1)));
  float k = clamp(floor(q.y / RISE * TIERS * .5 + .25), 0., 3.), ky = k * 2. / TIERS * RISE + .02, tx = .245 - .03 * ky; // torches beside the stairs
  vec2 tq = vec2(m.x - tx, q.y - ky);
  lay(s, ink() * .6, mask(max(abs(tq.x) - .010, abs(tq.y - .02) - .035), soft), .5, 0.);
  flame(s, vec2(tq.x, tq.y), vec2(0., .05), .075, k * .29 + (q.x < 0. ? .5 : 0.));
  smoke(s, p - foot - vec2(0., (RISE + .42) * a), .30, .12);
  float bank = fbm1(vec2(p.x * 1.1 + .04 * t * GUST + .08 * flow, p.y * 3. - .02 * t));
  s.c = mix(s.c, mix(haze(), light_colour(), .15), .75 * smoothstep(.20, .0, abs(p.y + .20)) * smoothstep(.25, .75, bank) * (.55 + .45 * loudness));
  float tx2 = p.x + .20 * cam.x, u = abs(tx2 / w), sway = .02 * GUST * wave(.06 * t + p.x) * (.6 + bass);
  float mass = .55 * (u - .53) / .25 + .95 * (crowns - .42) - .28 * smoothstep(-.1, .40, p.y) - .35 * smoothstep(.30, .0, u), line = -.275 + .012 * wave(tx2 * 1.3), trunk_x = fract(tx2 * 4.5 + .12 * wave(p.y * 1.2)) - .5;
  mat2 askew = mat2(.8, .6, -.6, .8);
  vec2 big = tufts(askew * vec2(tx2, p.y) * 15. + sway, mass, .16), fine = tufts(vec2(tx2, p.y) * askew * 27. + 7.7 - sway, mass, .08);
  vec3 green = leaf(.14 + .75 * big.y * big.x * (.3 + reach(p))) * .9;
  lay(s, mix(ink() * .7, haze(), .10), mask(abs(trunk_x) / 4.5 - .011, 2. * pixel()) * step(.60, u) * step(line, p.y) * step(p.y, .16), .25, 0.);
  lay(s, mix(leaf(.14 + .6 * fine.y * (.3 + reach(p))) * .8, haze(), .14), fine.x, .22, 0.);
  lay(s, mix(green, haze(), .04), max(big.x, smoothstep(.30, .46, mass + .06 * fine.x * fine.y)), .2, 0.);
  float d2 = max(line - p.y, 0.), n = n2(vec2((p.x + .25 * cam.x) * 3. / (d2 + .06), log2(d2 + .05) * 14.)), path = smoothstep(1.2, .8, abs(p.x + .2 * cam.x) / (.11 + .42 * d2) + .2 * n);
  vec3 ground = mix(leaf(.10 + .25 * n), stone(.35 + .4 * n) * .85, path * .8) + warm() * LAMPS * (.10 + .06 * treble) * path / (1. + 60. * d2 * d2);
  lay(s, mix(haze(), ground, clamp(.45 + 4. * d2, 0., 1.)), clamp(d2 / .006, 0., 1.), clamp(.45 - 1.2 * d2, .1, .45), 0.);
  stand(s, p, vec2(.10 * w - .24 * cam.x, -.40), .30, vec2(-.36 * w, .06), mix(light_colour(), warm(), .4 * LAMPS), vec2(0., .2));
  vec2 f = vec2(abs(p.x + .42 * cam.x * sign(p.x)) - 1.06 * w, p.y + .56); // fronds in the corners
  float ang = atan(f.y, -f.x) / TAU, rad = length(f), frond = 9., fi = floor(ang * 4. * frond * .25 + .02 * wave(.05 * t) * GUST), fa = fract(ang * frond + .012 * wave(.07 * t + fi) * GUST * (1. + bass)) - .5, len_ = .30 + .22 * h1(floor(ang * frond) + 9. * step(0., p.x));
  float v = rad / len_, leaflet = abs(fract(rad * 46. - abs(fa) * 5.) - .5) * 2., blade = abs(fa) / frond * TAU * rad - .045 * (1. - v) * sqrt(max(v, 0.)) * 2.2 * (.45 + .55 * leaflet);
  lay(s, leaf(.10 + .25 * v * reach(p)) * .55, mask(blade, 2. * pixel()) * step(v, 1.), .05, 0.);
  float vine_x = (p.x + .35 * cam.x) * 5.3 + rnd.w * 9. + .12 * wave(p.y * .6 + .05 * t) * GUST, vc = floor(vine_x), vr = h1(vc), hang = .5 - .42 * vr * smoothstep(.25, .8, abs(p.x / w)), vo = (vine_x - vc - .5) / 5.3, tick = fract(p.y * 24. + vr), va = max(min(abs(vo) - .0022, length(vec2(abs(vo) - .010, (tick - .5) / 24.)) - .008), hang - p.y);
  lay(s, ink() * .55, mask(va, 1.5 * pixel()) * step(.35, fract(vr * 7.3)), .06, 0.);
  float embers = motes(p + vec2(.15 * cam.x, 0.), 12., .35, .14) * exp(-2.5 * abs(p.x)) * (.25 + .75 * hat) * max(LAMPS, .3);
  s.c += warm() * embers; s.glow = max(s.glow, min(embers, 1.));
}

// ---------------------------------------------------------------- 2 nave, in half widths of it, divided by depth
const float EYE = .42, BAY = 1.05, SPRING = 1.75, END = 4.7, FOCAL = .72;

vec3 glass_colour(float r) { return r < .3 ? mix(pal[3], pal[4], .12) : r < .55 ? mix(pal[2], pal[3], .3) : r < .8 ? mix(pal[4], light_colour(), .5) : mix(pal[2], pal[1], .3); }
const float GLASS = hour == NIGHT ? .62 : hour == DAY ? 1.05 : .92;
// A pointed window: half width b, foot at y = 0, its arch springs at `spring`.
float lancet(vec2 q, float b, float spring) { return max(length(vec2(abs(q.x) + b * .7, max(q.y - spring, 0.))) - b * 1.7, -q.y); }
// Panes of leaded glass with colours of their own.
vec3 panes(vec2 g, out float lead) {
  g.x += .5 * mod(floor(g.y), 2.); vec2 cell = floor(g), f = abs(g - cell - .5); float r = h2(cell + rnd.xy * 7.);
  lead = smoothstep(.50, .40, max(f.x, f.y));
  float own = .62 + .30 * fract(r * 57.) + .42 * mid * wave(.05 * t + r * 5.) ;
  return glass_colour(fract(r * 17.3)) * clamp(own, .35, 1.25);
}
void nave(inout Shot s, vec2 p) {
  float w = half_width(), narrow = clamp(w / .62, .66, 1.);
  vec2 vp = vec2(-.05 * cam.x, -.12 + .06 * cam.y), d = (p - vp) / vec2(narrow, 1.) / FOCAL;
  float travel = .30 * cam.z + .012 * t, cx = .16 * cam.x, side = d.x + .0001 < 0. ? -1. : 1., ax = max(abs(d.x), .002), X = 1. - cx * side;
  float zw = X / ax, zf = EYE / max(-d.y, .002), c0 = .55, R = X + c0, B = ax * c0 - d.y * (SPRING - EYE), A = ax * ax + d.y * d.y, C = c0 * c0 + (SPRING - EYE) * (SPRING - EYE) - R * R;
  float zv = (-B + sqrt(max(B * B - A * C, 0.))) / A, yw = d.y * zw + EYE, z = yw < SPRING ? zw : zv;
  bool is_floor = zf < z, is_end = min(z, zf) > END; z = min(min(z, zf), END);
  vec3 point = vec2(d.x * z, d.y * z + EYE).xyx; point.z = z + travel;
  float soft = pixel() * z / FOCAL, k = clamp(z / END, 0., 1.), bay = floor(point.z / BAY), fz = point.z / BAY - bay - .5, lead;
  vec3 lamp = warm(), day = light_colour(), air = mix(mix(ink(), sky_mid(), .35), pal[2], .2) * (hour == NIGHT ? .8 : 1.);
  float grain = n2(is_floor ? point.xz * 9. : vec2(point.z * 9., point.y * 12.)), course = abs(fract(point.y * 7.) - .5), joint = smoothstep(.46, .5, course) * (yw < SPRING ? 1. : 0.);
  float towards = .20 + .55 * k * k, relief = 0.; // light from the end of the nave; how far openings lie behind and ribs before the wall
  vec3 pane = panes(is_end ? point.xy * vec2(16., 13.) : is_floor ? point.xz * vec2(9., 7.) : vec2(fz * BAY * 18., point.y * 14.) + bay * 3., lead);
  vec3 c = stone((towards + .14 * grain) * (1. - .22 * joint)) * (hour == NIGHT ? .82 : .80);
  if (is_end) {
    vec2 e = point.xy; vec2 q = (e - vec2(0., 1.62)) / 1.12; float r = length(q), a = atan(q.x, q.y) / TAU, spoke = abs(fract(a * 12.) - .5), ring = floor(r / .155), petal = length(vec2(r - .36, (fract(a * 12.) - .5) * r * TAU / 12.)) - .085;
    float rr = h2(vec2(floor(a * 12. + (ring > 2. ? .5 : 0.)), ring)), tracery = min(min(abs(r - .155), abs(r - .50)), (r > .155 ? spoke * r * TAU / 12. : 1.)), in_rose = mask(r - .62, soft);
    float solid = smoothstep(.010, .022 + soft, tracery) * smoothstep(.0, .02, abs(petal));
    vec3 rose = mix(glass_colour(fract(rr * 17.3 + ring * .31)), mix(pal[4], day, .5), r < .155 ? .7 : petal < 0. ? .25 : 0.) * (.72 + .25 * fract(rr * 57.) + .30 * mid * wave(.04 * t + rr * 4.));
    float l1 = min(lancet(vec2(abs(e.x) - .34, e.y - .18), .13, .46), lancet(vec2(e.x, e.y - .18), .14, .56));
    c = stone(.30 + .2 * grain) * .8;
    float win = max(in_rose * solid, mask(l1, soft) * lead), power = GLASS * (.84 + .16 * vocals);
    c = mix(c, (in_rose > .01 ? rose : pane) * power, win);
    s.glow = win * .55 * power;
    vec2 t_ = e - vec2(0., .02); // altar with candles
    c = mix(c, ink() * .6, mask(max(abs(t_.x) - .26, abs(t_.y - .08) - .09), soft)); c = mix(c, lamp, mask(max(abs(abs(t_.x) - .16) - .008, abs(t_.y - .23) - .05), soft));
  } else if (is_floor) {
    vec2 g = point.xz * 3.; vec2 tile = floor(g); float check = mod(tile.x + tile.y, 2.), gap = smoothstep(.5, .46, max(abs(fract(g.x) - .5), abs(fract(g.y) - .5)));
    c = stone(.16 + .16 * check + .08 * grain) * (.75 + .25 * gap) * .82;
    float carpet = mask(abs(point.x) - .17, soft * 1.5), hem = mask(abs(abs(point.x) - .145) - .010, soft * 1.5);
    c = mix(c, mix(pal[3], ink(), .55) * (.7 + .3 * grain), carpet * .85); c = mix(c, mix(pal[4], pal[3], .4) * .7, hem * carpet);
    float mirror = exp(-3.2 * abs(d.x) * 1.) * k;
    c += mix(glass_colour(h2(floor(vec2(point.x * 7., point.z * 1.6)))), day, .35) * GLASS * mirror * .42 * (.7 + .3 * vocals);
    vec2 spot = vec2(point.x - .32, fz); float patch_ = smoothstep(.30, .16, abs(spot.x)) * smoothstep(.30, .20, abs(spot.y)) * step(.02, k); // sun through the windows on the left
    c += pane * patch_ * lead * GLASS * (hour == NIGHT ? .16 : .30) * (.6 + .5 * vocals);
  } else if (yw < SPRING) {
    float pier = abs(abs(fz) - .5) * BAY, arcade = lancet(vec2(fz * BAY, point.y), .36, .62), clear = lancet(vec2(fz * BAY, point.y - 1.10), .17, .30), shafts_ = abs(triangle(pier * 11.));
    float in_aisle = mask(arcade, soft), mould = smoothstep(.05, .0, abs(arcade - .03)), band = max(smoothstep(.02, .0, abs(point.y - 1.02)), smoothstep(.025, .0, abs(point.y - SPRING + .02)));
    c *= pier < .13 ? .65 + .55 * shafts_ : .92;
    c = mix(c, c * 1.35 + .02, max(mould * step(0., arcade), band) * .8);
    vec2 inner = vec2(fz * BAY * 1.25 + .05 * side, point.y - .30); float deep_win = lancet(inner, .10, .34);
    vec3 aisle = mix(ink() * .55, air * .7, clamp(.5 - point.y * .3, 0., 1.)); aisle = mix(aisle, pane * GLASS * .75, mask(deep_win, soft) * lead);
    c = mix(c, aisle, in_aisle); relief = .26 * in_aisle + .26 * mask(clear, soft) + .10 * mask(deep_win, soft) * in_aisle - (pier < .13 ? .10 : 0.) - .10 * band;
    float win = mask(clear, soft) * lead; c = mix(c, pane * GLASS * (side < 0. ? 1.1 : .8) * (.84 + .16 * vocals), win);
    s.glow = max(win, mask(deep_win, soft) * lead * in_aisle * .7) * .5 * GLASS;
    c += lamp * LAMPS * .10 * exp(-3. * length(vec2(pier * 2., point.y - .5))) ;
  } else {
    float arc = atan(point.y - SPRING, abs(point.x) + c0), top = acos(c0 / R), u = clamp(arc / top, 0., 1.), diagonal = abs(abs(fz) * 2. - (1. - u)) * BAY * .5, cross_rib = (.5 - abs(fz)) * BAY, ridge = (1. - u) * .5;
    float rib = min(min(diagonal * .8, cross_rib * .75), ridge), lit_rib = smoothstep(.050 + soft, .020, rib);
    c = stone(towards * .55 + .10 * grain + .15 * (1. - u)) * .72; c = mix(c, stone(.42 + .4 * k) * .95, lit_rib * .85);
    c *= .80 + .2 * smoothstep(.0, .18, rib); relief = -.16 * lit_rib;
  }
  s.c = mix(c, far_at(p) + air * .12, is_end ? .10 : .42 * k * k); s.depth = clamp(.12 + .85 * k + relief * (1. - .6 * k), 0., .96);
  if (!is_end) s.glow *= 1. - .5 * k;
  for (int i = 4; i >= 0; i--) { // beams from the windows on the left; candles at the piers
    float zk = (floor(travel / BAY) + float(i) + 1.5) * BAY - travel, fade = smoothstep(.5, 1.4, zk) * smoothstep(END, END - 1.5, zk);
    vec2 q = vec2(d.x * zk + cx, d.y * zk + EYE), way = normalize(vec2(1.32, -1.5)), from = q - vec2(-1., 1.42); float along = dot(from, way), off = abs(dot(from, vec2(way.y, -way.x)));
    float beam = smoothstep(.19 + .05 * along, .03, off) * smoothstep(-.05, .15, along) * smoothstep(2.1, .9, along) * step(-.05, q.y) * step(.0, z - zk + .3);
    s.c += mix(day, glass_colour(h1(floor(travel / BAY) + float(i))), .35) * beam * fade * (.075 + .20 * vocals) * (hour == NIGHT ? .55 : 1.);
    vec2 cq = vec2(abs(q.x) - .74, q.y); float sz = zk * pixel() / FOCAL, seen = step(zk - .2, z + .4) * smoothstep(.45, .9, zk + BAY * .5);
    float holder = min(max(abs(cq.x) - .010, abs(cq.y - .20) - .22), max(abs(cq.x) - .055, abs(cq.y - .415) - .010)); lay(s, ink() * .5, mask(holder, sz) * seen, .3, 0.);
    vec2 fq = vec2(cq.x, cq.y - .46); float glow_ = clamp(1.25 - length(fq * vec2(1.6, .75)) / (.028 + sz), 0., 1.) * seen; shine(s, mix(lamp, vec3(1., .9, .7), .3), glow_ * (.8 + .2 * treble));
    s.c += lamp * LAMPS * seen * (.10 + .04 * treble + .04 * snare) / (1. + 55. * dot(fq, fq));
  }
  stand(s, p, vec2(.0 - .16 * cam.x, -.395), .32, vec2(.02, -.06), mix(day, pal[4], .3), vec2(0., .25));
  smoke(s, p - vec2(.17 * narrow - .1 * cam.x, -.16), .36, .05);
  float dust = motes(p + vec2(.15 * cam.x, 0.), 14., .42, .04) * (.25 + .75 * hat) * (.4 + reach(p)); s.c += day * dust * (hour == NIGHT ? .4 : .6); s.glow = max(s.glow, dust * .4);
  if (weather == RAIN || weather == SNOW) s.c = mix(s.c, mix(vec3(luma(s.c)), s.c, .45) * .84, .8);
  float lit_air = exp(-4.2 * length((p - vec2(-.02 * cam.x, .10)) * vec2(1., .8)));   // fog stands in the light from the end, dark piers before it
  if (weather == FOG) s.c = mix(s.c, mix(haze(), day, .45 + .4 * lit_air), (.75 * lit_air + .10) * (.25 + .75 * k) * (.8 + .4 * fbm1(vec2(p.x * 1.3 + .04 * t, p.y * 2.5)))) * (1. - .30 * (1. - k) * (1. - lit_air));
  if (weather == WIND) s.c += day * .35 * textureLod(weather_tex, vec2(p.x * .6 - .18 * t, p.y * 1.4), 0.).b;
}

// ---------------------------------------------------------------- 3 gates in the mist
float torii(vec2 q, out float dark) {
  float x = abs(q.x), y = q.y, pillar = max(abs(x - .62 + .045 * y) - .058, max(y - 1.10, -y - .02)), tie = max(abs(y - .84) - .042, x - .80), curve = .075 * x * x;
  float lintel = max(abs(y - 1.125 - curve) - .036, x - .96), top = max(abs(y - 1.20 - curve) - .042 - .012 * x, x - 1.06 - .5 * (y - 1.2)), tablet = max(x - .055, abs(y - .985) - .10), wedge = max(abs(x - .64) - .10, abs(y - .84) - .022);
  dark = min(top, max(abs(x - .62) - .078, abs(y - .05) - .07));
  return min(min(min(pillar, tie), min(lintel, top)), min(min(tablet, wedge), dark));
}
void gate(inout Shot s, vec2 p, vec2 at, float size, float k, float grain) {
  vec2 q = (p - at) / size; float dark, d = torii(q, dark), soft = 1.5 * pixel() / size, round_ = clamp(.5 + (abs(q.x) - .60) * 9. * (sun_at().x > at.x ? sign(q.x) : -sign(q.x)), 0., 1.);
  vec3 red = mix(mix(pal[3], ink(), hour == NIGHT ? .60 : .36), light_colour(), .14 * round_) * (.68 + .28 * round_ + .12 * grain), c = mix(red, ink() * .7, mask(dark, soft));
  c += light_colour() * .26 * clamp(1. + d / .022, 0., 1.) * reach(p) * (hour == NIGHT ? .5 : 1.) + warm() * LAMPS * (.06 + .10 * vocals) * clamp(1. - q.y * 1.1, 0., 1.);
  if (weather == SNOW) c = mix(c, mix(haze(), vec3(1.), .3), .8 * smoothstep(1.20, 1.24, q.y - .075 * q.x * q.x));
  lay(s, mix(c, haze(), k), mask(d, soft), .12 + .75 * k, 0.);
}
void pagoda(inout Shot s, vec2 q, float k, float size) {
  float floor_ = clamp(floor(q.y / .21), 0., 4.), y = q.y - floor_ * .21, x = abs(q.x), wide = .30 - .032 * floor_, eave = wide + .15, lift = .055 * (x / eave) * (x / eave) * (x / eave);
  float body = max(x - wide + .03, abs(y - .07) - .08), roof = max(max(.135 + lift - .02 - y, y - .165 - lift - .16 * max(wide - x, 0.) * .6), x - eave), rail = max(max(abs(y - .035) - .004, x - wide - .02), -floor_ + .5);
  float d = min(min(body, roof), rail), spire = max(x - .008, abs(q.y - 1.20) - .16), rings = max(abs(fract(q.y * 26.) - .5) / 26. - .008, max(x - .030 + .05 * (q.y - 1.1), abs(q.y - 1.18) - .09)), tip = max(max(roof, 0.), 9. * step(q.y, 1.));
  d = min(d, min(spire, rings)); if (q.y < 0.) d = max(d, -q.y); float soft = 1.5 * pixel() / size, win = max(abs(abs(x - .10) - .0) - .045, abs(y - .075) - .035);
  vec3 c = mix(ink() * .85, mix(pal[3], ink(), .5), .35 * step(body, 0.) * step(roof, .5)) + light_colour() * .20 * clamp(1. + d / .02, 0., 1.) * reach(vec2(0.)) * (hour == NIGHT ? .5 : 1.);
  lay(s, mix(c, haze(), k), mask(d, soft), .2 + .7 * k, 0.);
  shine(s, warm(), mask(max(win, x - wide + .06), soft) * step(roof, 9.) * LAMPS * (.30 + .45 * vocals) * (1. - k));
}
void mist(inout Shot s, vec2 p, float at, float tall, float bank, float amount) {
  s.c = mix(s.c, mix(haze(), light_colour(), .22), amount * smoothstep(tall, 0., abs(p.y - at)) * smoothstep(.28, .62, bank) * (.75 + .25 * loudness));
}
void pines(inout Shot s, vec2 p, float cells, float base, float tall, float k, float parallax, float seed) {
  float x = (p.x + parallax * cam.x) * cells + seed, cell = floor(x), r = h1(cell), r2 = fract(r * 57.3), up = tall * (.55 + .45 * r2), y = (p.y - base) / up, lay_ = fract(y * 7. + .3 * r), off = abs(x - cell - .5 - .3 * (r - .5)) / cells;
  float d = max(off - (1. - y) * up * .20 * (1.15 - .55 * lay_) - .002, p.y - base - up);
  lay(s, mix(ink() * .75, haze(), k), mask(max(d, base - p.y), 1.8 * pixel()) * step(.12, r2), .15 + .75 * k, 0.);
  fine_detail = max(fine_detail, .8 * mask(max(d - .006, base - p.y), .005) * step(.12, r2));
}
void shrine(inout Shot s, vec2 p) {
  float w = half_width(), x = p.x + .05 * cam.x;
  heaven(s, p);
  birds(s, p, vec2(-.42 * w - .06 * cam.x, .30));
  vec2 rough = textureLod(noise_tex, vec2(x * .20 + rnd.x, .43), 0.).ba, rough2 = textureLod(noise_tex, vec2((x + .05 * cam.x) * .42 + rnd.y, .12), 0.).ba;
  lay(s, mix(ink(), haze(), .76), mask(p.y + .08 - .26 * rough.x * rough.y * 1.5 - .08 * abs(x / w), 2. * pixel()), .95, 0.);
  float near_air = fbm1(vec2(p.x * .9 + .04 * t * GUST + .05 * flow + 2.3, p.y * 2.8)), far_air = fbm1(vec2(p.x * 1.3 - .025 * t * GUST - .03 * flow + 7.1, p.y * 4.1));
  mist(s, p, -.02, .16, far_air, .85);
  float hill = -.16 + .15 * smoothstep(-.1, .75, x / w) + .03 * (rough2.x - .5);
  lay(s, mix(ink(), haze(), .48), mask(p.y - hill - .015 * rough2.y, 3. * pixel()), .75, 0.);
  pines(s, p, 13., hill - .01, .085, .46, .08, 3. + 9. * rnd.z);
  float size = .36 * clamp(w / .6, .72, 1.), px = (w < .45 ? .50 : .46) * w - .09 * cam.x;
  pagoda(s, (p - vec2(px, -.07)) / size, .22, size);
  pines(s, p + vec2(.03, 0.), 9., hill - .055, .12, .30, .12, 13. + 9. * rnd.w);
  mist(s, p, -.10, .12, .6 * far_air + .4 * near_air, .95);
  float line = -.20 + .06 * cam.y, d = max(line - p.y, 0.), middle = -.10 * w - .12 * cam.x - .55 * cam.x * d, tread = fract(log2(d + .07) * 9. + .7 * cam.z), wide = .055 + .62 * d, path = abs(p.x - middle) - wide, n = n2(vec2((p.x + .3 * cam.x) * 2.2 / (d + .06), log2(d + .06) * 13.));
  vec3 steps = stone((.22 + .55 * smoothstep(.2, .9, tread)) * (.7 + .4 * n)) * (.65 + .35 * smoothstep(.0, .12, tread)), moss = leaf(.10 + .35 * n);
  steps += light_colour() * .14 * reach(p) * smoothstep(.4, 1., tread) + warm() * LAMPS * (.08 + .10 * vocals) * smoothstep(.4, 1., tread);
  if (weather == SNOW) { steps = mix(steps, haze(), .55); moss = mix(moss, mix(haze(), vec3(1.), .2) * (hour == NIGHT ? .7 : 1.), .65); }
  float kerb = mask(abs(path) - .010 - .05 * d, .006);
  vec3 ground = mix(moss, steps, mask(path, .006)); ground = mix(ground, stone(.35 + .2 * n) * .8, kerb);
  lay(s, mix(haze(), ground, clamp(.15 + 3.2 * d, 0., 1.)), clamp(d / .01, 0., 1.), clamp(.7 - 1.5 * d, .1, .7), 0.);
  float push = 1. + .10 * cam.z;
  gate(s, p, vec2(-.10 * w - .13 * cam.x, line - .012), .105 * push, .50, n);
  mist(s, p, -.19, .10, near_air, .85);
  gate(s, p, vec2(-.10 * w - .17 * cam.x, line - .070), .205 * push, .26, n);
  for (int i = 0; i < 2; i++) { // stone lanterns along the path
    float dk = i == 0 ? .075 : .20, sz = i == 0 ? .12 : .235; vec2 q = vec2(abs(p.x + .10 * w + .12 * cam.x + .55 * cam.x * dk) - .085 - .70 * dk, p.y - line + dk) / sz;
    float lx = abs(q.x), ly = q.y, lamp = max(abs(ly - .62) - .075, lx - .085), roof = max(abs(ly - .80) - .07, lx - .30 + 1.3 * (ly - .73) - .4 * min(lx * lx, .09)), body = min(min(max(abs(ly - .62) - .11, lx - .13), max(abs(ly - .49) - .03, lx - .20)), min(max(abs(ly - .25) - .22, lx - .065), max(abs(ly - .02) - .05, lx - .18))), knob = length(vec2(lx, ly - .92)) - .055, l = min(min(roof, knob), body), soft = 1.5 * pixel() / sz, power = max(LAMPS, .2) * (.40 + .60 * vocals);
    lay(s, mix(stone(.22 + .2 * n) * .75 + light_colour() * .14 * clamp(1. + l / .05, 0., 1.) * reach(p), haze(), i == 0 ? .18 : .03), mask(l, soft), .2, 0.);
    shine(s, warm(), mask(lamp, soft) * (.35 + .65 * power)); float r = dot(q - vec2(0., .62), q - vec2(0., .62)); s.c += warm() * power * LAMPS * .32 / (1. + 8. * r) * exp(-.5 * r);
  }
  stand(s, p, vec2(-.10 * w - .23 * cam.x, line - .165), .27, vec2(-.08 * w, .02), mix(light_colour(), sky_low(), .25), sun_at());
  gate(s, p, vec2(-.10 * w - .27 * cam.x, line - .225), (w < .45 ? .34 : .44) * push, .02, n);
  smoke(s, p - vec2(.36 * w - .3 * cam.x, line - .16), .30, .14);
  grass(s, p, -.50 + .13 * smoothstep(.3, 1.1, abs(p.x / w + .1)), .07, 30., .0, .40);
  mist(s, p, -.42, .14, near_air, .45);
  float leaves = motes(p + vec2(.2 * cam.x + .06 * t * GUST, .0), 9., .3, -.30);
  s.c = mix(s.c, mix(pal[3], light_colour(), .25), min(leaves * 1.4, 1.) * (.35 + .5 * treble));
}
void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) greek(s, p);
  if (variant == 1) pyramid(s, p);
  if (variant == 2) nave(s, p);
  if (variant == 3) shrine(s, p);
  if (variant != 2 && weather == FOG) s.c = hazed(s.c, s.depth);
  if (variant != 2) s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
