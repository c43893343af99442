// City: 0 harbour skyline under a huge moon, 1 boulevard canyon, 2 suspension bridge over the bay, 3 rooftops and water towers.
// Lengths are in picture heights (variant 1 and 2: in street or bridge units, divided by depth). Every edge is one pixel soft.
// What they share, and the harbour, is in city.skyline.glsl.

vec3 far(vec2 p) {
  float base = variant == 1 ? -.06 : variant == 3 ? -.12 : -.16;
  float y = max(p.y - base, 0.);
  vec3 c = mix(sky_low(), sky_mid(), smoothstep(0., .26, y));
  c = mix(c, sky_top(), smoothstep(.2, .68, y));
  vec3 o = orb();
  float d = length(p - o.xy);
  float halo = exp(-max(d - o.z, 0.) * 5.5) * (.7 + .3 * bass);
  c += light_colour() * halo * (hour == 0 ? .3 : hour == 2 ? .22 : .4);
  float gust = weather == 4 ? .09 : .018;
  vec2 q = vec2(p.x * 2.2 + t * gust + cam.x * .2, p.y * 8. - p.x * .6) + rnd.xy * 40.;
  float bank = fbm(q * 1.6, 4);
  float k = smoothstep(weather == 1 ? .3 : .46, .78, bank) * smoothstep(-.02, .12, y);
  vec3 lit = mix(sky_mid(), light_colour(), .2 + .5 * halo + .18 * vocals);
  vec3 shade = mix(sky_mid(), sky_top(), .7) * (hour == 2 ? 1. : .75);
  c = mix(c, mix(shade, lit, smoothstep(.2, .85, fbm(q * 1.6 + vec2(.5, 1.6) + 3., 2))), k * (weather == 1 ? .85 : .6));
  if (weather == 3) c = mix(c, haze(), .62 * smoothstep(.7, .0, y));
  if (weather == 1 || weather == 2) c = mix(c, vec3(dot(c, vec3(.33))) * .85, .35);
  return c;
}

// ---------------------------------------------------------------- 1 boulevard, in units of half the street's width
const float BLOCK = 1.15, WALL = 1., CAR_GAP = 1.9, GANTRY_GAP = 4.6;

float block_height(float b, float side) { float r = dice(int(b), int(side) * 7 + seed()); return .5 + 2.7 * r * r; }

// Side wall, then the fronts of the next blocks that stand out over lower neighbours. Returns depth; hit.xy is the place on the facade, hit.zw a pixel there.
float street_walls(vec2 d, float side, float wall, float eye, float travel, float bend, out vec4 hit, out float on, out float id, out float up) {
  float ax = max(abs(d.x), 1e-3), z = FOCAL * wall / ax, b = floor((z + travel) / BLOCK), soft = pixel() / FOCAL;
  float y = abs(d.y * z / FOCAL + eye) * bend, h = block_height(b, side), depth = z;
  on = mask(y - h, z * soft); id = b * 2. + 1.; up = y / h;
  hit = vec4(z + travel, y, z * z * soft / wall, z * soft);
  for (int i = 1; i < 4; i++) {
    float zf = (b + float(i)) * BLOCK - travel, x = ax * zf / FOCAL, yf = abs(d.y * zf / FOCAL + eye) * bend, hf = block_height(b + float(i), side);
    float a = mask(max(yf - hf, x - wall - .8), zf * soft);
    if (on < .5 && a > .5) { hit = vec4(x, yf, zf * soft, zf * soft); id = (b + float(i)) * 2.; up = yf / hf; depth = zf; }
    on = max(on, a);
  }
  return depth;
}

// One car of a lane, seen from behind or in front: body, cabin with the sky in its window, lamps and their streak on the road.
void car(inout Shot s, vec2 d, float side, float cx, float eye, float z, vec4 r, float wet, float soft) {
  float shown = step(.3, r.x) * (subject_id == SJ_CAR && side > 0. ? step(3.4, z) : 1.) * clamp(z * 10. - 2.8, 0., 1.) * clamp((17. - z) * .3, 0., 1.);
  vec2 g = d * z / FOCAL + vec2(cx, eye); float lane = abs(g.x) < .3 ? .165 : .43; vec2 q = vec2(abs(g.x - side * lane), g.y);
  float tall = .08 + .015 * step(.8, r.y), body = min(box2(q - vec2(0., .048), vec2(.076, .022)), max(box2(q - vec2(0., tall * .5 + .03), vec2(.07, tall * .5)), q.x - .078 + (q.y - .06) * .45));
  body = min(body, box2(q - vec2(.056, .012), vec2(.016, .014)));
  float glass = max(abs(q.y - tall * .5 - .046) - tall * .5 + .036, q.x - .066 + (q.y - .06) * .5);
  lay(s, mix(mix(ink() * .55, haze(), z / (z + 12.)), sky_mid(), glass < 0. ? .22 : .0), mask(body, soft) * shown, z / (z + 8.), 0.); fine_detail *= 1. - mask(body - 3. * soft, 2. * soft) * shown;
  vec2 lamp = q - vec2(.056, .058); float radius = .011 + soft, dist = dot(lamp, lamp) / (radius * radius);
  float bulb = clamp(1.35 - dist * .5, 0., 1.) + .16 / (.5 + dist * .12);
  float smear = clamp(1.2 - abs(lamp.x) / .02, 0., 1.) * clamp(1. + q.y / .22, 0., 1.) * step(q.y, .0) * wet;
  vec3 c = side > 0. ? mix(pal[3], vec3(1., .14, .1), .7) : mix(pal[4], vec3(1., .96, .86), .5);
  s.c += c * (min(bulb, 1.2) + smear * .55) * shown * max(LAMPS, .22) * (.75 + .25 * kick); s.glow = max(s.glow, clamp(bulb - .25, 0., 1.) * shown * max(LAMPS, .3) * .8);
}

