// Fire: 0 campfire on a beach under the stars, 1 candles by the hundred on steps before a tall window, 2 volcano with rivers of lava,
// 3 paper lanterns rising over water. Lengths are in picture heights; w is half the picture's width, so that all formats hold the same
// composition. Fire answers slowly: its height follows loudness and bass, and what it lights lags behind through wide, weak glows.

struct Shot { vec3 c; float depth; float glow; };

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ASTRONAUT || subject_id == SJ_ROCKET || subject_id == SJ_WHALE || SJ_HANGS;
const bool AFLOAT = subject_id == SJ_BOAT || subject_id == SJ_SHIP;
const float GREY = weather == RAIN ? .5 : weather == SNOW ? .35 : weather == FOG ? .25 : 0.;
const float HURRY = weather == WIND ? 2. : 1.;
// How much of the picture's light is fire's own.
const float DARK = hour == NIGHT ? 1. : hour == DUSK ? .85 : hour == DAWN ? .6 : .42;

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

vec3 sun() { return mix(light_colour(), pal[4], .3); }
vec3 haze() { return mix(sky_low(), sky_mid(), hour == NIGHT ? .45 : hour == DAY ? .55 : .25); }
vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .5 : hour == DAWN ? .5 : .18) * (hour == NIGHT ? .65 : .85); }
// Colours of fire: red foot and edge, body, core.
vec3 ember() { return mix(pal[3], vec3(.95, .28, .10), .42); }
vec3 flame() { return mix(mix(pal[3], pal[4], .45), vec3(1., .58, .18), .42); }
vec3 core() { return mix(pal[4], vec3(1., .93, .72), .5); }
vec3 heat(float k) { return mix(mix(ember(), flame(), clamp(k * 2., 0., 1.)), core(), clamp(k * 2. - 1., 0., 1.)); }
// A hanging wind of its own for each thing that burns.
float draught(float id) { return (wave(t * .13 + id) + .5 * wave(t * .31 + id * 3.)) * HURRY; }

const float SHORE = variant == 0 ? -.10 : variant == 2 ? -.17 : -.13;
vec2 fire_at() {
  float w = half_width();
  return variant == 0 ? vec2(.10 * w - .22 * cam.x, -.315) : variant == 1 ? vec2(-.03 * cam.x, .10) : variant == 2 ? vec2(.12 * w - .07 * cam.x, .20) : vec2(.04 * w, .0);
}
vec3 orb() {
  float w = half_width(), slim = clamp(w / .7, .65, 1.);
  if (variant == 0) return vec3(-.50 * w - .03 * cam.x, hour == NIGHT || hour == DAY ? .28 : -.05, .05 * slim);
  if (variant == 2) return vec3(-.58 * w - .03 * cam.x, hour == NIGHT || hour == DAY ? .30 : -.06, .06 * slim);
  return vec3(-.40 * w - .03 * cam.x, hour == NIGHT || hour == DAY ? .27 : .0, .055 * slim);
}

// The plume of the volcano: billows that climb and lean with the wind, lit from below.
vec3 plume(vec2 p, vec3 c) {
  vec2 q = p - fire_at(); float up = max(q.y + .03, 0.); q.x -= up * up * (weather == WIND ? 1.3 : .55) + .02 * wave(up * .9 - t * .05);
  vec2 u = vec2(q.x * 1.6 / (.5 + up), up * 1.3 - t * .035 - .05 * flow); float a = fbm1(u * 1.6 + rnd.xy * 8.), b = ridge1(u * 2.6 + .4 * a), wide = .06 + .62 * up;
  float body = smoothstep(1.15, .25, abs(q.x) / wide + .85 * (b - .55) + .6 * (a - .5)) * step(0., q.y + .03);
  float under = exp(-up * 4.5) * (.7 + .35 * bass), side = clamp(.5 - q.x / wide * .5 * sign(orb().x) * -1., 0., 1.);
  vec3 smoke = mix(ink() * .8, mix(sky_mid(), pal[2], .3) * (hour == NIGHT ? .6 : 1.), clamp(.15 + .5 * (1. - b) + .35 * side * (1. - DARK * .4), 0., 1.));
  return mix(c, smoke + ember() * under * (.25 + .9 * (1. - b)) * (.4 + .6 * DARK), body * (.95 - .25 * smoothstep(.2, .7, up)));
}

// ---------------------------------------------------------------- the hall with a tall window, drawn softly: only its light
vec3 far(vec2 p) {
  vec3 o = orb(); float y = max(p.y - SHORE, 0.), d = length(p - o.xy), f = length((p - fire_at()) * vec2(.9, 1.));
  vec3 c = sky(y * 1.2 + (hour == DAY ? .2 : 0.));
  float halo = exp(-max(d - o.z, 0.) * 5.); c += sun() * halo * (hour == DAY ? .2 : hour == NIGHT ? .16 : .34) * (1. - .6 * GREY);
  vec2 q = vec2(p.x * .7 + t * .006 * HURRY + cam.x * .1, p.y * 2.8 - p.x * .25) + rnd.xy * 8.;
  float a = fbm1(q), k = smoothstep(.45, .9, .6 * a + .45 * fbm1(q * 2.1 + a)) * smoothstep(0., .25, y);
  c = mix(c, mix(mix(sky_mid(), sky_top(), .4), mix(sun(), haze(), .5), .25 + .5 * halo), k * .5);
  if (weather == RAIN || weather == SNOW) c = mix(c, vec3(luma(c)) * .85, .4);
  if (variant == 2) { c += ember() * exp(-f * 3.2) * (.26 + .12 * bass) * DARK; c = plume(p, c); }
  if (variant == 0) c += flame() * exp(-f * 4.2) * (.10 + .06 * bass) * DARK;
  if (variant == 3) c += flame() * exp(-8. * abs(p.y - SHORE - .02)) * exp(-1.4 * abs(p.x)) * (.12 + .10 * vocals) * DARK;
  return weather == FOG ? mix(c, haze(), .5 * exp(-y * 2.)) : c;
}

