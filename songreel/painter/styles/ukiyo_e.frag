const vec3 SHEET = vec3(0.937, 0.890, 0.776);

// r: grain of the block, g: tooth of the paper, b: uneven pressure, a: fibres.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(wood(p), paper(p), fbm(p * 3.2, 3), fibres(p * 0.8)); }

vec3 pigment(int i) { // the palette as plant and mineral colours
    vec3 dye[5] = vec3[5](vec3(0.08, 0.14, 0.30), vec3(0.17, 0.35, 0.50), vec3(0.50, 0.60, 0.56), vec3(0.88, 0.60, 0.38), vec3(0.95, 0.90, 0.77));
    return mix(saturated(mix(dye[i], pal[i], 0.55), 0.90), SHEET, float(i) * 0.04);
}
vec3 flat_colour(float y) {
    float k = sqrt(max(y, 0.0)) * 4.7, i = floor(k);
    float turn = smoothstep(0.90, 1.0, k - i);
    return mix(pigment(int(min(i, 4.0))), pigment(int(min(i + 1.0, 4.0))), turn);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), block = textureLod(pre0, uv, 0.0);
    float sky_here = in_sky(block.b), wipe = uv.y + 0.05 * (ground.b - 0.5);
    vec3 low, high;
    if (hour == NIGHT) { low = mix(pigment(1), pigment(2), 0.45); high = mix(pigment(0), pigment(1), 0.55); }
    if (hour == DAWN) { low = mix(pigment(3), pigment(4), 0.45); high = mix(pigment(4), pigment(2), 0.55); }
    if (hour == DAY) { low = pigment(4); high = mix(pigment(2), pigment(1), 0.25); }
    if (hour == DUSK) { low = pigment(3); high = mix(pigment(2), pigment(1), 0.55); }
    vec3 air = mix(low, high, smoothstep(0.34, 0.74, wipe));
    float cloud = smoothstep(0.035, 0.06, block.r - luma(mix(sky_low(), mix(sky_mid(), sky_top(), smoothstep(0.5, 1.0, uv.y)), smoothstep(0.3, 0.6, uv.y))));
    air = mix(air, mix(SHEET, low, 0.35), cloud * 0.5);
    air = mix(air, pigment(0), smoothstep(0.80, 1.0, wipe) * 0.94);              // the band wiped dark along the top
    vec3 c = mix(flat_colour(block.r * 1.05), air, sky_here);
    float sun = disc(block.b, block.g), lamp = smoothstep(0.35, 0.5, block.g) * (1.0 - sky_here);
    const bool red = hour != NIGHT;
    c = mix(c, red ? mix(vec3(0.80, 0.22, 0.13), pal[3], 0.40) : mix(pigment(4), vec3(1.0, 0.97, 0.88), 0.5), smoothstep(0.35, 0.6, sun));
    c = mix(c, pigment(4), lamp);
    float inked = 0.93 + 0.14 * (ground.b - 0.5) - 0.13 * smoothstep(0.60, 1.0, ground.r) - 0.10 * (ground.g - 0.5);
    c = mix(SHEET, c, clamp(inked, 0.0, 1.0));
    float line = smoothstep(0.34, 0.56, block.a + 0.14 * (ground.g - 0.5));
    c = mix(c, mix(vec3(0.07, 0.09, 0.17), pal[0], 0.35), line * 0.94);
    return c * (0.955 + 0.06 * ground.g + 0.02 * ground.a);
}
