// Abstract flow: 0 ribbons of silk folding round a disc of light, 1 ink blooming in water, 2 curtains of light over a plain with a river of
// sparks, 3 lines of a landscape that the spectrum raises. Lengths are in picture heights; light comes from one disc, which the subject stands before.

struct Shot { vec3 c; float depth; float glow; };

const float DAYLIGHT = hour == NIGHT ? 0. : hour == DAWN ? .6 : hour == DAY ? 1. : .35;
const float AIR = weather == FOG ? 1. : weather == RAIN || weather == SNOW ? .5 : .25;

float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.15 - s.c); s.glow = max(s.glow, min(a, 1.)); }
float drift() { return t * .03 + flow * .055; }
vec3 sun() { return mix(light_colour(), pal[4], .4); }
vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .35 : .12) * (hour == NIGHT ? .6 : .85); }
vec3 haze() { return mix(sky_low(), sky_mid(), .35); }

// ---------------------------------------------------------------- the disc of light and who stands before it
float disc_r() { return (variant == 3 ? .21 : variant == 2 ? .15 : .2) + .008 * bass; }
vec2 disc() {
  if (variant == 1) return vec2(place_x(.03) - cam.x * .05, .0);
  if (variant == 2) return vec2(place_x(-.05) - cam.x * .05, -.015);
  if (variant == 3) return vec2(place_x(.04) - cam.x * .05, .15);
  return vec2(place_x(.07) - cam.x * .05, -.03);
}
void disc_of_light(inout Shot s, vec2 p) {
  float d = length(p - disc()) - disc_r();
  lay(s, mix(sun(), vec3(1.), .25) * (hour == NIGHT ? .82 : .97), mask(d, pixel() * 2.), 1., .5);
  float ring = abs(d - .022 - .012 * loudness);
  s.c += sun() * clamp(1. - ring / .0035, 0., 1.) * (.12 + .2 * vocals);
}

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float size) {
  if (subject_id == 0) return;
  bool up = subject_flies() || (subject_floats() && variant != 1);
  vec2 at = up ? air - vec2(0., .5 * size) + .012 * vec2(wave(t * .07), wave(t * .11)) : ground, q = (p - at) / size;
  float soft = pixel() / size, d = subject(q), m = mask(d, soft * 1.6);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float facing = dot(out_way, normalize(disc() - at)) / max(length(out_way), 1e-6);
  lay(s, ink() * .45, m, .1, 0.); subject_cover = m;
  s.c += sun() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * .5;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// ---------------------------------------------------------------- what lies far behind
vec3 far(vec2 p) {
  vec3 c = sky(p.y * .85 + .42);
  float r = length(p - disc());
  if (variant == 0 || variant == 3) {
    float fold = ridge1(vec2(p.x * .55 + fbm1(p * .8 + rnd.xy * 8.) * .9 - drift() * .3, p.y * 1.3 + rnd.z * 8.));
    c = mix(c, mix(pal[1], pal[2], .6), fold * fold * mix(.34, .2, DAYLIGHT));
  }
  if (variant == 1) c = mix(c, mix(pal[4], sky_low(), .5), .18 + .22 * DAYLIGHT);
  return c + sun() * (exp(-r * 7.) * .34 + exp(-r * 2.6) * .16) * (.78 + .3 * bass) * (1. - .75 * DAYLIGHT * DAYLIGHT) * (variant == 2 ? .8 : 1.);
}

// ---------------------------------------------------------------- 0 ribbons of silk
float ground_line(float x) { return -.335 + .03 * wave(x * .38 + .2) + .012 * wave(x * 1.1 + .6); }

void ribbon(inout Shot s, vec2 p, int i) {
  float k = float(i) / 6., x = p.x + cam.x * (.08 + .45 * k), dx = abs(p.x - disc().x);
  float go = drift() * (.7 + .6 * k) + float(i) * .37 + rnd.x * 3., near = min(dx * 1.35, 1.2);
  float high = (i == 0 ? .30 : i == 1 ? .18 : i == 2 ? .40 : i == 3 ? -.07 : i == 5 ? -.2 : -.47);
  float c = high + (.03 + .075 * near) * wave(x * (.62 + .09 * float(i)) - go) + .028 * wave(x * 1.45 + go * 1.4 + k) + .02 * cam.y;
  float twist = wave(x * (.52 + .06 * float(i)) + go * .8 + k * 1.7), wide = (.028 + .085 * near) * (.75 + .5 * k) * (.92 + .16 * mid);
  float h = wide * (.16 + .84 * abs(twist)) + .002, v = (p.y - c) / h, d = (abs(v) - 1.) * h;
  s.c *= 1. - .42 * clamp(1. - d / .055, 0., 1.) * step(0., d) * step(v, 0.) * (.4 + .6 * k);
  float fold = clamp(1. - abs(v - twist * .62) * 1.15, 0., 1.), under = clamp(.5 - .5 * v * sign(twist), 0., 1.);
  vec3 face = twist > 0. ? mix(pal[2], pal[3], .3 + .35 * k) : mix(pal[1], pal[2], .35 + .3 * (1. - k));
  face = mix(face * mix(.42, .85, DAYLIGHT), mix(face, sun(), .25), .25 + .5 * under * (1. - .4 * k));
  float thread = wave(v * 7. + twist * .3), toward = clamp(1.1 - dx * 1.5, 0., 1.);
  face *= 1. + .06 * thread;
  face += mix(pal[4], sun(), .5) * (fold * fold * (.13 + .2 * vocals + .25 * toward) + clamp(thread - .8, 0., 1.) * (.1 + .5 * treble) * fold);
  float edge = clamp(1. + d / (pixel() * 2.5 + .0012), 0., 1.);
  face += mix(pal[4], pal[3], .35) * edge * (.16 + .3 * toward);
  face = mix(face, haze(), (1. - k) * (.32 + .4 * AIR));
  lay(s, face, mask(d, pixel() * 1.4), .92 - .72 * k, fold * fold * .22 * toward);
}

void silk(inout Shot s, vec2 p) {
  disc_of_light(s, p);
  for (int i = 0; i < 4; i++) ribbon(s, p, i);
  ribbon(s, p, 5);
  float x0 = place_x(.05), gx = p.x + cam.x * .35;
  float g = p.y - ground_line(gx), lip = clamp(1. - abs(g) / .006, 0., 1.);
  float pool = exp(-abs(p.x - disc().x) * 4.5);
  vec3 floor_colour = mix(ink(), mix(pal[1], pal[2], .4), .25 + .45 * pool * clamp(1. + g * 5., 0., 1.));
  floor_colour += sun() * (pool * (.10 + lip * .35) + .1 * clamp(wave(g * 26. + wave(gx * .6) * .25 - kick * .08) - .75, 0., 1.) * pool);
  lay(s, floor_colour, mask(g, pixel() * 1.4), .16, lip * pool * .3);
  stand(s, p, vec2(x0 - cam.x * .35, ground_line(x0) - .004), disc() + vec2(0., .02), .33);
  ribbon(s, p, 6);
}

// ---------------------------------------------------------------- 1 ink in water
const float SURFACE = -.27;

// Distance to a plume that has sunk from `top` to `tip` and rolled up there, its edge billowing by n.
float plume(vec2 p, vec2 top, vec2 tip, float size, float n) {
  vec2 ba = tip - top; float h = clamp(dot(p - top, ba) / dot(ba, ba), 0., 1.);
  float stem = length(p - top - ba * h) - size * mix(.55, .3, h);
  vec2 q = p - tip; q.x = abs(q.x);
  float cap = min(length(q - vec2(size * .55, size * .25)) - size * .75, length(q - vec2(0., size * .2)) - size * .8);
  return smin(stem, cap, size * .6) - (n - .4) * size * 3.1;
}

vec3 ink_at(vec2 p, vec3 behind, out float thick) {
  float grown = .35 + .65 * section_phase, go = drift();
  vec2 q = p + cam.xy * vec2(.1, .1);
  float a = fbm1(q * 1.9 + vec2(rnd.x * 8., -go * .35)), w = a - .5;
  vec4 n = textureLod(noise_tex, (q * 3.1 + vec2(w * 1.5, w * .9 - go * .6) + rnd.yz * 8.) / 8., 0.);
  float b = .55 * n.b + .45 * a + .03 * (bass - .5);
  vec3 c = behind; thick = 0.;
  for (int i = 0; i < 3; i++) {
    vec2 top = i == 0 ? vec2(-.42, .62) : i == 1 ? vec2(.48, .6) : vec2(-.68, .58);
    vec2 tip = i == 0 ? vec2(-.36, mix(.36, .02, grown)) : i == 1 ? vec2(.45, mix(.42, .1, grown)) : vec2(-.74, mix(.3, -.08, grown));
    float size = i == 0 ? .2 : i == 1 ? .2 : .24;
    top.x = place_x(top.x); tip.x = place_x(tip.x) + .02 * wave(t * .03 + float(i) * .3); size *= clamp(aspect / 1.5, .62, 1.);
    float d = plume(q, top, tip, size * (.9 + .1 * loudness), b + .12 * (n.a - .5));
    float in_it = clamp(-d / .075, 0., 1.), veil = clamp(.5 - d / .12, 0., 1.);
    vec3 hue = i == 0 ? mix(pal[2], pal[1], .3) : i == 1 ? mix(pal[3], pal[2], .25) : mix(pal[1], pal[0], .25);
    vec2 way = normalize(disc() - q); float lit = clamp(.5 + 2.6 * (n.b - a) + .35 * dot(way, normalize(q - tip)), 0., 1.);
    hue = mix(hue * mix(.45, .75, DAYLIGHT), mix(hue, sun(), .28), lit * (.75 + .25 * mid));
    hue += mix(pal[4], hue, .5) * clamp(n.a - .62, 0., 1.) * (.5 + 1.1 * vocals);
    float lining = clamp(1. - abs(d + .012) / .02, 0., 1.);
    c = mix(c, mix(c, hue, .45), veil * .7); c = mix(c, hue, in_it * .94);
    c += sun() * lining * .16 * clamp(1.2 - length(q - disc()) * 1.6, 0., 1.);
    thick = max(thick, max(in_it, veil * .4));
  }
  return c;
}

void ink_in_water(inout Shot s, vec2 p) {
  bool below = p.y < SURFACE; float deep = SURFACE - p.y;
  vec2 q = below ? vec2(p.x + .012 * wave(deep * 26. - t * .22 + wave(p.x * 1.7) * .3) * clamp(deep * 9., 0., 1.), SURFACE + deep * 1.15) : p;
  if (below) s.c = far_at(q);
  disc_of_light(s, q);
  float thick; s.c = ink_at(q, s.c, thick);
  s.depth = 1. - .45 * thick; s.glow *= 1. - thick;
  vec2 g = q * 26. + vec2(0., t * .35), cell = floor(g); vec4 r = dice4(int(cell.x), int(cell.y));
  vec2 at = g - cell - .25 - .5 * r.xy; float mote = clamp(1.3 - length(at) / (.05 + .06 * r.z), 0., 1.) * step(.84, r.w);
  s.c += mix(pal[4], pal[3], r.z) * mote * (.12 + .55 * (r.x > .5 ? hat : treble)); s.glow = max(s.glow, mote * .3);
  if (below) {
    float ring = length((p - vec2(place_x(.03) - cam.x * .2, SURFACE - .03)) * vec2(1., 5.)), crest = clamp(wave(ring * 5.5 - t * .3) - .7, 0., 1.) * clamp(1. - ring * 1.1, 0., 1.);
    s.c = mix(s.c, ink(), clamp(.2 + deep * 2., 0., .75)) + sun() * crest * (.2 + .5 * kick);
    s.depth = .3 - deep * .7;
  }
  s.c += sun() * clamp(1. - abs(deep) / .0025, 0., 1.) * .3 * exp(-abs(p.x - disc().x) * 3.);
  vec2 k = p - vec2(place_x(.03) - cam.x * .2, SURFACE - .028); float rough = .005 * wave(k.x * 4. + .3) + .002 * wave(k.x * 17.);
  float stone = max(abs(k.y + .006) - .016 - rough * .5 + k.x * k.x * .4, abs(k.x) - .22);
  lay(s, ink() * .5 + sun() * .1 * clamp(1. + (k.y - .008) / .008, 0., 1.), mask(stone, pixel() * 1.4), .14, 0.);
  stand(s, p, vec2(place_x(.03) - cam.x * .2, SURFACE - (subject_floats() ? .04 : .02)), disc() + vec2(0., .03), .3);
}

// ---------------------------------------------------------------- 2 curtains of light and a river of sparks
const float HORIZON = -.12;

void curtain(inout Shot s, vec2 p, int i) {
  float k = float(i) / 3., x = p.x + cam.x * (.05 + .09 * k) + .3 * k, go = drift() * (.5 + .3 * k) + rnd.y * 5.;
  float bend = .06 * wave(x * .8 - go + k) + .035 * wave(x * 1.9 + go * 1.5), foot = mix(.12, -.03, k) + bend;
  float side = x + bend * 1.2 + .15 * (p.y - foot), up = p.y - foot;
  vec2 n = textureLod(noise_tex, vec2(side * .28 + k * .41, go * .03 + k * .2 + p.y * .02), 0.).ba;
  float rays = .3 + .7 * clamp((n.x - .3) * 2.4, 0., 1.), high = .24 + .26 * rays + .06 * loudness;
  float a = clamp(1. - up / high, 0., 1.); a = a * a * clamp(up / .03 + 1., 0., 1.) * rays;
  float body = .62 + .3 * (i == 0 ? bass : i == 1 ? mid : vocals), fine = .75 + .25 * wave(side * 14. + go) + .5 * (n.y - .5) * treble;
  vec3 hue = mix(mix(pal[3], pal[4], .3), mix(pal[2], pal[1], .2), clamp(up / high * 1.3, 0., 1.));
  s.c += hue * a * body * fine * (1.25 - s.c) * mix(1., .55, DAYLIGHT) * (1. - .3 * AIR);
  s.c += mix(pal[4], pal[3], .3) * clamp(1. - abs(up) / .02, 0., 1.) * rays * rays * .2;
  s.glow = max(s.glow, a * body * .5);
}

void river(inout Shot s, vec2 p) {
  float down = max(HORIZON - p.y, .004), z = .1 / down, travel = drift() * 2.2 + cam.z * 1.2;
  float bend = .62 * wave(z * .13 + rnd.z + .1) - .62 * wave(rnd.z + .1 + .1 / .2 * .13), x = (p.x - disc().x + cam.x * .3) * z * 2. - bend;
  float bed = clamp(1.5 - abs(x) / .5, 0., 1.);
  s.c += mix(pal[3], pal[2], .35) * bed * (.3 + .2 * bass) * clamp(z * .6, .3, 1.) * mix(1., .6, DAYLIGHT);
  for (int i = 0; i < 3; i++) {
    vec2 g = vec2(x * (9. + 4. * float(i)), (z * 1.1 + travel * (1. + .35 * float(i))) * (5. + 1.5 * float(i))), cell = floor(g);
    vec4 r = dice4(int(cell.x), int(cell.y) + i * 7919); vec2 o = g - cell - .3 - .4 * r.xy;
    float dot_of = clamp(1.2 - length(o * vec2(1., .6)) / .26, 0., 1.) * step(.42, r.z) * bed;
    vec3 hue = mix(mix(pal[3], pal[4], r.w), sun(), .3);
    float level = .35 + .65 * (i == 0 ? hat : i == 1 ? treble : mid);
    s.c += hue * dot_of * level * clamp(2.4 / z, .12, 1.) * .8; s.glow = max(s.glow, dot_of * level * .6);
  }
}

void curtains(inout Shot s, vec2 p) {
  vec2 g = p * 60., cell = floor(g); vec4 r = dice4(int(cell.x), int(cell.y)); vec2 point = star_point(.9 + r.z);
  s.c += mix(pal[4], vec3(1.), .4) * clamp(1.3 - length((g - cell - .25 - .5 * r.xy) / 60.) / point.x, 0., 1.) * point.y * step(.9, r.w) * (1. - DAYLIGHT * .9) * (.4 + .5 * treble);
  curtain(s, p, 0);
  disc_of_light(s, p);
  for (int i = 1; i < 3; i++) curtain(s, p, i);
  for (int i = 0; i < 2; i++) {
    float k = float(i), x = p.x + cam.x * (.12 + .1 * k), hill = HORIZON + .008 - .006 * k + (.028 - .008 * k) * (1. + wave(x * (.8 + .5 * k) + rnd.w + .4 * k)) * clamp(abs(p.x - disc().x) * 3., 0., 1.);
    lay(s, mix(mix(ink(), pal[1], .35 - .2 * k), haze(), .55 - .3 * k), mask(p.y - hill, pixel() * 1.4), .85 - .1 * k, 0.);
  }
  if (p.y < HORIZON) {
    float down = HORIZON - p.y; vec3 mirror = far_at(vec2(p.x, HORIZON + down * .8));
    vec3 plain = mix(mirror, ink(), .5 + .4 * clamp(down * 3., 0., 1.)); float path = exp(-abs(p.x - disc().x) * (9. - 9. * down));
    plain += sun() * path * (.22 + .1 * wave(down * 40. - t * .12)) * clamp(1. - down * 2.2, 0., 1.);
    s.c = plain; s.depth = clamp(.8 - down * 2.2, .15, .8); s.glow = 0.;
    river(s, p);
  }
  float x0 = place_x(-.16), bank = p.y + .37 - .05 * clamp(1. - abs(p.x + cam.x * .4 - x0) * 2.6, 0., 1.) - .012 * wave((p.x + cam.x * .4) * .9);
  vec2 root = vec2((p.x + cam.x * .4) * 85., floor((p.x + cam.x * .4) * 85.)); float stalk = dice4(int(root.y), 7).x;
  float lean = (weather == WIND ? .5 : .22) * wave(t * .17 + p.x * .8) + stalk - .5, blade = abs(root.x - root.y - .5 - lean * clamp(bank * 22., 0., .5));
  bank -= (.006 + .016 * stalk) * clamp(1. - blade * 2.4, 0., 1.);
  lay(s, ink() * .5 + mix(pal[2], sun(), .3) * clamp(1. - abs(bank) / .006, 0., 1.) * .2, mask(bank, pixel() * 1.4), .12, 0.);
  stand(s, p, vec2(x0 - cam.x * .4, -.335), vec2(place_x(-.14), .06), .31);
}

// ---------------------------------------------------------------- 3 a landscape of lines
// Height of line n at x: a crowd of peaks in the middle, bass inmost, treble outmost, that slides slowly through the noise.
float peaks(float x, float n, float near) {
  float e = clamp(1.15 - abs(x) * 1.9, 0., 1.); e = e * e * (3. - 2. * e);
  float a = h1(n * 7.31 + rnd.x * 100.), go = drift() * .9 + a * 9.;
  float w = .5 + .5 * wave(x * 2.3 + a * 5. + go * .5), v = .5 + .5 * wave(x * 5.1 - a * 11. - go * .7), u = wave(x * 13. + a * 17. + go);
  float level = mix(mix(.35 + .75 * mid, .35 + .85 * treble, clamp(abs(x) * 3. - .5, 0., 1.)), .4 + .75 * bass, clamp(1. - abs(x) * 5., 0., 1.));
  return near * (e * (.025 + .17 * w * v * level + .012 * u * (.4 + hat)) + .004 * wave(x * 3. + a * 3.));
}

void lines(inout Shot s, vec2 p) {
  float wide = 1. / clamp(aspect / 1.5, .6, 1.);
  disc_of_light(s, p);
  float bars = p.y - disc().y + .1; // the disc sinks into the mist
  s.c = mix(s.c, haze(), clamp(-bars * 5., 0., .55));
  float travel = drift() * 1.1 + cam.z * .8, part = fract(travel), first = floor(travel);
  // Only a dozen lines can be seen at one height: from one above it, whose flank it may be, to those below whose peaks reach it.
  float at = clamp((sqrt(.36 + 3.2 * max(.10 + cam.y * .1 - p.y, 0.)) - .6) / .8, 0., 1.), start = max(floor(at * 20. - part) - 1., 0.);
  float k_here = 0., d_here = 9., line = 0., x_here = 0.; // the line in front, how far below it, and its light
  for (int i = 0; i < 12; i++) {
    float n = start + float(i), k = (n + part) / 20., near = .32 + .95 * k;
    if (n > 19.5) break;
    float x = (p.x - place_x(.04) + cam.x * (.1 + .4 * k)) * (1.18 - .42 * k) * wide, base = .10 - .5 * k * (.6 + .4 * k) + cam.y * .1;
    float d = p.y - base - peaks(x, first - n, near), born = min((n + part) * .7, 1.), cover = mask(d, pixel() * 1.4) * born;
    line = max(line * (1. - cover), born * clamp(1.4 - abs(d) / max(pixel() * 1.1, .0011 + .0012 * k), 0., 1.));
    if (d < 0.) { k_here = k; d_here = d; x_here = x; }
  }
  float k = k_here, lip = clamp(1. + d_here / .05, 0., 1.);
  vec3 fill = mix(mix(haze(), mix(pal[1], pal[2], .35), .35 + .3 * k), ink(), .2 + .62 * k) + mix(pal[2], pal[3], .4) * lip * lip * .18;
  lay(s, fill, d_here < 0. ? clamp(k * 14., 0., 1.) : 0., .9 - .7 * k, 0.);
  float middle = clamp(1. - abs(x_here) * 1.3, 0., 1.), bright = line * (.45 + .4 * middle + .15 * loudness);
  s.c = mix(s.c, mix(mix(pal[3], pal[4], .35 + .4 * k), sun(), middle * middle * .6), bright); s.glow = max(s.glow, bright * .4);
  float x0 = place_x(.2), gx = p.x + cam.x * .5, g = p.y + .415 - .05 * wave((gx - x0) * .35) - .004 * wave(gx * 2.);
  vec2 e = (p - vec2(x0 - cam.x * .5, -.24)) * vec2(1.1, 1.); float mist = clamp(1. - dot(e, e) * 9., 0., 1.);
  if (subject_id != 0 && !subject_flies()) s.c = mix(s.c, mix(haze(), sun(), .4), .66 * mist * mist);
  lay(s, ink() * .5 + sun() * .16 * clamp(1. - abs(g) / .004, 0., 1.), mask(g, pixel() * 1.4), .1, 0.);
  stand(s, p, vec2(x0 - cam.x * .5, -.37), disc() + vec2(0., .0), .33);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) silk(s, p);
  if (variant == 1) ink_in_water(s, p);
  if (variant == 2) curtains(s, p);
  if (variant == 3) lines(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth * .8);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
