const vec2 BRICK = vec2(0.128, 0.048);

// rgb: the bare wall, a: its relief under paint; its last digits serve as the can's speckle.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), q = p / BRICK;
    float course = floor(q.y);
    q.x += 0.5 * mod(course, 2.0) + 0.06 * (h1(course) - 0.5);
    vec2 id = vec2(floor(q.x), course), within = (fract(q) - 0.5) * BRICK, wander = 0.0024 * (n22(p * 60.0) - 0.5);
    float edge = sd_box(within + wander, 0.5 * BRICK - 0.0052) - 0.0010;
    float stone = mask(edge, 0.0022), pits = n2(p * 420.0), grit = n2(p * 150.0), stains = fbm(p * 2.4 + 5.0, 4);
    float chance = h2(id);
    vec3 clay = mix(vec3(0.44, 0.235, 0.185), vec3(0.56, 0.345, 0.265), chance) * (0.70 + 0.25 * grit + 0.20 * pits);
    vec3 mortar = vec3(0.52, 0.495, 0.46) * (0.62 + 0.35 * grit + 0.12 * pits);
    float lip = clamp((within.y / BRICK.y) * 0.6 + 0.12, -0.3, 0.35) * slope(-0.010, -0.001, edge);      // lamp from above
    vec3 wall = mix(mortar * (0.80 + 0.2 * slope(0.0, 0.004, edge)), clay * (1.0 + lip), stone) * (0.72 + 0.55 * stains);
    float relief = mix(0.30 + 0.25 * grit, 0.66 + lip * 0.5 + 0.22 * (pits - 0.5) + 0.20 * (grit - 0.5), stone);
    return vec4(wall, relief);
}
vec3 can(vec3 c, float least) { // as pure as paint comes from a can
    vec3 pure = saturated(c, 1.55);
    return max(pure * max(1.0, least / (luma(pure) + 0.02)), vec3(0.015));
}
// Rows: fills low in the picture, high in it, figures, and mist on the wall; all by tone.
vec3 inks(float x, int row) {
    if (row == 0) return x < 0.12 ? mix(pal[0], pal[1], 0.45) * 0.8 : can(ramp(x * 1.02), 0.10 + 0.55 * x);
    if (row == 1) return x < 0.12 ? pal[1] * 0.7 : can(mix(ramp(min(x * 1.1 + 0.05, 1.0)), pal[3], 0.78 * slope(0.12, 0.50, x)), 0.10 + 0.58 * x);
    if (row == 2) { vec3 other = vec3(dot(pal[3], vec3(0.333))) * 1.9 - pal[3]; return can(mix(mix(ramp(0.30 + 0.7 * x), pal[4], 0.60), max(other, 0.0), 0.88 - 0.40 * x), 0.42 + 0.42 * x); } // a can of the accent's opposite
    return can(mix(sky_low(), pal[x > 0.6 ? 4 : 2], 0.35), 0.15 + 0.5 * x);
}
vec3 style(vec2 uv) {
    vec4 wall = canvas_here();
    float spit = fract(wall.a * 37.0) - 0.5;
    vec4 paint = textureLod(pre1, uv + 0.0022 * spit * vec2(wall.a - 0.1, 0.9 - wall.a), 0.0);    // no edge is sharper than the can's mist
    float cover = clamp(paint.a + spit * 2.2 * paint.a * (1.0 - paint.a) + 0.10 * (wall.a - 0.6), 0.0, 1.0);
    const vec3 hour_light = hour == NIGHT ? vec3(0.52, 0.54, 0.66) : hour == DAY ? vec3(1.12) : vec3(0.86);
    vec3 bare = hour_light * (0.8 + 0.4 * sky_tint[3]), c = mix(wall.rgb * bare, paint.rgb * (0.70 + 0.46 * wall.a), cover * 0.97);
    vec3 chalk = mix(vec3(0.92), pal[4], 0.3) * mix(bare, vec3(1.0), 0.6) * (0.70 + 0.46 * wall.a);
    return weathered(c, uv, vec4(chalk, 0.85 + 0.8 * spit * wall.a), vec4(mix(sky_mid(), chalk, hour == NIGHT ? 0.3 : 0.6), 0.9));
}
