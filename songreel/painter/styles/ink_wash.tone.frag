// How much ink lies where. r: wash, g: brush line, b: what is red, a: depth.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    uv = hand(uv, 34.0, 0.008);
    vec2 o = vec2(0.0042 / aspect, 0.0042);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    float glow = textureLod(aux_tex, uv, 0.0).g;
    float y = luma(0.2 * (c + l + r + d + u).rgb), depth = c.a;
    float sky_here = smoothstep(0.90, 0.97, depth);
    float mist = depth * depth;
    float shade = 1.0 - smoothstep(0.0, 0.55, y);
    float land = mix(0.95, 0.16, smoothstep(0.0, 0.92, depth)) * (0.42 + 0.58 * shade) * (1.0 - 0.9 * smoothstep(0.2, 0.7, glow));
    float foot = smoothstep(0.10, -0.30, p.y);
    land *= 0.72 + 0.28 * foot + 0.25 * (fbm1(p * 2.6 + 1.7) - 0.5);
    float air = 0.05 + 0.26 * smoothstep(0.55, 0.0, y) * fbm1(p * vec2(1.1, 2.2) + vec2(0.02 * t, 0.0)) * smoothstep(-0.1, 0.5, p.y);
    float step_ = max(abs(l.a - r.a), abs(u.a - d.a));
    float line = smoothstep(0.015, 0.14, step_) * mix(1.0, 0.28, mist) * (0.55 + 0.9 * n2(p * 11.0 + 4.0));
    float red = smoothstep(0.35, 0.75, glow) * smoothstep(0.30, 0.60, y);
    return vec4(mix(land, air, sky_here), line, red, depth);
}