// Head lamps towards us on the left, tail lamps away on the right, long trails of light between them.
void traffic(inout Shot s, vec2 d, float side, float cx, float eye, float travel, float wet) {
  float drop = FOCAL * (eye - .055), z = drop / max(-d.y, .008), x = abs(d.x * z / FOCAL + cx), lane = x < .3 ? .165 : .43;
  float move = side * (t * .75 + flow * 1.1) * (lane < .3 ? 1. : .72) - lane * 5., at = (z + travel - move) / CAR_GAP;
  float trail = clamp(1. - abs(abs(x - lane) - .056) / (.01 + z * pixel()), 0., 1.) * (side > 0. ? fract(1. - at) : fract(at)) * step(d.y, -.004) * clamp(1.2 - z * .08, 0., 1.);
  s.c += (side > 0. ? mix(pal[3], vec3(1., .14, .1), .7) : mix(pal[4], vec3(1., .96, .86), .5)) * trail * .3 * WET * LAMPS;
  for (int i = 0; i < 2; i++) {
    float k = floor(at + .5) - float(i); vec4 r = dice4(int(k), int(lane * 9.) + int(side) * 3 + 40);
    float zk = (k + .35 * (r.z - .5)) * CAR_GAP - travel + move;
    car(s, d, side, cx, eye, max(zk, .1), zk < .3 ? vec4(0.) : r, wet, max(zk, .1) * pixel() / FOCAL);
  }
}

// Lamp posts on both kerbs and signal gantries across the road.
void street_furniture(inout Shot s, vec2 d, float side, float cx, float eye, float travel) {
  float at = .7 - side * cx, z = FOCAL * at / max(abs(d.x), .01), k = floor((z + travel) / .9 + .5), zk = max(k * .9 - travel, .2);
  vec2 q = vec2(at - abs(d.x) * zk / FOCAL, d.y * zk / FOCAL + eye);
  float soft = zk * pixel() / FOCAL, near = clamp(zk * 4. - 1.2, 0., 1.) * clamp((9. - zk) * .5, 0., 1.);
  float post = min(box2(q - vec2(0., .21), vec2(.008, .21)), sd_capsule(q, vec2(0., .42), vec2(.12, .45), .006));
  lay(s, mix(aerial(.1), haze(), zk / (zk + 9.)), mask(post, soft) * near, .3, 0.);
  float bulb = length(q - vec2(.125, .44));
  float lamp = (clamp(1. - bulb / .022, 0., 1.) + .012 / (.04 + bulb * bulb * 14.)) * near * LAMPS;
  s.c += lamp_warm() * lamp * .8; s.glow = max(s.glow, clamp(1. - bulb / .03, 0., 1.) * LAMPS * near);
  float zg = (floor((travel + .5) / GANTRY_GAP) + 1.) * GANTRY_GAP - travel;
  vec2 g = d * zg / FOCAL + vec2(cx, eye); float gs = zg * pixel() / FOCAL;
  float arm = min(box2(g - vec2(.4, .74), vec2(.36, .007)), box2(g - vec2(.74, .37), vec2(.012, .38)));
  float head = min(box2(g - vec2(.1, .69), vec2(.026, .07)), box2(g - vec2(.42, .69), vec2(.026, .07)));
  float shown = clamp((5.2 - zg) * 1.5, 0., 1.);
  lay(s, aerial(.06 * zg), mask(min(arm, head), gs) * shown, .25, 0.);
  float go = step(.5, bar_phase), eye_y = go > .5 ? .65 : .73;
  vec2 l = vec2(min(abs(g.x - .1), abs(g.x - .42)), g.y - eye_y);
  float signal = clamp(1.25 - length(l) / .018, 0., 1.) * shown;
  shine(s, go > .5 ? mix(pal[2], vec3(.3, 1., .7), .6) : mix(pal[3], vec3(1., .2, .15), .5), signal * max(LAMPS, .5));
}