void stars(inout Shot s, vec2 p, float low) {
  if (hour == DAY || hour == DAWN) return;
  vec2 g = p * 46., i = floor(g); vec4 r = dice4(int(i.x) + 311, int(i.y) + seed());
  vec2 point = star_point(.5 + .9 * r.w * r.w);
  float a = clamp(1.3 - length(g - i - .2 - .6 * r.xy) / 46. / point.x, 0., 1.) * point.y * step(.55, r.z) * smoothstep(low, low + .3, p.y) * (.55 + .2 * triangle(t * .2 + r.w * 9.) + .3 * treble);
  a *= (hour == DUSK ? .5 : .95) * (1. - GREY); s.c += mix(pal[4], vec3(1.), .5) * a; s.glow = max(s.glow, a * .5);
}
void disc(inout Shot s, vec2 p) {
  vec3 o = orb(); vec2 q = (p - o.xy) / o.z; float r = length(q), a = mask((r - 1.) * o.z, 1.5 * pixel()) * (weather == CLEAR || weather == WIND ? 1. : .5);
  vec3 c = hour == NIGHT ? mix(mix(pal[4], vec3(1.), .2), pal[2], .45 * smoothstep(.45, .85, fbm1(q * .9))) : mix(sun(), vec3(1., .98, .93), .5);
  if (hour != NIGHT) c = max(c, s.c + .10);
  lay(s, c, a * .95, 1., .25 * a);
}

// Embers that rise from a fire and drift, in cells that grow with height; hats and treble light them.
void embers(inout Shot s, vec2 p, vec2 at, float cells, float spread, float tall, float id) {
  vec2 q = p - at; float up = max(q.y, 0.); q.x -= up * up * (weather == WIND ? .9 : .12) + .03 * wave(up * 2.1 - t * .16 + id) * up * 3.;
  float fan = .05 + spread * up; vec2 g = vec2(q.x / fan * cells * .12, (q.y - t * .10 - flow * .09) * cells + 7. * id), i = floor(vec2(g.x, g.y)); vec4 r = dice4(int(i.x) + 57, int(i.y) + seed());
  vec2 f = g - i - .5 - vec2(.5, .7) * (r.xy - .5) - vec2(.12 * wave(t * .4 + r.z), 0.); float dist = length(f * vec2(fan / .12, 1.)) / cells, big = max((.0012 + .0026 * r.w * r.w) * (1.1 - .5 * up), .7 * pixel());
  float fade = clamp(1. - up / tall, 0., 1.) * smoothstep(0., .05, up) * step(.50 + .35 * clamp(up / tall, 0., 1.), r.z) * clamp(1.6 - abs(q.x) / fan * .9, 0., 1.);
  float bright = (.5 + .25 * wave(t * .35 + r.w * 7.) + .35 * (r.x > .5 ? hat : treble)) * fade, a = clamp(1.5 - dist / big, 0., 1.) * bright;
  s.c += mix(heat(.5 + .4 * r.w), core(), .3) * a + ember() * bright * .10 * clamp(1. - dist / (big * 6.), 0., 1.); s.glow = max(s.glow, a);
}

// Tongues of flame on y = 0, about 1 high and 1 wide: how hot, 0 outside to 1 in the core.
float tongues(vec2 q, float id) {
  float up = clamp(q.y, 0., 1.6); q.x -= draught(id) * .07 * up * up + (weather == WIND ? .3 * up * up : 0.);
  vec4 n = textureLod(noise_tex, vec2(q.x * .21 + id * .37, q.y * .12 - t * .17 - flow * .10), 0.), m = textureLod(noise_tex, vec2(q.x * .5 + .1 * n.b + id, q.y * .26 - t * .31 - flow * .16), 0.);
  q.x += (n.b - .5) * .55 * min(up * 1.6, 1.) + (m.b - .5) * .2 * min(up * 2., 1.);
  float belly = .34 * (1. - up) * (1. - up) * (.55 + 2.4 * min(up + .06, .35)) + .05 * (1. - up), lick = up * (.55 + .55 * m.a) + .1 * n.b;
  return clamp((1.06 - abs(q.x) / max(belly, .004) * .55 - .62 * lick * lick - smoothstep(.55, 1.2, lick) * .8) * 1.25, 0., 1.) * step(-.02, q.y);
}

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, vec2 sea, float ground_size, float air_size, float sea_size) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air + .012 * vec2(wave(t * .07), wave(t * .11)) : AFLOAT ? sea : ground; float size = ALOFT ? air_size : AFLOAT ? sea_size : ground_size;
  vec2 q = (p - at) / size; vec3 rim = mix(flame(), core(), .2) * (.55 + .4 * DARK);
  s.c = subject_over(q, pixel() / size, s.c, ink() * .45, rim, normalize(fire_at() + vec2(0., .08) - at - vec2(0., .3 * size)));
  s.depth = mix(s.depth, .15, step(.5, subject_cover)); vec3 g = subject_glow(q); s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// Sea below the horizon: mirrored sky broken by ripples, with the path of a light at x.
