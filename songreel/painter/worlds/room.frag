// Room with a window: 0 bedroom over the city, 1 attic studio, 2 train compartment, 3 loft with a table and a cat.
// far() is what lies outside, softly; in the attic it is the light in the air. Lengths are in picture heights.

struct Shot { vec3 c; float depth; float glow; };

// Light that the hour sends in, what weather leaves of it, and how much the lamps add.
const float SKY = (hour == DAY ? 1. : hour == DAWN ? .74 : hour == DUSK ? .52 : .24) * (weather == CLEAR || weather == WIND ? 1. : .8);
const float SUN = weather == CLEAR || weather == WIND ? 1. : weather == SNOW ? .55 : .32;
const float LAMPS = hour == NIGHT ? 1. : hour == DUSK ? .9 : hour == DAWN ? .5 : .22;

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
void put(inout Shot s, vec3 c, float d, float depth) { lay(s, c, mask(d, pixel()), depth, 0.); }
void shine(inout Shot s, vec3 c, float a) { s.c += c * a * (1.2 - s.c); s.glow = max(s.glow, min(a, 1.)); }
float halo(vec2 q, float k) { return 1. / (1. + dot(q, q) * k); }

vec3 ink() { return mix(pal[0], pal[1], hour == DAY ? .4 : hour == DAWN ? .3 : .12) * .7; }
vec3 warm() { return mix(pal[4], vec3(1., .74, .4), .6); }
vec3 lit(vec3 c) { return c * mix(mix(pal[1], pal[2], .6) * .55 + .1, mix(light_colour(), vec3(1.), .45), SKY); } // what the window's light makes of a colour
vec3 plaster() { return mix(mix(pal[2], pal[4], .42), pal[1], .3); }

// Sun or moon outside: centre and radius.
vec3 orb() {
  float low = hour == DAY ? .13 : hour == NIGHT ? .06 : 0.;
  if (variant == 2) return vec3(place_x(.14), .05 + low, .07);
  if (variant == 3) return vec3(place_x(-.1), .08 + low, .075);
  return vec3(place_x(.13), .1 + low, hour == DAY ? .05 : .085);
}

// Light from the attic's panes and the smoke and dust it hangs in.
vec3 attic_air(vec2 p) {
  float dust = fbm(p * 3. + vec2(t * .025, t * -.02) + rnd.xy * 20., 3);
  vec2 from = vec2(place_x(.42), .52), dir = normalize(vec2(place_x(-.6), -.9)), q = p - from;
  float l = dot(q, dir), a = clamp(1. - abs(q.x * dir.y - q.y * dir.x) / (.1 + l * .09), 0., 1.);
  float shaft = smoothstep(0., .55, a) * clamp(1.15 - l * .55, 0., 1.);
  vec2 o = p - vec2(place_x(-.06), .13); float ray = clamp(1. - abs(o.x + o.y * .45) / (.12 - o.y * .12), 0., 1.) * slope(.05, -.06, o.y) * slope(-.7, -.1, o.y);
  return light_colour() * (shaft * .55 + ray * .22 + .1 * halo(o, 26.)) * mix(.34, 1., SKY) * SUN * (.5 + .65 * dust * (.7 + .6 * vocals));
}

vec3 far(vec2 p) {
  if (variant == 1) return attic_air(p);
  float base = variant == 2 ? -.06 : variant == 3 ? -.08 : -.1, y = max(p.y - base, 0.);
  vec3 c = mix(sky_low(), sky_mid(), slope(0., .26, y)); c = mix(c, sky_top(), slope(.2, .6, y));
  float slide = variant == 2 ? t * .012 + flow * .012 : 0., bank = fbm(vec2(p.x * 2.4 + slide + t * (weather == WIND ? .08 : .012), p.y * 7.) + rnd.xy * 30., 4);
  vec3 o = orb(); float d = length(p - o.xy), near = exp(-max(d - o.z, 0.) * 6.);
  c += light_colour() * near * (hour == NIGHT ? .26 : .36);
  c = mix(c, mix(sky_mid(), mix(light_colour(), sky_low(), .5), .2 + .5 * near + .3 * bank), slope(weather == CLEAR ? .44 : .28, .8, bank) * (weather == CLEAR ? .6 : .85));
  if (weather == FOG) c = mix(c, mix(sky_low(), sky_mid(), .4), .6 * slope(.5, 0., y));
  if (weather == RAIN || weather == SNOW) c = mix(c, vec3(luma(c)) * .9, .3);
  return c;
}

// The sky through the panes, with the sun or moon in it.
void outside(inout Shot s, vec2 p) {
  vec3 o = orb(); s = Shot(far_at(p), 1., .04);
  float m = mask(length(p - o.xy) - o.z, pixel() * 1.5);
  lay(s, hour == DAY ? mix(light_colour(), vec3(1.), .5) : mix(light_colour(), pal[4], .4), m * (SUN < .5 ? .2 : 1.), 1., m * .4 * SUN);
}

// Weather in front of the view, then water running down the glass.
void glass(inout Shot s, vec2 p) {
  s.c = weather_layer(p, s.c, s.depth);
  if (weather == RAIN) {
    float x = p.x * 17., i = floor(x); vec4 r = dice4(int(i), 5); float run = p.y * 1.15 + t * (.05 + .08 * r.x) + r.y, n = floor(run); vec4 k = dice4(int(i), int(n) + 9);
    float at = run - n, off = (x - i - .5 - (k.x - .5) * .4 - .1 * wave(p.y * 3. + k.y)) / 17., drop = length(vec2(off, (at - .15) * .45)) - .008 - .004 * k.z;
    float trail = clamp(1. - abs(off) / .0032, 0., 1.) * slope(.15, .2, at) * slope(.95, .3, at), bead = mask(drop, pixel() * 1.5) * step(.3, k.w);
    s.c = mix(s.c, far_at(vec2(p.x + off * 9., .1 - (at - .15) * 3.)) * 1.15 + .05, bead * .85); s.c = mix(s.c, s.c * .8 + light_colour() * .16, trail * step(.3, k.w) * .7);
  }
  if (weather == SNOW || weather == FOG) s.c = mix(s.c, mix(sky_low(), vec3(.9), .2) * mix(.5, 1., SKY), .16);
}

