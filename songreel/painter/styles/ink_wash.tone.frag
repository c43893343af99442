// How much ink lies where. r: wash, g: brush line, b: what is red, a: depth.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    uv = hand(uv, 34.0, 0.008);
    vec2 o = vec2(0.0042 / aspect, 0.0042);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec2 apart = vec2(0.007 / aspect, 0.007);                               // stars are smaller than this, suns are not
    vec2 aux = min(textureLod(aux_tex, uv + apart, 0.0).ga, textureLod(aux_tex, uv - apart, 0.0).ga);
    float glow = aux.x;
    float y = luma(0.2 * (c + l + r + d + u).rgb), depth = c.a, sky_here = in_sky(depth);
    const float dark = hour == NIGHT ? 0.30 : hour == DAY ? 0.75 : 0.55;        // what counts as bright at this hour
    float shade = 1.0 - smoothstep(0.0, dark, y);
    float land = mix(1.05, 0.36, smoothstep(0.05, 0.95, depth)) * (0.10 + 0.90 * shade) * (1.0 - 0.9 * smoothstep(0.25, 0.6, glow));
    float clouds = fbm1(p * vec2(1.0, 2.0) + vec2(0.02 * t, 0.0));
    land *= 0.80 + 0.4 * (clouds - 0.5) + 0.5 * (fbm1(p * 3.1 + 1.7) - 0.5);
    land *= 1.0 - 0.75 * smoothstep(0.10, 0.0, abs(p.y + 0.09 + 0.05 * (clouds - 0.5))) * smoothstep(0.35, 0.7, depth); // a bank of mist
    const float night = hour == NIGHT ? 0.34 : hour == DAY ? 0.10 : 0.20;
    float air = (weather == SNOW ? 0.26 : weather == RAIN ? 0.12 : 0.03) + night * smoothstep(-0.05, 0.5, p.y + 0.5 * (clouds - 0.5)) * (0.45 + 0.9 * clouds) + 0.10 * smoothstep(0.5, 0.0, y) * clouds;
    float step_ = max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a));
    float line = slope(0.012, 0.10, step_) * mix(1.0, 0.42, depth * depth) * (0.55 + 0.9 * n2(p * 11.0 + 4.0)) * mix(0.25, 1.0, aux.y);
    float red = max(disc(depth, glow), 0.9 * slope(0.55, 0.80, glow) * (1.0 - sky_here)) * smoothstep(0.22, 0.40, y); // sun or moon, and fires
    float wet = clamp(mix(land, air, sky_here), 0.0, 1.0);
    return vec4(mix(wet, smoothstep(0.06, 0.80, wet), 0.75), line, red, depth);
}