vec3 sea(vec2 p, float f, float light_x, vec3 light, float power) {
  float z = .05 / (f + .012); vec2 q = vec2(p.x * (1. + z) * 2. + .2 * cam.x, z * 2.6 + t * .05 + .02 * flow);
  vec4 n = textureLod(noise_tex, q * vec2(.22, .34) + rnd.zw, 0.), m = textureLod(noise_tex, q * vec2(.55, .9) - vec2(.01 * t, .03 * t), 0.);
  float rip = n.b + m.b - 1.; vec3 c = mix(far_at(vec2(p.x + rip * .03, SHORE + f * 1.1 + .02 * rip)), mix(pal[0], sky_top(), .5), .30 + .35 * clamp(f * 2.2, 0., 1.));
  float path = exp(-abs(p.x - light_x + rip * .05) / (.02 + .30 * f)) * smoothstep(-.1, .45, rip + .25 * (m.a - .4));
  return c * (.9 + .25 * rip) + light * path * power;
}

// ---------------------------------------------------------------- 0 campfire
// Two logs cross the fire's foot, stones lie round it.
void hearth(inout Shot s, vec2 p, vec2 at, float size, bool front) {
  vec2 q = (p - at) / size; float soft = pixel() / size;
  float logs = front ? min(sd_capsule(q, vec2(-.42, .02), vec2(.26, .17), .062), sd_capsule(q, vec2(.45, .0), vec2(-.20, .15), .058)) : min(sd_capsule(q, vec2(-.24, .03), vec2(.10, .42), .05), sd_capsule(q, vec2(.26, .03), vec2(-.06, .40), .046));
  float grain = n2(q * 30.), crack = smoothstep(.55, .8, ridge1(q * 2.6 + 3.)), near = exp(-4. * length(q - vec2(0., .14)));
  lay(s, mix(ink() * .5, ember() * .55, .25 * near * grain) + heat(.4) * crack * near * (.5 + .3 * bass), mask(logs, soft), .2, crack * near * .7);
  if (!front) return;
  float x = q.x * 6.5, cell = floor(x), r = h1(cell + 5.), ring = q.x * q.x; vec2 e = vec2(x - cell - .5, (q.y + .055 + .03 * (1. - ring)) * 6.5);
  float stone = (length(e / vec2(.5, .36 + .14 * r)) - 1.) * .05 + step(.72, abs(q.x)), up = clamp(.4 + e.y, 0., 1.);
  lay(s, mix(ink() * .45, mix(pal[1], pal[2], .35) * .8, up * .5) + flame() * .32 * up * up * exp(-1.6 * abs(q.x)) * (.6 + .5 * bass), mask(stone, soft), .18, 0.);
}

void campfire(inout Shot s, vec2 p) {
  float w = half_width(), size = .15 * clamp(w / .7, .75, 1.), high = .88 + .22 * loudness + .10 * bass; vec2 at = fire_at(); vec3 o = orb();
  stars(s, p, SHORE); disc(s, p);
  float f = SHORE + .03 * cam.y - p.y, x1 = p.x + .05 * cam.x, land = .018 + .075 * smoothstep(-.15 * w, -1.1 * w, x1) * (.6 + .8 * fbm1(vec2(x1 * 1.1 + rnd.x, .3))) + .05 * smoothstep(.45 * w, 1.2 * w, x1) - .018 * smoothstep(.75 * w, .2 * w, abs(x1 + .1 * w));
  if (f > 0.) { s.c = sea(p, f, o.x, sun(), hour == NIGHT ? .35 : .5) ; s.depth = clamp(.9 - f * 1.5, .4, .9); }
  lay(s, mix(ink(), haze(), .42), mask(-f - land, 1.5 * pixel()) * step(f, 0.), .88, 0.);
  float surf = -.235 + .012 * wave(p.x * .55 + t * .035) + .006 * wave(p.x * 1.7 - t * .05) + .03 * cam.y, sand_f = surf - p.y, lamp = length((p - at) * vec2(.75, 1.9)), glow = exp(-lamp * 4.6) * (.72 + .22 * bass + .12 * loudness) * (.45 + .6 * DARK);
  vec4 n = textureLod(noise_tex, vec2((p.x + .25 * cam.x) * .6, p.y * 2.1), 0.), m = textureLod(noise_tex, vec2((p.x + .25 * cam.x) * 2.1, p.y * 6.), 0.);
  vec3 sand = mix(ink(), mix(pal[2], sky_low(), .45) * (hour == NIGHT ? .42 : hour == DUSK ? .6 : .9), .25 + .35 * n.b + .12 * m.b) * (1. - .25 * clamp(sand_f * 2., 0., 1.));
  sand += flame() * glow * (.42 + .35 * m.b + .2 * n.a); float wet = exp(-max(sand_f, 0.) * 30.);
  sand = mix(sand, far_at(vec2(p.x, SHORE + .1)), wet * .45); sand = mix(sand, mix(pal[4], sky_low(), .3) * (hour == NIGHT ? .65 : .95), clamp(1. - abs(sand_f - .003 - .004 * m.b) / .006, 0., 1.) * .7);
  lay(s, sand, mask(-sand_f, 2. * pixel()), clamp(.42 - sand_f, .15, .42), 0.);
  // A leaning palm and dune grass frame the light.
  float x = p.x + .30 * cam.x, dune = -.53 + .36 * smoothstep(.22 * w, 1.0 * w, x) * (1. + .12 * wave(x * .9)), blade_x = (x + .25 * (p.y - dune) * (.4 + .2 * draught(x))) * 95., cell = floor(blade_x), tuft = h1(cell) * .085 * smoothstep(.30 * w, .6 * w, x);
  float grass = p.y - dune - tuft * (1. - 2. * abs(blade_x - cell - .5)); float under = clamp((dune - p.y) * 14., 0., 1.); vec3 dune_c = mix(ink() * .55, sand * .62, under * (.4 + .35 * n.b));
  lay(s, dune_c + flame() * .10 * glow, mask(grass, pixel()), .25, 0.);
  vec2 k = p - vec2(.86 * w - .26 * cam.x, -.30); float v = clamp(k.y / .56, 0., 1.), trunk = abs(k.x + .16 * v * v * clamp(w, .5, 1.)) - .013 + .006 * v, sway = .012 * draught(.3);
  vec2 h = k - vec2(-.16 * clamp(w, .5, 1.) + sway, .56); float frond = length(h) - .016;
  for (int i = 0; i < 8; i++) { // fronds arch out of the crown and hang, their edges cut into leaflets
    float a = -.35 + .53 * float(i), reach = .17 + .05 * h1(float(i)); vec2 way = vec2(cos(a), sin(a)), fall = vec2(0., .15 + .05 * abs(way.x)); float u = clamp(dot(h, way) / reach, 0., 1.);
    vec2 e = h - way * reach * u + fall * u * u; u = clamp(u + dot(e, normalize(way * reach - 2. * fall * u)) / reach * .8, 0., 1.); e = h - way * reach * u + fall * u * u;
    frond = min(frond, length(e) - (.004 * (1. - u) + .016 * (1. - u) * min(u * 8., 1.)) * (.55 + .55 * fract(u * 13.)));
  }
  lay(s, ink() * .5 + flame() * .22 * clamp((-k.x - .16 * v * v) * 60. + .2, 0., 1.) * exp(-2. * v) * DARK, mask(min(max(trunk, abs(k.y - .28) - .28), frond), pixel()), .22, 0.);
  hearth(s, p, at, size, false);
  vec2 q = (p - at - vec2(0., .012)) / vec2(size * 1.35, size * 1.9 * high); float hot = tongues(q, 1.7 + rnd.x);
  s.c += flame() * exp(-length((p - at - vec2(0., .08)) * vec2(1.2, .9)) * 9.) * (.34 + .10 * bass) * (.5 + .5 * DARK);
  lay(s, heat(hot * 1.05 - .05), smoothstep(.02, .30, hot) * .96, .19, smoothstep(.1, .6, hot) * .95);
  hearth(s, p, at, size, true);
  embers(s, p, at + vec2(0., .10), 20., .20, .80, 1.); embers(s, p, at + vec2(0., .10), 11., .34, .72, 2.);
  stand(s, p, vec2(at.x - .40 * w, -.375), vec2(-.42 * w - .15 * cam.x, .10), vec2(-.38 * w - .1 * cam.x, -.19), .31, .2, .18);
}

