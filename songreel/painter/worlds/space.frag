// Space: 0 ringed planet over a cratered horizon, 1 flight through a nebula, 2 comet over a small planet, 3 spiral galaxy and a station.
// Lengths are in picture heights. The hour is how much of the local sun's light is in the picture. Every edge is one pixel soft.

struct Shot { vec3 c; float depth; float glow; };

const float SUNLIT = hour == NIGHT ? .16 : hour == DAWN ? .55 : hour == DAY ? .85 : .5;
const float VEIL = weather == FOG ? .8 : weather == RAIN || weather == SNOW ? .4 : weather == WIND ? .35 : .15;

float box2(vec2 q, vec2 b) { vec2 d = abs(q) - b; return max(d.x, d.y); }
float place_x(float x) { return x * clamp(aspect / 1.7778, .42, 1.); }
int seed() { return int(rnd.x * 977.) * 31; }
vec4 dice4(int a, int b) {
  uint u = scramble(uint(a) * 1597334677u ^ uint(b) * 3812015801u);
  return vec4(u & 255u, (u >> 8) & 255u, (u >> 16) & 255u, u >> 24) / 255.;
}
void lay(inout Shot s, vec3 c, float a, float depth, float glow) {
  s.c = mix(s.c, c, a); s.depth = mix(s.depth, depth, a); s.glow = mix(s.glow, glow, a);
}
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }

vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .5 : hour == NIGHT ? .08 : .25) * (hour == NIGHT ? .7 : .9); }
vec3 haze() { return mix(sky_low(), sky_mid(), .3); }
vec3 void_colour() { return mix(pal[0] * .5, pal[1], .12); }
vec3 sun() { return mix(light_colour(), pal[4], .3); }
// The sky between space and the hour's own colours, h from the horizon up.
vec3 heaven(float h) { return mix(void_colour(), sky(h), SUNLIT * (1. - .35 * clamp(h, 0., 1.))); }
// Where the light comes from, on the picture and towards the eye.
vec3 sun_way() { return normalize(hour == DAWN ? vec3(.75, -.25, .25) : hour == DUSK ? vec3(-.8, -.1, .2) : hour == DAY ? vec3(-.5, .55, .75) : vec3(-.75, .4, .12)); }

// Clouds of gas: two scales drift, the second bends the first. Value about 0..1.
vec2 gas(vec2 q) {
  float a = fbm1(q), b = fbm1(q * 1.7 + vec2(a * 1.4, t * .012) + 3.1);
  return vec2(clamp((b - .28) * 1.9, 0., 1.), a);
}

vec3 nebula(vec3 c, vec2 q, float strength) {
  strength *= .8 + .35 * vocals; vec2 g = gas(q + rnd.xy * 8.); float ridge = ridge1(q * 1.2 + g.y * .8 + rnd.zw * 8.);
  vec3 hue = mix(mix(pal[1], pal[2], clamp(g.x * 1.4, 0., 1.)), mix(pal[3], pal[2], .25), smoothstep(.35, .95, g.x * (.55 + g.y)));
  c = mix(c, hue, g.x * strength * .8);
  return c + mix(pal[3], pal[4], .35) * smoothstep(.62, .95, ridge) * g.x * strength * .35;
}

vec2 core() { return vec2(place_x(.08) - cam.x * .05, .07); }

vec3 flight(vec2 p) {
  vec2 d = p - core(); float r = length(d);
  vec3 c = void_colour() * .8; float speed = t * .018 + flow * .035 + cam.z * .05;
  vec2 g = vec2(0.); float ridge = 0.;
  for (int i = 0; i < 2; i++) {
    float phase = fract(speed + float(i) * .5), w = 1. - abs(phase * 2. - 1.), scale = 2.6 * exp2(-phase * 1.6);
    vec2 q = d * scale + vec2(float(i) * 3.7, cam.y) + rnd.xy * 8.;
    g += gas(q) * w; ridge += ridge1(q * 1.3 + gas(q).y * .7 + 1.3) * w;
  }
  vec3 hue = mix(mix(pal[1], pal[2], clamp(g.x * 1.3, 0., 1.)), pal[3], smoothstep(.4, 1., g.x * (.5 + g.y) + .25 * exp(-r * 3.)));
  c = mix(c, hue, clamp(g.x * 1.05, 0., 1.) * (.55 + .45 * exp(-r * 1.8)));
  c += mix(pal[3], pal[4], .4) * smoothstep(.6, .95, ridge) * g.x * .4;
  c += sun() * (exp(-r * 7.5) * (.56 + .28 * bass) + exp(-r * 2.6) * .16 * (.56 + .28 * bass + .5 * vocals));
  c *= 1. - .55 * smoothstep(.45, .2, g.y) * smoothstep(.05, .3, r);
  return mix(c * (hour == NIGHT ? .74 : 1.), c * .55 + heaven(.15) * .62, SUNLIT * .75);
}

const float DISC_TILT = .36;
vec2 galaxy_at() { return vec2(place_x(-.13) - cam.x * .04, .15); }

