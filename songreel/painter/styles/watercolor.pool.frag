// Drying: washes settle in a few steps of tone, and pigment gathers where they end.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0055 / aspect, 0.0055);
    vec4 c = textureLod(pre0, uv, 0.0);
    vec4 a = textureLod(pre0, uv + vec2(o.x, o.y), 0.0), b = textureLod(pre0, uv - vec2(o.x, o.y), 0.0);
    vec4 d = textureLod(pre0, uv + vec2(o.x, -o.y), 0.0), e = textureLod(pre0, uv - vec2(o.x, -o.y), 0.0);
    vec4 mean = 0.25 * (a + b + d + e);
    vec2 blots = n22(p * 5.0 + boil);
    float y = luma(c.rgb), steps = y * 6.0 + (blots.x - 0.5) * 0.9;
    float within = fract(steps), level = (floor(steps) + smoothstep(0.0, 0.16, within)) / 6.0;
    vec3 wash = c.rgb * mix(1.0, (level + 0.05) / (y + 0.05), 0.55);
    float pooled = clamp((luma(mean.rgb) - y) * 2.2, -0.05, 0.30) + 0.10 * smoothstep(0.20, 0.0, abs(within - 0.10) )
                 + 0.9 * min(abs(mean.a - c.a), 0.16);
    wash = saturated(wash, 1.35 + 0.8 * pooled);
    wash = 1.0 - (1.0 - wash) * (0.84 + 0.22 * blots.y);               // thin paint: paper shines through
    return vec4(max(wash - pooled * (1.0 - 0.6 * wash), 0.0), y);
}