// ---------------------------------------------------------------- 1 candles
const int STEPS = 7;
float pane_here = 0.; // where the window is: weather stays outside
void candles(inout Shot s, vec2 p) {
  float w = half_width(), wide = clamp(w, .36, .75); vec2 c0 = vec2(-.05 * cam.x, 0.), q = p - c0; float ax = abs(q.x);
  // The wall with a window of lancets; its rose and panes hold the hour's light.
  float arch_w = .17 * clamp(w / .6, .75, 1.1), lift = .17 - .03 * cam.y, top = q.y - lift, arch = top < 0. ? ax - arch_w : length(vec2(ax + arch_w * .75, top)) - arch_w * 1.75, foot = -.12 - q.y;
  vec4 n = textureLod(noise_tex, vec2(q.x * .5, q.y * .5) + rnd.xy, 0.); vec2 brick = vec2(q.x * 7. + .5 * step(.5, fract(q.y * 6.)), q.y * 12.); vec4 br = dice4(int(floor(brick.x)), int(floor(brick.y)));
  float joint = max(abs(fract(brick.x) - .5) * 2. - .95, abs(fract(brick.y) - .5) * 2. - .91) * 8., warm = exp(-2.3 * max(p.y + .12, 0.)) * exp(-1.1 * ax) * (.75 + .2 * bass + .1 * loudness), pour = exp(-max(max(arch, foot), 0.) * 7.);
  vec3 stone = mix(mix(ink() * .55, pal[1] * .55, .25 + .35 * n.b + .25 * br.x), ink() * .4, clamp(joint, 0., 1.) * .6) ;
  vec3 wall = stone * ((hour == DAY ? 1.25 : .55) + (hour == DAY ? 1.2 : hour == NIGHT ? .15 : .5) * pour) + mix(sky_mid(), sun(), .4) * pour * (hour == NIGHT ? .05 : hour == DAY ? .26 : .14) + flame() * warm * (.30 + .22 * n.b) * (1. - .3 * clamp(joint, 0., 1.));
  lay(s, wall, 1., .85, 0.);
  float hole = max(arch, foot), frame = abs(hole - .022) - .010; lay(s, stone * .9 + flame() * .12 * warm + mix(sky_low(), sun(), .5) * .16 * pour, mask(frame, pixel()), .84, 0.);
  vec2 rose = vec2(q.x, q.y - lift - arch_w * .42); float rr = length(rose) / (arch_w * .52), ra = atan(rose.y, rose.x) / TAU, petals = abs(rr - .62 - .12 * triangle(ra * 8.)) , lead = min(abs(fract(ra * 8. + .5) - .5) / 8. * TAU * rr * arch_w * .5 + step(1., rr) - step(rr, .28), abs(rr - .28) * arch_w * .52);
  float lancet = abs(abs(q.x) - arch_w / 3.) - .003, bars = min(lancet, abs(fract(q.y * 11. + .5 * step(abs(q.x), arch_w / 3.)) - .5) / 11.); float lines = rr < 1. ? lead : bars; lines = min(lines, abs(rr - 1.) * arch_w * .52);
  vec2 pane = rr < 1. ? vec2(floor(ra * 8. + .5), 9. + floor(rr * 3.)) : vec2(floor(q.x / arch_w * 1.5 + .5), floor(q.y * 11. + .5 + .5 * step(abs(q.x), arch_w / 3.))); vec4 pr = dice4(int(pane.x), int(pane.y) + seed());
  vec3 sky_in = mix(sky(.12 + .5 * clamp(q.y + .1, 0., 1.)), sun(), (hour == NIGHT ? .30 : .42) * exp(-3.5 * length(q - vec2(-.02, lift))));
  vec3 glass = mix(sky_in, mix(mix(pal[2], pal[3], pr.x), pal[4], pr.y * .5), .42) * (hour == NIGHT ? .62 : 1.) * (.80 + .2 * pr.z + .12 * vocals); if (weather == RAIN || weather == SNOW) glass = mix(glass, vec3(luma(glass)) * .8, .55);
  if (weather == SNOW) glass = mix(glass, mix(pal[4], vec3(1.), .3) * (hour == NIGHT ? .6 : .95), .8 * smoothstep(.03, 0., abs(fract(q.y * 11. + .5 * step(abs(q.x), arch_w / 3.)) - .06) - .02));
  pane_here = mask(hole, pixel()); glass = mix(glass, ink() * .6, clamp(1.5 - lines / .0032, 0., 1.) * .85);
  lay(s, glass, mask(hole, pixel()), .95, .3 * mask(hole, pixel()) * (hour == NIGHT ? .5 : .9)); s.c += sky_in * (hour == NIGHT ? .05 : .10) * exp(-max(hole, 0.) * 9.);
  // Pillars at both sides, then the steps with their candles, each row nearer and larger.
  float px = ax - wide * .93 + .06 * cam.z * 0., pil = abs(px) - .052, flute = abs(fract(px * 55.) - .5) * 2.; 
  lay(s, mix(stone * .7, ink() * .4, .35 * flute) + flame() * .30 * exp(-1.8 * (p.y + .3)) * clamp(.5 - px * 9., 0., 1.) * (.7 + .2 * bass), mask(pil, pixel()), .7, 0.);
  for (int i = 0; i < STEPS; i++) {
    float k = float(i) / float(STEPS - 1), y0 = mix(-.115, -.475, k * (.62 + .38 * k)) + .05 * cam.y * k, size = mix(.034, .105, k * k), cells = mix(34., 14., k), half_run = wide * (.62 + .62 * k), x = (q.x - .25 * k * cam.x) * cells + float(i) * .31, cell = floor(x); vec4 r = dice4(int(cell), i * 17 + seed());
    float rise = size * (.9 + .35 * k), edge = p.y - y0, inside = mask(edge, pixel()) * mask(abs(q.x) - half_run - .06, .004), riser = clamp(-edge / rise, 0., 1.), light = exp(-1.6 * ax / wide) * (.62 + .25 * bass * (1. - k * .5));
    lay(s, mix(stone * (hour == DAY ? 1.1 : .75), ink() * .35, smoothstep(.12, .9, riser)) + mix(sky_mid(), sun(), .5) * (hour == NIGHT ? .20 : .30) * exp(-26. * q.x * q.x) * (1. - .55 * riser) + flame() * .10 * exp(-16. * q.x * q.x) + flame() * (.46 * clamp(1. + edge / (.012 + .02 * k), 0., 1.) + .24 * (1. - riser)) * light, inside, .7 - .5 * k, 0.);
    float aisle = step(.095 * (.75 + .5 * k), abs(cell + .5 - float(i) * .31) / cells), on = step(.16, r.x) * step(abs(cell + .5 - float(i) * .31) / cells, half_run) * aisle, tall = size * (.45 + 1.15 * r.y), fat = size * (.10 + .07 * r.z);
    vec2 e = vec2((x - cell - .5 - .4 * (r.w - .5)) / cells, p.y - y0 + .008 * k); float wax = max(abs(e.x) - fat, abs(e.y - tall * .5) - tall * .5), up = clamp(e.y / tall, 0., 1.);
    lay(s, mix(mix(ink(), pal[2], .3), mix(flame(), pal[4], .55), (.12 + .55 * up * up) * (.9 + .1 * bass)), mask(wax, pixel()) * on, .68 - .5 * k, .12 * up * on);
    vec2 fl = vec2(e.x - .012 * size * 9. * max(e.y - tall, 0.) / size * .25 * draught(r.w * 5. + cell), e.y - tall - size * .09); float high = size * (.42 + .16 * loudness + .10 * wave(t * .23 + r.x * 9.)), v = fl.y / high, body = abs(fl.x) - size * .085 * (1. - v) * (.45 + 1.6 * clamp(v + .08, 0., .4)), burn = max(body, abs(v - .5) * high - .5 * high), near = length(vec2(fl.x, fl.y - high * .35));
    s.c += flame() * on * (.30 + .06 * bass) * exp(-near / size * 2.3); float a = mask(burn, 1.3 * pixel()) * on;
    lay(s, heat(.62 + .38 * clamp(1. - abs(fl.x) / (size * .05), 0., 1.) * (1. - v)), a, .66 - .5 * k, a * .9);
  }
  embers(s, p, vec2(-.2 * wide, -.25), 15., .6, .7, 3.);
  stand(s, p, vec2(-.25 * cam.x, -.455), vec2(.0, -.02), vec2(0., -.40), .33, .2, .2);
}