// Floor boards under y, seen from low; and the window's light on them: panes slanting across, with the cross of the bars.
vec3 boards(vec2 q, float y, float across) {
  float z = .1 / (y - q.y + .16), x = (q.x - across) * z * 13., i = floor(x); vec4 r = dice4(int(i), 3);
  vec3 c = lit(mix(mix(pal[1], pal[2], .35), warm(), .22)) * (.62 + .2 * r.x - .3 * slope(.45, .5, abs(x - i - .5)));
  return c * (.85 + .15 * step(.06, fract(z * 9. + r.y)));
}
float patch_of_light(vec2 q, float y, float middle, float half_w, float lean, float tall, float bars) {
  float down = y - q.y, v = down / tall, u = (q.x - middle - lean * down - .02 * wave(t * .012 + rnd.y)) / (1. + down * 1.1) / half_w;
  float inside = slope(1.03, .94, abs(u)) * slope(.08, .16, v) * slope(1., .86, v);
  float bar = min(abs(fract(u * bars * .5 + .5) - .5) * 2. / bars, abs(v - .52) * .6); 
  return inside * slope(.012, .04, bar);
}

// Dust in the light: slow motes that the voice lights up.
void dust(inout Shot s, vec2 p, float where) {
  vec2 g = p * 19. + vec2(.5 * wave(t * .05 + floor(p.y * 7.) * .3), t * -.09 - flow * .05) + cam.xy * 5.; vec2 i = floor(g); vec4 r = dice4(int(i.x) + 300, int(i.y) + seed());
  vec2 star = star_point(1.1 + 1.2 * r.z); float a = clamp(1.3 - length(g - i - .2 - .6 * r.xy) / (19. * star.x), 0., 1.) * step(.5, r.w) * where * (.4 + .3 * triangle(t * .15 + r.x * 5.) + .7 * vocals);
  s.c += mix(light_colour(), warm(), .3) * a * star.y;
}

const bool ALOFT = subject_id == SJ_BIRDS || subject_id == SJ_BALLOON || subject_id == SJ_BUTTERFLY || subject_id == SJ_ROCKET;

// The subject, dark against the window, its edge lit from `from`, its shadow at its feet.
void stand(inout Shot s, vec2 p, vec2 ground, float size, vec2 air, float air_size, vec3 c, vec2 from, vec3 rim) {
  if (subject_id == 0) return;
  vec2 at = ALOFT ? air : ground; size = ALOFT ? air_size : size;
  size *= min(1., aspect * .42 / (subject_half_width() * size)); // the long ones shrink to fit
  vec2 q = (p - at) / size; float d = subject(q), m = mask(d, pixel() / size * 1.6);
  if (!ALOFT) s.c *= 1. - .45 * halo(q * vec2(2.2, 14.), 1.) * step(q.y, .04);
  vec2 way = vec2(dFdx(d), dFdy(d)); float facing = dot(way, normalize(from - at - vec2(0., size * .5))) / max(length(way), 1e-6);
  lay(s, c, m, .1, 0.); subject_cover = m;
  s.c += rim * m * clamp(1. + d / .05, 0., 1.) * clamp(facing + .1, 0., 1.) * .7;
  vec3 g = subject_glow(q); s.c += g; s.glow = max(s.glow, max(g.r, max(g.g, g.b)));
}

// A lamp's shade with the light it throws; q from its middle, size half its width.
void lamp(inout Shot s, vec2 q, float size, float power) {
  float shade = max(abs(q.x) - size * (.78 - .26 * q.y / size), abs(q.y) - size * .55), on = power * (.72 + .28 * bass);
  vec3 c = mix(mix(pal[3], pal[4], .55), warm(), .45);
  lay(s, c * (.35 + .6 * on * (.75 + .3 * halo(q * vec2(1., 1.4), .6 / (size * size)))), mask(shade, pixel()), .3, .3 * on);
  shine(s, warm(), (.3 * halo(q, 30.) + .16 * clamp(1. - abs(q.x) / (size + abs(q.y) * .55), 0., 1.) * halo(q, 12.)) * on * .9);
}

// Bars of the music on a small display, half its size b.
void bars(inout Shot s, vec2 q, vec2 b, float depth) {
  float n = floor((q.x / b.x * .5 + .5) * 9.), f = fract((q.x / b.x * .5 + .5) * 9.), k = n / 8.;
  float level = mix(mix(bass, mid, min(k * 2., 1.)), treble, clamp(k * 2. - 1., 0., 1.)) * (.55 + .45 * wave(t * .23 + n * .37)) * .8 + .12;
  float on = step(abs(f - .5), .34) * slope(level + .03, level - .03, q.y / b.y * .5 + .5) * step(.22, fract((q.y / b.y * .5 + .5) * 7.));
  lay(s, ink() * .4, mask(box2(q, b * 1.12), pixel()), depth, 0.);
  shine(s, mix(pal[3], pal[4], .2 + .4 * k), on * mask(box2(q, b), pixel()) * .85);
}

// ---------------------------------------------------------------- 0 bedroom
void skyline(inout Shot s, vec2 q, float cells, float low, float tall, float k, int id, float base) {
  float x = q.x * cells + rnd.y * 9. + float(id), i = floor(x); vec4 r = dice4(int(i), id + seed()); vec2 u = vec2((x - i - .5) / cells, q.y - base); float w = .46 / cells, h = low + tall * r.x * r.x;
  float d = min(max(abs(u.x) - w, u.y - h), max(abs(u.x - (r.y - .5) * w) - w * .45, u.y - h - .03 * step(.4, r.z))); d = min(d, max(abs(u.x) - .0014, u.y - h - .07 * step(.7, r.y))); d = min(d, u.y - low * .6);
  vec2 cell = vec2(.0125, .0155) * (1.4 - k * .6), g = u / cell + .5, n = floor(g), f = abs(g - n - .5); vec4 o = dice4(int(n.x) + int(i) * 11, int(n.y) + id);
  vec2 a = clamp((vec2(.3) - f) * cell / pixel() + .5, 0., 1.); float on = a.x * a.y * clamp((o.x - .68 + .3 * hat * o.y) * 8., 0., 1.) * (.45 + .55 * o.z) * (.75 + .25 * hat) * step(.004, -d) * LAMPS;
  vec3 c = mix(mix(pal[0], pal[1], .4) * (hour == NIGHT ? .7 : 1.), mix(sky_low(), sky_mid(), .3), k);
  lay(s, mix(c, o.w > .8 ? pal[3] : warm(), on * (1. - .5 * k)), mask(d, pixel()), .7 + .25 * k, on * .4);
}

