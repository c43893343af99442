// Road, driven forward with the music: 0 desert with mesas, 1 coast with palms, 2 plains with power lines under a storm, 3 neon grid.
// Lengths on the ground are in half road widths, z is the distance ahead; every edge is one pixel soft.
// What they share is in road.verge.glsl.

vec3 far(vec2 p) {
  float y = max(p.y - HORIZON, 0.);
  vec3 c = mix(sky_low(), sky_mid(), smoothstep(0., .24, y));
  c = mix(c, sky_top(), smoothstep(.16, .6, y));
  vec3 o = orb();
  float d = length((p - o.xy) * vec2(.9, 1.1)), halo = exp(-max(d - o.z, 0.) * 5.) * (.66 + .14 * energy + .2 * bass);
  c += light_colour() * halo * (hour == NIGHT ? .22 : hour == DAY ? .2 : .36);
  float gust = weather == WIND ? .08 : .014;
  vec2 q = vec2(p.x * (variant == 1 ? 1.6 : 1.) + t * gust, y * (variant == 1 ? 3.4 : 6.5) - p.x * .25) + rnd.xy * 8.;
  float bank = fbm1(q) * .7 + fbm1(q * 2.3 + 3.) * .4, k = smoothstep(weather == RAIN ? .4 : .52, .8, bank) * smoothstep(.0, .1, y);
  vec3 lit = mix(sky_mid(), light_colour(), .22 + .5 * halo + .32 * vocals), shade = mix(sky_mid(), sky_top(), .8);
  if (variant != 3) c = mix(c, mix(shade, lit, smoothstep(.35, .75, fbm1(q + vec2(.1, .35)))), k * (weather == RAIN ? .9 : .62));
  if (variant == 2) c = storm(c, p, y);
  if (weather == FOG) c = mix(c, haze(), .65 * smoothstep(.6, .0, y));
  if (weather == RAIN || weather == SNOW) c = mix(c, vec3(luma(c)) * .88, .3);
  return c;
}

// ---------------------------------------------------------------- 0 desert
void desert(inout Shot s, vec2 p) {
  stars(s, p); disc(s, p);
  bool below = p.y < HORIZON; Ground g = ground_at(p);
  vec4 n = textureLod(noise_tex, below ? vec2(g.x * .04, g.along * .03) : vec2(p.x * .12 + cam.x * .01, (p.y - HORIZON) * 2.4), 0.);
  range(s, p, .95, .13, .58, 5, cam.x * .04 + rnd.z * 5., n.b - .5);
  range(s, p, .72, .255, .24, 9, cam.x * .09 + .2 + rnd.z * 7., n.b - .5);
  if (below) {
    float k = g.z / (g.z + 16.), duneline = smoothstep(.42, .62, n.b), ripple = n.a;
    vec3 c = mix(mix(earth(), ink(), .34), mix(earth(), light_colour(), .2), duneline * .8) * (.86 + .28 * ripple * (1. - k));
    if (weather == SNOW) c = mix(c, snow(), .5 + .4 * duneline);
    s.c = mix(c, haze(), k * (.42 + HAZE)); s.depth = k; s.glow = 0.;
    s.c += light_colour() * clamp(1. - abs(p.x - orb().x) / .5, 0., 1.) * k * .16;
    asphalt(s, g, ripple, mix(pal[3], pal[4], .5));
  }
  roadside(s, p, Row(CACTI, p.x < bend(9.) * .1 - aside() * .1 ? -1. : 1., 2.8, 1.75, 3.6, .8), 5);
  roadside(s, p, Row(POLES, 1., 5.2, 2.3, 0., 2.5), 5);
  wires(s, p, 2.3, 2.38, 2.06, 5.2, .2);
}

// ---------------------------------------------------------------- 1 coast
void headland(inout Shot s, vec2 p, float x, float reach, float size, float k, float shift, float rough) {
  float at = p.x + shift, u = (at - x) / reach, rise = smoothstep(0., .9, u), v = p.y - HORIZON;
  float h = size * rise * (.78 + .16 * wave(at * 2.1 + k * 3.) + .07 * triangle(at * 6.3 + k) + .03 * triangle(at * 17.)) * (.6 + .4 * smoothstep(0., .2, u));
  vec3 c = mix(mix(ink(), earth(), .35), haze(), k) + light_colour() * .16 * smoothstep(.45, .8, rough) * (1. - k) * (hour == NIGHT ? .4 : 1.);
  c = mix(c, haze(), clamp(1. - v / max(h, .01), 0., 1.) * .3 * (1. + HAZE));
  lay(s, c, mask(v - h, pixel() * 1.4) * step(0., u), .5 + .4 * k, 0.);
}

