// Light that spreads from what glows, in three small steps: gather (what shines), widen (a wide soft copy), join (near and wide).

uniform sampler2D glow_tex, wide_tex;

vec3 shine(vec2 uv) {
    vec3 colour = textureLod(colour_tex, uv, 0.0).rgb;
    float glow = textureLod(aux_tex, uv, 0.0).g;
    float bright = max(luma(colour) - 0.72, 0.0) * 0.6;
    return colour * min(glow + bright, 1.0);
}
vec3 gather(vec2 uv) {
    vec2 h = 0.5 / resolution;
    return 0.25 * (shine(uv + vec2(-h.x, -h.y)) + shine(uv + vec2(h.x, -h.y)) + shine(uv + vec2(-h.x, h.y)) + shine(uv + h));
}
// Thirteen taps on a golden spiral, reach in shares of the height.
vec3 spread(sampler2D from, vec2 uv, float reach) {
    vec3 sum = textureLod(from, uv, 0.0).rgb * 0.16;
    for (int i = 0; i < 12; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.7) / 12.0);
        sum += textureLod(from, uv + vec2(cos(turn) / aspect, sin(turn)) * (r * reach), 0.0).rgb * (0.07 * (1.5 - r));
    }
    return sum;
}
vec3 widen(vec2 uv) { return spread(glow_tex, uv, 0.11); }
vec3 join(vec2 uv) { return spread(glow_tex, uv, 0.022) * 0.75 + spread(wide_tex, uv, 0.05) * 0.8; }