// A curtain that hangs from its rail at x on the outer side and stirs at its foot; q.x grows towards the middle.
void curtain(inout Shot s, vec2 q, float w, float top, float foot, float who) {
  float v = clamp((top - q.y) / (top - foot), 0., 1.), air = weather == WIND ? 1. : .3 + .4 * loudness;
  float edge = w * (1. - .12 * v) + v * v * air * .06 * (wave(t * .13 + who) + .5 * wave(t * .21 - v * .6 + who)) , u = q.x / max(edge, .02);
  float pleat = .5 + .3 * triangle(u * 3.5 + .12 * v * wave(t * .1 + who) + who) + .2 * triangle(u * 7.3 + .4 * v), d = max(max(q.x - edge, q.y - top), foot - q.y);
  vec3 c = lit(mix(pal[4], pal[3], .14)) * (.5 + .5 * pleat) + s.c * .25 * (1. - pleat) * SKY + light_colour() * .12 * SKY * slope(.4, 1., u) + warm() * .06 * LAMPS;
  lay(s, c, mask(d, pixel() * 1.5) * (.8 + .16 * pleat), .42, 0.);
}

void record_player(inout Shot s, vec2 q, float size) {
  vec2 u = q / size; vec3 wood = lit(mix(pal[1], warm(), .32)) * .8 + warm() * .08 * LAMPS;
  put(s, wood, box2(q + vec2(0., .012), vec2(size * 1.2, .018)), .3);
  vec2 e = vec2(u.x + .12, (q.y - .03) / (size * .34)); float r = length(e), ang = atan(e.y, e.x) / TAU;
  put(s, wood * 1.25, max(abs(u.x) - 1.2 + (q.y - .006) * 5., abs(q.y - .032) - .031) * size, .3);
  float groove = .5 + .5 * triangle(r * 17.), glint = max(wave(ang * 2. + .15), 0.); glint *= glint * glint;
  vec3 vinyl = ink() * .3 + mix(light_colour(), warm(), .5) * (.05 * groove + .3 * glint * groove) * step(.36, r);
  float turn = wave(ang - t * .555); vinyl = mix(vinyl, mix(pal[3], pal[4], .25 + .4 * clamp(turn * 3., 0., 1.)), mask((r - .34) * size, pixel()));
  lay(s, vinyl, mask((r - .92 - .006 * turn) * size * .5, pixel()), .28, 0.); 
  put(s, mix(pal[4], ink(), .3), sd_capsule(u, vec2(1., .48), vec2(.62 - .05 * section_phase, .12), .03) * size, .27);
}

void bedroom(inout Shot s, vec2 p) {
  vec2 view = p + vec2(cam.x * .04, cam.y * .03), q = (p + vec2(cam.x * .16, cam.y * .12)) / (1. + cam.z * .07); float w = min(.52, aspect * .36), sill = -.13;
  outside(s, view);
  skyline(s, view, 15., .03, .16, .62, 3, -.13); skyline(s, view + vec2(cam.x * .03, 0.), 9., .02, .2, .28, 7, -.16); skyline(s, view + vec2(cam.x * .06, 0.), 5.5, .01, .11, .05, 11, -.19);
  glass(s, p);
  vec2 m = q - vec2(0., .13); float pane = box2(m, vec2(w, .26)), cross_bars = min(abs(abs(q.x) - w / 3.) - .0065, abs(m.y - .1) - .005), frame = max(min(cross_bars, abs(pane) - .014), pane - .014);
  put(s, lit(mix(plaster(), pal[4], .4)) * .8 + light_colour() * .06 * slope(0., .01, m.x), frame, .6);
  vec3 wall = lit(plaster()) * (.74 + .12 * step(.5, fract(q.x * 13.))) * (.75 + .35 * halo(q - vec2(0., .1), 3.));
  wall += light_colour() * SKY * .1 * halo(vec2(max(pane, 0.), 0.), 160.); lay(s, wall, mask(.014 - pane, pixel()), .55, 0.);
  vec2 pic = vec2(q.x - w - .17, q.y - .16), art = pic; float fr = box2(pic, vec2(.06, .085)); // a picture on the wall
  put(s, ink() * .8, fr - .008, .54); put(s, mix(mix(pal[3], pal[2], slope(-.02, .02, art.y - .01 * wave(art.x * 9.))), pal[4], mask(length(art - vec2(.012, .03)) - .018, .003)) * mix(.45, .9, SKY), fr, .54);
  float floor_y = -.235; vec3 ground = boards(q, floor_y, 0.); float beam = patch_of_light(q, floor_y, place_x(-.06), w * .8, -.5, .24, 3.);
  ground += light_colour() * beam * mix(.2, .55, SKY) * SUN * (.86 + .16 * snare); put(s, ground, q.y - floor_y, .4); s.glow = max(s.glow, beam * .08);
  put(s, lit(mix(plaster(), pal[4], .5)) * .8, abs(q.y - floor_y - .012) - .012, .5); put(s, lit(mix(plaster(), pal[4], .6)), box2(q - vec2(0., sill - .012), vec2(w + .05, .012)), .5);
  curtain(s, vec2(q.x + w + .1, q.y), .1 + w * .24, .43, -.26, .3); curtain(s, vec2(w + .1 - q.x, q.y), .1 + w * .22, .43, -.26, .8);
  put(s, ink() * .8, min(box2(q - vec2(0., .435), vec2(w + .14, .006)), length(vec2(abs(q.x) - w - .14, q.y - .435)) - .013), .4);
  vec2 pot = q - vec2(w * .52, sill); float leaf = abs(fract(atan(pot.x, pot.y - .04) * 2.2 + .02 * wave(t * .1)) - .5) - .34 + 3.4 * abs(length(pot - vec2(0., .045)) - .05); // a plant on the sill
  put(s, mix(ink(), pal[2], .3) * mix(.6, 1., SKY), max(leaf * .03, .03 - pot.y), .45); put(s, lit(mix(pal[3], pal[1], .35)) * .8, max(abs(pot.x) - .016 - pot.y * .18, abs(pot.y - .02) - .02), .45);
  vec2 g = p + vec2(cam.x * .3, cam.y * .2), bed = g - vec2(-aspect * .5 + .02, -.3); float fold = .008 * wave(bed.x * 3.1) + .006 * wave(bed.x * 7.7 + .3); // the foot of the bed
  float duvet = max(bed.y - .1 - fold, bed.x - .3 - .1 * clamp(.1 - bed.y, 0., .2) + .02 * wave(bed.y * 4.)), rail = min(box2(bed - vec2(.31, -.02), vec2(.012, .13)), box2(bed - vec2(.1, -.14), vec2(.22, .014)));
  put(s, lit(mix(pal[4], pal[2], .28)) * (.62 + .22 * wave(bed.x * 5. + bed.y * 3.) * wave(bed.y * 4.1 + .2) + .25 * slope(.03, .1, bed.y)) + warm() * .05 * LAMPS, smax(duvet, -bed.y - .13, .03), .22);
  put(s, lit(mix(pal[1], warm(), .25)) * .6, rail, .2);
  vec2 tb = g - vec2(aspect * .5 - min(.26, aspect * .2), -.29); float cup = box2(tb + vec2(0., .06), vec2(.15, .075)); // the cabinet with the player and the hi-fi
  put(s, lit(mix(pal[1], warm(), .28)) * (.6 + .1 * step(.5, fract(tb.x * 7.))) + warm() * .08 * LAMPS, min(cup, box2(vec2(abs(tb.x) - .13, tb.y + .15), vec2(.008, .04))), .25);
  bars(s, tb - vec2(.055, -.055), vec2(.062, .026), .24); put(s, ink() * .6, length(tb - vec2(-.07, -.055)) - .042, .24); put(s, mix(ink(), pal[2], .3), abs(length(tb - vec2(-.07, -.055)) - .03 - .002 * bass) - .003, .24);
  record_player(s, tb - vec2(-.035, .045), .085);
  vec2 lp = tb - vec2(.115, .02); put(s, ink(), min(box2(lp - vec2(0., .07), vec2(.004, .07)), box2(lp, vec2(.026, .006))), .24); lamp(s, lp - vec2(0., .165), .05, LAMPS);
  dust(s, p, slope(.6, .1, abs(q.x + .3 * (q.y - .1))) * SUN * .7);
  stand(s, p, vec2(place_x(-.1) - cam.x * .25, -.345 - cam.y * .15), .42, vec2(place_x(-.06), .06), .22, ink() * .5, orb().xy, mix(light_colour(), warm(), .3));
}