// ---------------------------------------------------------------- 2 volcano
float cone(float x, float n) {
  float a = abs(x), up = max(1. - a / .66, 0.);
  return SHORE + (fire_at().y - SHORE + .03) * min(pow(up, 1.45), .84 + .04 * wave(x * 9.) + .03 * n) + .022 * (n - .5) * step(.001, up);
}
// How hot the lava is at q below the crater: three rivers that widen, split and crust over as they come down.
float lava(vec2 q, vec4 n) {
  float v = max(-q.y, 0.), hot = 0.;
  for (int i = 0; i < 3; i++) {
    float k = float(i), lean = k < 1. ? -.72 : k < 2. ? .16 : 1.02, x = q.x - lean * v * (.55 + .9 * v) - .035 * wave(v * (2.6 + k) + k * .3 + .3 * n.b) - .012 * wave(v * 9. + k);
    float wide = .004 + (.075 * v * v + .022 * v) * (k < 1. ? .9 : k < 2. ? 1.3 : .7), crust = textureLod(noise_tex, vec2(x * 1.4, v * .55 - t * .030 - .020 * flow - .3 * k), 0.).a;
    hot = max(hot, clamp(1.25 - abs(x) / wide, 0., 1.) * (.62 + .5 * crust) * (1. - .5 * clamp(v - .25, 0., .5)));
  }
  return clamp(hot, 0., 1.);
}

