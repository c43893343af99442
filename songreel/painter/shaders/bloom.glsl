// Light that spreads from what glows, in three small steps: gather (what shines), widen (a wide soft copy), join (near, wide and sideways).

uniform sampler2D glow_tex, wide_tex;

vec3 gather(vec2 uv) {
    vec3 colour = textureLod(colour_tex, uv, 0.0).rgb;
    float glow = textureLod(aux_tex, uv, 0.0).g;
    float bright = max(luma(colour) - 0.75, 0.0) * 0.5;
    return colour * min(glow + bright, 1.0);
}
// Taps on a golden spiral; reach in shares of the height.
vec3 widen(vec2 uv) {
    vec3 sum = textureLod(glow_tex, uv, 0.0).rgb * 0.16;
    for (int i = 0; i < 12; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.7) / 12.0);
        sum += textureLod(glow_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * (r * 0.10), 0.0).rgb * (0.07 * (1.5 - r));
    }
    return sum;
}
vec3 join(vec2 uv) {
    vec2 o = vec2(0.012 / aspect, 0.012);
    vec3 near = textureLod(glow_tex, uv, 0.0).rgb * 0.34;
    near += (textureLod(glow_tex, uv + o, 0.0).rgb + textureLod(glow_tex, uv - o, 0.0).rgb
           + textureLod(glow_tex, uv + vec2(o.x, -o.y), 0.0).rgb + textureLod(glow_tex, uv + vec2(-o.x, o.y), 0.0).rgb) * 0.165;
    vec3 wide = vec3(0.0), streak = vec3(0.0);
    for (int i = 0; i < 4; i++) {
        vec2 side = vec2(i < 2 ? 0.04 : -0.04, (i & 1) == 0 ? 0.04 : -0.04);
        wide += textureLod(wide_tex, uv + vec2(side.x / aspect, side.y), 0.0).rgb * 0.25;
    }
    for (int i = -3; i <= 3; i++) streak += textureLod(glow_tex, uv + vec2(float(i) * 0.055 / aspect, 0.0), 0.0).rgb * (0.05 * (4.0 - abs(float(i))));
    return near * 0.7 + wide * 0.8 + streak * 0.35;
}
