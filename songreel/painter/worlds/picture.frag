// Picture: the cover art or a given image as something that lives. 0 paint flowing along the image's own contours, 1 a sail with the image
// woven in, 2 the image as lights in the sky and its reflection in the water, 3 panes in depth that turn over in waves and come together.
// Lengths are in picture heights. picture_tex: rgb the image, a its large shapes (brightness, blurred); without an image a drawn one.

uniform sampler2D picture_tex;

struct Shot { vec3 c; float depth; float glow; };

const float DAYLIGHT = hour == NIGHT ? 0. : hour == DAWN ? .6 : hour == DAY ? 1. : .35;
const float LIGHT = hour == NIGHT ? .66 : hour == DAWN ? .98 : hour == DAY ? 1.06 : .86; // how far the image is lit
const float AIR = weather == FOG ? 1. : weather == RAIN || weather == SNOW ? .5 : .25;

float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
int seed() { return int(rnd.x * 977.) * 31; }
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.15 - s.c); s.glow = max(s.glow, min(a, 1.)); }
vec3 sun() { return mix(light_colour(), pal[4], .4); }
vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .4 : .12) * (hour == NIGHT ? .6 : .85); }
vec3 haze() { return mix(sky_low(), sky_mid(), .35); }
float box2(vec2 q, vec2 b) { vec2 d = abs(q) - b; return max(d.x, d.y); }

// ---------------------------------------------------------------- the image
// q: [-1, 1] over a frame `shape` times as wide as high, which the image covers; loose: 0 wholly, towards 1 less of it is cut and its
// edges go on as in a mirror.
vec4 image(vec2 q, float shape, float loose) {
  vec2 size = vec2(textureSize(picture_tex, 0)); float own = size.x / size.y;
  vec2 k = (own > shape ? vec2(shape / own, 1.) : vec2(1., own / shape)) * (own > shape ? mix(1., own / shape, loose) : mix(1., shape / own, loose));
  vec2 uv = abs(.5 + .5 * q * k); uv = 1. - abs(1. - uv);
  return textureLod(picture_tex, clamp(uv, .004, .996), 0.);
}
float spread(vec3 c) { return max(c.r, max(c.g, c.b)) - min(c.r, min(c.g, c.b)); }
// The film's palette in place of the image's colours: each goes to those near it and keeps its brightness, and a little of itself.
vec3 in_palette(vec3 c) {
  vec3 sum = vec3(0.); float weight = 0., wide = 0.;
  for (int i = 0; i < 5; i++) {
    vec3 d = c - pal[i]; float w = 1. / (dot(d, d) + .03); w *= w;
    sum += w * pal[i]; weight += w; wide = max(wide, spread(pal[i]));
  }
  vec3 near = sum / weight; float y = luma(c);
  return clamp(near + (y - luma(near)) * .8 + (c - y) * .45 * wide, 0., 1.);
}
// What of the image shines: styles that cut and ink by depth and light show it by this.
float bright(vec3 c) { return .24 * slope(.48, .74, luma(c)); }
vec3 lit(vec3 c) { return mix(c, c * light_colour() * 1.25, hour == DAY ? .1 : .28) * LIGHT; }