vec3 galaxy(vec2 p) {
  vec3 c = nebula(heaven(p.y + .55) * .8, p * vec2(1.1, 1.5) + cam.xy * .1, .28);
  vec2 d = rot(.42) * (p - galaxy_at()); d.y /= DISC_TILT;
  float r = length(d), a = atan(d.y, d.x) / TAU, turn = t * .006 + flow * .01;
  float spin = a * 2. + log2(r + .03) * 1.05 + turn * 2.;
  float cloud = fbm1(rot(turn * TAU) * d * 5. + 2.), arm = .5 - .5 * wave(spin + (cloud - .5) * .3), lane = .5 - .5 * wave(spin + .16 + (cloud - .5) * .4);
  float body = exp(-r * 5.2), disc_light = exp(-r * 3.1) * smoothstep(.62, .3, r);
  vec3 hue = mix(mix(pal[4], pal[3], .35), mix(pal[2], pal[3], .3), smoothstep(.03, .26, r));
  c += hue * disc_light * (.12 + 1.5 * arm * arm * (.35 + .9 * cloud)) * (.85 + .3 * mid);
  c *= 1. - .5 * lane * lane * smoothstep(.05, .12, r) * smoothstep(.5, .25, r);
  return c + mix(pal[4], sun(), .5) * (body * body * (.9 + .3 * bass) + exp(-r * 22.) * .6);
}

vec2 comet_at() { return vec2(place_x(.17) + cam.x * .06, .21 + .015 * wave(t * .03)); }

vec3 comet_sky(vec2 p) {
  vec3 c = nebula(heaven((p.y + .35) * 1.2), p * vec2(.9, 1.7) + vec2(p.y, -p.x) * .5 + cam.xy * .1, .4 - .1 * SUNLIT);
  vec2 q = rot(-.5) * (p - comet_at());
  float x = max(-q.x, 0.), len = clamp(1. - x / (.85 + .3 * loudness), 0., 1.);
  float wisps = .6 + .8 * fbm1(vec2(x * 2.2 + t * .35 + flow * .3, q.y * 14. / (.3 + x)));
  float dust_y = q.y + x * x * .42, dust = exp(-dust_y * dust_y / (.0004 + x * x * .045)) * len * len * wisps;
  float ion = exp(-q.y * q.y / (.00008 + x * x * .0035)) * len * (.7 + .3 * wisps);
  float on = step(0., -q.x);
  c += mix(pal[4], pal[3], .45) * dust * on * .62 + mix(pal[2], pal[4], .55) * ion * on * (.4 + .45 * treble);
  float d = length(q); c += sun() * (exp(-d * 34.) * .8 + exp(-d * 9.) * .3 * (.7 + .6 * bass));
  return c;
}

vec3 far(vec2 p) {
  vec3 c;
  if (variant == 0) c = nebula(heaven((p.y + .17) * 1.25), vec2(p.x * .8 - p.y * .9, p.y * 1.6 + p.x * .5) + cam.xy * .1, .5 - .3 * SUNLIT);
  if (variant == 1) c = flight(p);
  if (variant == 2) c = comet_sky(p);
  if (variant == 3) c = galaxy(p);
  if (variant == 0) { vec2 d = p - vec2(place_x(.12), .12); c += mix(pal[3], sky_mid(), .5) * exp(-max(length(d) - .25, 0.) * 6.) * (.16 + .14 * bass); c += haze() * exp(-max(p.y + .17, 0.) * 9.) * (.2 + .4 * SUNLIT + VEIL * .4); }
  return weather == FOG ? mix(c, haze(), .35 * (1. - .6 * p.y)) : c;
}

// Stars in cells, three sizes of sky; the treble makes them breathe.
void stars(inout Shot s, vec2 p, float cells, float share, int id) {
  vec2 g = p * cells, i = floor(g); vec4 r = dice4(int(i.x) + 311 * id, int(i.y) + seed());
  float d = length(g - i - .2 - .6 * r.xy) / cells, on = clamp((r.z - 1. + share) / share * 1.3, 0., 1.) * step(1. - share, r.z);
  vec2 point = star_point(.5 + .8 * r.w * r.w);
  float a = clamp(1.35 - d / point.x, 0., 1.) * point.y * on * (.55 + .2 * triangle(t * .2 + r.w * 9.) + .3 * (r.x > .5 ? treble : hat)) * (1. - .75 * (hour == DAY ? 1. : SUNLIT * .6));
  s.c += mix(mix(pal[4], pal[3], r.x * .5), vec3(1.), .4) * a; s.glow = max(s.glow, a * .6);
}

// A few great stars with four rays.
void bright_star(inout Shot s, vec2 p, vec2 at, float size) {
  vec2 q = abs(p - at); float d = length(q), rays = clamp(1. - q.x / .0022, 0., 1.) * clamp(1. - q.y / size, 0., 1.) + clamp(1. - q.y / .0022, 0., 1.) * clamp(1. - q.x / size, 0., 1.);
  float a = (clamp(1.2 - d / .004, 0., 1.) + rays * .5 + .05 / (1. + d * d * 9000.)) * (.5 + .25 * treble + .45 * snare) * (1. - .6 * SUNLIT);
  s.c += mix(pal[4], vec3(1.), .5) * a; s.glow = max(s.glow, min(a, 1.) * .7);
}

