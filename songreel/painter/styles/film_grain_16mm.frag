const float FRAMES = 24.0; // of film a second: grain and dust lie elsewhere in each

// r: fine grain, g: coarse grain, b: the few specks and fibres that lay on a frame.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    float fine = 0.55 * n2(p * 430.0) + 0.45 * n2(p * 690.0 + 40.0), coarse = 0.6 * n2(p * 190.0 + 7.0) + 0.4 * n2(p * 330.0 + 90.0);
    float dust = 0.0;
    for (int i = 0; i < 7; i++) {
        float n = float(i) * 3.7 + 1.0, r = 0.0012 + 0.0026 * h1(n + 9.7) * h1(n + 1.9);
        vec2 q = (p - (vec2(h1(n), h1(n + 100.3)) - 0.5) * vec2(aspect, 1.0)) * rot(TAU * h1(n + 50.0));
        q.x += 11.0 * q.y * q.y * (h1(n + 3.1) - 0.5);
        dust = max(dust, mask(length(q * vec2(1.0, i < 3 ? 0.09 : 0.8)) - r * (i < 3 ? 0.55 : 1.0), r));
    }
    return vec4(fine, coarse, dust, 1.0);
}
vec3 style(vec2 uv) {
    float number = floor(paint_t * FRAMES), y;
    ivec2 size = textureSize(canvas_tex, 0), at = ivec2(gl_FragCoord.xy) + ivec2(fract(number * vec2(0.7548777, 0.5698403)) * vec2(size));
    vec4 found = texelFetch(canvas_tex, ivec2(at.x >= size.x ? at.x - size.x : at.x, at.y >= size.y ? at.y - size.y : at.y), 0);
    vec3 stock = textureLod(pre0, uv, 0.0).rgb;
    y = min(luma(stock), 1.0);
    float clumps = mix(found.g, found.r, slope(0.15, 0.70, y)) - 0.5;               // shadows are made of the large grains
    vec3 c = stock + clumps * (0.09 + 0.34 * y * (1.0 - y)) * slope(0.02, 0.10, y) * vec3(1.04, 0.98, 0.94);
    c *= 1.0 - 0.62 * found.b;
    float along = floor(paint_t * 0.45), chance = fract(along * 0.618034), off = (uv.x - 0.1 - 0.8 * fract(along * 0.7548777)) * aspect - 0.0016 * wave(paint_t * 0.7 + uv.y * 0.2);
    float scratch = slope(0.0013, 0.0004, abs(off)) * (chance < 0.4 ? 0.15 : 0.0);
    return c + scratch * y * (0.3 + 0.7 * found.r);
}
