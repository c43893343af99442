// Neon: colour fringes, a gradient from indigo to pink to gold, glowing outlines, sliced suns and a grid on the ground.
vec3 neon(float y) {
    vec3 a = mix(vec3(0.035, 0.010, 0.110), pal[0], 0.20), b = mix(vec3(0.30, 0.03, 0.56), pal[1], 0.25);
    vec3 c = mix(vec3(0.98, 0.14, 0.62), pal[2], 0.25), d = mix(vec3(1.00, 0.78, 0.42), pal[3], 0.30);
    vec3 low = mix(a, b, clamp(y * 3.4, 0.0, 1.0));
    return mix(mix(low, c, clamp(y * 3.2 - 0.85, 0.0, 1.0)), d, clamp(y * 2.6 - 1.55, 0.0, 1.0));
}
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    float fringe = (0.0016 + 0.0012 * snare) / aspect, o = 0.0022;
    vec4 here = textureLod(colour_tex, uv, 0.0);
    vec4 left = textureLod(colour_tex, uv - vec2(fringe + o, 0.0), 0.0), right = textureLod(colour_tex, uv + vec2(fringe + o, 0.0), 0.0);
    vec4 above = textureLod(colour_tex, uv + vec2(0.0, o), 0.0);
    float glow = textureLod(aux_tex, uv, 0.0).g;
    vec3 c = vec3(left.r, here.g, right.b);
    float y = luma(c);
    c = mix(saturated(c, 1.4), neon(y * 1.05 + 0.02), 0.62);
    c *= 0.62 + 0.55 * y;
    float far_off = smoothstep(0.90, 0.97, here.a);
    float slit = smoothstep(0.30, 0.42, abs(fract(uv.y * 30.0 + 0.10 * t) - 0.5)) * smoothstep(0.30, 0.60, glow) * far_off * smoothstep(0.35, 0.6, y);
    c = mix(c, neon(0.20), slit * 0.85);
    float step_ = max(abs(left.a - right.a), abs(above.a - here.a));
    // Two more looks half a step away keep the tubes' edges soft: depth itself has none.
    float close = abs(textureLod(colour_tex, uv - vec2(0.5 * o, 0.4 * o), 0.0).a - textureLod(colour_tex, uv + vec2(0.5 * o, 0.4 * o), 0.0).a);
    float line = 0.5 * (smoothstep(0.012, 0.16, step_) + smoothstep(0.012, 0.16, close)) * (1.0 - far_off * 0.5);
    vec3 pink = mix(vec3(1.0, 0.16, 0.72), pal[3], 0.25), cyan = mix(vec3(0.10, 0.92, 1.0), pal[4], 0.15);
    c += mix(pink, cyan, clamp(0.5 + 1.6 * p.y + 0.3 * p.x, 0.0, 1.0)) * line * (0.55 + 0.35 * treble);
    if (p.y < -0.16) {
        float z = 0.34 / (-p.y - 0.10), width = 0.020 * z;
        vec2 g = abs(fract(vec2(p.x * z * 1.6, z * 1.3 + flow * 0.9 + st * 0.25)) - 0.5);
        float lines = max(1.0 - g.x / min(width, 0.4), (1.0 - g.y / min(width * z * 0.5, 0.4)));
        c += mix(cyan, pink, clamp(z * 0.25, 0.0, 1.0)) * clamp(lines, 0.0, 1.0) * smoothstep(-0.17, -0.30, p.y) * (0.26 + 0.26 * kick);
    }
    c += saturated(textureLod(bloom_tex, uv, 0.0).rgb, 1.5) * mix(vec3(1.0), pink, 0.45) * (1.10 + 0.3 * beat);
    return vec4(c, y);
}
