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
// Rows 0 and 1: the two ends of a shape's gradient, x its height. Row 2: the sky from low to high. Row 3: what shines, then the subject.
vec3 inks(float x, int row) {
    const bool dark = hour == NIGHT || hour == DUSK;
    if (row == 0 || row == 1) {
        vec3 far_ = row == 0 ? mix(pal[2], pal[3], 0.70) : mix(pal[2], pal[3], 0.10), middle = row == 0 ? pal[2] : mix(pal[1], pal[2], 0.45);
        vec3 near = row == 0 ? pal[1] : mix(pal[0], pal[1], 0.55), nearest = row == 0 ? mix(pal[0], pal[1], 0.45) : pal[0];
        vec3 c = mix(mix(far_, middle, clamp(x * 3.0 - 0.4, 0.0, 1.0)), mix(near, nearest, clamp(x * 3.0 - 1.9, 0.0, 1.0)), clamp(x * 3.0 - 1.3, 0.0, 1.0));
        return saturated(c, 1.15);
    }
    if (row == 2) {
        if (hour == NIGHT) return mix(mix(pal[1], pal[2], 0.35), mix(pal[0], pal[1], 0.35), x);
        if (hour == DUSK) return mix(mix(pal[3], pal[4], 0.40), mix(pal[2], pal[1], 0.35), x);
        return hour == DAY ? mix(pal[4], mix(pal[4], pal[2], 0.50), x) : mix(mix(pal[4], pal[3], 0.25), mix(pal[3], pal[2], 0.55), x);
    }
    return x < 0.5 ? (dark ? pal[4] : mix(vec3(1.0), pal[4], 0.3)) : dark ? mix(pal[3], pal[4], (x - 0.5) * 1.4) : mix(pal[0], mix(pal[0], pal[3], 0.5), x - 0.5);
}
// Dials: a ring that opens with the beat and counts the bar, and a row of level ticks.
float dials(vec2 p, float px) {
    float unit = min(aspect, 1.0);
    vec2 q = p - vec2(-0.5 * aspect + 0.105 * unit, 0.5 - 0.105 * unit), l = p - vec2(0.5 * aspect - 0.155 * unit, -0.5 + 0.075 * unit);
    float r = length(q) / unit, drawn = band(r - 0.026 - 0.006 * beat, 0.0022, px) + mask(r - 0.008 - 0.005 * kick, px);
    float turn = fract(0.5 - atan(q.x, -q.y) / TAU);
    drawn += band(r - 0.040, 0.0012, px) * step(turn, bar_phase);
    vec2 i = l / (0.0125 * unit);
    float n = floor(i.x), level = n < 3.0 ? bass : n < 5.0 ? mid : n < 7.0 ? vocals : treble;
    float tall = 0.6 + 3.2 * level * (0.55 + 0.45 * h1(n + 3.0));
    drawn += n >= 0.0 && n < 9.0 ? mask(max(abs(i.x - n - 0.5) - 0.22, abs(i.y - 0.5 * tall) - 0.5 * tall) * 0.0125 * unit, px) : 0.0;
    return min(drawn, 1.0);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), f = textureLod(pre0, uv, 0.0);
    vec2 p = place(uv), tone = textureLod(pre1, uv, 0.0).rg;
    float px = 1.0 / resolution.y, share = (f.r - f.g) / max(f.b - f.g, 0.01), cut = 0.6 * fwidth(share) + 0.02;
    float high = f.b - f.g > 0.03 ? mix(f.g, f.b, slope(0.5 - cut, 0.5 + cut, share)) : f.r;
    float sky = slope(0.045, 0.035, high), subject = slope(0.88, 0.92, high);
    float k = min(high, 0.86) / 0.86 * SHAPES, i = floor(k), shape = (i + slope(0.46, 0.54, k - i)) / SHAPES;
    float soft = 0.004 + 0.6 * fwidth(tone.r), t2 = sqrt(tone.r) * 4.0, ti = floor(t2), flat_tone = (ti + slope(0.5 - 4.0 * soft, 0.5 + 4.0 * soft, t2 - ti)) / 4.0;

    float lean = clamp(0.5 + 0.55 * p.x / aspect + 0.9 * p.y * (shape - 0.3), 0.0, 1.0);
    vec3 land = mix(ink(shape, 0), ink(shape, 1), lean) * (0.86 + 0.28 * flat_tone), air = ink(clamp(p.y + 0.55, 0.0, 1.0), 2);
    air = mix(air * (1.0 - 0.30 * slope(0.50, 0.0, flat_tone) * (hour == NIGHT ? 0.5 : 1.0)), hour == DAY ? pal[3] : ink(0.0, 3), slope(0.35, 1.0, flat_tone) * 0.42);
    vec3 line = ink(0.0, 3), c = mix(land, air, sky);
    // The grid of dots on the near shapes, rings and crosses in the sky.
    c = mix(c, line, (1.0 - sky) * ground.r * (0.10 + 0.12 * shape) + sky * (ground.b * (0.16 + 0.14 * loudness) + 0.12 * ground.g));
    float shine = slope(0.15, 0.17 + fwidth(tone.g), tone.g) * (1.0 - subject);
    c = mix(c, line, shine);
    c = mix(c, ink(0.55 + 0.45 * clamp(p.y + 0.5, 0.0, 1.0), 3), subject);
    vec3 mark = luma(c) > 0.5 ? mix(pal[0], pal[1], 0.3) : pal[4];
    return mix(c, mark, max(ground.g * 0.55, dials(p, px) * 0.9));
}