void sea(inout Shot s, vec2 p, vec4 n) {
  float drop = max(HORIZON - p.y, .0015), o = orb().x;
  vec3 deep = mix(mix(pal[1], pal[2], .4), sky_top(), .35) * (hour == NIGHT ? .6 : .9);
  vec3 c = mix(mix(sky_low(), sky_mid(), .5), deep, clamp(.25 + drop * 3., 0., .9)) * (.86 + .3 * n.b * (.5 + .6 * loudness));
  float column = clamp(1. - abs(p.x - o + (n.b - .5) * .12) / (.045 + drop * .75), 0., 1.);
  float glint = smoothstep(.62 - .12 * loudness, .82, (n.a + n.b) * .56) * column;
  c += light_colour() * (glint * (.5 + .35 * snare) + column * column * .14) * (weather == RAIN ? .5 : 1.);
  c = mix(c, pal[4], smoothstep(.8, .95, n.a) * .25 * clamp(drop * 8. - .4, 0., 1.) * (.5 + loudness));
  lay(s, c, mask(p.y - HORIZON, pixel()), .8, 0.); s.glow = max(s.glow, glint * .4 * mask(p.y - HORIZON, pixel()));
}

void guardrail(inout Shot s, vec2 p) {
  float z = plane_at(p, -1.32); if (z < .3 || p.x > .3) return;
  float y = (p.y - HORIZON) * z / FOCAL + EYE, soft = z * pixel() / FOCAL, u = abs(fract((z + travel()) / .9) - .5) * .9;
  float zs = z * z * pixel() / (FOCAL * 1.3), posts = clamp((.045 - u) / zs + .5, 0., 1.) * mask(abs(y - .15) - .16, soft) * clamp(2. - zs * 8., 0.2, 1.);
  float rail = max(mask(abs(y - .27) - .055, soft), posts), k = z / (z + 16.);
  vec3 steel = mix(mix(ink(), pal[2], .4), haze(), k * (.4 + HAZE)) + light_colour() * .22 * clamp(1. - abs(y - .29) / .02, 0., 1.);
  lay(s, steel - .06 * clamp(1. - abs(y - .26) / .012, 0., 1.), rail * clamp((30. - z) * .1, 0., 1.), k, 0.);
  float stud = clamp(1. - length(vec2(u, y - .3)) / (.03 + soft), 0., 1.);
  shine(s, mix(pal[3], warm(), .4), stud * LAMPS * (.35 + .5 * hat) * clamp((14. - z) * .2, 0., 1.));
}

void coast(inout Shot s, vec2 p) {
  Ground g = ground_at(p); float k = g.z / (g.z + 16.), z = 1. / (max(HORIZON - p.y, .0015) + .02); bool below = p.y < HORIZON;
  vec4 n = textureLod(noise_tex, !below ? vec2(p.x, p.y * 1.4) : g.x > -1.62 ? vec2(g.x * .22, g.along * .13) : vec2(p.x * z * .55 + t * .015, z * 1.6 + t * .22 + flow * .2) / 8., 0.);
  stars(s, p); disc(s, p); sea(s, p, n);
  headland(s, p, place_x(.0), place_x(.5), .1, .7, cam.x * .04 - turning() * 5., n.b);
  vec2 tower = p - vec2(place_x(.085) - cam.x * .04 + turning() * 5., HORIZON + .008);
  lay(s, mix(pal[4], haze(), .45), mask(max(abs(tower.x) - .0038 + tower.y * .03, abs(tower.y - .024) - .026), pixel()), .85, 0.);
  vec2 lamp = tower - vec2(0., .053); float swing = wave(t * .07 + flow * .02), ray = abs(lamp.y - lamp.x * .12) / (.004 + abs(lamp.x) * .06);
  s.c += warm() * LAMPS * (clamp(1. - ray, 0., 1.) * clamp(1. - abs(lamp.x) / .5, 0., 1.) * clamp(swing * sign(lamp.x), 0., 1.) * (.15 + .7 * vocals) + clamp(1. - length(lamp) / .008, 0., 1.));
  headland(s, p, place_x(.12), place_x(.55), .26, .36, cam.x * .1 - turning() * 9., n.b);
  if (below) {
    float rough = n.b, land = mask(-1.62 - g.x, g.soft * 2.);
    float path = smoothstep(1.1, 2.2, g.x + .6 * (rough - .5)), tuft = smoothstep(.52, .66, n.a) * (1. - k);
    vec3 sand = mix(ink(), mix(earth(), pal[4], .22), .62 + .16 * rough), green = mix(ink(), mix(pal[1], pal[2], .7), .3 + .5 * n.a);
    vec3 grass = mix(mix(sand, green, path * .8) - .05 * tuft, haze(), k * (.4 + HAZE));
    if (weather == SNOW) grass = mix(grass, mix(snow(), haze(), k * .5), .5 + .4 * rough);
    lay(s, grass, land, k, 0.); s.depth = mix(s.depth, k, land);
    asphalt(s, g, rough, mix(pal[4], pal[3], .25));
  }
  guardrail(s, p);
  roadside(s, p, Row(PALMS, 1., 6.4, 1.75, 1.1, 2.5), 5);
}

