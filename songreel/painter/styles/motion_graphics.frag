// Flat vector design: bold shapes in clean gradients, thin rings, a grid of dots, small dials that count the music.
const float SHAPES = 5.0;

// Distance to the nearest place of a grid with a step of size.
vec2 grid(vec2 p, float size) { return (fract(p / size) - 0.5) * size; }
float band(float d, float half_width, float px) { return clamp((half_width - abs(d)) / px + 0.5, 0.0, 1.0); }

// r: grid of dots, g: crosses and frame corners, b: rings round the picture's focus, a: empty places for the dials.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), edge = 0.5 * vec2(aspect, 1.0) - abs(p);
    float px = 1.0 / resolution.y, unit = min(aspect, 1.0);
    float dots = mask(length(grid(p, 0.026 * unit)) - 0.0020 * unit, px);
    vec2 c = abs(grid(p + 0.1, 0.2));
    float crosses = max(c.x, c.y) < 0.0085 * unit ? band(min(c.x, c.y), 0.0010, px) : 0.0;
    vec2 corner = edge - 0.045 * unit;
    float frame = min(corner.x, corner.y) > -0.002 && max(corner.x, corner.y) < 0.034 * unit ? band(min(corner.x, corner.y), 0.0015, px) : 0.0;
    vec2 q = p - vec2(0.16 * min(aspect, 1.0), 0.10);
    float r = length(q), turn = atan(q.y, q.x) / TAU, rings = band(r - 0.27, 0.0012, px) + band(r - 0.40, 0.0009, px) * step(fract(turn * 48.0), 0.5)
        + band(r - 0.335, 0.0055, px) * step(0.93, fract(turn * 24.0));
    return vec4(dots, max(crosses * 0.6, frame), clamp(rings, 0.0, 1.0), 1.0);
}
// Row 0: a shape's colour, x its height. Row 1: the sky from low to high.
vec3 inks(float x, int row) {
    if (row == 0) {
        vec3 far_ = mix(mix(pal[2], pal[3], 0.60), pal[2], clamp(x * 3.0 - 0.4, 0.0, 1.0)), near = mix(pal[1], mix(pal[0], pal[1], 0.40), clamp(x * 3.0 - 1.9, 0.0, 1.0));
        return saturated(mix(far_, near, clamp(x * 3.0 - 1.3, 0.0, 1.0)), 1.15);
    }
    if (hour == NIGHT) return mix(mix(pal[1], pal[2], 0.35), mix(pal[0], pal[1], 0.35), x);
    if (hour == DUSK) return mix(mix(pal[3], pal[4], 0.40), mix(pal[2], pal[1], 0.35), x);
    return hour == DAY ? mix(pal[4], mix(pal[4], pal[2], 0.50), x) : mix(mix(pal[4], pal[3], 0.25), mix(pal[3], pal[2], 0.55), x);
}
// Dials: a ring that opens with the beat beside a line that counts the bar, and a row of level ticks.
float dials(vec2 p, float px) {
    float unit = min(aspect, 1.0);
    vec2 q = (p - vec2(-0.5 * aspect + 0.105 * unit, 0.5 - 0.105 * unit)) / unit, i = (p - vec2(0.5 * aspect - 0.158 * unit, -0.5 + 0.075 * unit)) / (0.0125 * unit);
    float r = length(q), drawn = band(r - 0.022 - 0.007 * beat, 0.0022, px) + mask(r - 0.007 - 0.005 * kick, px);
    drawn += band(q.y, 0.0013, px) * step(0.048, q.x) * step(q.x, 0.048 + 0.12 * bar_phase);
    float n = floor(i.x), level = n < 3.0 ? bass : n < 5.0 ? mid : n < 7.0 ? vocals : treble;
    float tall = 0.6 + 3.2 * level * (0.55 + 0.45 * fract(n * 0.618));
    drawn += n >= 0.0 && n < 9.0 ? mask(max(abs(i.x - n - 0.5) - 0.22, abs(i.y - 0.5 * tall) - 0.5 * tall) * 0.0125 * unit, px) : 0.0;
    return min(drawn, 1.0);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), f = textureLod(pre0, uv, 0.0);
    vec2 p = place(uv), tone = textureLod(pre1, uv, 0.0).rg;
    float px = 1.0 / resolution.y, share = (f.r - f.g) / max(f.b - f.g, 0.01), cut = 50.0 / resolution.y;
    float high = f.b - f.g > 0.03 ? mix(f.g, f.b, slope(0.5 - cut, 0.5 + cut, share)) : f.r;
    float sky = slope(0.045, 0.035, high), subject = slope(0.88, 0.92, high);
    float k = min(high, 0.86) / 0.86 * SHAPES, i = floor(k), shape = (i + slope(0.46, 0.54, k - i)) / SHAPES;
    float t2 = sqrt(tone.r) * 4.0, ti = floor(t2), flat_tone = (ti + slope(0.47, 0.53, t2 - ti)) / 4.0;

    float lean = clamp(0.5 + 0.55 * p.x / aspect + 0.9 * p.y * (shape - 0.3), 0.0, 1.0);
    const bool dark = hour == NIGHT || hour == DUSK;
    vec3 line = dark ? pal[4] : mix(vec3(1.0), pal[4], 0.3), land = ink(shape, 0), air = ink(uv.y, 1);
    land = mix(land, land * 0.58 + pal[1] * 0.16, lean) * (0.76 + 0.50 * flat_tone);
    air = mix(air * (1.0 - 0.30 * slope(0.50, 0.0, flat_tone) * (hour == NIGHT ? 0.5 : 1.0)), hour == DAY ? pal[3] : line, slope(0.35, 1.0, flat_tone) * 0.42);
    vec3 c = mix(land, air, sky);
    // The grid of dots on the near shapes, rings and crosses in the sky, and what shines: all in one light colour.
    float drawn = mix(ground.r * (0.10 + 0.12 * shape), ground.b * (0.16 + 0.14 * loudness) + 0.12 * ground.g, sky);
    drawn = max(drawn, clamp((tone.g - 0.16) * 20.0 + 0.5, 0.0, 1.0) * (1.0 - subject));
    c = mix(c, line, drawn);
    vec3 hero = dark ? mix(pal[3], pal[4], 0.10 + 0.6 * uv.y) : mix(pal[0], pal[3], 0.22 * uv.y);
    c = weathered(mix(c, hero, subject), uv, vec4(line, weather == SNOW ? 0.9 : 0.75), vec4(mix(air, line, 0.2), 0.85));
    return mix(c, dark || p.y < 0.0 ? pal[4] : pal[1], max(ground.g * 0.55, dials(p, px) * 0.9));
}
