const vec3 SHEET = vec3(0.937, 0.890, 0.776);
const int LAND = 0, AIR = 1, EXTRA = 2;

// r: grain of the block, g: tooth of the paper, b: uneven pressure, a: how much of the colour takes.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    float grain = wood(p), tooth = paper(p), press = fbm(p * 3.2, 3);
    return vec4(grain, tooth, press, 0.93 + 0.14 * (press - 0.5) - 0.13 * smoothstep(0.60, 1.0, grain) - 0.10 * (tooth - 0.5));
}
vec3 pigment(int i) { // the palette as plant and mineral colours
    vec3 dye[5] = vec3[5](vec3(0.08, 0.14, 0.30), vec3(0.17, 0.35, 0.50), vec3(0.50, 0.60, 0.56), vec3(0.88, 0.60, 0.38), vec3(0.95, 0.90, 0.77));
    return mix(saturated(mix(dye[i], pal[i], 0.55), 0.90), SHEET, float(i) * 0.04);
}
vec3 flat_colour(float y) {
    float k = sqrt(max(y, 0.0)) * 4.7, i = floor(k);
    return mix(pigment(int(min(i, 4.0))), pigment(int(min(i + 1.0, 4.0))), smoothstep(0.90, 1.0, k - i));
}
// Rows: the land by its tone; the sky by its height; key line, clouds, disc and lamps.
vec3 inks(float x, int row) {
    vec3 low, high;
    if (hour == NIGHT) { low = mix(mix(pigment(1), vec3(0.16, 0.38, 0.58), 0.65), pigment(4), 0.32); high = mix(pigment(0), pigment(1), 0.72); }
    if (hour == DAWN) { low = mix(pigment(3), pigment(4), 0.45); high = mix(pigment(4), pigment(2), 0.55); }
    if (hour == DAY) { low = pigment(4); high = mix(pigment(2), pigment(1), 0.25); }
    if (hour == DUSK) { low = pigment(3); high = mix(pigment(1), SHEET, 0.22); }
    if (row == LAND) return flat_colour(x * 1.05);
    vec3 between = mix(low, high, smoothstep(0.34, 0.74, x));
    if (hour == DUSK) between = mix(between, pigment(4), 0.75 * smoothstep(0.28, 0.52, x) * smoothstep(0.80, 0.56, x)); // bare paper between what is warm and what is cold: mixed, they are mud
    if (row == AIR) return mix(between, pigment(0), smoothstep(0.80, 1.0, x) * 0.94);  // wiped dark along the top
    vec3 red = mix(vec3(0.80, 0.22, 0.13), pal[3], 0.16), pale = mix(pigment(4), vec3(1.0, 0.97, 0.88), 0.5);
    return x < 0.2 ? mix(vec3(0.07, 0.09, 0.17), pal[0], 0.35) : x < 0.4 ? mix(SHEET, low, hour == NIGHT ? 0.80 : 0.35) : x < 0.6 ? (hour == NIGHT ? pale : red) : pigment(4);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), block = textureLod(pre0, uv, 0.0);
    float sky_here = slope(0.965, 0.990, block.b), height = uv.y + 0.05 * (ground.b - 0.5);
    vec3 air = mix(ink(height, AIR), ink(0.3, EXTRA), slope(0.30, 0.55, block.r) * 0.5 * sky_here);
    vec3 c = mix(ink(block.r, LAND), air, sky_here);
    c = mix(c, ink(0.5, EXTRA), slope(0.35, 0.6, block.g));
    c = mix(SHEET, c, ground.a);
    float line = slope(0.36, 0.54, block.a + 0.14 * (ground.g - 0.5));
    c = mix(c, ink(0.1, EXTRA), line * 0.94);                                      // rain is cut into the key block, snow is left bare
    return weathered(c, uv, weather == RAIN ? vec4(ink(0.1, EXTRA), 0.60) : vec4(SHEET, 0.92), vec4(ink(0.3, EXTRA), 0.95)) * (0.957 + 0.07 * ground.g);
}