void boulevard(inout Shot s, vec2 p) {
  vec2 vp = vec2(-cam.x * .04, -.055);
  vec2 d = p - vp;
  float cx = cam.x * .3, eye = .23 + cam.y * .35, travel = cam.z * .35 + t * .055 + flow * .085 + rnd.x * 50.;
  float side = d.x < 0. ? -1. : 1., wall = WALL - side * cx;
  float zg = FOCAL * eye / max(-d.y, .003);
  vec2 road = vec2(d.x * zg / FOCAL + cx, zg + travel);
  float grain = textureLod(noise_tex, road * vec2(.35, .12), 0.).b;
  bool ground = d.y * wall / max(abs(d.x), 1e-3) + eye < 0.;
  vec2 sky_p = ground ? vec2(p.x, vp.y - d.y) : p;
  s.c = far_at(sky_p);
  if (!ground) stars(s, p);
  disc(s, sky_p);
  vec2 tip = vec2(abs(d.x + cam.x * .02), ground ? -d.y : d.y);
  float spire = min(box2(tip - vec2(0., .06), vec2(.019, .1)), min(box2(tip - vec2(0., .17), vec2(.012, .03)), max(tip.x - (.27 - tip.y) * .11, tip.y - .27)));
  lay(s, aerial(.5), mask(spire, pixel()), .9, 0.);
  shine(s, mix(pal[3], pal[4], .3), clamp(1. - abs(tip.y - .195) / .02, 0., 1.) * step(spire, -.001) * LAMPS * (.3 + .6 * bass));
  vec4 hit; float on, id, up;
  float z = street_walls(d, side, wall, eye, travel, ground ? .85 + grain * .35 : 1., hit, on, id, up);
  float k = z / (z + 8.) * (.75 + .5 * HAZE), front_face = 1. - mod(id, 2.), tone = dice(int(id), 3 + int(side));
  vec3 c = mix(aerial(k * .8), haze(), clamp(.75 - up, 0., 1.) * k);
  c += light_colour() * (hour == DAY ? .12 : .05) * (side * (vp.x - p.x) < 0. ? 1. - front_face : 0.) * (1. - k) * (.5 + .5 * tone);
  float floors = step(.2, hit.y);
  float share = (.3 + .26 * energy + .24 * hat * step(.5, tone)) * (hour == DAY ? 1. : LAMPS);
  vec2 cell = mix(vec2(.056, .082), vec2(.04, .068), tone);
  float lit = panes(hit.xy, cell, hit.zw, int(id) * 5 + int(side), share) * floors * step(up, .97);
  if (hour == DAY) c = mix(c, sky_mid(), lit * .4); else c = mix(c, tone > .62 ? lamp_cold() : lamp_warm(), lit * (1. - .6 * k));
  float bay = hit.x * 2.3 + side * .37, hue = dice(int(floor(bay)), int(side)), in_bay = fract(bay);
  vec3 neon = hue < .4 ? pal[3] : hue < .6 ? lamp_cold() : lamp_warm();
  float pier = clamp((.44 - abs(in_bay - .5)) * .43 / hit.z + .5, 0., 1.), glass = mask(abs(hit.y - .07) - .045, hit.w) * pier;
  float bars = mix(clamp((abs(fract(in_bay * 5.) - .5) - .06) * .087 / hit.z + .5, 0., 1.), .85, clamp(hit.z * 40. - .5, 0., 1.));
  float fascia = mask(abs(hit.y - .145) - .016, hit.w) * pier * step(.25, fract(hue * 17.)), word = step(.28, abs(fract(in_bay * 9. + hue) - .5) * 2.) * clamp(1.4 - hit.z * 30., .4, 1.);
  float open_late = (glass * bars * (.22 + .3 * hue + .3 * clamp(1. - hit.y * 8., 0., 1.)) + fascia * word * (.5 + .4 * mid)) * max(LAMPS, .2) * (1. - front_face);
  c = mix(c, c * .55, glass * (1. - front_face) * .7);
  c = mix(c, mix(lamp_warm(), neon, fascia), clamp(open_late, 0., 1.) * (1. - .5 * k));
  lay(s, c, on, .12 + .8 * k, hour == DAY ? 0. : max(lit * .35, open_late * .45) * (1. - k));
  fine_detail = .8 * on * floors * slope(.98, .94, up);                            // the windows are too many for a contour each
  float bsign = floor((FOCAL * (wall - .07) / max(abs(d.x), 1e-3) + travel) / BLOCK + .5), zs = bsign * BLOCK - travel;
  vec2 sg = vec2(abs(d.x) * zs / FOCAL - (wall - .09), abs(d.y * zs / FOCAL + eye) - (.5 + .25 * dice(int(bsign), 2)));
  float board = box2(sg, vec2(.05, .17 + .08 * dice(int(bsign), int(side)))), ss = zs * pixel() / FOCAL;
  float shown = step(.3, zs) * step(.35, dice(int(bsign), 9 + int(side))) * (ground ? 0. : 1.) * clamp((10. - zs) * .3, 0., 1.);
  float glyph = mask(abs(board + .012) - .005, ss) + mask(box2(vec2(sg.x, abs(fract(sg.y * 11.) - .5) / 11.), vec2(.022, .02)), ss) * .8 * step(board, -.02);
  lay(s, ink() * .6, mask(board, ss) * shown * .85, .3, 0.); fine_detail *= 1. - mask(board - .01, .01) * shown;
  vec3 sign_c = dice(int(bsign), 4 + int(side)) < .6 ? pal[3] : mix(pal[2], lamp_cold(), .6);
  shine(s, sign_c, min(glyph, 1.) * shown * (.55 + .25 * bass + .35 * snare * step(.6, dice(int(bsign), 6))) * max(LAMPS, .3));
  if (ground) {
    vec3 tar = mix(ink() * .75, haze(), .12 + .5 * zg / (zg + 9.)) * (.85 + .3 * grain);
    float lanes = mask(abs(abs(road.x) - .305) - .006, zg * pixel() / FOCAL) * step(.5, fract(road.y * 1.6)) + mask(abs(abs(road.x) - .02) - .006, zg * pixel() / FOCAL);
    float cross = step(.5, fract(road.x * 9.)) * mask(abs(fract(road.y / BLOCK) - .5) * BLOCK - .1, zg * zg * pixel() / (FOCAL * eye)) * step(abs(road.x), .6);
    tar = mix(tar, mix(pal[4], haze(), .4) * (hour == NIGHT ? .55 : .9), clamp(lanes * .5 + cross * .28, 0., 1.) * clamp(1.6 - zg * .2, 0., 1.));
    if (weather == SNOW) tar = mix(tar, snow(), clamp(.5 + .6 * (grain - .5) - .5 * clamp(1.2 - abs(abs(abs(road.x) - .3) - .05) * 14., 0., 1.), 0., 1.));
    float kerb = mask(.62 - abs(road.x), zg * pixel() / FOCAL);
    tar = mix(tar, mix(tar, haze(), .25), kerb);
    float shine_up = WET * (.35 + .65 * clamp(1. + d.y * 2.2, 0., 1.)) * (.75 + .5 * grain);
    s.c = mix(tar, s.c, clamp(shine_up * (1. - .4 * kerb), 0., .92));
    s.c += light_colour() * clamp(1. - abs(d.x) / (.03 - d.y * .5), 0., 1.) * clamp(1.3 + d.y * 5., 0., 1.) * (hour == NIGHT ? .18 : .3) * WET;
    s.glow *= .3; s.depth = clamp(zg / (zg + 8.), 0., 1.); fine_detail *= .5;
  }
  traffic(s, d, side, cx, eye, travel, max(WET, .3));
  street_furniture(s, d, side, cx, eye, travel);
  if (subject_id != 0) stand(s, p, subject_spot(subject_id == SJ_CAR ? vec2(place_x(.14), -.36) : vec2(place_x(-.035), -.36), vec2(place_x(-.02), -.36), vec2(place_x(-.02), .2)), subject_size(subject_id == SJ_CAR ? .18 : .26, .2, .18), ink() * .45, orb().xy);
}