// ---------------------------------------------------------------- 1 attic
void attic(inout Shot s, vec2 p) {
  vec2 q = (p + vec2(cam.x * .14, cam.y * .1)) / (1. + cam.z * .07), o = vec2(place_x(-.06), .13); float wide = clamp(aspect / 1.78, .55, 1.), floor_y = -.2;
  float slant = abs(q.x) * .72 / wide + q.y - .47, gable = slant + .14; // the roof, and the far wall under it
  float row = q.x * 15., board = abs(fract(row) - .5); vec4 br = dice4(int(floor(row)), 21);
  vec3 wall = lit(mix(mix(pal[2], pal[1], .45), warm(), .18)) * (.66 + .16 * br.x - .2 * slope(.44, .5, board));
  wall += light_colour() * SKY * .2 * halo(q - o, 16.) + warm() * .16 * LAMPS * halo(q - vec2(place_x(.3), -.03), 9.) * (.8 + .25 * bass);
  s = Shot(wall, .8, 0.);
  float r = length(q - o), hole = r - .122, cross_bars = min(min(abs(q.x - o.x), abs(q.y - o.y)) - .0045, abs(r - .055) - .0035); // the round window
  vec3 c = sky(clamp((q.y - o.y) * 2. + .3, 0., 1.)); vec2 moon = q - o - vec2(.035, .04); c += light_colour() * .35 * halo(moon, 160.);
  c = mix(c, mix(light_colour(), pal[4], .4), mask(length(moon) - .03, pixel() * 1.5) * SUN);
  float roofs = q.y - o.y + .055 - .02 * abs(triangle(q.x * 6. + rnd.y * 4.)) - .012 * step(.7, fract(q.x * 9.)); c = mix(c, mix(pal[1], sky_low(), .25), mask(roofs, pixel()));
  Shot out_s = Shot(c, .95, .12 * SKY); if (hole < .02) out_s.c = weather_layer(p, out_s.c, .95);
  lay(s, out_s.c, mask(hole, pixel()), .95, .2 * SKY); put(s, lit(mix(pal[1], warm(), .3)) * .5, max(min(cross_bars, abs(hole - .006) - .012), hole - .018), .75);
  vec3 floor_c = boards(q, floor_y, -cam.x * .1); vec2 spot = (q - vec2(place_x(-.16), -.34)) * vec2(1., 2.9); // where the shaft falls
  floor_c += light_colour() * (slope(.3, .2, length(spot + vec2(.02 * wave(t * .015), 0.)) ) * mix(.22, .5, SKY) * SUN * (.86 + .16 * snare) * slope(.006, .016, abs(spot.x + .3 * spot.y)));
  put(s, floor_c, q.y - floor_y, .5); put(s, lit(mix(pal[1], pal[2], .3)) * .5, abs(q.y - floor_y - .01) - .01, .6);
  float side = step(0., q.x); vec2 slope_at = vec2(q.y, gable); // the two slopes of the roof with their rafters
  float plank = fract((q.y * 1.2 + abs(q.x) * .3) * 16.);
  vec3 roof_c = lit(mix(mix(pal[1], pal[2], .3), warm(), .12)) * (side > .5 ? .6 : .8) * (.85 + .15 * step(.08, plank)) + light_colour() * SKY * .1 * (1. - side) * halo(q - vec2(place_x(-.3), .0), 8.);
  lay(s, roof_c, mask(-gable, pixel()), .6, 0.);
  vec2 sk = vec2(q.x - place_x(.4), q.y - .27 + (q.x - place_x(.4)) * .6 / wide); float light_hole = box2(sk, vec2(.085 * wide + .02, .085)), bar = min(abs(sk.x), abs(sk.y)) - .004; // the skylight
  vec3 over = mix(sky_mid(), sky_top(), .4) + light_colour() * .3 * SUN * SKY; if (weather == SNOW) over = mix(over, vec3(.9), .35); if (weather == RAIN) over *= .85 + .3 * fbm1(vec2(sk.x * 9., sk.y * 5. + t * .4));
  lay(s, mix(over, ink(), mask(bar, pixel())), mask(light_hole, pixel()), .7, .3 * SKY); put(s, ink() * .7, abs(light_hole - .006) - .007, .55);
  float beams = min(abs(gable - .004) - .011, min(abs(gable - .17) - .009, abs(gable - .36) - .008)); put(s, lit(mix(pal[1], warm(), .2)) * .36, beams, .5); // rafters
  vec2 g = p + vec2(cam.x * .22, cam.y * .14), pn = g - vec2(place_x(.36), -.235); // the piano, a lamp on it
  vec3 wood = lit(mix(pal[1], ink(), .4)) * .6 + warm() * .05 * LAMPS; float piano = min(box2(pn - vec2(0., .075), vec2(.125, .085)), min(box2(pn - vec2(0., .165), vec2(.132, .007)), box2(pn - vec2(-.02, .06), vec2(.15, .012))));
  piano = min(piano, box2(vec2(abs(pn.x + .02) - .13, pn.y), vec2(.009, .06))); put(s, wood, piano, .35);
  float key = box2(pn - vec2(-.02, .07), vec2(.135, .0055)); put(s, mix(lit(pal[4]), ink(), step(.55, fract(pn.x * 62.)) * step(.068, pn.y)), key, .34);
  float sheet = box2(pn - vec2(-.01, .115), vec2(.035, .028)); put(s, lit(pal[4]) * (.85 - .3 * step(.6, fract(pn.y * 120.))), sheet, .34);
  lamp(s, pn - vec2(.075, .225), .036, LAMPS); put(s, ink(), min(box2(pn - vec2(.075, .19), vec2(.003, .02)), box2(pn - vec2(.075, .173), vec2(.018, .004))), .33);
  vec2 cd = pn - vec2(-.085, .172); put(s, lit(pal[4]), box2(cd - vec2(0., .016), vec2(.006, .018)), .33); vec2 fl = cd - vec2(.002 * wave(t * .7), .046); shine(s, warm(), (clamp(1.3 - length(fl * vec2(1.8, .9)) / .011, 0., 1.) + .2 * halo(fl, 700.)) * (.6 + .4 * treble) * max(LAMPS, .5));
  vec2 es = g - vec2(place_x(-.44), -.3), cv = es - vec2(0., .265); // the easel with a picture that is being painted over the section
  float legs = min(min(sd_capsule(es, vec2(0., .46), vec2(-.1, .0), .006), sd_capsule(es, vec2(0., .46), vec2(.1, .0), .006)), box2(es - vec2(0., .165), vec2(.1, .007))); put(s, lit(mix(pal[1], warm(), .2)) * .45, legs, .3);
  vec3 paint = mix(mix(pal[2], pal[3], slope(-.03, .05, cv.y + .01 * wave(cv.x * 8.))), mix(pal[1], pal[2], .4), slope(.0, -.006, cv.y + .035 - .018 * wave(cv.x * 5. + .2))); paint = mix(paint, pal[4], mask(length(cv - vec2(.02, .035)) - .024, .004)); paint = mix(mix(pal[4], pal[2], .1), paint, slope(-.02, .02, section_phase * 1.25 + .1 * wave(cv.y * 12.) - (cv.x + .085) / .17));
  put(s, paint * mix(.42, .95, SKY), box2(cv, vec2(.085, .095)), .29); put(s, lit(pal[4]) * .7, abs(box2(cv, vec2(.087, .097))) - .002, .29);
  vec2 gt = g - vec2(place_x(.16), -.27); gt = vec2(gt.x * .97 - gt.y * .24, gt.y * .97 + gt.x * .24); // the guitar leaning at the piano
  float guitar = smin(length(gt - vec2(0., .052)) - .052, length(gt - vec2(0., .128)) - .037, .03), neck = min(box2(gt - vec2(0., .24), vec2(.007, .1)), box2(gt - vec2(0., .345), vec2(.012, .02)));
  put(s, lit(mix(pal[3], warm(), .5)) * .7, guitar, .28); put(s, ink() * .5, min(neck, min(length(gt - vec2(0., .105)) - .016, box2(gt - vec2(0., .045), vec2(.017, .004)))), .28);
  vec3 air = far_at(p); s.c += air * (1. - .6 * s.c); dust(s, p, slope(.06, .3, luma(air)) * 1.2);
  stand(s, p, vec2(place_x(-.14) - cam.x * .25, -.36 - cam.y * .15), .4, vec2(place_x(-.16), -.02), .22, ink() * .45, vec2(place_x(.42), .5), mix(light_colour(), warm(), .2));
}

