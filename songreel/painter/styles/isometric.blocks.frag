// One texel is one column of blocks on the ground: rgb its colour, a its height in small blocks.
// Four small columns make a large one; where forms are fine, and in the subject, each is its own.
const int MARGIN = 20;
const float MOST = 8.0;

float side() { return pow(min(aspect, 1.0), 0.8) / 70.0; }
ivec2 first() { float s = side(); return ivec2(-ceil(0.5 * aspect / (0.8660254 * s)) - 1.0, -ceil(1.0 / s) - float(MARGIN)); }
// Middle of a column's foot, n small columns wide, in picture coordinates.
vec2 foot(vec2 cell, float n) { vec2 m = (cell + 0.5) * n; return vec2(m.x - m.y, m.x + m.y) * side() * vec2(0.8660254, 0.5); }

struct Patch { vec4 c; vec2 shine; float change; };

// What a patch of the picture shows: mean colour and depth, glow and subject, how much happens in it.
Patch seen(vec2 p, float n) {
    vec2 o = side() * n * vec2(0.42 / aspect, 0.24), uv = clamp(p / vec2(aspect, 1.0) + 0.5, 0.002, 0.998);
    vec4 m = textureLod(colour_tex, uv, 0.0), a = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0), b = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0);
    vec4 c = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0), d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0);
    vec4 apart = max(m, max(max(a, b), max(c, d))) - min(m, min(min(a, b), min(c, d)));
    vec3 x = textureLod(aux_tex, uv, 0.0).rgb, y = textureLod(aux_tex, uv + vec2(o.x, 0.0), 0.0).rgb, z = textureLod(aux_tex, uv - vec2(o.x, 0.0), 0.0).rgb;
    vec3 v = textureLod(aux_tex, uv + vec2(0.0, o.y), 0.0).rgb, w = textureLod(aux_tex, uv - vec2(0.0, o.y), 0.0).rgb;
    float subject = max(x.b, max(max(y.b, z.b), max(v.b, w.b)));
    return Patch(0.2 * (m + a + b + c + d), vec2(0.2 * (x.g + y.g + z.g + v.g + w.g), n > 1.5 ? subject : 0.4 * x.b + 0.15 * (y.b + z.b + v.b + w.b)),
                 2.0 * apart.a + 1.1 * luma(apart.rgb));
}
// Height in large blocks: the sky lies low with its lights standing up; the land lies in terraces, nearest highest; smooth where forms are fine.
float height(Patch k, vec2 cell, float depth, float fine) {
    float sky = smoothstep(0.90, 0.97, k.c.a), shine = smoothstep(0.12, 0.45, k.shine.x);
    float rough = n2(cell * 0.17 + 7.0) + 0.05 * (h2(cell) - 0.5);              // few broad terraces, not a step at every block
    float land = 0.55 + step(0.66, rough) * (1.0 - fine) + 1.5 * (1.0 - depth) + 0.5 * fine;
    return mix(land + 0.8 * shine * (1.0 - fine), 0.45 + 1.3 * luma(k.c.rgb) + 1.6 * shine, sky);
}
vec4 prepare(vec2 uv) {
    ivec2 at = ivec2(gl_FragCoord.xy) + first();
    vec2 cell = vec2(float((at.x + at.y) >> 1), float((at.y - at.x) >> 1)), large = floor(cell * 0.5);
    Patch own = seen(foot(cell, 1.0), 1.0), all = seen(foot(large, 2.0), 2.0);
    bool split = all.change > 0.42 || all.shine.y > 0.3;
    vec4 c = split ? own.c : all.c;
    float subject = split ? step(0.24, own.shine.y) : 0.0;
    float h = split ? floor(2.0 * height(own, large, all.c.a, 1.0) * (1.0 - subject) + 0.5) + 4.0 * subject : 2.0 * floor(height(all, large, all.c.a, 0.0) + 0.5);
    vec3 made = saturated(mix(c.rgb, sqrt(max(c.rgb, 0.0)), hour == NIGHT ? 0.38 : 0.12), 1.30);
    made *= 1.0 + (split ? 0.04 : 0.05) * (h2((split ? cell : large) + 5.0) - 0.5);
    const bool dark = hour == NIGHT;                                            // light figures at night, dark ones against a bright sky
    made = mix(made, dark ? mix(pal[3], pal[4], 0.15) : mix(pal[0], pal[3], 0.20), (dark ? 0.62 : 0.70) * subject); // told from its ground
    return vec4(made, clamp(h, 0.0, MOST));
}