// ---------------------------------------------------------------- planets
// A globe lit by the sun: kind of surface by its bands and storms; the rim of air glows on the lit side.
void globe(inout Shot s, vec2 p, vec2 at, float r, float banded, float air, float depth, vec3 low, vec3 high, int id) {
  vec2 q = (p - at) / r; float d = length(q);
  vec3 n = vec3(q, sqrt(max(1. - d * d, 0.)));
  vec2 m = rot(.32) * q; float swirl = t * .008 + float(id) * 2.7, lat = m.y * (1. + .25 * n.z);
  lat += .05 * banded * wave(m.x * .8 + swirl) * n.z;
  vec4 tex = textureLod(noise_tex, vec2(mix(1.4, .3, banded) * m.x + swirl, lat * mix(1.4, 3.6, banded) + float(id) * 3.) / 8., 0.);
  vec3 c = mix(low, high, smoothstep(.28, .72, tex.b)) * (.8 + .32 * tex.a);
  float facing = dot(n, sun_way()), sunny = smoothstep(-.12, .75, facing), edge = 1. - n.z;
  c = c * (sunny * .95 + .045) + pal[1] * .05 + sun() * air * edge * edge * edge * smoothstep(-.35, .5, facing) * (.8 + .4 * bass);
  lay(s, c, mask((d - 1.) * r, pixel() * 1.3), depth, edge * edge * sunny * air * .4);
  float veil = clamp(1. - (d - 1.) / .09, 0., 1.);
  s.c += mix(sun(), pal[3], .5) * air * .35 * veil * veil * step(1., d) * smoothstep(-.5, .7, dot(q, sun_way().xy) / d);
}

// The rings' light at p, alpha in w: grains and gaps by the distance from the planet, the planet's shadow behind it.
vec4 rings(vec2 q) {
  float r = length(vec2(q.x, q.y / .21)); vec2 w = normalize(rot(-.3) * sun_way().xy);
  float away = dot(q, w), across = abs(dot(q, vec2(-w.y, w.x))), shadow = smoothstep(-.05, -.25, away) * smoothstep(1.02, .9, across) * step(0., q.y) * .8;
  vec4 n = textureLod(noise_tex, vec2(r * .62, .43), 0.);
  float a = smoothstep(1.3, 1.38, r) * smoothstep(2.35, 2.28, r) * clamp(abs(r - 1.82) * 30. - .6, 0., 1.) * (.22 + .55 * n.b + .4 * n.a);
  return vec4(mix(mix(pal[2], pal[3], .45), mix(pal[4], sun(), .4), a) * (.5 + .5 * clamp(SUNLIT + .35, 0., 1.)) * (1. - shadow) * (.9 + .2 * mid), min(a, 1.) * .9);
}

// Shading of craters on the ground: cells of a plane seen from low above; x is light against the sun's side.
float craters(vec2 g, float soft, int id) {
  vec2 i = floor(g), f = g - i - .5; vec4 r = dice4(int(i.x), int(i.y) * 7 + id + seed());
  vec2 d = f - (r.xy - .5) * .4; float size = .12 + .2 * r.z, v = length(d) / size;
  float wall = clamp(1. - abs(v - .8) * 3.2, 0., 1.), towards = dot(d / max(length(d), .001), normalize(sun_way().xy * vec2(1., .6)));
  float lip = clamp(1. - abs(v - 1.1) * 4.5, 0., 1.);
  return (-towards * wall * 1.2 + towards * lip * .55 - .28 * clamp(1. - v, 0., 1.)) * step(.3, r.w) * clamp(1.2 - soft * 7., 0., 1.);
}

// ---------------------------------------------------------------- subjects
const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET || subject_id == SJ_SHIP || subject_id == SJ_WHALE || subject_id == SJ_BOAT || SJ_HANGS;

void stand(inout Shot s, vec2 p, vec2 ground, vec2 air, float ground_size, float air_size, vec2 from) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air + .012 * vec2(wave(t * .07), wave(t * .11)) : ground; float size = ALOFT ? air_size : ground_size;
  vec2 q = (p - at) / size; float soft = pixel() / size, d = subject(q);
  vec2 out_way = vec2(dFdx(d), dFdy(d)); float m = mask(d, soft * 1.6), facing = dot(out_way, normalize(from - at)) / max(length(out_way), 1e-6);
  lay(s, ink() * .45, m, .1, 0.); subject_cover = m;
  s.c += sun() * m * clamp(1. + d / .03, 0., 1.) * clamp(facing, 0., 1.) * .55;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// ---------------------------------------------------------------- 0 ringed planet
const float PLAIN = -.17;