// ---------------------------------------------------------------- 2 compartment
void landscape(inout Shot s, vec2 p) {
  float run = t * .05 + flow * .06 + rnd.y * 9.; vec3 air = mix(sky_low(), sky_mid(), .25);
  float x1 = p.x + cam.x * .1 + run * .35, x2 = p.x + cam.x * .16 + run * 1.1, x3 = p.x + cam.x * .24 + run * 2.6, dark = hour == NIGHT ? .75 : 1.;
  float far_hills = -.04 + .05 * wave(x1 * .9) + .035 * ridge1(vec2(x1 * 2.1, .3)); lay(s, mix(mix(pal[1], pal[2], .4) * dark, air, .6), mask(p.y - far_hills, pixel() * 1.5), .9, 0.);
  float hills = -.085 + .035 * wave(x2 * .7 + .4) + .01 * triangle(x2 * 2.3), h_lit = slope(-.03, .03, hills + .07); vec3 green = mix(mix(pal[1], pal[2], .25) * dark, air, .3); lay(s, green * (.85 + .3 * h_lit), mask(p.y - hills, pixel()), .75, 0.);
  float vx = x2 * 5., vi = floor(vx); vec4 v = dice4(int(vi), 12 + seed()); vec2 u = vec2((vx - vi - .5) / 5., p.y - hills + .02); float house = min(box2(u, vec2(.024 + .014 * v.x, .03)), max(abs(u.x) - .044 + (u.y - .03) * .9, abs(u.y - .045) - .018)); // a farm now and then
  float there = step(.66, v.y); lay(s, mix(mix(pal[0], pal[1], .6) * dark, air, .25), mask(house, pixel()) * there, .74, 0.); vec2 win = vec2(abs(u.x) - .012, u.y - .006); float on = mask(box2(win, vec2(.005, .007)), pixel()) * there * max(LAMPS, .15) * (.6 + .4 * hat); lay(s, warm(), on, .74, on * .6);
  float tx = x2 * 11., ti = floor(tx); vec4 tr = dice4(int(ti), 31 + seed()); float tall = (.03 + .06 * tr.x) * step(.35, tr.y), base = hills - .028 - .012 * tr.z; vec2 w = vec2((tx - ti - .5 + (tr.w - .5) * .4) / 11., p.y - base);
  float tree = tr.z > .5 ? max(abs(w.x) - (tall - w.y) * .28, -w.y) : length((w - vec2(0., tall * .62)) * vec2(1.1, 1.)) - tall * .42; lay(s, mix(mix(pal[0], pal[1], .5) * dark, air, .16), mask(min(tree, max(abs(w.x) - .003, abs(w.y - tall * .3) - tall * .3)), pixel()) * step(.01, tall), .66, 0.);
  float field = -.135 + .012 * wave(x3 * .35); vec3 grass = mix(mix(pal[1], pal[2], .5) * dark, mix(light_colour(), sky_low(), .4), .2 + .1 * wave(x3 * .4 + p.y * 6.)); lay(s, grass, mask(p.y - field, pixel() * 1.5), .6, 0.);
  float river = abs(p.y + .165 + .012 * wave(x3 * .3 + .2)) - .014; lay(s, mix(air, light_colour(), .25) * (.92 + .2 * fbm1(vec2(x3 * 4., p.y * 30.))), mask(river, pixel() * 2.), .55, .06);
  float bush = -.2 + .028 * fbm1(vec2(x3 * 3.2, .5)) + .012 * wave(x3 * 1.1); lay(s, mix(mix(pal[0], pal[1], .55) * dark, air, .06), mask(p.y - bush, pixel() * 1.5), .5, 0.);
}