// ---------------------------------------------------------------- 2 plains
// A farm's wind pump; its wheel turns with the music.
void wind_pump(inout Shot s, vec2 p, vec2 at, float size) {
  vec2 q = (p - at) / size, hub = q - vec2(0., .86); float x = abs(q.x), w = .13 * (1. - q.y) + .02;
  float d = max(min(abs(x - w) - .012, max(abs(abs(triangle(q.y * 2.6)) * w - x) - .008, x - w)), abs(q.y - .42) - .42);
  float r = length(hub), n = atan(hub.y, hub.x) / TAU * 14. + (t * .12 + flow * .5) * 14. / TAU, blade = abs(fract(n) - .5);
  float wheel = max(max(blade - .27, r - .2), .045 - r); wheel = min(min(wheel * .1, abs(r - .2) - .006), min(abs(r - .05) - .008, r - .02));
  float tail = min(box2(hub - vec2(.16, 0.), vec2(.16, .008)), max(box2(hub - vec2(.32, 0.), vec2(.07, .07)), -box2(hub - vec2(.4, 0.), vec2(.06, .03))));
  lay(s, aerial(.12), mask(min(d, min(max(wheel, r - .21), tail)), pixel() / size), .5, 0.);
}

// A farmhouse, a barn and a silo far off in the fields, one window lit.
void farm(inout Shot s, vec2 q) {
  float barn = min(max(abs(q.x) - .045, q.y - .035), max(q.y - .062 + abs(q.x) * .55 + .4 * max(abs(q.x) - .026, 0.), abs(q.x) - .05));
  float silo = min(box2(q - vec2(.068, .03), vec2(.0135, .036)), length(q - vec2(.068, .066)) - .0135);
  float house = min(box2(q - vec2(-.1, .01), vec2(.024, .02)), max(abs(q.x + .1) - .028, q.y - .052 + abs(q.x + .1) * .8));
  float trees = min(length((q - vec2(-.15, .02)) * vec2(.8, 1.)) - .026, length(q - vec2(.12, .012)) - .018);
  lay(s, aerial(.22), mask(max(min(min(barn, silo), min(house, trees)), -q.y - .01), pixel()), .7, 0.);
  float win = box2(vec2(abs(q.x + .1) - .009, q.y - .013), vec2(.0035, .0045));
  shine(s, warm(), mask(win, pixel()) * max(LAMPS, .25) * (.7 + .3 * mid));
}

// A forked bolt, only as bright as the snare and only where it stands.
void bolt(inout Shot s, vec2 p) {
  float y = p.y - HORIZON; vec4 r = dice4(int(floor(t * .6)), 4 + seed()); float x = p.x - place_x(.24) - .14 * (r.x - .5);
  float crack = .028 * triangle(y * 4.3 + r.y) + .014 * triangle(y * 11. + r.z) + .006 * triangle(y * 27. + r.w);
  float fork = crack + max(.2 - y, 0.) * (.3 + .5 * r.z) + .008 * triangle(y * 33.), power = smoothstep(.25, .95, snare) * (.35 + .65 * energy);
  float d = min(abs(x - crack), abs(x - fork) + .0012 + step(.2, y)), on = step(0., y) * clamp((.33 - y) * 9., 0., 1.);
  s.c += mix(pal[4], light_colour(), .5) * power * on * (clamp(1.3 - d / .0022, 0., 1.) + .25 / (1. + d * 90.) * clamp(1. - d * 5., 0., 1.));
  s.glow = max(s.glow, power * on * clamp(1. - d / .006, 0., 1.));
}