// A small base: dome, lander on legs, mast with a beacon.
void base_camp(inout Shot s, vec2 q) {
  float dome = max(length(q - vec2(-.07, 0.)) - .034, -q.y), can = min(box2(q - vec2(.0, .034), vec2(.018, .014)), max(abs(q.x) - .018 + (q.y - .048) * .7, abs(q.y - .056) - .009));
  float legs = max(abs(abs(q.x) - .014 - (.022 - q.y) * .75) - .0016, abs(q.y - .012) - .012), mast = max(abs(q.x - .055) - .0013, abs(q.y - .05) - .05);
  float dish = max(abs(length(q - vec2(.064, .094)) - .016) - .0017, q.x - .064 + (q.y - .094) * .4);
  float tube = box2(q - vec2(-.03, .006), vec2(.03, .005)), d = min(min(dome, can), min(min(legs, mast), min(dish, tube)));
  lay(s, ink() * .6 + sun() * .09 * clamp(.5 + dot(q + vec2(.05, -.01), sun_way().xy) * 14., 0., 1.), mask(d, pixel()), .3, 0.);
  float pane = min(box2(vec2(abs(q.x + .07) - .012, q.y - .014), vec2(.0045, .0045)), box2(q - vec2(0., .036), vec2(.0055, .004)));
  shine(s, mix(pal[4], vec3(1., .78, .45), .55), mask(pane, pixel()) * (.55 + .35 * mid));
  float lamp = length(q - vec2(.055, .102));
  shine(s, pal[3], (clamp(1. - lamp / .005, 0., 1.) + .25 / (1. + lamp * lamp * 4000.)) * (.2 + .8 * snare));
}

void horizon(inout Shot s, vec2 p) {
  vec2 at = vec2(place_x(.12) - cam.x * .03, .12 + cam.y * .05); float size = aspect < .8 ? .19 : .235;
  stars(s, p, 44., .34, 1); stars(s, p, 17., .2, 2);
  vec2 rq = rot(-.3) * (p - at) / size; vec4 ring = rings(rq); float before = clamp(.5 - rq.y * size / pixel(), 0., 1.);
  lay(s, ring.rgb, ring.a * (1. - before), .96, ring.a * .1);
  vec2 moon = vec2(place_x(-.3) - cam.x * .05, .3); bool at_moon = length(p - moon) < .05;
  globe(s, p, at_moon ? moon : at, at_moon ? .034 : size, at_moon ? .3 : 1., at_moon ? .2 : .9, .95, mix(pal[1], pal[2], .55), mix(pal[3], pal[4], .4), 3);
  lay(s, ring.rgb, ring.a * before, .94, ring.a * .1);
  float mx = p.x + cam.x * .06 + rnd.y * 3., v = p.y - PLAIN, jag = abs(triangle(mx * 1.3)) * .5 + abs(triangle(mx * 3.1 + .3)) * .3 + abs(triangle(mx * 7.7)) * .14 + abs(triangle(mx * 19.)) * .06;
  float z = .09 / max(-v, .001), soft = z * z * pixel() / .09; vec2 g = vec2(p.x * z * 6. + cam.x * 1.2, z * 6. + cam.z * 2. + t * .06 + flow * .08);
  float hill = -.335 + .075 * wave((p.x + cam.x * .3) * .42 + .62) + .006 * triangle(p.x * 2.3 + cam.x) + .003 * triangle(p.x * 7.1 + cam.x * 2.), crest = p.y - hill;
  vec4 n = textureLod(noise_tex, crest < 0. ? vec2(p.x * .4 + cam.x * .12, p.y * .7) : v < 0. ? g * .12 : vec2(mx * .7 + v * 1.5, v * 1.4), 0.);
  float peaks = .012 + .075 * jag;
  vec3 rock = mix(mix(ink(), pal[2], .3), haze(), .45 + .3 * VEIL) + sun() * .1 * smoothstep(.45, .8, n.b);
  lay(s, mix(rock, haze(), clamp(1. - v / .05, 0., 1.) * .4), mask(v - peaks, pixel() * 1.3), .8, 0.);
  if (v < 0.) {
    float k = z / (z + 2.2), grit = n.b - .5;
    float relief = craters(g * .42, soft * 2.5, 3) + .6 * craters(g * .95 + 7.3, soft * 6., 5) + grit * .8 * (1. - k);
    vec3 dust = mix(mix(ink(), mix(pal[1], pal[2], .6), .55), haze(), k * (.55 + .3 * VEIL)) * (hour == NIGHT ? .8 : 1.);
    s.c = dust + mix(sun(), dust, .3) * relief * .3 * (1. - .6 * k); s.depth = .75 * k; s.glow = 0.;
    s.c += mix(pal[3], pal[4], .3) * (clamp(1. - abs(p.x - at.x) / .4, 0., 1.) * k * .12 * (.7 + .6 * bass) + (hour == NIGHT ? .20 : .08) * clamp(1.1 - abs(p.x - at.x) / .75, 0., 1.) * sqrt(k)); // the planet's shine, for a figure to stand out against
  }
  base_camp(s, p - vec2(place_x(.28) - cam.x * .22, -.235));
  float rough = n.b - .5;
  lay(s, ink() * (.55 + .5 * rough) + sun() * clamp(1. + crest / .012, 0., 1.) * .16, mask(crest, pixel()), .08, 0.);
  stand(s, p, vec2(place_x(-.16) - cam.x * .3, -.335 + .075 * wave((place_x(-.16)) * .42 + .62) - .012), vec2(place_x(-.14), .05), .21, .14, at);
}

