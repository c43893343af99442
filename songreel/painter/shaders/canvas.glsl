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
