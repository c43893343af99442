// What is cut into the blocks. r: tone of the land or cloud in the sky, smoothed; g: disc; b: depth; a: key line.
vec4 prepare(vec2 uv) {
    uv = hand(uv, 50.0, 0.0022);
    vec2 o = vec2(0.0030 / aspect, 0.0030);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec2 aux = textureLod(aux_tex, uv, 0.0).ga;
    float glow = aux.x, y = luma(0.2 * (c + l + r + d + u).rgb), sky_here = in_sky(c.a);
    float depth_edge = smoothstep(0.008, 0.050, max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a)));
    float tone_edge = smoothstep(0.16, 0.42, abs(luma(l.rgb - r.rgb)) + abs(luma(u.rgb - d.rgb))) * (1.0 - sky_here);
    float plain = luma(mix(sky_low(), mix(sky_mid(), sky_top(), smoothstep(0.5, 1.0, uv.y)), smoothstep(0.3, 0.6, uv.y)));
    float tone = mix(mix(y, 0.9, smoothstep(0.35, 0.5, glow)), (y - plain) * 9.0, sky_here);
    return vec4(tone, disc(c.a, glow), c.a, max(depth_edge * (1.0 - 0.35 * c.a), 0.55 * tone_edge) * mix(0.3, 1.0, aux.y));
}