// ---------------------------------------------------------------- 1 nebula flight
// Layers of stars that grow from the core outwards and pass the eye.
void star_flight(inout Shot s, vec2 p) {
  vec2 d = p - core(); float speed = t * .07 + flow * .16 + cam.z * .2;
  for (int i = 0; i < 4; i++) {
    float at = speed + float(i) * .25, phase = fract(at), scale = 26. * exp2(-phase * 3.4);
    vec2 g = d * scale, cell = floor(g); vec4 r = dice4(int(cell.x) + 7919 * int(floor(at)), int(cell.y) + i * 977 + seed());
    vec2 q = (g - cell - .25 - .5 * r.xy) / scale, way = normalize(d + 1e-4);
    float along = dot(q, way), across = dot(q, vec2(-way.y, way.x)), streak = 1. + phase * length(d) * (4. + 22. * loudness);
    vec2 point = star_point((.8 + .9 * phase * phase) * (.6 + .4 * r.w));
    float a = clamp(1.35 - length(vec2(along / streak, across)) / point.x, 0., 1.) * point.y * step(.66, r.z) * clamp(phase * 5., 0., 1.) * clamp((1. - phase) * 6., 0., 1.);
    s.c += mix(mix(pal[4], pal[3], r.x * .5), vec3(1.), .45) * a * (.6 + .35 * (r.x > .5 ? treble : hat)); s.glow = max(s.glow, a * .7);
  }
}

// Pillars of dust with lit edges, rising from below towards the core.
void pillars(inout Shot s, vec2 p, float x0, float lean, float high, float wide, float k, float shift, int id) {
  float y = (p.y + .5) / high, bend_x = x0 + lean * y * y + shift;
  vec4 n = textureLod(noise_tex, vec2(p.x + shift, p.y * .8 - t * .002) * .26 + float(id) * .137, 0.);
  vec4 m = textureLod(noise_tex, vec2(p.x + shift, p.y * .8) * .72 + float(id) * .31 + n.b * .08, 0.);
  float slim = clamp(aspect / 1.7778, .45, 1.), w = slim * wide * (1.9 - 1.75 * y + .5 * y * y) + slim * ((n.b - .45) * .16 + (m.b - .5) * .075), x = abs(p.x - bend_x);
  float d = smax(x - w, (p.y + .5) - high - (n.b - .5) * .16 - (m.b - .5) * .06 + x * .6, .05);
  vec2 way = normalize(core() - p); float edge = clamp(1. + d / .055, 0., 1.), lit = edge * edge * (.3 + .7 * clamp(dot(way, normalize(vec2(p.x - bend_x, y * .12))) + .4, 0., 1.));
  float folds = smoothstep(.35, .8, m.a * .6 + n.a * .5);
  vec3 c = mix(mix(pal[0], pal[1], .4), mix(pal[1], pal[2], .7), clamp(k + .35 * folds, 0., 1.)) * (.4 + .75 * n.b + .3 * folds) + mix(pal[3], pal[4], .35) * lit * (.4 + .3 * mid) * (.45 + m.b);
  lay(s, c, smoothstep(.012, -.012, d), .3 + .4 * k, lit * .12);
}

void nebula_flight(inout Shot s, vec2 p) {
  stars(s, p, 40., .4, 3);
  pillars(s, p, place_x(.34), -.08, .56, .07, .5, -cam.x * .07, 5);
  star_flight(s, p);
  vec2 d = p - core(); float r = length(d);
  shine(s, sun(), clamp(1. - r / .016, 0., 1.) * (.7 + .3 * bass));
  float ray = clamp(1. - abs(d.y) / .0025, 0., 1.) * clamp(1. - abs(d.x) / (.14 + .08 * bass + .2 * snare), 0., 1.) + clamp(1. - abs(d.x) / .0025, 0., 1.) * clamp(1. - abs(d.y) / (.1 + .07 * bass), 0., 1.);
  s.c += sun() * ray * ray * .5;
  pillars(s, p, place_x(-.3), .13, .68, .1, .3, -cam.x * .14, 11);
  stand(s, p, vec2(place_x(.04), -.22), vec2(place_x(.02), -.12), .2, .17, core());
}

