const vec3 SHEET = vec3(0.937, 0.890, 0.776);

// r: grain of the block, g: tooth of the paper, b: uneven pressure, a: fibres.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(wood(p), paper(p), fbm(p * 3.2, 3), fibres(p * 0.8)); }

vec3 pigment(int i) { // the palette as plant and mineral colours
    vec3 dye[5] = vec3[5](vec3(0.10, 0.15, 0.29), vec3(0.20, 0.35, 0.47), vec3(0.53, 0.58, 0.52), vec3(0.87, 0.62, 0.40), vec3(0.95, 0.90, 0.77));
    return mix(saturated(mix(dye[i], pal[i], 0.58), 0.88), SHEET, float(i) * 0.045);
}
vec3 flat_colour(float y) {
    float k = sqrt(max(y, 0.0)) * 4.7, i = floor(k);
    float turn = smoothstep(0.88, 1.0, k - i);
    return mix(pigment(int(min(i, 4.0))), pigment(int(min(i + 1.0, 4.0))), turn);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), block = textureLod(pre0, uv, 0.0);
    float sky_here = smoothstep(0.92, 0.96, block.b);
    float light = smoothstep(0.42, 0.58, block.g);
    vec3 land = flat_colour(block.r * 1.05);
    float h = clamp((uv.y - 0.30) / 0.70, 0.0, 1.0), wipe = h + 0.04 * (ground.b - 0.5);
    vec3 low = mix(flat_colour(luma(sky_low()) * 1.15 + 0.05), pigment(3), hour == 1 || hour == 3 ? 0.55 : 0.0);
    vec3 high = flat_colour(luma(sky_mid()) * 1.2 + 0.03);
    vec3 air = mix(low, high, smoothstep(0.05, 0.62, wipe));
    air = mix(air, pigment(0), smoothstep(0.74, 1.0, wipe) * 0.92);              // the band wiped dark along the top
    float lift = block.r - luma(mix(sky_mid(), sky_top(), h));
    air = mix(air, mix(pigment(4), air, 0.35), smoothstep(0.05, 0.09, lift) * 0.45); // clouds
    vec3 c = mix(land, air, sky_here);
    c = mix(c, mix(pigment(4), pigment(3), hour == 1 || hour == 3 ? 0.75 * sky_here : 0.25), light);
    float inked = 0.86 + 0.16 * ground.b - 0.22 * smoothstep(0.55, 0.95, ground.r) - 0.10 * (ground.g - 0.5);
    c = mix(SHEET, c, clamp(inked, 0.0, 1.0));
    float line = smoothstep(0.34, 0.56, block.a + 0.14 * (ground.g - 0.5));
    c = mix(c, mix(vec3(0.07, 0.09, 0.17), pal[0], 0.35), line * 0.94);
    return c * (0.955 + 0.06 * ground.g + 0.02 * ground.a);
}