void volcano(inout Shot s, vec2 p) {
  float w = half_width(); vec2 at = fire_at(); vec3 o = orb(); vec2 q = p - at;
  if (length(q - vec2(.25, .2)) > .3) stars(s, p, SHORE + .1);
  if (o.x < at.x) disc(s, p);
  float f = SHORE + .02 * cam.y - p.y, my = f > 0. ? SHORE + f * 1.05 : p.y; vec2 mp = vec2(p.x, my), mq = mp - at;
  if (f > 0.) { s.c = sea(p, f, at.x, flame(), .34 * (.4 + .6 * DARK) + .12 * bass); s.depth = .8; mq.x += .03 * (n2(vec2(p.x * 12., f * 90. - t * .5)) - .5); mp.x = mq.x + at.x; }
  float rx = p.x + .04 * cam.x + rnd.x * 8., range = SHORE + .015 + .09 * ridge1(vec2(rx * .8, .4)) * smoothstep(.1, .8, abs(p.x - at.x) / w);
  lay(s, mix(mix(ink(), haze(), .55), s.c, f > 0. ? .6 : 0.), mask(my - range, 2. * pixel()), .9, 0.);
  vec4 n = textureLod(noise_tex, vec2(mq.x * .55 + rnd.y, mq.y * .22 + abs(mq.x) * .25), 0.), m = textureLod(noise_tex, mq * vec2(1.3, .6) + vec2(.4 * n.b, abs(mq.x) * .5), 0.);
  float body = my - cone(mq.x, n.b), hot = lava(mq, n), side = clamp(.5 + mq.x * sign(o.x - at.x) * 2.2 + .8 * (m.b - .5), 0., 1.), v = max(-mq.y, 0.), crater = exp(-7. * length(mq * vec2(.8, 1.)));
  vec3 rock = mix(ink() * .7, mix(pal[1], sky_mid(), .35) * (hour == NIGHT ? .62 : .95), .10 + .5 * side * (.4 + .7 * n.a)) * (1. - .30 * smoothstep(.5, .85, m.a));
  if (weather == SNOW) rock = mix(rock, mix(pal[4], sky_mid(), .4) * (hour == NIGHT ? .5 : .85), .55 * smoothstep(.3, .6, m.b));
  rock = mix(rock, haze(), .30 * clamp(1. - (my - SHORE) * 4., 0., 1.)); rock += ember() * (crater * (.55 + .25 * bass) + .22 * exp(-9. * abs(mq.x) ) * v) * (.45 + .55 * DARK) * (.6 + .6 * m.b);
  float wide_glow = lava(mq + vec2(.018, 0.), n) + lava(mq - vec2(.018, 0.), n); rock += ember() * wide_glow * .13 * (.7 + .5 * mid);
  float on = mask(body, 1.5 * pixel()), keep = f > 0. ? .55 - .5 * clamp(f * 2.5, 0., .8) : 1.; vec3 melt = heat(clamp(hot * (.72 + .30 * mid), 0., 1.));
  lay(s, mix(rock, melt, smoothstep(.16, .42, hot)), on * keep, f > 0. ? .8 : .75, smoothstep(.2, .6, hot) * .8 * keep * (.75 + .25 * mid));
  vec2 lip = mq - vec2(0., .012); float bowl = exp(-length(lip * vec2(.9, 1.6)) * 11.); s.c += flame() * bowl * (.35 + .22 * bass) * (f > 0. ? .3 : 1.) * (.5 + .5 * DARK);
  if (f < 0.) { // a fountain: tongues and thrown cinders over the crater
    float hot_f = tongues((p - at - vec2(0., -.03)) / vec2(.17, .17 + .10 * loudness + .05 * bass), 3.1); lay(s, heat(hot_f), smoothstep(.04, .4, hot_f) * .9, .75, smoothstep(.1, .6, hot_f) * .9);
  }
  embers(s, p, at + vec2(0., -.02), 30., .9, .42, 4.);
  float mist = fbm1(vec2(p.x * 1.3 - t * .02 * HURRY, p.y * 5.)) * clamp(1. - abs(p.y - SHORE - .012) * 16., 0., 1.); lay(s, mix(haze(), ember(), .35 * exp(-3. * abs(q.x)) * DARK), mist * .5, .8, 0.);
  // The near shore: black rock, still alive in its cracks.
  float x = p.x + .30 * cam.x; vec4 e = textureLod(noise_tex, vec2(x * .27 + rnd.z, .7), 0.); float top = -.41 + .09 * e.b * smoothstep(-.1 * w, .8 * w, x) + .075 * smoothstep(-.05 * w, -.55 * w, x) - .02 * e.a, under = top - p.y;
  vec4 g = textureLod(noise_tex, vec2(x * .55, p.y * 1.25 + .2), 0.); float crack = smoothstep(.70, .86, g.a) * smoothstep(.0, .03, under) * smoothstep(.16, .05, abs(under - .07)), pulse = .45 + .35 * mid + .2 * wave(t * .09 + g.b * 2.);
  vec3 c = ink() * (.32 + .35 * g.b) + flame() * .20 * clamp(1. - under / .022, 0., 1.) * exp(-1.3 * abs(x - at.x)) * DARK * (.8 + .3 * bass) + ember() * .25 * smoothstep(.5, .8, g.a) * smoothstep(.16, .05, abs(under - .07)) * pulse;
  lay(s, mix(c, heat(.45 + .35 * pulse), crack * pulse), mask(-under, 1.5 * pixel()), .10, crack * pulse * .8);
  stand(s, p, vec2(-.48 * w - .30 * cam.x, -.352), vec2(-.50 * w - .15 * cam.x, .07), vec2(-.42 * w - .1 * cam.x, -.27), .3, .22, .18);
}