void compartment(inout Shot s, vec2 p) {
  float rock = .0035 * wave(t * .55) + .002 * wave(t * .83 + .3), w = min(.5, aspect * .4); vec2 q = (p + vec2(cam.x * .15, cam.y * .1 + rock)) / (1. + cam.z * .06);
  outside(s, p); landscape(s, p);
  vec2 m = q - vec2(0., .115); float pane = sd_box(m, vec2(w - .05, .225)) - .05; if (pane < .02) glass(s, p);
  vec2 mirror = q - vec2(place_x(-.22), .03); s.c += warm() * LAMPS * (.13 * halo(mirror, 240.) + .5 * mask(max(abs(mirror.x) - .02 - mirror.y * -.3, abs(mirror.y) - .018), .01) * .22); s.c += light_colour() * .045 * slope(.012, .0, abs(fract((q.x + q.y * .7) * 1.4 + .2) - .5) - .09) * SKY; // the lamp and the sky in the glass
  float slat = fract(q.x * 9.); vec3 panel = lit(mix(mix(pal[1], warm(), .3), ink(), .15)) * (.72 + .12 * slope(.03, .06, slat) + .1 * triangle(q.y * 2.)) + warm() * .15 * LAMPS * halo(q - vec2(place_x(-.3), -.05), 7.) * (.8 + .25 * bass) + light_colour() * SKY * .12 * halo(vec2(max(pane, 0.), 0.), 120.);
  lay(s, panel, mask(-pane, pixel()), .5, 0.); put(s, mix(lit(mix(pal[4], warm(), .5)), ink(), .35), abs(pane - .006) - .008, .48); put(s, ink() * .7, max(abs(m.y - .11) - .006, pane), .5);
  float rack = min(abs(q.y - .405) - .006, max(abs(fract(q.x * 5.) - .5) / 5. - .003, abs(q.y - .42) - .02)); put(s, mix(warm(), ink(), .5) * mix(.5, .9, SKY), rack, .4); // the luggage rack with cases
  vec2 lug = vec2(abs(q.x + .02) - .24, q.y - .45); put(s, lit(mix(pal[3], pal[1], .5)) * .6, max(box2(lug, vec2(.13, .038)), .003 - abs(abs(lug.x) - .07)), .38);
  float blind = max(abs(abs(q.x) - w + .02) - .055 - .006 * wave(q.y * 1.2 + t * .21), abs(q.y - .12) - .26); vec3 cloth = lit(mix(pal[3], pal[1], .35)) * (.55 + .4 * (.5 + .5 * triangle((abs(q.x) - w) * 24. + .3 * wave(t * .2 + q.y)))); put(s, cloth, blind, .42);
  vec2 g = p + vec2(cam.x * .26, cam.y * .16 + rock * 1.5), st = vec2(aspect * .5 - abs(g.x), g.y + .14); float seat_w = min(.34, aspect * .17); // the seats at both sides, buttoned plush
  float back = sd_box(st - vec2(seat_w * .25, -.02), vec2(seat_w * .25, .24)) - .03, cushion = sd_box(st - vec2(seat_w * .5, -.27), vec2(seat_w * .5, .045)) - .02, wing = sd_box(st - vec2(seat_w * .56, .14), vec2(.02, .085)) - .018;
  vec2 tuft = vec2(st.x * 15. + .5 * step(.5, fract(st.y * 6.)), st.y * 12.); float button = length(fract(tuft) - .5); vec3 plush = lit(mix(pal[3], pal[0], .38)) * (.6 + .3 * slope(.0, .45, button)) + warm() * .1 * LAMPS * halo(g - vec2(place_x(-.22), -.1), 6.) + light_colour() * SKY * .14 * slope(seat_w * .4, seat_w * .56, st.x) * slope(.3, -.2, abs(st.y));
  float floor_d = g.y + .375; put(s, lit(mix(pal[1], pal[2], .25)) * .42 + light_colour() * SKY * SUN * .26 * patch_of_light(g, -.36, 0., w * .55, -.5, .16, 2.) * (.86 + .15 * snare), floor_d, .3);
  put(s, plush, min(back, wing), .26); put(s, plush * 1.15, cushion, .24); put(s, lit(pal[4]) * .8, sd_box(st - vec2(seat_w * .25, .17), vec2(seat_w * .17, .045)) - .01, .25);
  vec2 tb = g - vec2(place_x(-.3), -.165); float table = min(box2(tb, vec2(.15 * clamp(aspect, .7, 1.), .009)), max(abs(tb.x) - .012, abs(tb.y + .11) - .11)); // the table with lamp, cup and book
  put(s, lit(mix(pal[1], warm(), .35)) * .75 + warm() * .2 * LAMPS, table, .2);
  vec2 lp = tb - vec2(-.06, .012); put(s, mix(warm(), ink(), .55), min(box2(lp - vec2(0., .035), vec2(.0045, .038)), box2(lp, vec2(.024, .006))), .19); lamp(s, lp - vec2(0., .095), .043, max(LAMPS, .4));
  vec2 cp = tb - vec2(.04, .03); put(s, lit(pal[4]), min(max(abs(cp.x) - .017 - cp.y * .14, abs(cp.y) - .02), min(abs(length(cp - vec2(.022, .002)) - .01) - .0028, box2(cp + vec2(0., .019), vec2(.03, .0025)))), .19);
  put(s, lit(mix(pal[2], pal[3], .3)) * .8, max(box2(tb - vec2(.098, .016), vec2(.034, .008)), .0012 - abs(tb.y - .016)), .19);
  vec2 sm = cp - vec2(.012 * wave(cp.y * 3. - t * .12), .02); s.c += light_colour() * .3 * clamp(1. - abs(sm.x) / (.006 + .09 * max(sm.y, 0.)), 0., 1.) * slope(0., .02, sm.y) * slope(.14, .03, sm.y) * fbm1(vec2(sm.x * 9., sm.y * 7. - t * .5)) * (.5 + .9 * vocals);
  dust(s, p, slope(.05, -.1, pane) * .5 * SUN);
  stand(s, p, vec2(place_x(.1) - cam.x * .26, -.43 - cam.y * .16), .45, vec2(place_x(.08), .06), .2, ink() * .42, orb().xy, mix(light_colour(), warm(), .35));
}

