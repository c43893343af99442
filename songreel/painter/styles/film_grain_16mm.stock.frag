// The stock: soft lens, faded dyes, red light that scatters in the base, light that leaked in at the edges,
// and the rounded opening of the gate.
const float EXPOSED = hour == DAY ? 1.5 : hour == NIGHT ? 0.55 : 0.95;

vec4 prepare(vec2 uv) {
    vec2 p = place(uv), side = vec2(p.x / aspect, p.y);
    vec2 weave_ = vec2(wave(t * 0.37) + 0.6 * wave(t * 1.13 + 0.2), wave(t * 0.53 + 0.4) + 0.5 * wave(t * 1.71)) * 0.0009;
    uv = (uv - 0.5) * 0.985 + 0.5 + weave_ / vec2(aspect, 1.0);
    float soft = 0.0009 + 0.0026 * dot(side, side);                                // the corners of the lens are softer
    vec2 o = vec2(soft / aspect, soft);
    vec3 c = 0.36 * textureLod(colour_tex, uv, 0.0).rgb;
    c += 0.16 * (textureLod(colour_tex, uv + o, 0.0).rgb + textureLod(colour_tex, uv - o, 0.0).rgb);
    c += 0.16 * (textureLod(colour_tex, uv + vec2(o.x, -o.y), 0.0).rgb + textureLod(colour_tex, uv + vec2(-o.x, o.y), 0.0).rgb);
    vec3 spread = textureLod(bloom_tex, uv, 0.0).rgb;
    float light = luma(spread);
    c += (light * vec3(1.10, 0.34, 0.12) + 0.25 * spread) * (0.85 + 0.15 * beat) * (1.0 - 0.7 * min(c, 1.0));
    float y = luma(c);
    c = mix(vec3(y), min(c, 1.4), 0.84);
    c = mix(c, c * c * (3.0 - 2.0 * min(c, 1.0)), 0.30);
    c = c / (c + EXPOSED) * (1.0 + EXPOSED);                                       // a long shoulder, as reversal stock has
    vec3 faded = mix(vec3(0.128, 0.080, 0.076), vec3(0.985, 0.905, 0.740), c);      // blacks lift to brown, whites to cream
    faded += vec3(-0.020, 0.022, 0.006) * (4.0 * y * (1.0 - min(y, 1.0)));         // and the middle tones to green
    float leak = slope(0.10, 0.62, abs(side.x) + 0.10 * wave(p.y * 0.45 + t * 0.031)) * slope(0.25, 0.85, n2(vec2(side.x * 2.0 + t * 0.07, p.y * 1.7 + t * 0.045) + rnd.xy * 50.0));
    leak *= leak * (0.55 + 0.25 * loudness);
    faded += leak * (1.0 - 0.6 * faded) * mix(vec3(0.95, 0.36, 0.09), vec3(1.0, 0.70, 0.30), leak);
    vec2 q = side * vec2(1.18, 0.92), r = vec2(0.055), half_size = 0.5 * vec2(aspect, 1.0) - 0.016;
    faded *= 1.0 - 2.7 * dot(q, q) * dot(q, q) - 0.28 * dot(q, q);
    float rough = 0.0036 * (n2(p * 90.0) - 0.5);                                   // lint in the gate
    return vec4(mix(vec3(0.040, 0.026, 0.024), faded, mask(sd_box(p, half_size - r) - r.x + rough, 0.0045)), y);
}