void plains(inout Shot s, vec2 p) {
  disc(s, p); bolt(s, p);
  float hx = p.x + cam.x * .06 + rnd.x * 8., low = .018 + .006 * wave(hx * 1.3) + .003 * triangle(hx * 4.7);
  lay(s, aerial(.62), mask(p.y - HORIZON - low, pixel() * 1.3), .95, 0.);
  farm(s, p - vec2(place_x(.27) - cam.x * .1 + turning() * 8., HORIZON));
  if (p.y < HORIZON) {
    Ground g = ground_at(p); float k = g.z / (g.z + 18.), gusts = wave(g.x * .07 + g.along * .05 - t * .32 - flow * .2);
    vec4 n = textureLod(noise_tex, vec2(g.x * .5, g.along * .06), 0.);
    float ears = mix(n.b, .5, clamp(g.z * .03, 0., 1.)), sway = gusts * (.4 + .6 * loudness) * (weather == WIND ? 1.4 : .8);
    vec3 wheat = mix(mix(pal[1], pal[3], hour == NIGHT ? .16 : .45), mix(pal[3], pal[4], .35), clamp(.12 + .5 * ears + .2 * sway, 0., 1.)) * (hour == NIGHT ? .45 : hour == DAY ? .95 : .75);
    if (weather == SNOW) wheat = mix(wheat, snow(), .45 + .45 * n.b);
    s.c = mix(mix(wheat, ink(), .25 * clamp(1.4 - g.z * .4, 0., 1.)), haze(), k * (.25 + HAZE)); s.depth = k; s.glow = 0.;
    float verge = mask(abs(g.x) - 1.5 - .2 * (n.b - .5), g.soft * 2.); s.c = mix(s.c, mix(mix(ink(), earth(), .5), haze(), k * (.3 + HAZE)), verge * .7);
    asphalt(s, g, n.b, mix(pal[3], pal[4], .6));
  }
  wind_pump(s, p, vec2(place_x(-.3) - cam.x * .22 + turning() * 6., HORIZON - .022), .27);
  roadside(s, p, Row(MASTS, 1., 8.5, 6.2, 0., 6.), 5);
  wires(s, p, 6.2, 5.95, 3.75, 8.5, .5);
  roadside(s, p, Row(POLES, -1., 6., 2.1, 0., 2.4), 5);
  wires(s, p, -2.1, 2.27, 1.98, 6., .28);
  float stalk = p.x * 62. + cam.x * 20., wind = (.35 + .5 * loudness) * wave(t * .32 + p.x * .6 + flow * .2) * (weather == WIND ? 1.6 : .8), up = p.y + .5;
  for (int i = 0; i < 2; i++) {
    float sx = (stalk - wind * up * up * 160. + float(i) * 17.3) * (1. - .27 * float(i)), id = floor(sx); vec4 r = dice4(int(id), 91 + i);
    float edge = clamp(abs(p.x + cam.x * .3) * 2.6 / max(aspect, .8) - .62, 0., 1.), high = (.06 + .16 * r.x) * edge, v = up / max(high, .001);
    float ear = abs(sx - id - .3 - .4 * r.y) / 62. - .0012 - .0032 * clamp(1. - abs(v - .86) * 6.5, 0., 1.);
    lay(s, mix(ink() * .6, mix(pal[3], pal[4], .3), (.12 + .3 * v * v) * (hour == NIGHT ? .35 : .8)), mask(max(ear, (up - high) * .3), pixel()) * step(.004, high), .05, 0.);
  }
}

// ---------------------------------------------------------------- 3 neon grid
float grid_line(float u, float soft) { return clamp(.5 + (.016 - abs(fract(u + .5) - .5)) / max(soft, .001), 0., 1.); }

