// Pencils for the finish: rgb smoothed colour, a ink line.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    uv = hand(uv, 22.0, 0.0016);
    float weight = 0.0030 + 0.0014 * n2(p * 6.0);
    vec2 o = vec2(weight / aspect, weight);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    float depth_edge = smoothstep(0.008, 0.040, max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a)));
    float tone_edge = smoothstep(0.14, 0.36, max(abs(luma(l.rgb - r.rgb)), abs(luma(u.rgb - d.rgb)))) * step(c.a, 0.93);
    vec2 w = vec2(0.0085 / aspect, 0.0085);
    float around = max(max(textureLod(aux_tex, uv + vec2(w.x, 0.0), 0.0).b, textureLod(aux_tex, uv - vec2(w.x, 0.0), 0.0).b),
                       max(textureLod(aux_tex, uv + vec2(0.0, w.y), 0.0).b, textureLod(aux_tex, uv - vec2(0.0, w.y), 0.0).b));
    vec3 aux = textureLod(aux_tex, uv, 0.0).gba, art = saturated(0.2 * (c + l + r + d + u).rgb, 1.45);
    float halo = slope(0.15, 0.50, around) * (1.0 - aux.y) * (hour == DAY ? 0.4 : 0.85), ink = max(depth_edge, 0.75 * tone_edge) * mix(0.45, 1.0, aux.z);
    return vec4(mix(art, mix(light_colour(), vec3(1.0), 0.35), halo), ink * (1.0 - halo * (1.0 - slope(0.10, 0.60, aux.y))));     // figures stand out in a light keyline
}
