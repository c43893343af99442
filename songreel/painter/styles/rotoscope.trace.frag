// Regions as numbers, so that the finish cuts them at its own size. r: tone in steps, g and b: colour difference, a: line.
const float STEPS = 5.0;

float stepped(vec3 c, float shift) { return sqrt(max(luma(c), 0.0)) * STEPS + shift; }

vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    float pen = (0.0015 + 0.0020 * n2(p * 6.0 + boil * 5.0)) * min(1.3 * aspect, 1.0);
    vec2 o = vec2(pen / aspect, pen);
    vec4 c = textureLod(pre0, uv, 0.0);
    vec4 l = textureLod(pre0, uv - vec2(o.x, 0.0), 0.0), r = textureLod(pre0, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(pre0, uv - vec2(0.0, o.y), 0.0), u = textureLod(pre0, uv + vec2(0.0, o.y), 0.0);
    vec3 aux = textureLod(aux_tex, uv, 0.0).gba;
    float sun = disc(c.a, aux.x), cover = max(aux.y, sun);
    float shift = mix(1.0, 0.55, in_sky(c.a)) * (fbm1(p * 2.0 + vec2(0.05, -0.04) * t) - 0.5) + 0.10;      // regions are a hand's guess at the tones
    float k = mix(stepped(c.rgb, shift * (1.0 - aux.y)) + 0.9 * aux.y + 1.6 * slope(0.15, 0.55, aux.x) * (1.0 - in_sky(c.a)), STEPS, sun);
    vec2 slope_ = vec2(stepped(r.rgb, shift) - stepped(l.rgb, shift), stepped(u.rgb, shift) - stepped(d.rgb, shift)) * 0.5;
    float between = abs(k - floor(k + 0.5)), run = length(slope_);               // run: tone steps within a pen's width
    float region = slope(1.0, 0.3, between / max(run, 0.02)) * slope(0.010, 0.045, run) * (0.55 + 0.45 * slope(0.03, 0.10, run));
    float edge = slope(0.026, 0.120, length(vec2(l.a - r.a, u.a - d.a))) * aux.z;
    float line = max(edge * mix(1.0, 0.62, c.a), 0.62 * region * (1.0 - edge));
    float y = luma(c.rgb);
    vec3 dull = mix(saturated(c.rgb, 0.46), c.rgb, max(0.8 * cover, slope(0.965, 0.995, dot(normalize(c.rgb + 0.02), normalize(pal[3] + 0.02)))));
    dull = mix(dull, pal[3] * (y + 0.06) / max(luma(pal[3]), 0.1), 0.42 * aux.y);       // the subject wears the colour that is kept
    return vec4(k, (dull.r - luma(dull)) / (y + 0.12), (dull.b - luma(dull)) / (y + 0.12), line);
}