// Peaks joined by straight lines, the low notes near the middle and the high ones outside; drawn as lit wire on dark glass.
void peaks(inout Shot s, vec2 p, float cells, float size, float k, int id) {
  float x = p.x * cells + cam.x * cells * .1 * (1. - k), i = floor(x), u = x - i, ax = abs(p.x) / max(aspect * .5, .3);
  float a = dice4(int(i), id + seed()).x, b = dice4(int(i) + 1, id + seed()).x;
  float band = ax < .4 ? bass : ax < .7 ? mid : treble, open = smoothstep(.1, .55, ax + .1 * (1. - k));
  float ha = (.25 + a * .9), hb = (.25 + b * .9), size_now = size * open * (.75 + .35 * band), h = mix(ha, hb, u) * size_now;
  float y = p.y - HORIZON, inside = mask(y - h, pixel());
  float level = y / max(size_now, .01) * 4.5, ridge = clamp(1.4 - abs(y - h) / pixel() * .6, 0., 1.);
  float wires = max(grid_line(x, pixel() * cells), max(grid_line(level / mix(ha, hb, u) * .9, pixel() * 5. / max(size_now, .02)), grid_line(u + level * .22, pixel() * cells * 1.5)));
  vec3 wire_c = mix(mix(pal[2], pal[3], .35), haze(), k * .4);
  lay(s, mix(mix(pal[0], pal[1], .35), haze(), k * .4), inside, .8, 0.);
  shine(s, wire_c, inside * (max(wires * .5, ridge) * max(LAMPS, .4)) * (.45 + .35 * mid + .35 * snare * step(.5, ax)) * step(.01, open));
}

void neon_grid(inout Shot s, vec2 p) {
  stars(s, p); disc(s, p);
  peaks(s, p, 9., .13, .7, 31); peaks(s, p, 5.5, .2, .2, 37);
  if (p.y < HORIZON) {
    Ground g = ground_at(p); float k = g.z / (g.z + 14.);
    vec3 mirror = far_at(vec2(p.x, 2. * HORIZON - p.y));
    vec3 floor_c = mix(mix(pal[0], pal[1], .28) * .75, mirror, .16 + .34 * k);
    float column = clamp(1. - abs(p.x) / (.16 + (HORIZON - p.y) * .1), 0., 1.);
    floor_c += mix(pal[3], light_colour(), .3) * column * clamp(1. - (HORIZON - p.y) * 2.6, 0., 1.) * .24;
    s.c = floor_c; s.depth = k; s.glow = 0.;
    float gx = g.x * .55, gz = g.along * .55, sx = g.soft * .55, sz = g.zsoft * .55;
    float lines = max(mix(grid_line(gx, sx), .05, clamp(sx * 3. - .4, 0., 1.)), mix(grid_line(gz, sz), .06, clamp(sz * 3. - .4, 0., 1.)));
    float soft_glow = clamp(1. - abs(fract(gx + .5) - .5) * 6., 0., 1.) + clamp(1. - abs(fract(gz + .5) - .5) * 6., 0., 1.);
    float run = clamp(1. - abs(g.z - 1.5 - 14. * beat_phase) / 3., 0., 1.) * (1. - beat_phase), power = max(LAMPS, .5) * (.5 + .25 * bass + .4 * run);
    vec3 wire_c = mix(pal[3], pal[2], clamp(k * 1.2 - .1, 0., 1.));
    float off_road = mask(1.0 - abs(g.x), g.soft);
    shine(s, wire_c, (lines * power + soft_glow * .07 * clamp(1. - sz, 0., 1.) * power) * off_road);
    lay(s, mix(floor_c, ink() * .6, .7), (1. - off_road) * .85, k, 0.);
    float edge = mask(abs(abs(g.x) - 1.) - .03, g.soft), halo = clamp(1. - abs(abs(g.x) - 1.) * 4., 0., 1.), middle = mask(abs(g.x) - .022, g.soft) * dashes(g, 2.4, .5);
    shine(s, mix(pal[4], pal[3], .25), edge * (.65 + .35 * kick)); s.c += wire_c * halo * halo * .22 * power; shine(s, mix(pal[4], pal[2], .3), middle * .75);
  }
  s.c += mix(pal[3], light_colour(), .3) * clamp(1. - abs(p.y - HORIZON) / .05, 0., 1.) * .2 * (.66 + .28 * bass);
  roadside(s, p, Row(PALMS, p.x < bend(12.) * .07 - aside() * .07 ? -1. : 1., 8.5, 1.7, .3, 2.1), 4);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) desert(s, p);
  if (variant == 1) coast(s, p);
  if (variant == 2) plains(s, p);
  if (variant == 3) neon_grid(s, p);
  stand(s, p);
  if (weather == FOG) s.c = hazed(s.c, s.depth);
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
