// Forms cut from lacquer: tones fall into a few fields that are shaded from one edge to the other, as with an airbrush;
// the sky is steps and rays around its light. a: where gold lies.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.0020 / aspect, 0.0020), w = vec2(0.0065 / aspect, 0.0065);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec3 wide = textureLod(colour_tex, uv + w, 0.0).rgb + textureLod(colour_tex, uv - w, 0.0).rgb
              + textureLod(colour_tex, uv + vec2(w.x, -w.y), 0.0).rgb + textureLod(colour_tex, uv + vec2(-w.x, w.y), 0.0).rgb;
    vec3 aux = textureLod(aux_tex, uv, 0.0).rgb, sun = textureLod(pre0, vec2(0.5), 0.0).rgb;
    float sky_here = in_sky(c.a), y = luma(0.14 * wide + 0.44 * c.rgb);
    const float lift = hour == NIGHT ? 0.75 : hour == DAY ? 0.25 : 0.5;
    float tone = mix(y, sqrt(y), lift);

    float k = tone * 4.2 + 0.25, field = floor(k), within = k - field;
    float shaded = (field + smoothstep(0.80, 1.0, within) + 0.30 * (within - 0.5)) / 4.6;
    vec3 land = ink(clamp(shaded, 0.0, 1.0), 0);

    vec2 away = p - place(sun.xy);
    float far_off = length(away) / max(aspect, 1.0), step_at = far_off * 10.5 + 0.35, ring = floor(step_at), along = step_at - ring;
    float turn = atan(away.x, away.y) / TAU * 36.0 + paint_t * 0.03, ray = abs(fract(turn) - 0.5) * 2.0;
    float arc = TAU * length(away) / 36.0 * 0.5, lit_ray = slope(-0.0025, 0.0025, (ray - 0.5) * arc);
    float stepped = (ring + smoothstep(0.90, 1.0, along)) / 7.5 - 0.055 * lit_ray * (0.8 + 0.4 * beat) + 0.03 * (along - 0.5);
    vec3 air = ink(clamp(stepped, 0.0, 1.0), 1);
    float spokes = slope(0.0021, 0.0006, abs(ray - 0.5) * arc) * slope(0.10, 0.16, far_off);
    float rims = slope(0.020, 0.006, abs(along - 0.95) * 0.5);
    float gold = max(spokes * 0.55, rims * 0.8) * sky_here * (1.0 - 0.6 * slope(0.25, 0.75, far_off));

    float shining = disc(c.a, aux.g) * slope(0.2, 0.5, y);
    vec3 made = mix(land, air, sky_here);
    made = mix(made, ink(0.98, 2), shining);
    float lamp = smoothstep(0.35, 0.75, aux.g) * slope(0.3, 0.6, y) * (1.0 - sky_here);
    float contour = slope(0.010, 0.060, max(l.a + r.a - 2.0 * c.a, u.a + d.a - 2.0 * c.a));
    gold = max(gold * (1.0 - shining), max(contour, 0.85 * lamp));
    return vec4(made, gold);
}