// ---------------------------------------------------------------- who stands before it
void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float size, vec2 from) {
  if (subject_id == 0) return;
  bool up = subject_flies() || (subject_floats() && variant != 2);
  vec2 at = up ? air - vec2(0., .5 * size) + .012 * vec2(wave(t * .07), wave(t * .11)) : ground, q = (p - at) / size;
  float soft = pixel() / size, d = subject(q), m = mask(d, soft * 1.6);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float facing = dot(out_way, normalize(from - at)) / max(length(out_way), 1e-6);
  lay(s, ink() * .4, m, .1, 0.); subject_cover = m;
  s.c += sun() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * .5;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// ---------------------------------------------------------------- far behind; for 0 no colour but the way that the paint flows
float frame_half() { return .5 * aspect; }
vec4 contour(vec2 p) { return image(vec2(p.x / frame_half(), (p.y - .05) / .45), frame_half() / .45, .4); }
vec3 flow_of(vec2 p) {
  const vec2 e = vec2(.03, 0.); float h = contour(p).a;
  vec2 g = vec2(contour(p + e).a - contour(p - e).a, contour(p + e.yx).a - contour(p - e.yx).a);
  vec2 around = vec2(-g.y, g.x), free = n22(p * 2.6 + vec2(t * .03, 0.) + rnd.xy * 40.) - .5; // where the image is even, paint wanders
  vec2 way = around * 5. + free * .5;
  return vec3(way / (length(way) + .12), h);
}
const float SHORE = -.06;
vec2 vision() { return vec2(place_x(.0) - cam.x * .05, .22); }
float vision_half() { return min(.42, .46 * aspect); }
vec2 lamp_of() {
  if (variant == 1) return vec2(place_x(-.4) - cam.x * .04, .2);
  if (variant == 2) return vision();
  return vec2(place_x(.05) - cam.x * .05, .1);
}
vec3 far(vec2 p) {
  if (variant == 0) return flow_of(p);
  vec3 c = sky(variant == 2 ? p.y * 1.3 + .2 : p.y * .8 + .4); float r = length(p - lamp_of());
  float cloud = fbm1(vec2(p.x * .8 - t * .012, p.y * 1.9 + rnd.z * 8.) + rnd.xy * 8.);
  c = mix(c, mix(mix(pal[1], pal[2], .6), sun(), DAYLIGHT * .5), clamp((cloud - .4) * 2.2, 0., 1.) * (variant == 3 ? .55 : .4));
  return c + sun() * (exp(-r * 6.) * .4 + exp(-r * 2.4) * .16) * (.78 + .3 * bass) * (1. - .7 * DAYLIGHT);
}

// ---------------------------------------------------------------- 0 flowing paint
// One layer of dabs: the topmost of four cells covers; each lives some seconds, in which the paint carries it along. paint: the image's
// own colours, and in w how much more light falls on them; own: brightness of the image here, over whose features no dab of another goes.
void dabs(inout Shot s, inout vec4 paint, float own, vec2 p, vec2 way, float cell, float stretch, int id) {
  vec2 g = p / cell, base = floor(g - .5), best_at = vec2(0.), best = vec2(1., 0.), side = vec2(-way.y, way.x); float top = -1.;
  float grow = .56 * mix(.62, 1.05, section_phase) * (.94 + .1 * bass);
  for (int i = 0; i < 4; i++) {
    vec2 at = base + vec2(i & 1, i >> 1); vec4 r = dice4(int(at.x) + 311 * id, int(at.y) + seed());
    float life = fract(t * (.2 + .14 * r.z) + flow * .14 + r.w), size = grow * clamp(5.6 * life * (1. - life), 0., 1.);
    vec2 middle = at + .5 + (r.xy - .5) * .55 + way * ((life - .5) * .75 + .1 * hat * (r.y - .5)), d = g - middle, q = vec2(dot(d, way) / stretch, dot(d, side) * (stretch * 1.15));
    float far_off = dot(q, q), room = size * size - far_off;
    if (room > 0. && r.z > top) { top = r.z; best_at = middle * cell; best = vec2(sqrt(far_off) - size, q.y / (stretch * 1.15)); }
  }
  vec4 seen = contour(best_at);
  float bristle = triangle(best.y * 5. + top * 7.) * .6 + triangle(best.y * 13. + top * 3.) * .4, edge = clamp(1. + best.x * 7., 0., 1.);
  float relief = bristle * .038 + edge * .09 * (way.x * .6 - way.y * .5 + .1 + .5 * snare * (top - .5)) + (top - .5) * .075, a = clamp(-best.x * cell / pixel() + .5, 0., 1.) * step(0., top) * (1. - .75 * slope(.07, .26, abs(luma(seen.rgb) - own)));
  paint = mix(paint, vec4(seen.rgb, relief), a); s.depth = mix(s.depth, .9 - .55 * seen.a, a);
}
void painting(inout Shot s, vec2 p) {
  vec3 field = far_at(p); vec2 way = field.xy; float h = field.z;
  vec2 q = (p + cam.xy * vec2(.22, .16) * (h - .35)) / (1. + cam.z * .1 * h); // bright shapes stand nearer: they pass before the dark ones
  q += way * .008 * kick + .012 * vec2(wave(t * .13 + q.y * 1.7), wave(t * .11 + q.x * 1.5 + .3));
  float phase = fract(t * .15 + flow * .12), turn = abs(2. * phase - 1.);
  vec3 wet = mix(contour(q - way * .05 * (phase - .5)).rgb, contour(q - way * .05 * (fract(phase + .5) - .5)).rgb, turn);
  float ridges = ridge1(q * 3.1 - way * .03 * phase + 5.) - .5;
  vec4 paint = vec4(wet, ridges * .1 - .05); s.depth = .9 - .5 * h;
  float fine = clamp(aspect / 1.2, .72, 1.);
  float own = luma(wet); dabs(s, paint, own, q, way, .070 * fine, 1.25, 1); dabs(s, paint, own, q, way, .041 * fine, 1.3, 2); dabs(s, paint, own, q, way, .022 * fine, 1.35, 3);
  s.c = lit(in_palette(paint.rgb)) * (1. + paint.w * 1.5) + paint.w * .12 * sun();
  s.glow = bright(s.c) + clamp((luma(s.c) - .62) * 1., 0., .4) * vocals;
  s.c += (mix(sun(), haze(), .5) * .30 * mix(.7, 1., DAYLIGHT) - .12 * s.c) * slope(.08, -.38, p.y) * (1. - luma(s.c)); // a mist, so that whoever stands there is seen
  // The heap of paint that the subject stands on.
  float x = p.x + cam.x * .3, hill = -.375 + .035 * wave(x * .55 + rnd.y) + .01 * fbm1(vec2(x * 3., rnd.z * 8.)), under = p.y - hill;
  float knife = ridge1(vec2(x * 1.4 + under * .6, under * 6. + rnd.w * 8.));
  vec3 heap = ink() * (.5 + .5 * knife) + lit(mix(pal[1], pal[2], knife)) * .22 * knife * clamp(1. + under / .16, 0., 1.);
  lay(s, heap + sun() * .22 * clamp(1. + under / .012, 0., 1.), mask(under, pixel() * 1.5), .16, 0.);
  float px = place_x(-.2); stand(s, p, vec2(px - cam.x * .3, -.385 + .035 * wave(px * .55 + rnd.y)), vec2(place_x(.2), .12), .27, vec2(place_x(.1), .2));
}

// ---------------------------------------------------------------- 1 the sail
float billow(vec2 u) { // folds hang from the yard, and swell towards the foot
  float loose = .15 + .95 * slope(.31, -.31, u.y), wind = weather == WIND ? 1.5 : 1.;
  return loose * wind * ((.5 + .35 * bass) * wave(u.x * .95 + u.y * .3 - t * .17 - flow * .08 + rnd.y)
    + .30 * wave(u.x * 2.5 - u.y * .6 - t * .27 + rnd.z) + (.09 + .12 * loudness) * wave(u.x * 5.2 + u.y * 1.1 - t * .4 - flow * .12));
}
void sea(inout Shot s, vec2 p, float horizon) {
  float v = horizon - p.y; if (v < 0.) return;
  float z = .06 / (v + .012); vec2 g = vec2((p.x + cam.x * .3) * (.6 + z * 2.2), z * 3. + t * .1 + flow * .05);
  float swell = fbm1(g * .9) + .35 * ridge1(g * 2.2 + 3.) - .62, k = clamp(z * .6, 0., 1.);
  vec3 water = mix(mix(mix(ink(), pal[1], .7), pal[2], .3 * DAYLIGHT), haze(), k * .7) * (1. + .75 * swell);
  float path = exp(-abs(p.x - lamp_of().x) * 5.) * clamp(swell * 3. + .3, 0., 1.);
  lay(s, water + sun() * path * (.3 + .25 * treble) * (.5 + .5 * k), mask(-v, pixel()), .55 + .4 * k, path * .3);
}
void sail(inout Shot s, vec2 p) {
  float rock = .05 * wave(t * .06 + .2) + .012 * wave(t * .13), horizon = -.2 + cam.y * .1;
  vec2 sunny = p - lamp_of(); float disc = length(sunny) - .055 - .004 * bass;
  lay(s, mix(sun(), vec3(1.), .2) * mix(.85, 1., DAYLIGHT), mask(disc, pixel() * 2.), 1., .5);
  float isle = p.y - horizon - .05 * fbm1(vec2((p.x + cam.x * .1) * 1.7, rnd.x * 8.)) + .012 + .05 * slope(.0, .35, abs(p.x - place_x(.5)) - .15);
  lay(s, mix(ink(), haze(), .55 + .3 * AIR), mask(max(isle, horizon - p.y), pixel() * 1.5), .92, 0.);
  sea(s, p, horizon);
  vec2 q = rot(rock * .5) * (p + vec2(cam.x * .2, cam.y * .12 + .5)) / (1. + cam.z * .06) - vec2(place_x(.06), .5);
  float half_w = min(.56, .42 * aspect), mast = max(abs(q.x) - .013, -.45 - q.y);
  lay(s, ink() * .8 + sun() * .15 * clamp(.5 - q.x * 40., 0., 1.), mask(mast, pixel()), .42, 0.);
  // The cloth: the place on it, how it is turned, and its light.
  const vec2 e = vec2(.012, 0.); vec2 u = q - vec2(0., .1); float z = billow(u);
  vec2 bent = (vec2(billow(u + e), billow(u + e.yx)) - z) / e.x;
  u += vec2(.020 * z - .006 * bent.x, .008 * z - .004 * bent.y); float top = .298 + .010 * u.x / half_w;
  float foot = -.30 + .085 * (1. - u.x * u.x / (half_w * half_w)) + .02 * z, side = abs(u.x) - half_w * (.93 + .05 * wave(u.y * .7 + .1)) - .012 * z;
  float cloth = max(side, max(u.y - top, foot - u.y));
  vec4 seen = image(vec2(u.x / half_w, u.y / .31), half_w / .31, 0.); vec2 thread = u * 330.;
  float weave = triangle(thread.x + .25 * step(.5, fract(thread.y * .5))) * triangle(thread.y), seam = abs(fract(u.x * 5.5 / half_w * .42 + .5) - .5) * half_w / .42 / 5.5;
  float away = u.x > 0. ? 1. : .0, facing = dot(vec2(bent.x, bent.y) * .115, normalize(vec2(-.8, .5))), fold = clamp(.82 + facing * .9, .42, 1.25);
  vec3 c = mix(in_palette(seen.rgb), mix(pal[4], sun(), .3), .07) * (1. + .06 * weave);
  c = lit(c) * fold + sun() * clamp(facing - .12, 0., .5) * .4 * mix(.5, 1., DAYLIGHT);
  c += sun() * exp(-length(sunny) * 4.) * .35 * seen.a; // the sun shines through
  c *= 1. - .22 * clamp(1. - seam / .003, 0., 1.) - .3 * clamp(1. + cloth / .008, 0., 1.);
  float gust = clamp(1. - abs(u.x - half_w * (2.4 * fract(t * .09 + flow * .04) - 1.2)) / .2, 0., 1.); c += sun() * gust * .05 * (.6 + snare);
  lay(s, c, mask(cloth, pixel() * 1.2), clamp(.62 - .05 * z - .42 * seen.a, .2, .7), bright(seen.rgb) * .9 + clamp(facing - .2, 0., .3) * vocals);
  float yard = sd_capsule(q, vec2(-half_w - .05, .405 - .01), vec2(half_w + .05, .405 + .01), .011 - abs(q.x) * .008);
  vec2 rope = vec2(abs(q.x), q.y); float ropes = min(sd_capsule(rope, vec2(half_w + .03, .4), vec2(.01, .62), .0016), sd_capsule(rope, vec2(half_w * .95, -.17), vec2(half_w * 1.25, -.46), .0018));
  lay(s, ink() * .7 + sun() * .2 * clamp((q.y - .405) * 60., 0., 1.), mask(min(yard, ropes), pixel()), .3, 0.);
  // The deck before it, with planks towards the bow.
  vec2 d = p + vec2(cam.x * .3, cam.y * .2); float rail_y = -.36 - .035 * d.x * d.x + rock * .25 * d.x, rail = abs(d.y - rail_y - .05) - .007, deck = d.y - rail_y + .015;
  float post = max(abs(fract(d.x * 7. + .5) - .5) / 7. - .006, abs(d.y - rail_y - .015) - .04);
  float plank = fract(d.x / (.75 - d.y) * 9.), grain = fbm1(vec2(d.x / (.75 - d.y) * 26., d.y * 3.));
  vec3 wood = ink() * (.55 + .5 * grain) * (1. - .4 * step(.93, plank)) + sun() * .1 * DAYLIGHT * grain;
  lay(s, wood, mask(deck, pixel()), .18, 0.); lay(s, ink() * .5 + sun() * .25 * clamp((d.y - rail_y - .045) * 120., 0., 1.), mask(min(rail, post), pixel()), .17, 0.);
  stand(s, p, vec2(place_x(-.24) - cam.x * .3, -.40), vec2(place_x(.38), .02), .29, lamp_of());
}

// ---------------------------------------------------------------- 2 lights over the water
// The image in the sky, as curtains of light: colour, and how much of it is there.
vec4 lights(vec2 p) {
  vec2 u = p - vision(); float hw = vision_half(), hh = .25;
  u.x += .014 * wave(u.y * 1.6 + t * .15 + rnd.y) + .007 * wave(u.y * 3.7 - t * .23); u.y += .016 * wave(u.x * 1.5 - t * .12) + .009 * wave(u.x * 3.9 + t * .17) + .004 * bass;
  vec4 seen = image(u / vec2(hw, hh), hw / hh, 0.); vec2 v = abs(u) / vec2(hw, hh);
  float torn = .22 * (fbm1(p * 2.2 + vec2(t * .02, 0.)) - .5), round_ = length(v * v * v), edge = slope(1.05, .45, round_ + torn) * slope(1., .72, max(v.x, v.y) + torn * .3), rays = fbm1(vec2(u.x * 9. + t * .10 + flow * .06, u.y * .5 + t * .06));
  vec3 c = in_palette(seen.rgb);
  return vec4(c * (.56 + .72 * rays) + sun() * .05 * rays * vocals, edge * (.94 - .1 * rays) * mix(.55, 1., slope(.08, .4, luma(c))));
}
void rings(inout vec2 push, inout float crest, vec2 g) {
  for (int k = 0; k < 4; k++) { // one begins with each quarter of the bar
    vec4 r = dice4(k * 7 + 3, seed()); float age = fract(bar_phase - float(k) * .25 + .98);
    vec2 d = g - vec2(place_x(1.1 * (r.x - .5)), .25 + .5 * r.y); float far_off = length(d), x = (far_off - .05 - .55 * age) / (.05 + .05 * age);
    float w = max(1. - x * x, 0.); w *= w * (1. - age) * (.45 + .7 * kick) * step(.0, far_off); push += d / max(far_off, .02) * w * (x < 0. ? -1. : 1.); crest += w;
  }
}
void water(inout Shot s, vec2 p) {
  if (hour == DAY) s.c = mix(s.c, sky_mid(), .2);
  vec2 cells = p * 36. + rnd.xy * 9., at = floor(cells); vec4 r = dice4(int(at.x), int(at.y)); vec2 point = star_point(.6 + .8 * r.w); // small stars
  float star = clamp(1.35 - length(cells - at - .2 - .6 * r.xy) / 36. / point.x, 0., 1.) * point.y * step(.72, r.z) * (.5 + .3 * treble + .2 * triangle(t * .2 + r.w * 9.)) * (1. - DAYLIGHT);
  s.c += pal[4] * star * .8; s.glow = max(s.glow, star * .4);
  float y = p.y - SHORE, z = .11 / (max(-y, 0.) + .02); vec2 m = p, push = vec2(0.); float crest = 0., ripple = 0.;
  if (y < 0.) {
    vec2 g = vec2((p.x + cam.x * .12) * (1. + z * 1.6), z * 2.6); rings(push, crest, vec2(p.x * 1.4, -y * 1.7));
    ripple = fbm1(vec2(g.x * 2.2, g.y * 2. + t * .14 + flow * .07)) + .6 * fbm1(vec2(g.x * 5. - t * .08, g.y * 5. + t * .25)) - .8;
    float rough = (.35 + .5 * loudness) * (weather == WIND || weather == RAIN ? 1.5 : 1.);
    m = vec2(p.x + ripple * .022 * rough, 2. * SHORE - p.y + ripple * .085 * rough * slope(0., .12, -y)) + push * vec2(.03, .045);
    m.y = SHORE + (m.y - SHORE) * .98;
    s.c = far_at(vec2(m.x, min(m.y, .48))) * .8;
  }
  vec4 seen = lights(m); float power = mix(.98, .82, DAYLIGHT) * (hour == NIGHT ? .86 : 1.);
  float bank = .02 + .05 * fbm1(vec2((m.x + cam.x * .16) * 1.9, rnd.y * 8.)) + .05 * slope(.2, .8, abs(m.x + cam.x * .1) / max(aspect * .5, .3)), hills = .075 * fbm1(vec2((m.x + cam.x * .08) * .9 + 3., rnd.z * 8.)) + .02;
  s.c = mix(s.c, seen.rgb * power + s.c * .25, seen.a * (y < 0. ? .86 : .94)); s.depth = 1. - .22 * seen.a * luma(seen.rgb); s.glow = max(s.glow, seen.a * clamp(luma(seen.rgb) - .35, 0., 1.) * .5);
  float my = m.y - SHORE; lay(s, mix(ink(), mix(haze(), sky_mid(), .4), .45 + .4 * AIR), mask(my - hills, pixel() * 2.), .86, 0.);
  float tx = m.x + cam.x * .16, trees = bank + (.011 * abs(triangle(tx * 19. + .2 * wave(tx * 3.))) + .008 * abs(triangle(tx * 47. + .3))) * step(0., y); lay(s, mix(ink() * .8, haze(), .12 + .3 * AIR), mask(my - trees, pixel() * 1.5), .7, 0.);
  if (y < 0.) {
    float k = slope(0., .45, -y); s.c = mix(s.c, ink() * .7, .12 + .2 * k) * (1. + .35 * ripple * (.4 + k));
    s.c += (in_palette(vec3(luma(seen.rgb))) * .3 + sun() * .16) * crest * .8; s.depth = mix(.78, .3, k); s.glow *= .6;
    s.c += sun() * clamp(ripple * 2.4 - .55, 0., 1.) * .22 * (.4 + .8 * treble) * slope(.5, .0, abs(p.x));
  }
  for (int i = 0; i < 4; i++) { // lanterns adrift
    vec4 r = dice4(i, 9 + seed()); float k = .12 + .2 * float(i) / 3. + .05 * r.y, x = place_x(1.5 * (fract(r.x + t * .004 * (r.z - .5)) - .5)) - cam.x * (.1 + k * .5);
    vec2 q = (p - vec2(x, SHORE - k + .004 * wave(t * .2 + r.w))) / (.35 + 2. * k); float flame = (.55 + .2 * triangle(t * .7 + r.w * 5.) + .3 * mid) * (1. - .55 * DAYLIGHT);
    float lamp = box2(q - vec2(0., .014), vec2(.011 + .15 * max(q.y - .01, 0.) * .3, .014)), float_ = box2(q, vec2(.018, .003));
    lay(s, ink() * .6, mask(float_, pixel() * 1.5), .5 - k, 0.); vec3 warm = mix(pal[4], pal[3], .35); lay(s, warm * (.5 + .5 * flame), mask(lamp, pixel() * 1.5), .5 - k, .7 * flame);
    s.c += warm * flame * (.05 / (1. + dot(q, q) * 900.) + .35 * clamp(1. - abs(q.x) / .016, 0., 1.) * slope(-.11, .0, q.y) * step(q.y, 0.) * (.5 + ripple));
  }
  vec2 jetty = p - vec2(place_x(-.3) - cam.x * .32, -.335 - cam.y * .1); float board = box2(jetty + vec2(.3, 0.), vec2(.3 + .17 * clamp(aspect, .6, 1.), .011)), pile = max(abs(fract(jetty.x * 7.) - .5) / 7. - .008, max(jetty.x - .14, max(jetty.y, -.2 - jetty.y)));
  lay(s, ink() * .45 + sun() * .14 * clamp(jetty.y * 90., 0., 1.), mask(min(board, pile), pixel()), .12, 0.);
  stand(s, p, subject_floats() ? vec2(place_x(.16) - cam.x * .2, -.27) : vec2(place_x(-.28) - cam.x * .32, -.327 - cam.y * .1), vec2(place_x(.34), .16), .22, vision());
}

// ---------------------------------------------------------------- 3 panes
void panes(inout Shot s, vec2 p) {
  const float FLOOR = -.33; vec2 c = vec2(0., .09), box = vec2(min(.5 * aspect - .02, .8), .385); float shape = box.x / box.y, mirror = p.y < FLOOR ? 1. : 0.;
  float z = .1 / (max(FLOOR - p.y, 0.) + .03), ripple = mirror * (fbm1(vec2(p.x * (1. + z) * 2., z * 3. + t * .03)) - .5);
  vec2 m = mirror > 0. ? vec2(p.x + ripple * .05, 2. * FLOOR - p.y + ripple * .05) : p; s.c = mix(far_at(m), mix(pal[1], pal[2], .35) * mix(.7, 1., DAYLIGHT), .5) * (1. - .3 * mirror); // a hall, darker than the sky
  shine(s, sun(), exp(-length(m - lamp_of()) * 3.4) * (.42 + .2 * bass) * (1. - .5 * DAYLIGHT));
  float cell = .118 * clamp(aspect / 1.3, .72, 1.); vec2 g = (m - c) / cell, base = floor(g - .5), on = vec2(0.), best = vec2(0.); float top = -1., turned = 0., edge = 0.; vec4 dice = vec4(0.);
  for (int i = 0; i < 4; i++) {
    vec2 at = base + vec2(i & 1, i >> 1), home = at + .5; vec4 r = dice4(int(at.x), int(at.y) + seed());
    if (abs(home.x * cell) > box.x || abs(home.y * cell) > box.y) continue;
    float near = r.z, whole = slope(r.w * .55, r.w * .55 + .4, max(section_phase * .9, sp) + .08); whole *= whole * (3. - 2. * whole);
    vec2 off = (r.xy - .5) * .62 * (1. - whole) + clamp(cam.xy * vec2(.9, .7) * (near - .5), -.22, .22) + .035 * vec2(wave(t * .07 + r.x), wave(t * .09 + r.y));
    float f = fract(t * .075 + flow * .05 - home.x * .045 - home.y * .021 + .05 * r.y + rnd.y), swing = slope(0., .3, f); swing *= swing * (3. - 2. * swing);
    float angle = TAU * swing + .5 * (1. - whole) * (r.x - .5) * 2. + .42 * snare * (r.y - .4), co = cos(angle), si = sin(angle);
    float size = (.40 + .075 * whole + .05 * near * (1. + cam.z * .4)) * (.98 + .03 * bass); vec2 d = g - home - off; d.x /= co < 0. ? min(co, -.06) : max(co, .06); d.y /= 1. + .28 * si * d.x;
    float b = max(abs(d.x), abs(d.y)) - size; float rank = near + .2 * abs(co);
    if (b < 0. && rank > top) { top = rank; on = home + vec2(co < 0. ? -d.x : d.x, d.y) * (.47 / size); best = d / size; edge = -b * abs(co); turned = angle; dice = r; }
  }
  if (top > 0.) {
    float co = cos(turned), si = sin(turned); vec4 seen = image(on * cell / box, shape, .2); vec3 front = lit(in_palette(seen.rgb)), back = lit(mix(mix(pal[0], pal[1], .6), mix(pal[3], pal[4], .45), slope(.08, .85, luma(seen.rgb)))); // the other side has it in two inks
    vec3 face = (co > 0. ? front : back) * (.80 + .2 * abs(co) + .28 * si * (.6 + .4 * best.x) * .6); float bevel = clamp(1. - edge / .045, 0., 1.);
    face += sun() * bevel * (best.y > abs(best.x) || -best.x > abs(best.y) ? .22 : -.06) * (.5 + .5 * LIGHT); face += sun() * .3 * clamp(1. - abs(best.x + best.y * .6 - 3. * si) / .22, 0., 1.) * abs(si) * (.4 + .6 * treble);
    lay(s, face, clamp(edge * cell / pixel() + .3, 0., 1.), clamp(.84 - .2 * dice.z - .5 * seen.a, .1, .9), bright(face));
  }
  if (mirror > 0.) { float k = slope(0., .17, FLOOR - p.y); s.c = mix(s.c * .5, ink(), .25 + .5 * k) * (1. + ripple * .5); s.depth = .5 - .35 * k; s.glow *= .3; }
  s.c += sun() * .1 * clamp(1. - abs(p.y - FLOOR) / .004, 0., 1.);
  for (int i = 0; i < 2; i++) { // motes in the light
    float n = i == 0 ? 7. : 12.; vec2 q = vec2(p.x - cam.x * .3 + .02 * wave(t * .05 + p.y), p.y - t * (.012 + .008 * float(i)) - flow * .01) * n, at = floor(q); vec4 r = dice4(int(at.x) + 91 * i, int(at.y)); vec2 point = star_point(1.2 + 1.6 * r.w);
    float a = clamp(1.3 - length(q - at - .2 - .6 * r.xy) / n / point.x, 0., 1.) * point.y * step(.6, r.z) * (.25 + .4 * vocals + .35 * hat); s.c += sun() * a * .6; s.glow = max(s.glow, a * .4);
  }
  stand(s, p, vec2(place_x(.27) - cam.x * .25, -.40), vec2(place_x(-.25), -.05), .29, lamp_of());
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(variant == 0 ? pal[1] : far_at(p), 1., 0.);
  if (variant == 0) painting(s, p);
  if (variant == 1) sail(s, p);
  if (variant == 2) water(s, p);
  if (variant == 3) panes(s, p);
  vec3 air = variant == 0 || variant == 3 ? mix(s.c, haze(), (weather == FOG ? .3 : .06) * s.depth * s.depth) : hazed(s.c, s.depth * (variant == 2 ? .55 : .75));
  colour = clamp(weather_layer(p, air, s.depth), 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
