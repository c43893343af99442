// The piece: stencilled fills that fade from one can to another, black outlines with a halo, drips. a: how much paint covers the wall.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), at = hand(uv, 20.0, 0.0030);
    vec4 soft = textureLod(pre0, uv, 0.0);
    float depth = textureLod(colour_tex, at, 0.0).a, shown = textureLod(aux_tex, at, 0.0).b;
    float fat = 0.0040 * (0.7 + 0.6 * n2(p * 7.0));
    vec2 near = depth_step(at, fat), wide = depth_step(at, 0.0120);
    float speckle = n2(p * 330.0) - 0.5, sky_here = in_sky(depth), y = luma(soft.rgb);
    const float lift = hour == NIGHT ? 0.8 : hour == DAY ? 0.2 : 0.5;
    float tone = mix(y, sqrt(y), lift);

    float k = tone * 4.0 + 0.30 + 0.22 * speckle, field = floor(k), level = (field + smoothstep(0.86, 1.0, k - field)) / 4.3;
    float fade = clamp(0.5 + 1.1 * p.y + 0.5 * (fbm1(p * 1.4 + rnd.xy * 8.0) - 0.5), 0.0, 1.0);
    vec3 fill = mix(ink(level, 0), ink(level, 1), fade);
    fill = mix(fill, ink(level, 2), 0.8 * shown);

    float cloud = fbm1(p * vec2(1.1, 1.6) + rnd.zw * 8.0), bright = slope(0.10, 0.85, tone);
    float misted = clamp(0.10 + 0.62 * slope(0.30, 0.75, cloud + 0.45 * (tone - 0.4)) + 0.30 * bright, 0.0, 0.86);
    vec3 mist = mix(ink(0.35 + 0.5 * tone, 3), saturated(soft.rgb, 1.5), 0.35);
    float cover = mix(0.93, misted, sky_here);
    vec3 made = mix(fill, mist, sky_here);
    float shining = soft.a * sky_here;
    made = mix(made, mix(ink(0.95, 0), vec3(1.0), 0.25), shining);
    cover = max(cover, 0.96 * shining);

    float lane = floor(p.x / 0.021), chance = h1(lane + 0.5), within = p.x / 0.021 - lane - 0.5 + 0.5 * (h1(lane + 7.2) - 0.5);
    float reach = 0.035 + 0.12 * chance * chance, run = 0.0, bulb = 0.0;
    vec2 column = vec2((p.x - within * 0.021) / aspect + 0.5, uv.y);
    for (int i = 1; i < 6; i++) {
        float wet = textureLod(pre0, column + vec2(0.0, reach * float(i) * 0.2), 0.0).a;
        run = max(run, wet);
        bulb = i == 5 ? wet * (1.0 - run * 0.0) : bulb;
    }
    float drip = step(0.5, h1(lane + 21.0)) * slope(0.3, 0.6, run) * slope(0.105, 0.055, abs(within)) * (1.0 - shining) * (1.0 - soft.a);
    made = mix(made, mix(ink(0.95, 0), ink(0.8, 3), chance), drip);
    cover = max(cover, drip * 0.97);

    float outline = slope(0.020, 0.075, near.y), halo = slope(0.03, 0.10, wide.y) * (1.0 - outline);
    made = mix(made, ink(0.5, 3) * 0.3 + 0.7, halo * 0.80 * sky_here);
    cover = max(cover, halo * 0.9 * sky_here);
    made = mix(made, vec3(0.030, 0.026, 0.036), outline);
    return vec4(made, max(cover, outline));
}