// ---------------------------------------------------------------- 3 loft
void cat(inout Shot s, vec2 q) {
  float flick = .1 * wave(t * .16) + .08 * wave(beat_phase + .2), turn = .02 * wave(t * .05);
  float d = smin(sd_ellipse(q - vec2(0., .3), vec2(.24, .31)), sd_ellipse(q - vec2(.05, .5), vec2(.16, .22)), .1), head = length((q - vec2(.09 + turn, .78)) * vec2(.95, 1.05)) - .165;
  vec2 e = vec2(abs(q.x - .09 - turn) - .1, q.y - .93); float ear = max(abs(e.x) - .065 + e.y * .45, abs(e.y) - .1); d = smin(d, min(head, ear), .05);
  d = min(d, min(sd_capsule(q, vec2(-.16, .06), vec2(-.4, .03), .05), sd_capsule(q, vec2(-.4, .03), vec2(-.52 - .3 * flick, -.16 + flick), .045)));
  lay(s, ink() * .45 + light_colour() * .34 * SKY * clamp(1. + d / .04, 0., 1.) * slope(.2, .9, q.y), mask(d, pixel() / .13), .3, 0.);
}

// A potted plant with broad leaves on arching stems.
void monstera(inout Shot s, vec2 q, float sway) {
  float d = 9., vein = 0.; 
  for (int i = 0; i < 6; i++) {
    float a = (float(i) - 2.5) * .36 + .05 * wave(t * .09 + float(i) * .3) * sway; vec4 r = dice4(i, 71); vec2 tip = vec2(sin(a), cos(a)) * (.22 + .12 * r.x), u = q - tip;
    u = vec2(u.x * cos(a) - u.y * sin(a), u.x * sin(a) + u.y * cos(a)); float leaf = length(vec2(u.x * 1.25, u.y - .1 * u.x * u.x)) - .06 - .02 * r.y; leaf = max(leaf, .006 - abs(fract(u.y * 24. + abs(u.x) * 14.) - .5) * .05 - .03 * step(abs(u.x), .026));
    if (leaf < d) vein = r.z * .3 + clamp(-leaf * 12., 0., .4); d = min(d, min(leaf, sd_capsule(q, vec2(0., .04), tip, .0032)));
  }
  put(s, mix(ink(), pal[2], .2 + vein * .6) * mix(.55, 1., SKY), d, .25); vec2 pot = q + vec2(0., .02); put(s, lit(mix(pal[3], pal[4], .3)) * .62, max(abs(pot.x) - .055 - pot.y * .2, abs(pot.y) - .06), .24);
}

