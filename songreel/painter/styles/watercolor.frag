const vec3 SHEET = vec3(0.980, 0.965, 0.920);

// r: tooth of the paper, g: how far inside the painted area, with an uneven edge, b: slow stains.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), edge = 0.5 * vec2(aspect, 1.0) - abs(p);
    float inside = min(edge.x, edge.y) + 0.030 * (fbm(p * 7.0, 3) - 0.5) + 0.012 * (n2(p * 60.0) - 0.5);
    return vec4(paper(p), clamp(inside * 5.0, 0.0, 1.0), fbm(p * 2.5 + 3.0, 4), 1.0);
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here();
    vec3 c = textureLod(pre1, uv, 0.0).rgb;
    float tooth = ground.r - 0.5;
    float border = 0.20 - 0.035 * loudness;                            // the white border breathes
    float painted = smoothstep(border, border + 0.06, ground.g + 0.10 * tooth);
    float rim = painted * (1.0 - smoothstep(border + 0.05, border + 0.16, ground.g + 0.08 * tooth));
    float density = 1.0 - luma(c);
    c = c * (1.0 - (0.16 * tooth + 0.06 * (ground.b - 0.5)) * (0.35 + 1.4 * density * (1.0 - density) * 2.0) * 2.0) - rim * 0.10;
    return mix(SHEET * (0.985 + 0.05 * tooth), min(c, SHEET), painted * (0.97 - 0.10 * max(tooth, 0.0)));
}
