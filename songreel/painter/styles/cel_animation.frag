vec3 style(vec2 uv) {
    vec4 art = textureLod(pre1, uv, 0.0);
    vec3 glow = textureLod(bloom_tex, uv, 0.0).rgb;                              // the diffusion filter on the rostrum camera
    vec3 c = art.rgb + glow * 0.42 * (1.0 - 0.75 * min(art.rgb, 1.0));
    vec3 pen = mix(vec3(0.055, 0.035, 0.075), pal[0], 0.45) + 0.10 * art.rgb;    // traced in a dark tone of its own paint
    return mix(c, pen, slope(0.26, 0.46, art.a) * 0.95);
}
