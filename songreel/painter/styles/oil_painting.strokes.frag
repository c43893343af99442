// Strokes laid beside and over each other along the forms: each takes one colour, its bristles leave furrows, its edge stands up.
// Two sizes: broad ones fill, fine ones draw where forms meet.
vec3 stroke(vec2 p, float turn, vec2 size, float other, out float body) {
    mat2 way = rot(turn);
    vec2 q = (p * way) / size + other;                                  // p * way turns back
    float row = floor(q.y), ragged = n2(vec2(q.y * 5.0, row * 3.7)) - 0.5;
    q.x += h1(row) * 5.0 + ragged * 0.45;
    float cell = floor(q.x), shift = h1(row) * 5.0;
    vec2 within = vec2(q.x - cell, q.y - row), middle = way * ((vec2(cell + 0.5 - shift, row + 0.5) - other) * size);
    float chance = h2(vec2(cell, row));
    vec4 c = textureLod(pre0, middle / vec2(aspect, 1.0) + 0.5, 0.0);
    float bristles = n2(vec2(q.x * 1.3 + row * 9.0, q.y * 6.0));
    float edge = abs(within.y - 0.5) * 2.0, end = smoothstep(0.75, 1.0, within.x);
    body = 0.55 * bristles + 0.45 * (within.y - 0.5) * smoothstep(0.4, 1.0, edge) + 0.25 * end - 0.2;
    return c.rgb * (0.93 + 0.14 * chance);
}
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.009 / aspect, 0.009);
    vec4 l = textureLod(pre0, uv - vec2(o.x, 0.0), 0.0), r = textureLod(pre0, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(pre0, uv - vec2(0.0, o.y), 0.0), u = textureLod(pre0, uv + vec2(0.0, o.y), 0.0);
    vec2 slope = vec2(luma(r.rgb - l.rgb) + 0.8 * (r.a - l.a), luma(u.rgb - d.rgb) + 0.8 * (u.a - d.a));
    float form = length(slope);
    vec2 noise = n22(p * 2.3 + 2.0) - 0.5, lead = vec2(-slope.y, slope.x);
    lead = lead * sign(lead.x + 1e-6) + vec2(1.0, noise.x * 2.4) * (0.045 + 0.03 * noise.y); // where nothing leads the brush it wanders
    float jitter = n2(p * 90.0) - 0.5, turn = atan(lead.y, lead.x);
    turn = floor(turn * 12.0 / PI + 0.5 + jitter * 0.7) * PI / 12.0;
    float broad, fine;
    vec3 under = stroke(p, turn, vec2(0.080, 0.0160), 0.0, broad);
    vec3 over = stroke(p, turn, vec2(0.019, 0.0056), 31.0, fine);
    float drawn = smoothstep(0.03, 0.10, form + 0.04 * jitter);
    vec3 here = textureLod(pre0, uv, 0.0).rgb;                               // no stroke carries one form's colour far into another
    under = mix(under, here, smoothstep(0.06, 0.28, length(under - here)));
    over = mix(over, here, smoothstep(0.10, 0.42, length(over - here)));
    vec3 c = mix(under, mix(over, here, 0.45), drawn);
    float body = mix(broad, fine, drawn), thick = 0.30 + 0.9 * luma(c);
    c = saturated(c, 1.22) * (1.0 + 0.34 * body);
    c += max(body, 0.0) * thick * 0.13 * light_colour();
    return vec4(max(c, 0.0), body + 0.5);
}