// ---------------------------------------------------------------- 2 bridge, in units of its towers
const float BAY = -.13, DECK = .2, TOP = 1.18, EYE_OVER_WATER = .32, HALF_DECK = .1;

float fine(float f) { return abs(f) / max(length(vec2(dFdx(f), dFdy(f))), 1e-5); }

// Cables, hangers, deck and its traffic on the bridge's long plane, shifted sideways by `aside`.
void span(inout Shot s, vec2 ray, vec2 root, vec2 along, float len, float aside, vec2 bend, float rear) {
  float c = (root.x + aside - ray.x * root.y);
  float den = along.x - ray.x * along.y;
  float u = -c / (abs(den) < 1e-3 ? 1e-3 : den), z = root.y + u * along.y;
  float y = ray.y * z; bool mirror = y < -EYE_OVER_WATER;
  y = mirror ? -2. * EYE_OVER_WATER - y + bend.y : y; u += mirror ? bend.x : 0.;
  if (z < .25 || z > 14.) return;
  float soft = z * pixel() / FOCAL, m = u / len * 2. - 1., k = z / (z + 11.);
  float off = u < 0. ? clamp(-u / (len * .55), 0., 1.) : clamp((u - len) / (len * .55), 0., 1.);
  float cable = u > 0. && u < len ? DECK + .05 + (TOP - DECK - .05) * m * m : DECK + (TOP - DECK) * (1. - off) * (1. - off);
  vec3 dark = mix(mix(ink(), pal[3] * .5, hour == DAY || hour == DAWN ? .45 : .18), haze(), k * .85) * (rear > .5 ? .9 : 1.);
  float dim = mirror ? .45 : 1.;
  float slope = fine(y - cable);
  lay(s, dark, clamp(max(.011 / soft, .6) + .5 - slope, 0., 1.) * dim, .3 + .5 * k, 0.);
  float step_s = .11, grid = u / step_s, wide = fwidth(grid);
  float hang = clamp((.5 - abs(fract(grid) - .5)) / max(wide, 1e-3), 0., 1.); hang = mix((1. - hang) * .85, .16, clamp(wide * 3. - .3, 0., 1.));
  lay(s, dark, hang * step(DECK, y) * step(y, cable) * dim * .8, .3 + .5 * k, 0.);
  fine_detail = max(fine_detail, step(DECK + .02, y) * step(y, cable + .05)); // hangers and cable are lines already
  float deck = abs(y - DECK + .01) - .026, truss = max(abs(y - DECK + .065) - .035, .0);
  float webs = clamp(.9 - abs(abs(fract(u * 7.) - .5) * 2. - (y - DECK + .1) / .07) * 3., 0., 1.) * step(truss, .0) * clamp(1.5 - soft * 130., 0., 1.);
  lay(s, dark, max(mask(deck, soft), webs * .9) * dim, .3 + .5 * k, 0.);
  float bulbs = abs(fract(u * 4.5) - .5) / 4.5, lamp = clamp(1. - length(vec2(bulbs, (y - cable - .012) * .8)) / (.011 + soft), 0., 1.);
  shine(s, mix(lamp_warm(), pal[3], .3), lamp * LAMPS * (.35 + .3 * triangle(u * .6 - t * .35) + .5 * mid) * dim * step(u, len) * step(0., u));
  float road_u = u + (rear > .5 ? 1. : -1.) * (t * .25 + flow * .3), cell = floor(road_u * 3.2), pick = dice(int(cell), int(rear) + 3);
  float car = clamp(1. - length(vec2((fract(road_u * 3.2) - .3 - .4 * pick) / 3.2, y - DECK - .03)) / (.013 + soft), 0., 1.) * step(.3, pick);
  shine(s, rear > .5 ? mix(pal[3], vec3(1., .2, .1), .5) : mix(pal[4], vec3(1., .95, .85), .5), car * max(LAMPS, .2) * dim * (.8 + .2 * kick));
}

