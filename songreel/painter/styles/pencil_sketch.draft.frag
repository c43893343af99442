// What the pencil is to draw: r how dark, g and b how much contour across and along, a where the coloured pencil goes.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), by_hand = n22(p * 13.0 + boil * 97.0);                      // redrawn eight times a second
    uv += (by_hand - 0.5) * vec2(0.0034 / aspect, 0.0034);
    float reach = 0.0030 * min(1.3 * aspect, 1.0);                               // as fine on a tall sheet
    vec2 o = vec2(reach / aspect, reach);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    const float white = hour == NIGHT ? 0.42 : hour == DAY ? 0.92 : 0.72;        // what stays bare paper at this hour
    float y = luma(0.2 * (c + l + r + d + u).rgb), bright = sqrt(clamp(y / white, 0.0, 1.0));
    float land = (1.0 - bright) * mix(1.10, 0.62, c.a * c.a), air = (1.0 - bright) * (hour == NIGHT ? 0.56 : 0.44);
    air = max(air, (weather == SNOW || weather == FOG ? 0.34 : weather == RAIN ? 0.26 : 0.16) * slope(weather == CLEAR ? 0.12 : -0.25, 0.46, p.y + 0.10 * (by_hand.y - 0.5)));         // even an empty sky gets a few strokes
    float dark = mix(land, air, in_sky(c.a));
    vec2 fold = abs(vec2(l.a + r.a, u.a + d.a) - 2.0 * c.a);
    vec2 tone = abs(vec2(luma(l.rgb - r.rgb), luma(u.rgb - d.rgb))) * (1.0 - 0.8 * in_sky(c.a));
    float pressure = (0.50 + 0.80 * by_hand.x) * mix(1.0, 0.55, c.a * c.a);
    vec2 line = max(clamp((fold - 0.010) * 15.0, 0.0, 1.0), 0.7 * clamp((tone - 0.10) * 4.2, 0.0, 1.0)) * pressure;
    vec2 apart = vec2(0.010 / aspect, 0.010);                                     // sparks are smaller than this, suns are not
    vec3 one = textureLod(aux_tex, uv + 0.5 * apart, 0.0).gba, other = textureLod(aux_tex, uv - 0.5 * apart, 0.0).gba, aux = min(one, other);
    float accent = max(0.9 * aux.y, disc(c.a, aux.x));
    line *= mix(0.15, 1.0, aux.z);
    return vec4(dark, line.x, line.y, accent);
}