// ---------------------------------------------------------------- 2 comet over a small planet
void small_tree(inout Shot s, vec2 q) {
  float sway = (weather == WIND ? .05 : .018) * wave(t * .17) * q.y / .15; q.x -= sway;
  float trunk = max(abs(q.x) - .0055 - .02 * max(.03 - q.y, 0.), abs(q.y - .055) - .055), branch = min(sd_capsule(q, vec2(0., .07), vec2(-.03, .105), .003), sd_capsule(q, vec2(0., .06), vec2(.032, .1), .003));
  float crown = min(min(length(q - vec2(0., .15)) - .042, length(q - vec2(-.036, .122)) - .03), min(length(q - vec2(.038, .12)) - .032, length(q - vec2(.012, .185)) - .028));
  float leaves = fbm1(q * 52. + 7.) - .5; crown += leaves * .018 - .004;
  float d = min(min(trunk, branch), crown), lit = clamp(.5 + dot(q - vec2(0., .14), sun_way().xy) * 13. + leaves * 1.2, 0., 1.);
  lay(s, mix(ink() * .6, mix(pal[2], pal[3], .3), lit * (crown < 0. ? .55 : .2)), mask(d, pixel()), .3, 0.);
}

void beacon_tower(inout Shot s, vec2 q) {
  float x = abs(q.x), w = .019 - q.y * .06, tower = max(x - w, abs(q.y - .065) - .065), rail = box2(q - vec2(0., .132), vec2(.0165, .0025)), cap = max(x - (.168 - q.y) * .9, abs(q.y - .159) - .008);
  float room = box2(q - vec2(0., .142), vec2(.009, .011)), hut = max(max(abs(q.x + .036) - .018, q.y - .022), -q.y), hut_roof = max(abs(q.x + .036) - .022, max(q.y - .038 + abs(q.x + .036) * .75, .02 - q.y));
  float d = min(min(tower, rail), min(cap, min(hut, hut_roof)));
  float stripes = step(.5, fract(q.y * 19.)), side = clamp(.5 + q.x * sign(sun_way().x) * 40., 0., 1.);
  vec3 wall = mix(mix(pal[4], sky_mid(), .3), mix(pal[3], pal[1], .35), stripes) * (.25 + .6 * side * (.35 + SUNLIT));
  lay(s, tower < 0. ? wall : ink() * .7, mask(d, pixel()), .3, 0.);
  vec3 lamp = mix(pal[4], vec3(1., .85, .55), .5);
  shine(s, lamp, mask(room, pixel()));
  float win = min(box2(q - vec2(-.036, .01), vec2(.004, .005)), box2(q - vec2(0., .05), vec2(.003, .005)));
  shine(s, lamp, mask(win, pixel()) * (.5 + .4 * mid));
  vec2 b = q - vec2(0., .143); float turn = wave(t * .06 + flow * .03), reach = abs(turn), u = abs(b.x) / (.12 + .5 * reach);
  float ray = clamp(1. - abs(b.y - b.x * .1) / (.003 + abs(b.x) * .11), 0., 1.) * clamp(1. - u, 0., 1.) * (b.x * turn > 0. ? 1. : .35);
  s.c += lamp * (ray * (.14 + .5 * vocals) * (1.1 - .6 * SUNLIT) + .1 / (1. + dot(b, b) * 2500.));
}

void shooting_star(inout Shot s, vec2 p) {
  float n = floor(t * .45), life = fract(t * .45) * 3.; vec4 r = dice4(int(n), 5 + seed());
  vec2 q = rot(.45 + .3 * r.z) * (p - vec2(place_x(r.x - .6), .18 + .25 * r.y)), tip = vec2(life * .5, 0.);
  float x = tip.x - q.x, a = clamp(1. - abs(q.y) / (pixel() * 1.2), 0., 1.) * step(0., x) * clamp(1. - x / .16, 0., 1.) * clamp((1. - life) * 3., 0., 1.) * clamp(life * 5., 0., 1.);
  s.c += pal[4] * a * (.4 + .6 * loudness) * (1. - SUNLIT * .7); s.glow = max(s.glow, a * .5);
}