float pylon_cover = 0.;
void pylon(inout Shot s, vec2 ray, vec2 at, vec2 bend) {
  vec2 q = vec2(ray.x * at.y - at.x, ray.y * at.y); bool mirror = q.y < -EYE_OVER_WATER;
  q = mirror ? vec2(q.x + bend.x, -2. * EYE_OVER_WATER - q.y + bend.y) : q;
  float soft = at.y * pixel() / FOCAL, k = at.y / (at.y + 11.), up = (q.y + EYE_OVER_WATER) / (TOP + EYE_OVER_WATER), x = abs(q.x);
  float leg = max(abs(x - HALF_DECK) - .036 + .012 * up, q.y - TOP - .02), d = leg;
  float rung = abs(q.y - .55);
  d = min(d, max(min(min(rung, abs(q.y - .86)), abs(q.y - 1.13)) - .032, x - HALF_DECK));
  float cross_y = fract((q.y + .05) * 4.2) * 2. - 1.;
  d = min(d, max(max(abs(abs(cross_y) * HALF_DECK - x) - .014, x - HALF_DECK), q.y - DECK + .05));
  d = min(d, max(x - HALF_DECK - .07, q.y + EYE_OVER_WATER - .05));
  vec3 c = mix(mix(ink(), pal[3] * .55, hour == DAY || hour == DAWN ? .5 : .22), haze(), k * .85);
  c += light_colour() * .16 * clamp((q.x * sign(orb().x * 3. - at.x / at.y) - HALF_DECK - .008) / soft * .3 + .3, 0., 1.) * step(leg, 0.);
  c = mix(c, pal[3], LAMPS * .4 * clamp(1. - (q.y - DECK) * 1.3, 0., 1.) * step(DECK, q.y) * (.5 + .5 * bass));
  lay(s, c, mask(d, soft) * (mirror ? .5 : 1.), .3 + .5 * k, 0.);
  pylon_cover = max(pylon_cover, mask(d - .01, .02));
  float beacon = length(vec2(x - HALF_DECK, q.y - TOP - .04));
  shine(s, mix(pal[3], vec3(1., .2, .15), .6), (clamp(1. - beacon / (.018 + soft), 0., 1.) + .22 / (1. + beacon * beacon * 500.)) * max(LAMPS, .25) * (.45 + .55 * snare));
}

const float LEDGE = .14; // where a subject stands, in place_x; flat enough for a dancer's stance
float bluff(float x) {
  float rise = .22 * smoothstep(place_x(-.22), place_x(.62), x), on = subject_id == 0 || AFLOAT || ALOFT ? 0. : slope(.26, .17, abs(x - place_x(LEDGE)));
  return -.47 + mix(rise, max(rise, .075), on * on * (3. - 2. * on));
}

