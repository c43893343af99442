// What styles share: grounds to paint on (all sizes in shares of the picture's height, so that every output size looks alike),
// the palette as a ramp, and displacement by hand.

vec2 place(vec2 uv) { return (uv - 0.5) * vec2(aspect, 1.0); }

// Cold-pressed paper: about 0..1, mean 0.5.
float paper(vec2 p) { return 0.34 * n2(p * 620.0) + 0.36 * n2(p * 290.0 + 31.0) + 0.2 * n2(p * 120.0 + 9.0) + 0.1 * n2(p * 31.0); }
// Long fibres lying anyhow, as in rice paper.
float fibres(vec2 p) {
    vec2 bend = n22(p * 9.0) * 0.05;
    float a = n2((p + bend) * vec2(70.0, 640.0)), b = n2(rot(1.1) * (p - bend) * vec2(60.0, 700.0) + 40.0), c = n2(rot(-0.7) * p * vec2(50.0, 600.0) + 80.0);
    return max(max(a, b), c);
}
// Grain of a plank, running sideways.
float wood(vec2 p) {
    float rings = p.y * 26.0 + 2.2 * fbm(vec2(p.x * 0.9, p.y * 3.0) + 5.0, 3);
    return 0.55 * n2(vec2(p.x * 5.0, rings * 6.0)) + 0.45 * n2(vec2(p.x * 24.0, p.y * 520.0));
}
// Linen: height of the threads, 0..1.
float weave(vec2 p) {
    vec2 q = p * 210.0 + 0.5 * (n22(p * 40.0) - 0.5), f = abs(fract(q) - 0.5) * 2.0;
    float over = mod(floor(q.x) + floor(q.y), 2.0);
    return mix(1.0 - f.x * f.x, 1.0 - f.y * f.y, over) * (0.75 + 0.5 * n2(p * 160.0));
}

// The palette as one ramp from dark (0) to light (1).
vec3 ramp(float y) {
    y = clamp(y, 0.0, 1.0) * 4.0;
    vec3 c = mix(pal[0], pal[1], clamp(y, 0.0, 1.0));
    c = mix(c, pal[2], clamp(y - 1.0, 0.0, 1.0));
    c = mix(c, pal[3], clamp(y - 2.0, 0.0, 1.0));
    return mix(c, pal[4], clamp(y - 3.0, 0.0, 1.0));
}
vec3 saturated(vec3 c, float amount) { float y = luma(c); return max(mix(vec3(y), c, amount), 0.0); }
// A hand that is not quite steady: moves a sample a little, differently from place to place; a part of it trembles from drawing to drawing.
vec2 hand(vec2 uv, float cells, float reach) {
    vec2 p = place(uv) * cells, off = n22(p) * 0.72 + n22(p * 1.3 + boil * 97.0) * 0.28 - 0.5;
    return uv + off * vec2(reach / aspect, reach);
}
// Whether a depth is the sky's, and how much of a shining disc (sun, moon) stands in it.
float in_sky(float depth) { return smoothstep(0.965, 0.990, depth); }
float disc(float depth, float glow) { return smoothstep(0.975, 0.990, depth) * smoothstep(0.12, 0.19, glow); }
// A colour the style mixed beforehand, by its inks(): x in [0, 1] along a row of 256.
vec3 ink(float x, int row) { return textureLod(inks_tex, vec2(x, (float(row) + 0.5) / 4.0), 0.0).rgb; }

// ---------------------------------------------------------------- weather as a hand draws it, in styles that simplify the world's own away
// A mark in each cell of q, some left out: x its share of the way down the cell, y distance from its middle line, z a number of its own.
vec3 mark_in(vec2 q, float share) {
    float column = floor(q.x), lot = h1(column), down = q.y + lot * 9.0, row = floor(down), chance = h2(vec2(column, row));
    return vec3(chance < share ? down - row : 2.0, q.x - column - 0.3 - 0.4 * fract(lot * 37.0), chance / share);
}
// How much of a stroke of rain, a flake or a line of wind lies at p; nothing, and no work, in other weather.
float weather_marks(vec2 p) {
    float px = max(pixel(), 0.0012), made = 0.0;
    if (weather == RAIN) {
        float now = floor(paint_t * 12.0) / 12.0;                                   // drawn on twos
        vec2 q = vec2(p.x + 0.20 * p.y, p.y);
        vec3 near = mark_in(vec2(q.x * 21.0, q.y * 1.7 + now * 2.3), 0.55), far_ = mark_in(vec2(q.x * 37.0 + 0.5, q.y * 2.9 + now * 2.7), 0.55);
        float length_ = 0.20 + 0.14 * near.z, drop = slope(0.0, 0.05, near.x) * slope(length_, length_ * 0.6, near.x);
        made = drop * mask(abs(near.y) / 21.0 - 1.1 * px * (0.6 + 0.6 * near.z), px);
        drop = slope(0.0, 0.05, far_.x) * slope(0.34, 0.20, far_.x);
        made = max(made, 0.65 * drop * mask(abs(far_.y) / 37.0 - 0.6 * px, px));
    }
    if (weather == SNOW) {
        for (int i = 0; i < 2; i++) {
            float cells = i == 0 ? 8.0 : 15.0;
            vec2 q = p * cells + vec2(0.35 * wave(t * 0.13 + p.y * 0.9 + 0.3 * float(i)) + 0.20 * t, (i == 0 ? 0.85 : 1.15) * t), cell = floor(q);
            float chance = h2(cell + 31.0 * float(i)), size = (0.0035 + 0.0065 * fract(chance * 91.0)) * (i == 0 ? 1.0 : 0.6);
            vec2 middle = 0.18 + 0.64 * vec2(fract(chance * 7.0), fract(chance * 57.0));
            made = max(made, step(chance, 0.75) * mask(length(q - cell - middle) / cells - size, 1.5 * px));
        }
    }
    if (weather == WIND) {
        float curl = 0.016 * wave(p.x * 0.45 + 0.11 * t) + 0.006 * wave(p.x * 1.3 - 0.07 * t);
        vec3 gust = mark_in(vec2((p.y + curl) * 13.0, 0.8 * p.x - 0.55 * t), 0.30);
        float body = slope(0.02, 0.30, gust.x) * slope(0.62, 0.50, gust.x);
        made = body * mask(abs(gust.y) / 13.0 - 1.3 * px * body, px);
    }
    return made;
}
// How much of a place at a depth is lost in banks of fog.
float fog_banks(vec2 p, float depth) {
    float banks = fbm1(vec2(p.x * 0.8 + t * 0.03, p.y * 2.4 + 0.3)) * fbm1(vec2(p.x * 0.5 - t * 0.02 + 3.0, p.y * 1.5)) * 2.6;
    return clamp((0.20 + 0.95 * banks) * clamp(0.95 - 0.9 * p.y, 0.3, 1.0) * (0.10 + 0.90 * depth), 0.0, 0.85);
}
// The finished picture in its weather: marks in one colour, as strong as its alpha, and fog in another.
vec3 weathered(vec3 c, vec2 uv, vec4 mark, vec4 air) {
    if (weather == CLEAR) return c;
    if (weather == FOG) return mix(c, air.rgb, air.a * fog_banks(place(uv), textureLod(colour_tex, uv, 0.0).a));
    return mix(c, mark.rgb, mark.a * weather_marks(place(uv)));
}