// ---------------------------------------------------------------- 3 lanterns
// Lanterns that rise in cells: k how far off they are. Only the near ones show their paper and rim.
void lanterns(inout Shot s, vec2 p, float cells, float rise, float size, float k, float share, int id, float dim) {
  vec2 g = vec2(p.x * cells + float(id) * .37 + .10 * draught(float(id)) + t * .010 * cells * (HURRY - 1.), (p.y - t * rise - flow * rise * .8) * cells * .72), i = floor(g); vec4 r = dice4(int(i.x) + 71 * id, int(i.y) + seed());
  float big = size * (.75 + .5 * r.w); vec2 e = vec2((g.x - i.x - .5 - .5 * (r.x - .5) - .03 * draught(r.y * 7.)), (g.y - i.y - .5 - .4 * (r.y - .5)) / .72) / cells / big; e = rot(.10 * draught(r.z * 5.)) * e;
  vec2 home = vec2((i.x + .5 - float(id) * .37) / cells, 0.); float stream = clamp(1.15 - abs(home.x - half_width() * (.14 + .22 * wave(p.y * .42 + .1))) / (.20 + .30 * clamp(p.y - SHORE, 0., 1.)) * .8, .0, 1.); stream = id == 3 ? 1. : stream;
  float on = step(1. - share * stream, r.z) * dim, soft = 1.4 * pixel() / big, wide = .33 + .10 * e.y, body = max(abs(e.x) - wide + .10 * smoothstep(.32, .5, e.y), abs(e.y) - .48), lit = on * (.66 + .22 * vocals * (.4 + .6 * r.x) + .12 * wave(t * .11 + r.w * 5.));
  float low = clamp(.5 - e.y, 0., 1.), rib = smoothstep(.86, 1., abs(fract(e.x * 4.5) - .5) * 2.), fire = exp(-7. * length((e + vec2(0., .40)) * vec2(1.2, .8)));
  vec3 paper = heat(clamp(.12 + .62 * low * low + .5 * fire, 0., 1.)) * (.62 + .38 * low) * (1. - .18 * rib * (1. - k)); s.c += flame() * lit * (.20 / (1. + 5. * dot(e, e))) * clamp(1.35 - length(e) * .42, 0., 1.) * (1. - .4 * k) * (.55 + .45 * DARK);
  lay(s, mix(paper * (.55 + .5 * lit), far_at(p), k * .35), mask(body, soft) * on, .25 + .6 * k, mask(body, soft) * lit * (.55 + .4 * low));
  if (id < 3) fine_detail = max(fine_detail, mask(body - .12, .1) * on); // the many far ones
}

// A stepped pagoda of three roofs, one high.
float pagoda(vec2 q, out float panes) {
  float d = 9.; panes = 9.;
  for (int i = 0; i < 4; i++) {
    float k = float(i), y = q.y - k * .21, wide = .26 - .045 * k, eave = max(abs(q.x) - wide - .10 + .75 * max(y - .15, 0.) - .0, abs(y - .175 - .35 * q.x * q.x) - .022), wall = max(abs(q.x) - wide * .74, abs(y - .08) - .09);
    d = min(d, min(eave, wall)); panes = min(panes, max(max(abs(abs(fract(q.x * 9.) - .5) / 9.) - .026, abs(y - .08) - .035), abs(q.x) - wide * .6));
  }
  return min(d, max(abs(q.x) - .012, abs(q.y - .93) - .10));
}

