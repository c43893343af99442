// Drying: washes settle in a few steps of tone, pigment gathers where they end, and distance is left to the paper.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0050 / aspect, 0.0050);
    vec4 c = textureLod(pre0, uv, 0.0);
    vec4 a = textureLod(pre0, uv + vec2(o.x, o.y), 0.0), b = textureLod(pre0, uv - vec2(o.x, o.y), 0.0);
    vec4 d = textureLod(pre0, uv + vec2(o.x, -o.y), 0.0), e = textureLod(pre0, uv - vec2(o.x, -o.y), 0.0);
    vec4 mean = 0.25 * (a + b + d + e);
    vec2 blots = vec2(fbm1(p * 2.2 + 0.3), fbm1(p * 1.3 + 4.0));
    const float lift = hour == NIGHT ? 0.62 : hour == DAY ? 0.20 : 0.30;        // nothing is black on white paper
    vec3 thin = mix(c.rgb, sqrt(max(c.rgb, 0.0)), lift * mix(0.62, 1.0, slope(0.05, 0.55, c.a)));     // what is near is painted with the most pigment
    float y = luma(thin), steps = y * 5.0 + (blots.x - 0.5) * 1.1;
    float within = fract(steps), level = (floor(steps) + smoothstep(0.0, 0.22, within)) / 5.0;
    vec3 wash = thin * mix(1.0, (level + 0.12) / (y + 0.12), 0.42);
    float rim = 0.07 * smoothstep(0.16, 0.0, abs(within - 0.10));
    float pooled = clamp(luma(mean.rgb - c.rgb) * 1.8, -0.04, 0.26) + rim + 0.7 * min(abs(mean.a - c.a), 0.14);
    wash = saturated(wash, 1.38 + 1.2 * pooled);
    const float body = hour == DAY ? 1.14 : 0.94;
    float water = body + 0.30 * (blots.y - 0.5) + 0.10 * (blots.x - 0.5) - 0.10 * c.a;
    wash = 1.0 - (1.0 - wash) * clamp(water, 0.5, 1.3);
    return vec4(max(wash - pooled * (0.9 - 0.5 * wash), 0.0), y);
}
