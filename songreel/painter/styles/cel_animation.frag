vec3 style(vec2 uv) {
    vec4 art = textureLod(pre1, uv, 0.0);
    vec3 pen = mix(vec3(0.055, 0.035, 0.075), pal[0], 0.45) + 0.10 * art.rgb;    // traced in a dark tone of its own paint
    vec3 c = mix(art.rgb, pen, slope(0.26, 0.46, art.a) * 0.95), pale = mix(light_colour(), vec3(1.0), 0.55);
    return weathered(c, uv, vec4(pale, weather == SNOW ? 0.92 : 0.50), vec4(mix(sky_low(), pale, hour == NIGHT ? 0.12 : 0.35), 0.85));
}