void comet(inout Shot s, vec2 p) {
  stars(s, p, 42., .36, 1); stars(s, p, 15., .22, 2); shooting_star(s, p);
  bright_star(s, p, vec2(place_x(-.28), .33), .045); bright_star(s, p, vec2(place_x(.36), .02), .03); bright_star(s, p, vec2(place_x(-.08), .06), .022);
  globe(s, p, vec2(place_x(-.3) - cam.x * .05, .12), .07, 0., .5, .96, mix(pal[1], pal[2], .6), mix(pal[4], pal[3], .35), 4);
  vec2 h = p - comet_at(); shine(s, mix(sun(), vec3(1.), .3), clamp(1.25 - length(h) / .011, 0., 1.));
  float R = .46; vec2 o = vec2(place_x(.0) - cam.x * .1, -.66 + cam.y * .06), q = p - o; float r = length(q), a = atan(q.x, q.y) + .06 * wave(t * .012) - cam.x * .15;
  s.c += mix(sky_mid(), pal[3], .4) * clamp(1. - (r - R) / .1, 0., 1.) * clamp(1. - (r - R) / .1, 0., 1.) * (.16 + .16 * bass + .2 * SUNLIT);
  vec2 u = vec2(a * R, r - R);
  beacon_tower(s, u - vec2(place_x(-.2), 0.)); small_tree(s, u - vec2(place_x(.19), -.003));
  float gust = (weather == WIND ? .35 : .12) * wave(t * .2 + u.x * 3.), blade = abs(fract(u.x * 90. + u.y * 90. * gust) - .5) / 45.;
  float grass = u.y - .004 - .011 * dice4(int(floor(u.x * 90.)), 3).x + blade * 1.2;
  vec3 n = vec3(q / R, sqrt(max(1. - r * r / R / R, 0.))); float ground = fbm1(vec2(a * 2.6, r * 4.)), patch_light = smoothstep(.2, .85, ground);
  float sunny = smoothstep(-.35, .9, dot(n, normalize(vec3(comet_at() - o, .35)))), lip = clamp(1. + (r - R) / .02, 0., 1.);
  vec3 soil = mix(mix(ink(), pal[1], .4), mix(pal[2], pal[3], .22), patch_light * .6) * (.3 + .85 * sunny) + mix(pal[3], sun(), .5) * lip * lip * .3 * sunny;
  soil += sun() * .16 * craters(vec2(a * 7., r * 13.), .02, 9) * step(r, R - .03);
  lay(s, soil, mask(min(r - R, grass), pixel()), .2, 0.);
  float fence_x = abs(fract(u.x * 34.) - .5) / 34., fence = min(max(fence_x - .0016, abs(u.y - .011) - .011), abs(abs(u.y - .011) - .005) - .0011);
  lay(s, ink() * .7 + sun() * .06, mask(max(fence, abs(u.x - place_x(-.085)) - .07), pixel()), .2, 0.);
  stand(s, u, vec2(place_x(.03), -.002), vec2(place_x(-.05), .42), .16, .15, vec2(place_x(.2), .5));
}

// ---------------------------------------------------------------- 3 galaxy and station
// A turning wheel seen at a slant: hub, spokes, lit windows round the rim, wings of solar cells.
void station(inout Shot s, vec2 p, vec2 at, float size) {
  vec2 q = rot(.24) * (p - at) / size; float soft = pixel() / size, flat_y = .34; vec2 e = vec2(q.x, q.y / flat_y); float r = length(e), a = atan(e.y, e.x) / TAU + t * .012 + flow * .012;
  bool near = q.y < 0.;
  vec3 hull = mix(ink() * .8, mix(pal[1], pal[2], .6), .35 + .3 * SUNLIT), lit = sun() * .42;
  float slope = mix(flat_y, 1., abs(e.x) / max(r, .01));
  float rim = (abs(r - 1.) - .085) * slope, spokes = max((abs(fract(a * 6. + .5) - .5) / 6. * TAU * r - .028) * slope, r - 1.);
  float axle = min(box2(q, vec2(.1, .4)), min(box2(q - vec2(0., .42), vec2(.15, .06)), box2(q - vec2(0., -.36), vec2(.13, .09))));
  vec2 w = vec2(abs(q.x) - .56, q.y - .72); float wings = box2(w, vec2(.4, .13)), boom = box2(q - vec2(0., .62), vec2(.028, .26)), arm = box2(q - vec2(0., .72), vec2(.95, .014));
  float cells = step(.14, fract(w.x * 10.)) * step(.14, fract(w.y * 7.5 + .5));
  float mast = box2(q - vec2(0., -.66), vec2(.012, .26)), dish = max(abs(length(q - vec2(.0, -1.02)) - .17) - .014, q.y + .93);
  float back = min(min(boom, arm), min(mast, dish));
  lay(s, hull * .8, mask(back, soft), .4, 0.);
  lay(s, mix(mix(pal[1], pal[2], .5), sky_mid(), .3) * (.45 + .4 * cells) + lit * .3 * step(w.x, 0.), mask(wings, soft), .4, 0.);
  for (int i = 0; i < 2; i++) {
    if (i == 1) lay(s, hull + lit * clamp(.5 + q.x * sign(sun_way().x) * 6., 0., 1.), mask(axle, soft), .38, 0.);
    float mine = near == (i == 1) ? 1. : 0.;
    lay(s, hull * (near ? 1. : .65), mask(spokes, soft) * mine, .38, 0.);
    float tube = clamp(1. - abs(r - .99) / .085, 0., 1.), shade = clamp(.35 + .65 * dot(e / max(r, .01), sun_way().xy), 0., 1.);
    vec3 c = hull * (near ? 1. : .7) + lit * shade * tube * 1.2;
    float n = a * 44., row = clamp((.026 - abs(r - 1. + (near ? .02 : -.02))) * slope / soft + .5, 0., 1.), box_w = clamp((.3 - abs(fract(n) - .5)) / 44. * TAU * size / pixel() + .5, 0., 1.);
    float on = clamp((.6 + .3 * hat - dice4(int(mod(floor(n), 44.)), 3).x) * 6., 0., 1.);
    c = mix(c, mix(pal[4], vec3(1., .8, .5), .45), row * box_w * on);
    lay(s, c, mask(rim, soft) * mine, .36, row * box_w * on * .6 * mine);
  }
  vec2 l1 = q - vec2(0., .9), l2 = vec2(abs(q.x) - .96, q.y - .72); float lamp = min(length(l1), length(l2));
  shine(s, mix(pal[3], vec3(1., .25, .2), .5), (clamp(1. - lamp / .05, 0., 1.) + .22 / (1. + lamp * lamp * 60.)) * (.15 + .85 * snare));
  float hub = length(q - vec2(0., .42)); shine(s, pal[4], mask(box2(q - vec2(0., .42), vec2(.11, .018)), soft) * (.5 + .4 * mid));
}