void bridge(inout Shot s, vec2 p) {
  vec3 o = orb();
  float far_off = BAY - p.y, wet = step(0., far_off);
  vec3 rip = ripples(p, max(far_off, 0.));
  vec2 sky_p = vec2(p.x + wet * (rip.x - .5) * .04 * (.4 + loudness), BAY + abs(far_off) * (1. + .1 * wet));
  s.c = far_at(sky_p);
  if (wet < .5) { stars(s, p); disc(s, p); }
  vec2 shift = cam.xy * vec2(.1, .1);
  float line = sky_p.y - BAY, hx = p.x + shift.x * .2 + rnd.y, hills = .03 + .016 * wave(hx * .9) + .012 * abs(triangle(hx * 2.3)) + .005 * triangle(hx * 7.);
  lay(s, aerial(.72), mask(line - hills, pixel() * 1.5), .9, 0.);
  Face f = sky_face();
  band(f, vec2(sky_p.x + shift.x * .3, line), 19., .012, .085, .6, 41, vec2(9.), .72, false);
  paint(s, f);
  if (wet > .5) water(s, p, far_off, rip, o);
  vec2 ray = vec2(p.x, p.y - BAY) / FOCAL;
  vec2 near_at = vec2(place_x(-.36) * 2.1 / FOCAL - cam.x * .5, 2.1 - cam.z * .35), far_tower = vec2(place_x(.27) * 6.2 / FOCAL - cam.x * .5, 6.2 - cam.z * .35);
  float len = distance(near_at, far_tower);
  vec2 along = (far_tower - near_at) / len, bend = (rip.xy - .5) * vec2(.05, .16) * (.5 + loudness);
  span(s, ray, near_at, along, len, -HALF_DECK, bend, 1.);
  pylon(s, ray, far_tower, bend);
  float bank = fbm1(vec2(p.x * 1.6 - t * .03, p.y * 5. + 2.)) * clamp(1. - abs(p.y - BAY - .02) * 9., 0., 1.);
  lay(s, haze(), clamp(bank * (.5 + HAZE) - .12, 0., .8), .6, 0.);
  pylon(s, ray, near_at, bend);
  span(s, ray, near_at, along, len, HALF_DECK, bend, 0.);
  float hill = bluff(p.x + cam.x * .2) + .004 * triangle(p.x * 3.1 + cam.x) + .002 * triangle(p.x * 11.);
  float tree_x = (p.x + cam.x * .2) * 19. + rnd.z * 9., i = floor(tree_x); vec4 r = dice4(int(i), 77 + seed());
  float gust = weather == WIND ? .18 * triangle(t * .4 + r.x) : .03 * triangle(t * .15 + r.x);
  float tall = (.05 + .11 * r.x) * step(.2, r.y) * smoothstep(place_x(.2), place_x(.4), p.x), ty = (p.y - hill + .01) / max(tall, .001);
  float pine = abs(tree_x - i - .5 + (r.z - .5) * .3 - gust * ty * .3) / 19. - (1. - ty) * tall * .26 * (.72 + .4 * fract(ty * 6.));
  float land = min(p.y - hill, max(pine, p.y - hill - tall));
  fine_detail = max(fine_detail * (1. - max(pylon_cover, mask(land, .004))), mask(land - .006, .004) * slope(.0, .012, p.y - hill));
  lay(s, weather == SNOW ? mix(ink() * .5, snow(), clamp(1. + land / .016, 0., 1.) * .8) : ink() * .5, mask(land, pixel()), .08, 0.);
  if (subject_id != 0) stand(s, p, subject_spot(vec2(place_x(LEDGE) - cam.x * .2, bluff(place_x(LEDGE)) - .008), vec2(place_x(.08), -.3), vec2(place_x(.12), .22)), subject_size(.2, .13, .16), ink() * .45, o.xy);
}

// ---------------------------------------------------------------- 3 rooftops
const float STREET = -.22;

// A cedar tank on stilts, feet at y=0, one unit to the tip of its cone.
float tank(vec2 q) {
  float x = abs(q.x);
  float barrel = max(x - .19, abs(q.y - .6) - .19);
  float cone = max(x - (1. - q.y) * 1.02, .78 - q.y);
  cone = max(cone, q.y - .99);
  float legs = max(abs(x - .17 - .03 * (.42 - q.y)) - .014, q.y - .42);
  float braces = max(abs(abs(fract(q.y * 4.8) - .5) * .7 - x) - .009, max(x - .18, q.y - .4));
  float feet = min(box2(q - vec2(0., .405), vec2(.2, .014)), box2(q - vec2(0., .0), vec2(.05, .02)));
  return min(min(barrel, cone), min(min(legs, braces), min(feet, box2(q - vec2(0., .2), vec2(.016, .2)))));
}

void put_tank(inout Shot s, vec2 p, vec2 at, float size, float k, vec2 o) {
  vec2 q = (p - at) / size; float d = tank(q), soft = pixel() / size;
  float round_side = clamp((q.x * sign(o.x - at.x) - .06) * 7., 0., 1.) * step(.42, q.y);
  float hoops = step(.5, q.y) * step(q.y, .79) * clamp(1. - abs(fract(q.y * 16.) - .5) * 6., 0., 1.);
  vec3 c = aerial(k) * (k < .05 ? .7 : 1.) + light_colour() * round_side * (hour == DAY ? .25 : .13) - hoops * .018;
  lay(s, c, mask(d, soft), .1 + k * .5, 0.);
}

