// The motif as an impressionist sees it: forms a little softened, high key, shadows of violet and blue instead of black.
// a: how fine the form is here, negative where it stands upright: there the dabs do, too.
vec4 prepare(vec2 uv) {
    vec2 o = vec2(0.0042 / aspect, 0.0042);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec3 aux = textureLod(aux_tex, uv, 0.0).rgb;
    vec2 lean = abs(vec2(luma(r.rgb - l.rgb) + 2.0 * (r.a - l.a), luma(u.rgb - d.rgb) + 2.0 * (u.a - d.a)));
    vec3 seen = 0.28 * c.rgb + 0.18 * (l + r + d + u).rgb;
    const float lift = hour == NIGHT ? 0.85 : hour == DAY ? 0.16 : 0.34, least = hour == NIGHT ? 0.15 : 0.17;
    float y = luma(seen), key = least + (1.0 - least) * mix(y, sqrt(y), lift), shade = 1.0 - slope(0.05, 0.60, y), air = in_sky(c.a);
    key *= 1.0 + (hour == NIGHT ? 0.30 : 0.10) * (slope(0.2, 1.0, c.a) - 0.5) * shade;       // near shadows lie deeper than the air behind them
    vec3 hue = min(saturated(seen / (y + 0.09), 1.15) * key, 1.0);
    vec3 near = mix(vec3(0.40, 0.31, 0.66), saturated(pal[1], 1.2) / (luma(pal[1]) + 0.12) * 0.30, 0.40);
    vec3 violet = mix(near, vec3(0.30, 0.44, 0.76), 0.75 * slope(0.3, 1.0, c.a)) * (key / 0.40);
    vec3 sun = mix(vec3(1.0, 0.93, 0.74), light_colour(), 0.45) * key * 1.12;
    vec3 made = mix(hue, min(violet, 1.0), 0.66 * shade);
    made = mix(made, sun, 0.40 * slope(0.45, 0.95, y)) + (0.10 + 0.05 * air) * aux.g * sun;
    made = clamp(made, vec3(0.10, 0.11, 0.16), vec3(1.0));
    made += 0.34 * made * (1.0 - made);                                             // high key
    float fine = clamp(max(lean.x, lean.y) * 5.0 + 0.8 * aux.b, 0.06, 1.0);
    return vec4(made, lean.x + 0.03 * aux.b > lean.y * 1.1 + 0.012 ? -fine : fine);
}