void loft(inout Shot s, vec2 p) {
  vec2 view = p + vec2(cam.x * .05, cam.y * .03), q = (p + vec2(cam.x * .15, cam.y * .1)) / (1. + cam.z * .07); float w = min(.4, aspect * .34), mid_x = place_x(-.1), sill = -.17;
  outside(s, view);
  float tx = view.x * 5. + rnd.y * 9., i = floor(tx); vec4 r = dice4(int(i), 8 + seed()); float sway = (weather == WIND ? .02 : .005) * wave(t * .15 + r.x); // tops of trees and old roofs beyond
  float roofs = -.1 + .09 * abs(triangle(view.x * 1.15 + rnd.x)) + .03 * step(.78, fract(view.x * 3.3 + rnd.z)), crown = view.y + .17 - .1 * fbm1(vec2(view.x * 3.4 + sway, rnd.w * 8.)) - .04 * wave(view.x * 1.7 + rnd.z + sway);
  vec2 wn = vec2(fract(view.x * 17.) - .5, fract(view.y * 19.) - .5); vec4 wr = dice4(int(floor(view.x * 17.)), int(floor(view.y * 19.)) + seed()); float on = step(max(abs(wn.x) * 1.2, abs(wn.y)), .27) * clamp((wr.x - .64 + .3 * hat * wr.y) * 8., 0., 1.) * LAMPS * step(view.y, roofs - .03);
  lay(s, mix(mix(mix(pal[1], pal[2], .3), sky_low(), .4) * (hour == NIGHT ? .75 : 1.), warm(), on * .8), mask(view.y - roofs, pixel() * 1.2), .9, on * .4); lay(s, mix(mix(pal[0], pal[1], .7), sky_low(), .14), mask(crown, pixel() * 2.), .8, 0.);
  glass(s, p);
  vec2 m = q - vec2(mid_x, .15); float pane = max(abs(m.x) - w, max(m.y - .24 + m.x * m.x * .45, -.32 - m.y)), cell = w / 2.5, grid = min(abs(fract(m.x / cell + .5) - .5) * cell, abs(fract(m.y / .128 + .15) - .5) * .128) - .0038; // the iron window, its head an arch
  put(s, ink() * .7, max(min(grid, abs(pane) - .012), pane - .012), .6);
  vec2 brick = vec2(q.x * 10. + .5 * step(.5, fract(q.y * 13.)), q.y * 26.), at = floor(brick), f = abs(brick - at - .5); vec4 br = dice4(int(at.x), int(at.y)); float joint = max(slope(.44, .5, f.x * .4 + .3), slope(.37, .5, f.y));
  vec3 wall = lit(mix(mix(pal[2], pal[3], .22), pal[1], .3)) * (.6 + .26 * br.x - .12 * joint) + light_colour() * SKY * .14 * halo(vec2(max(pane, 0.), 0.), 90.) + warm() * .2 * LAMPS * (.8 + .25 * bass) * halo(q - vec2(place_x(.26), .0), 8.);
  lay(s, wall, mask(.012 - pane, pixel()), .55, 0.);
  float floor_y = -.27; vec3 ground = boards(q, floor_y, .1); float beam = patch_of_light(q, floor_y, place_x(-.1), w * .75, .6, .21, 5.); put(s, ground + light_colour() * beam * mix(.18, .5, SKY) * SUN * (.86 + .16 * snare), q.y - floor_y, .45);
  put(s, lit(mix(plaster(), pal[4], .3)) * .7, box2(q - vec2(mid_x, sill - .012), vec2(w + .04, .013)), .45);
  cat(s, (q - vec2(mid_x - w * .55, sill)) / .13);
  vec2 pd = q - vec2(place_x(.26), .23); put(s, ink() * .7, max(abs(pd.x) - .0015, .02 - pd.y), .4); vec2 sh = pd; float bowl = max(length(sh * vec2(.8, 1.)) - .062, -sh.y); // the lamp over the table
  put(s, mix(mix(pal[3], pal[0], .5), ink(), .3), bowl, .35); float power = (.72 + .28 * bass) * LAMPS; shine(s, warm(), (clamp(1.3 - length(sh + vec2(0., .004)) / .024, 0., 1.) + .3 * clamp(1. - abs(sh.x) / (.075 - sh.y * .55), 0., 1.) * step(sh.y, 0.) * halo(sh, 7.) + .14 * halo(sh, 40.)) * power);
  dust(s, p, slope(.3, .0, abs(q.x - mid_x - .3 * (.1 - q.y)) - w * .5) * SUN * .8);
  stand(s, p, vec2(mid_x + .02 - cam.x * .22, -.36 - cam.y * .14), .43, vec2(mid_x + .05, .12), .22, ink() * .45, orb().xy, mix(light_colour(), warm(), .3));
  vec2 g = p + vec2(cam.x * .34, cam.y * .2), tb = g - vec2(place_x(.3), -.255); float half_w = min(.31, aspect * .24), top = box2(tb, vec2(half_w, .013)), leg = box2(vec2(abs(tb.x) - half_w + .03, tb.y + .16), vec2(.012, .15)), apron = box2(tb + vec2(0., .03), vec2(half_w - .03, .02));
  float by = halo(vec2(tb.x * 1.4, tb.y * 2.), 14.); put(s, lit(mix(pal[1], warm(), .4)) * .5 + warm() * .12 * LAMPS * by, min(leg, apron), .16); put(s, lit(mix(pal[1], warm(), .45)) * .85 + warm() * .36 * power * by, top, .15);
  vec2 c = tb - vec2(-half_w * .58, .013), fl = c - vec2(.0025 * wave(t * .8) + .0015 * wave(t * 1.3), .098); // candle
  put(s, lit(mix(pal[4], vec3(1.), .2)) + warm() * .3 * slope(.02, .08, c.y), box2(c - vec2(0., .04), vec2(.011, .042)), .14); put(s, mix(warm(), ink(), .6), box2(c - vec2(0., .004), vec2(.027, .005)), .14);
  shine(s, warm(), (clamp(1.35 - length(fl * vec2(1.9, .85)) / .016, 0., 1.) + .34 * halo(fl, 420.)) * (.6 + .4 * treble) * max(LAMPS, .55));
  vec2 rd = tb - vec2(half_w * .18, .058); put(s, lit(mix(pal[3], pal[1], .3)) * .7 + warm() * .06 * LAMPS, sd_box(rd, vec2(.078, .036)) - .009, .14); bars(s, rd - vec2(.028, .004), vec2(.042, .022), .13); put(s, ink() * .7, length(rd - vec2(-.047, 0.)) - .03 - .0015 * bass, .13); put(s, mix(ink(), pal[4], .2), abs(length(rd - vec2(-.047, 0.)) - .018) - .002, .13); put(s, ink(), sd_capsule(rd, vec2(.06, .045), vec2(.1, .12), .0018), .14);
  vec2 cp = tb - vec2(-half_w * .22, .034); put(s, lit(mix(pal[4], pal[2], .2)), min(box2(cp, vec2(.019, .021)), abs(length(cp - vec2(.023, .0)) - .011) - .003), .13);
  vec2 sm = cp - vec2(.014 * wave(cp.y * 3. - t * .11), .02); s.c += light_colour() * .4 * clamp(1. - abs(sm.x) / (.007 + .1 * max(sm.y, 0.)), 0., 1.) * slope(0., .02, sm.y) * slope(.16, .03, sm.y) * fbm1(vec2(sm.x * 9., sm.y * 7. - t * .5)) * (.5 + .9 * vocals);
  float pot = clamp(aspect / 1.2, .52, 1.); monstera(s, (tb - vec2(half_w * .76, .013 + .062 * pot)) / pot, weather == WIND ? 2. : 1.);
}

void world(vec2 p, out vec3 colour, out float depth, out float glow) {
  Shot s = Shot(pal[0], 1., 0.);
  if (variant == 0) bedroom(s, p);
  if (variant == 1) attic(s, p);
  if (variant == 2) compartment(s, p);
  if (variant == 3) loft(s, p);
  if (weather == FOG) s.c = mix(s.c, mix(sky_low(), sky_mid(), .4), .14 * s.depth); // it dims the room, too
  colour = clamp(s.c, 0., 1.); depth = s.depth; glow = clamp(s.glow, 0., 1.);
}