// Old houses with cornices, chimneys and fire-lit windows; y from the street.
void terrace(inout Face f, vec2 q, float cells, float low, float tall, float k, int id, float lod, vec2 o) {
  float x = q.x * cells + rnd.z * 7. + float(id), i = floor(x); vec4 r = dice4(int(i), id + seed());
  vec2 u = vec2((x - i - .5) / cells, q.y);
  float h = low + tall * r.x, w = .5 / cells;
  float d = max(abs(u.x) - w, u.y - h);
  d = min(d, box2(u - vec2(0., h - .004), vec2(w + .002, .005)));
  d = min(d, box2(u - vec2((r.y - .5) * w, h), vec2(.009, .03 + .02 * r.z)));
  d = min(d, box2(u - vec2((.3 - r.z) * w, h), vec2(.006, .045 * r.y)));
  float hut = box2(u - vec2((r.w - .5) * w * 1.1, h), vec2(w * .32, .026));
  d = min(d, hut);
  d = min(d, max(abs(u.x - (r.z - .5) * w * 1.6) - .0012, u.y - h - .075 * r.w));
  float bars = max(abs(abs(u.y - h - .062 * r.w) - .006) - .0012, abs(u.x - (r.z - .5) * w * 1.6) - .014);
  d = min(d, bars);
  front(f, d, k, clamp((u.x * sign(o.x - q.x) - w * .3) / pixel() * .5, 0., 1.) * .8, q.y / (low + tall), u, r.y * .85, lod, int(i) * 11 + id);
  if (u.y > h - .02) f.shown = f.shown * step(d, -9.);
}

// A lit sign on a frame: bars and a ring that breathe with the bass.
void billboard(inout Shot s, vec2 q) {
  float frame = min(abs(box2(q - vec2(0., .075), vec2(.095, .042))) - .0022, max(abs(abs(q.x) - .06) - .0025, abs(q.y - .015) - .02));
  float struts = max(abs(abs(fract(q.x * 18.) - .5) / 9. - q.y - .004) - .0016, max(abs(q.x) - .09, abs(q.y - .015) - .017));
  lay(s, ink() * .7, mask(min(frame, struts), pixel()), .3, 0.);
  float ring = abs(length(q - vec2(-.052, .075)) - .024) - .0042;
  vec2 b = q - vec2(.03, .075); float row = floor(b.y / .021 + .5);
  float lines = box2(vec2(b.x + .012 * row, b.y - row * .021), vec2(.042 - .006 * abs(row), .0045)) ;
  lines = max(lines, abs(row) - 1.4);
  float tube = min(ring, lines), power = max(LAMPS, .3) * (.5 + .3 * bass + .25 * snare);
  shine(s, mix(pal[3], pal[4], .15), mask(tube, pixel()) * min(power + .25, 1.));
  s.c += pal[3] * power * .2 * clamp(1. - max(tube, 0.) / .05, 0., 1.) * clamp(1. - max(tube, 0.) / .05, 0., 1.);
}

// Bulbs on a sagging wire that light one after the other with the beat.
void string_lights(inout Shot s, vec2 p, vec2 a, vec2 b, float sag, float soft) {
  float u = (p.x - a.x) / (b.x - a.x); if (u < 0. || u > 1.) return;
  float sway = (weather == WIND ? .012 : .003) * wave(t * .23 + u * .5);
  float y = mix(a.y, b.y, u) - sag * 4. * u * (1. - u) + sway;
  lay(s, ink() * .4, clamp(1.2 - abs(p.y - y) / pixel(), 0., 1.) * .9, .1, 0.);
  float n = 13., i = floor(u * n);
  float chase = clamp(1. - abs(fract(i / n - bar_phase + .5) - .5) * 5., 0., 1.);
  float d = length(vec2((fract(u * n) - .5) / n * (b.x - a.x), p.y - y + .009));
  float power = max(LAMPS, .2) * (.55 + .3 * mid + .35 * chase);
  vec3 c = mix(lamp_warm(), pal[3], .25);
  s.c += c * power * (1.3 * clamp(1.2 - d / .006, 0., 1.) + .12 / (1. + d * d * 4000.));
  s.glow = max(s.glow, clamp(1. - d / .009, 0., 1.) * power * .8);
}