void lantern_night(inout Shot s, vec2 p) {
  float w = half_width(), f = SHORE + .03 * cam.y - p.y; vec3 o = orb(); vec2 m = p; float dim = 1.;
  stars(s, p, SHORE + .05); disc(s, p);
  if (f > 0.) {
    float z = .05 / (f + .012); vec4 n = textureLod(noise_tex, vec2(p.x * (1. + z) * .44, z * .88 + t * .017) + rnd.zw, 0.); float rip = n.b - .5 + .5 * (n.a - .6);
    s.c = sea(p, f, o.x, sun(), hour == NIGHT ? .22 : .4); s.depth = clamp(.9 - f * 1.3, .4, .9); m = vec2(p.x + rip * (.02 + .14 * f), SHORE + f * (1.05 + .25 * rip)); dim = .62;
  }
  vec2 h = m - vec2(0., SHORE); float hx = m.x + .06 * cam.x + rnd.x * 8., hills = .03 + .19 * fbm1(vec2(hx * .6, .4)) * smoothstep(.05, .75, abs(m.x / w - .15)) , hills2 = .02 + .10 * fbm1(vec2(hx * 1.5, 2.4)) * smoothstep(.12, .5, abs(m.x / w - .1));
  lay(s, mix(mix(ink(), haze(), .62), s.c, 1. - dim), mask(h.y - hills, 2.5 * pixel()), .9, 0.);
  lanterns(s, m, 21., .010, .020, .8, .85, 1, dim);
  lay(s, mix(mix(ink(), haze(), .32) + flame() * .05 * exp(-12. * h.y), s.c, 1. - dim), mask(h.y - hills2, 2. * pixel()), .82, 0.);
  vec2 t0 = (h - vec2(.14 * w - .09 * cam.x, .006)) / .24; float panes, tower = pagoda(t0, panes), soft = pixel() / .24;
  vec2 roof = vec2(abs(t0.x) - .62, t0.y), wing = t0; wing.x = abs(t0.x) - .62; float house = min(max(abs(wing.x) - .26, abs(roof.y - .07) - .08), max(abs(wing.x) - .34 + .8 * max(roof.y - .14, 0.), abs(roof.y - .165 - .3 * wing.x * wing.x) - .024)); float panes2 = max(max(abs(fract(t0.x * 8.) - .5) / 8. - .03, abs(t0.y - .07) - .03), abs(wing.x) - .22);
  lay(s, mix(ink() * .65 + flame() * .10 * clamp(.4 - t0.y * .3, 0., 1.) * DARK, s.c, (1. - dim) * .6), mask(min(tower, house), soft), .6, 0.);
  float window = mask(min(max(panes, tower), max(panes2, house)), soft) * dim; shine(s, heat(.72), window * (.52 + .25 * mid) * (.5 + .5 * DARK)); s.glow = max(s.glow, window * .6);
  lanterns(s, m, 11., .014, .044, .45, .80, 2, dim); lanterns(s, vec2(m.x + .08 * cam.x, m.y), 3.4, .020, .125, .12, .40, 3, dim);
  if (f > 0.) s.c += flame() * .10 * (.5 + .5 * vocals) * exp(-2. * abs(p.x - .1 * w)) * DARK * smoothstep(.45, .7, fbm1(vec2(p.x * 2.4, 1.6 / (f + .05) + t * .06)));
  // Lanterns set on the water float by, smaller further off.
  vec2 b = vec2(p.x / (.35 + 2.2 * max(f, 0.)) * 2.4 + .35 * cam.x + t * .012, log2(max(f, .004)) * 3.1), bi = floor(b); vec4 br = dice4(int(bi.x), int(bi.y) + 91); vec2 be = (b - bi - .5 - .4 * (br.xy - .5)) * vec2(1., .55);
  float float_on = step(.70, br.z) * step(.02, f) * step(f, .26), cup = max(abs(be.x) - .13, abs(be.y) - .10), near = length(be - vec2(0., .02));
  s.c += flame() * float_on * .22 * (.6 + .4 * vocals) / (1. + 26. * near * near) * clamp(1.3 - near * 2.6, 0., 1.); lay(s, heat(.5 + .4 * clamp(.5 + be.y * 5., 0., 1.)), mask(cup, .05) * float_on * .95, .45, mask(cup, .05) * float_on * .7);
  float x = p.x + .32 * cam.x, pier = max(p.y + .385, x + .08 * w), plank = abs(fract(x * 13.) - .5), posts = max(abs(abs(fract((x + .08 * w) * 4.2 - .1) - .5) / 4.2) - .011, max(p.y + .30, x + .05 * w)); float rail = max(abs(p.y + .318) - .004, x + .09 * w) ;
  vec3 wood = ink() * .5 + flame() * .20 * clamp(1. - (-.385 - p.y) / .012, 0., 1.) * (.7 + .3 * vocals) * DARK + ink() * .15 * plank; lay(s, wood, mask(min(pier, posts), pixel()), .12, 0.);
  vec2 l = vec2(x + .10 * w, p.y + .27); float lamp = length(l); s.c += flame() * (.30 + .12 * vocals) * exp(-lamp * 13.); lay(s, heat(.8), mask(max(abs(l.x) - .014 - .1 * l.y, abs(l.y) - .024), pixel()), .11, .8); lay(s, ink() * .5, mask(max(abs(l.x) - .018, abs(l.y - .027) - .004), pixel()), .11, 0.);
  stand(s, p, vec2(-.40 * w - .32 * cam.x, -.387), vec2(-.34 * w - .15 * cam.x, .10), vec2(.30 * w - .18 * cam.x, -.33), .31, .2, .22);
  embers(s, p, vec2(-.1 * w, -.40), 12., .7, .8, 5.);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) campfire(s, p);
  if (variant == 1) candles(s, p);
  if (variant == 2) volcano(s, p);
  if (variant == 3) lantern_night(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth * (variant == 1 ? .45 : .85));
  vec3 blown = weather_layer(p, s.c, variant == 1 ? s.depth * .6 : s.depth);
  s.c = variant == 1 && weather != FOG ? mix(s.c * (weather == RAIN ? .93 : 1.), blown, s.depth > .9 ? pane_here : .06) : blown;
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
