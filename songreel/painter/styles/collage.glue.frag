// The pieces laid out and glued: rgb paper with its shadows, a the print that the finish puts on it
// (0 none, 1 newsprint, 2 to 3 halftone of a tone).
const float SHEETS = 4.0;

// Pieces of a sheet: r, g the number of the one at p; b the distance to where it meets the next, below 0 where it lies under that.
vec3 piece(vec2 p, float sheet) {
    vec2 q = rot(0.35 + sheet * 0.9) * p * 1.4 + sheet * 3.7 + 11.0 * rnd.xy + (n22(p * 13.0) - 0.5) * 0.06;
    vec2 i = floor(q), mine = vec2(0.0), next = vec2(0.0);
    float first = 9.0, second = 9.0;
    for (int k = 0; k < 9; k++) {
        vec2 at = i + vec2(float(k % 3), float(k / 3)) - 1.0;
        float chance = h2(at + sheet * 17.0);
        vec2 to = abs(at + 0.5 + 0.8 * (vec2(chance, fract(chance * 61.0)) - 0.5) - q);
        float d = 0.6 * max(to.x, to.y) + 0.4 * (to.x + to.y);
        next = d < first ? mine : d < second ? at : next;
        second = d < first ? first : min(second, d);
        mine = d < first ? at : mine;
        first = min(first, d);
    }
    return vec3(mine, (second - first) * (h2(mine + 3.0) > h2(next + 3.0) ? 1.0 : -1.0));
}
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    vec4 f = textureLod(pre0, uv, 0.0), over = textureLod(pre0, uv + vec2(-0.007 / aspect, 0.010), 0.0);
    float tooth = n2(p * 150.0) - 0.5, stepped = step(0.03, f.b - f.g) * step(0.58, f.a), share = (f.r - f.g) / max(f.b - f.g, 0.01);
    float on = slope(0.15, 0.21, share), high = stepped > 0.5 ? mix(f.g, f.b, step(0.18, share)) : f.r;
    float rim = stepped * on * slope(0.52, 0.46, share + 0.24 * tooth);             // torn: the print stops short of the paper's edge
    bool subject = high > 0.93, sky = high < 0.043, disc_ = !sky && high < 0.063;
    float sheet = subject ? 6.0 : disc_ ? 5.0 : sky ? 0.0 : ceil(min(high, 0.85) / 0.86 * SHEETS);
    vec3 at = piece(p, sheet);
    float number = h2(at.xy + sheet * 5.3), other = fract(number * 57.0);
    // Each piece carries a print of its own, a little beside the place and turned.
    vec2 from = p + (vec2(number, other) - 0.5) * 0.040 + (boil - 0.5) * 0.003 * (other - 0.5);
    vec3 photo = textureLod(colour_tex, from / vec2(aspect, 1.0) + 0.5, 0.0).rgb;
    float tone = sqrt(luma(photo)), k = sheet / SHEETS;

    vec3 deep = hour == NIGHT ? mix(pal[0], pal[1], 0.4) : mix(pal[0], pal[1], 0.6);
    vec3 card = sky ? mix(mix(sky_low(), sky_top(), clamp(0.3 + 0.9 * p.y + 0.5 * (other - 0.5), 0.0, 1.0)), pal[2], 0.18) : mix(mix(pal[2], pal[3], 0.45 * other), deep, clamp(k * 1.15 - 0.25, 0.0, 1.0));
    card = saturated(mix(card, sqrt(max(card, 0.0)), hour == NIGHT ? 0.26 : 0.10), 1.2) * (0.84 + 0.34 * tone);
    const float hourly = hour == NIGHT ? 0.62 : hour == DUSK ? 0.82 : 1.0;         // lamps off: paler stocks stay in the picture's key
    vec3 kraft = mix(vec3(0.72, 0.54, 0.36), mix(pal[2], pal[3], 0.6), 0.40) * (0.62 + 0.50 * tone) * hourly;
    vec3 news = mix(vec3(0.90, 0.87, 0.79), pal[4], 0.40) * (0.56 + 0.50 * tone) * hourly;
    float kind = number + (sky ? 0.16 : 0.0);
    vec3 c = card;
    float print = 0.0;
    if (kind < 0.22) { c = mix(news, card, 0.35 + 0.25 * k); print = 1.0; }
    else if (kind < 0.38) c = mix(kraft, card, 0.20);
    else if (kind < 0.66) { c = mix(news, card, 0.62); print = 2.02 + 0.96 * (1.0 - tone); }
    if (disc_) { c = mix(mix(pal[3], pal[4], 0.55), vec3(1.0, 0.97, 0.90), 0.35 * other) * (0.80 + 0.25 * tone); print = 0.0; }
    if (subject) { c = hour == NIGHT || hour == DUSK ? mix(pal[3], pal[4], 0.35) : mix(pal[3], pal[0], 0.55); print = 2.34 - 0.30 * tone; }

    float seam = disc_ || subject ? 1.0 : at.z;
    float torn = max(rim, seam > 0.0 ? slope(0.030, 0.022, seam + 0.022 * tooth) : 0.0);
    c *= 1.0 - 0.46 * slope(-0.13, 0.0, min(seam, 0.0) + (seam > 0.0 ? -1.0 : 0.0));
    vec3 fibre = mix(vec3(0.96, 0.95, 0.92), pal[4], 0.25) * (0.70 + 0.30 * hourly) * (0.94 + 0.12 * tooth);
    c = mix(c, fibre, torn);
    float own = subject ? 1.0 : high, dark = slope(0.02, 0.16, over.r - own) * 0.42 + 0.34 * stepped * (1.0 - on) * slope(0.0, 0.15, share);
    return vec4(c * (1.0 - min(dark, 0.60)), print * (1.0 - step(0.5, torn)));
}