void rooftops(inout Shot s, vec2 p) {
  p.y += .055 * slope(1.2, .7, aspect);                                            // no slab of parapet at the foot of a tall picture
  vec3 o = orb(); vec2 shift = cam.xy * vec2(.3, .25);
  s.c = far_at(p); stars(s, p); beams(s, p, vec2(place_x(.2), STREET), .35); disc(s, p);
  Face f = sky_face();
  vec2 q = p - vec2(0., STREET + shift.y * .2);
  band(f, q + vec2(shift.x * .2, -.06), 15., .05, .2, .66, 53, o.xy, .8, false);
  landmark(f, (q - vec2(place_x(.26) - shift.x * .35, .04)) / (1. + cam.z * .05), .42, vec2(-1., 0.));
  band(f, q + vec2(shift.x * .4, -.03), 9., .05, .2, .42, 59, o.xy, .95, true);
  terrace(f, q + vec2(shift.x * .7, -.02), 6.5, .06, .07, .2, 67, 1.15, o.xy);
  paint(s, f);
  put_tank(s, p, vec2(place_x(.13) - shift.x * .7, STREET + .115), .1, .2, o.xy);
  billboard(s, p - vec2(place_x(.3) - shift.x * .9, STREET + .075));
  Face g = sky_face();
  terrace(g, p - vec2(-shift.x, STREET - .13 + shift.y * .5), 4.2, .06, .06, .06, 71, 1.7, o.xy);
  paint(s, g);
  vec2 r = vec2(p.x + cam.x * .45, p.y + .345 + cam.y * .2);
  float steam_x = r.x - place_x(.1) - .03 * wave(r.y * 1.6 - t * .12) - r.y * (weather == WIND ? .8 : .12);
  float plume = clamp(1. - abs(steam_x) / (.012 + r.y * .16), 0., 1.) * smoothstep(.0, .08, r.y) * clamp(1. - r.y / .42, 0., 1.);
  s.c = mix(s.c, mix(haze(), light_colour(), .35), plume * fbm1(vec2(r.x * 5., r.y * 4. - t * .5)) * (.3 + .4 * vocals));
  put_tank(s, p, vec2(place_x(-.27) - cam.x * .4, -.35 - cam.y * .2), .46, 0., o.xy);
  vec2 hut = r - vec2(place_x(.56), .0);
  float roof = min(min(r.y, box2(r - vec2(0., .008), vec2(4., .007))), min(max(box2(hut, vec2(.09, .1)), hut.y - .09 + hut.x * .18), box2(hut - vec2(0., .09), vec2(.1, .006))));
  roof = min(roof, min(box2(r - vec2(place_x(.1), .02), vec2(.012, .034)), box2(r - vec2(place_x(.1), .056), vec2(.017, .005))));
  roof = min(roof, max(abs(fract(r.x * 9.) - .5) / 9. - .0016, abs(r.y - .03) - .03));
  float poles = min(box2(r - vec2(place_x(-.04), .11), vec2(.0028, .12)), box2(r - vec2(place_x(.42), .11), vec2(.0028, .13)));
  vec3 dark = ink() * .55 + lamp_warm() * LAMPS * .12 * clamp(1. - abs(r.y + .004) * 60., 0., 1.) * step(r.y, .0) * clamp(1. - abs(r.x - place_x(.2)) * 2.4, 0., 1.);
  dark += light_colour() * .1 * clamp(1. - abs(r.y - .013) / .003, 0., 1.);
  vec2 brick = vec2(r.x * 22. + .5 * step(.5, fract(r.y * 30.)), r.y * 60.); vec4 br = dice4(int(floor(brick.x)), int(floor(brick.y)));
  float joint = max(clamp(1.3 - abs(fract(brick.x) - .5) * -22. - 11., 0., 1.), clamp(abs(fract(brick.y) - .5) * 10. - 4.2, 0., 1.));
  dark += (light_colour() * .03 * (br.x - .3) - .012 * joint) * step(r.y, -.012) * clamp(1.2 + r.y * 5., 0., 1.);
  dark += lamp_warm() * LAMPS * .1 * (.6 + .5 * mid) * clamp(1. - length(vec2(r.x - place_x(.19), (r.y + .02) * 3.)) * 4., 0., 1.) * step(r.y, -.0) * (.7 + .6 * br.y);
  if (weather == SNOW) dark = mix(dark, snow(), clamp(1. - abs(r.y - .012) / .006, 0., 1.) * .9);
  lay(s, dark, mask(min(roof, poles), pixel()), .06, 0.);
  float door = box2(hut - vec2(-.01, .04), vec2(.022, .036));
  lay(s, lamp_warm(), mask(door, pixel()) * LAMPS * .8, .06, LAMPS * mask(door, pixel()) * .5);
  string_lights(s, r, vec2(place_x(-.04), .225), vec2(place_x(.42), .235), .06, pixel());
  vec2 behind = p - vec2(place_x(.24) - cam.x * .45, -.22 - cam.y * .2);         // steam with a light in it, for a figure to stand out against
  if (subject_id != 0 && !AFLOAT && !ALOFT) s.c = mix(s.c, mix(haze(), lamp_warm(), .55 * LAMPS + .1), clamp(1. - dot(behind, behind) * 34., 0., 1.) * (.50 + .12 * vocals) * clamp(1. + r.y * 60., 0., 1.));
  if (subject_id != 0) stand(s, p, subject_spot(vec2(place_x(.24) - cam.x * .45, -.335 - cam.y * .2), vec2(place_x(.24), -.335), vec2(place_x(.05), .22)), subject_size(.22, .2, .16), ink() * .45, o.xy);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(far_at(p), 1., 0.);
  if (variant == 0) harbour(s, p);
  if (variant == 1) boulevard(s, p);
  if (variant == 2) bridge(s, p);
  if (variant == 3) rooftops(s, p);
  if (weather == FOG) s.c = hazed(s.c, .25 * s.depth + .6 * sqrt(s.depth));
  s.c = weather_layer(p, s.c, s.depth);
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
