const float FRAMES = 24.0; // of film a second: dust and grain are new in each

// r: clumps of fine grain, g: of coarse, b: the gate's opening with its rough edge.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), half_size = 0.5 * vec2(aspect, 1.0) - 0.016, r = vec2(0.055);
    float fine = 0.55 * n2(p * 430.0) + 0.45 * n2(p * 690.0 + 40.0), coarse = 0.6 * n2(p * 190.0 + 7.0) + 0.4 * n2(p * 330.0 + 90.0);
    float hair = 0.0022 * (fbm(p * 30.0, 3) - 0.5) + 0.0016 * (n2(p * 160.0) - 0.5);
    return vec4(fine, coarse, mask(sd_box(p, half_size - r) - r.x + hair, 0.0050), 1.0);
}
// Dust that lay on one frame: white on a positive's dark, here a few specks and fibres, small.
float dust(vec2 p, float number) {
    float found = 0.0;
    for (int i = 0; i < 3; i++) {
        float n = number * 3.0 + float(i);
        if (h1(n + 0.5) < 0.34) {
            vec2 q = p - (vec2(h1(n), h1(n + 100.3)) - 0.5) * vec2(aspect, 1.0);
            float r = 0.0016 + 0.0030 * h1(n + 9.7);
            q.x += 9.0 * q.y * q.y / r * (h1(n + 3.1) - 0.5);
            found = max(found, mask(length(q * vec2(1.0, 0.35 + h1(n + 6.0))) - r, r));
        }
    }
    return found;
}
vec3 style(vec2 uv) {
    float number = floor(paint_t * FRAMES);
    ivec2 size = textureSize(canvas_tex, 0), at = ivec2(gl_FragCoord.xy);
    vec4 grains = texelFetch(canvas_tex, (at + ivec2(h1(number) * float(size.x), h1(number + 0.3) * float(size.y))) % size, 0);
    vec4 stock = textureLod(pre0, uv, 0.0);
    vec2 p = place(uv);
    float y = min(luma(stock.rgb), 1.0);
    float clumps = mix(grains.g, grains.r, slope(0.15, 0.70, y)) - 0.5;             // shadows are made of the large grains
    vec3 c = stock.rgb + clumps * (0.10 + 0.42 * y * (1.0 - y)) * vec3(1.04, 0.98, 0.94);
    c *= 1.0 - 0.75 * dust(p, number);
    float along = floor(paint_t * 0.45), scratch = (h1(along) - 0.5) * aspect * 0.9 + 0.0016 * wave(paint_t * 0.7 + p.y * 0.2);
    c += slope(0.0013, 0.0004, abs(p.x - scratch)) * (h1(along + 0.7) < 0.4 ? 0.16 : 0.0) * (0.3 + 0.7 * grains.r);
    return mix(vec3(0.040, 0.026, 0.024), c, canvas_here().b);
}
