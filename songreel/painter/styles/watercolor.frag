const vec3 SHEET = vec3(0.985, 0.970, 0.930);

// r: tooth of the paper, g: how far inside the painted area, with an uneven edge, b: slow stains.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), edge = 0.5 * vec2(aspect, 1.0) - abs(p);
    float inside = min(edge.x, edge.y) + 0.034 * (fbm(p * 6.0, 3) - 0.5) + 0.006 * (n2(p * 42.0) - 0.5);
    return vec4(paper(p), clamp(inside * 5.0, 0.0, 1.0), fbm(p * 2.5 + 3.0, 4), 1.0);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here();
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    float tooth = ground.r - 0.5, border = 0.17 - 0.03 * loudness;      // the white border breathes
    float edge = ground.g + 0.05 * tooth, painted = smoothstep(border, border + 0.035, edge);
    float rim = painted * smoothstep(border + 0.10, border + 0.02, edge);
    float density = 1.0 - luma(c), grains = (0.30 * tooth + 0.10 * (ground.b - 0.5)) * (0.25 + 2.6 * density * (1.0 - density));
    c = c * (1.0 - grains - rim * 0.13);
    return mix(SHEET * (0.985 + 0.05 * tooth), min(c, SHEET), painted);
}