void galaxy_station(inout Shot s, vec2 p) {
  stars(s, p, 46., .36, 1); stars(s, p, 18., .2, 2);
  vec2 g = rot(.42) * (p - galaxy_at()); g.y /= DISC_TILT; float gr = length(g);
  vec2 f = p * 120., i = floor(f); vec4 r4 = dice4(int(i.x), int(i.y) + seed()); float spark = clamp(1.2 - length(f - i - .5) / (120. * pixel()), 0., 1.) * step(.84, r4.x) * smoothstep(.5, .1, gr);
  s.c += mix(pal[4], vec3(1.), .4) * spark * .45 * (.7 + .3 * treble);
  bright_star(s, p, vec2(place_x(.33), .36), .04); bright_star(s, p, vec2(place_x(-.36), -.05), .026);
  float R = 1.5; vec2 o = vec2(place_x(-.25) - cam.x * .08, -.3 - R + cam.y * .1), q = p - o; float d = length(q) - R;
  float side = clamp(.5 + (p.x * sun_way().x) * 1.1, .08, 1.);
  s.c += mix(sky_mid(), sun(), .45) * clamp(1. - d / .075, 0., 1.) * clamp(1. - d / .075, 0., 1.) * step(0., d) * (.25 + .35 * bass) * side * (.6 + .6 * SUNLIT);
  vec4 n = textureLod(noise_tex, vec2(q.x * .2 + t * .0012, d * .62 + .25), 0.); float land = n.b, cloud = n.a, day = side * clamp(SUNLIT + .18, 0., 1.) * clamp(1.1 + d * 3.2, 0., 1.);
  vec3 c = mix(mix(pal[0], pal[1], .55), mix(pal[1], pal[2], .7), smoothstep(.42, .6, land)) * (.35 + .9 * day);
  c = mix(c, mix(pal[2], pal[4], .6) * (.25 + .9 * day), smoothstep(.5, .75, cloud) * .6);
  vec2 town = vec2(q.x * 95. + d * 60., d * 210. - q.x * 25.), ti = floor(town); vec4 tr = dice4(int(ti.x), int(ti.y));
  float lights = clamp(1. - length((town - ti - .25 - .5 * tr.zw) * vec2(.7, 1.)) * 3., 0., 1.) * step(.55, tr.x) * smoothstep(.5, .62, land) * clamp(1. - SUNLIT * 1.15, 0., 1.) * (.5 + .5 * clamp(hat + tr.y, 0., 1.));
  c += mix(pal[4], vec3(1., .75, .4), .5) * lights;
  c += mix(sky_mid(), sun(), .6) * exp(d * 26.) * (.25 + .5 * side) * (.5 + .6 * SUNLIT + .2 * bass);
  lay(s, c, mask(d, pixel() * 1.3), .7, max(exp(d * 60.) * .3 * side, lights * .5));
  station(s, p, vec2(place_x(.24) - cam.x * .16, -.055 + cam.y * .1 + .006 * wave(t * .04)), aspect < .8 ? .11 : .19);
  vec2 k = p - vec2(place_x(-.14) - cam.x * .3, -.4); float edge = place_x(.0);
  float deck = max(max(k.y, k.x - edge), -k.y - .016), under = max(abs(abs(triangle(k.x * 7.)) * .05 - .033 - k.y - .045) - .004, max(k.x - edge, abs(k.y + .035) - .03)), post = max(max(abs(fract(k.x * 14.) - .5) / 14. - .0014, abs(k.y - .028) - .028), k.x - edge), rail = max(min(abs(k.y - .055) - .0018, abs(k.y - .03) - .0012), k.x - edge);
  float low_beam = max(max(k.y + .062, -k.y - .074), k.x - edge);
  lay(s, ink() * .5 + sun() * .12 * clamp(1. - abs(k.y + .002) / .004, 0., 1.), mask(min(min(deck, under), min(min(post, rail), low_beam)), pixel()), .08, 0.);
  float lampx = abs(fract(k.x * 7. + .25) - .5) / 7.; shine(s, pal[3], clamp(1. - length(vec2(lampx, k.y + .008)) / .006, 0., 1.) * step(k.x, edge) * (.45 + .5 * mid));
  stand(s, p, vec2(place_x(-.2) - cam.x * .3, -.4), vec2(place_x(-.05), -.14), .2, .13, galaxy_at());
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) horizon(s, p);
  if (variant == 1) nebula_flight(s, p);
  if (variant == 2) comet(s, p);
  if (variant == 3) galaxy_station(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth * .8);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
