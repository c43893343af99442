const float STEPS = 5.0;

vec3 style(vec2 uv) {
    vec4 art = textureLod(pre1, uv, 0.0);
    float i = floor(art.r + 0.5), level = clamp((i + slope(0.465, 0.50, art.r - i)) / STEPS, 0.0, 1.05);
    float y = 0.05 + 0.86 * level * (0.42 + 0.58 * level);
    vec2 chroma = art.gb * (y + 0.12);
    vec3 c = vec3(y + chroma.x, y - (0.2126 * chroma.x + 0.0722 * chroma.y) / 0.7152, y + chroma.y);
    float line = slope(0.30, 0.50, art.a);
    c = mix(c, vec3(0.045, 0.045, 0.06) + 0.30 * c * c, line * 0.94);
    const vec3 pale = vec3(0.86, 0.88, 0.90);
    return weathered(c, uv, vec4(mix(pale, light_colour(), 0.35), weather == SNOW ? 0.95 : 0.72), vec4(mix(sky_mid(), pale, hour == NIGHT ? 0.15 : 0.40), 0.9));
}
