// The piece: stencilled fills that fade from one can to another, black outlines, a lit bevel inside and a halo outside them, drips.
// a: how much paint covers the wall.
float depth_at(vec2 uv) { return textureLod(colour_tex, uv, 0.0).a; }

vec4 prepare(vec2 uv) {
    vec2 p = place(uv), at = uv + (n22(p * 20.0) - 0.5) * 0.0034;                     // paint on a wall does not tremble
    vec4 soft = textureLod(pre0, uv, 0.0);
    vec2 aux = textureLod(aux_tex, at, 0.0).ba;
    float depth = depth_at(at), shown = aux.x, speckle = n2(p * 330.0) - 0.5;
    float sky_here = in_sky(depth), y = luma(soft.rgb), marker = n2(p * 7.0), fat = 0.0034 * (0.7 + 0.6 * marker);
    vec2 n = vec2(fat / aspect, fat), w = vec2(0.0125 / aspect, 0.0125);
    vec4 west = textureLod(colour_tex, at - vec2(n.x, 0.0), 0.0) - textureLod(colour_tex, at + vec2(n.x, 0.0), 0.0);
    vec4 south = textureLod(colour_tex, at - vec2(0.0, n.y), 0.0) - textureLod(colour_tex, at + vec2(0.0, n.y), 0.0);
    float near = max(abs(west.a), abs(south.a)), tones = max(abs(luma(west.rgb)), abs(luma(south.rgb)));
    float left = depth_at(at - vec2(w.x, 0.0)), right = depth_at(at + vec2(w.x, 0.0)), below = depth_at(at - vec2(0.0, w.y)), above = depth_at(at + vec2(0.0, w.y));
    float least = 0.020 + 0.045 * depth * depth, outline = max(slope(least, least + 0.055, near), 0.9 * slope(0.16, 0.34, tones) * (1.0 - sky_here)) * aux.y; // far things that lie close together get none
    float halo = aux.y * slope(0.03, 0.10, depth - min(min(left, right), min(above, below))), bevel = slope(0.05, 0.12, max(left, above) - depth);

    const float lift = hour == NIGHT ? 0.8 : hour == DAY ? 0.2 : 0.5;
    float tone = mix(y, sqrt(y), lift), cloud = fbm1(p * vec2(1.1, 1.6) + rnd.zw * 8.0);
    float k = tone * 4.4 + 0.35 + 0.24 * speckle + 0.5 * (cloud - 0.5), field = floor(k), level = (field + smoothstep(0.86, 1.0, k - field)) / 4.4;
    float fade = clamp(0.42 + 1.25 * (p.y + 0.14) + 0.45 * wave(depth * 3.1 + rnd.x) + 1.5 * (cloud - 0.5), 0.0, 1.0);
    vec3 white = mix(pal[4], vec3(1.0), 0.55), fill = mix(ink(level, 0), ink(level, 1), fade);
    fill = mix(fill, ink(level, 2), 0.85 * shown);

    float misted = clamp(0.08 + 0.66 * slope(0.30, 0.75, cloud + 0.45 * (tone - 0.4)) + 0.30 * slope(0.10, 0.85, tone), 0.0, 0.84);
    vec3 mist = mix(ink(0.35 + 0.5 * tone, 3), saturated(soft.rgb, 1.6), 0.35), made = mix(fill, mist, sky_here);
    float cover = mix(0.94, misted, sky_here), shining = soft.a * sky_here;
    made = mix(made, white, shining);
    made = mix(made, white, bevel * (1.0 - sky_here) * (0.25 + 0.75 * slope(0.35, 0.6, marker)) * (0.30 + 0.5 * shown));
    made = mix(made, mix(white, saturated(pal[3], 1.5), 0.25), halo * sky_here * 0.95);
    cover = max(cover, max(0.97 * shining, 0.92 * halo * sky_here));

    float lane = floor(p.x / 0.019), chance = h1(lane + 0.5), within = p.x / 0.019 - lane - 0.5 + 0.5 * (h1(lane + 7.2) - 0.5);
    float reach = 0.030 + 0.20 * chance * chance, thin = mix(0.11, 0.07, chance);
    vec2 column = vec2((p.x - within * 0.019) / aspect + 0.5, uv.y);
    float end = textureLod(pre0, column + vec2(0.0, reach), 0.0).a;
    float run = max(end, max(textureLod(pre0, column + vec2(0.0, reach * 0.66), 0.0).a, textureLod(pre0, column + vec2(0.0, reach * 0.33), 0.0).a));
    float drip = step(0.34, h1(lane + 21.0)) * slope(0.3, 0.6, run) * slope(thin, thin * 0.5, abs(within)) * (1.0 - soft.a);
    made = mix(made, mix(white, saturated(pal[3], 1.4), chance), drip);
    cover = max(cover, drip * 0.97);
    made = mix(made, vec3(0.030, 0.026, 0.036), outline);
    return vec4(made, max(cover, outline));
}
