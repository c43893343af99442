const vec3 SHEET = vec3(0.985, 0.955, 0.880);

// r: pulp of the paper and uneven ink, g: distance from the middle of the nearest halftone dot.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv), q = abs(fract(rot(0.7854) * p * 84.0) - 0.5);
    return vec4(0.96 + 0.05 * paper(p) + 0.03 * (fbm(p * 5.0, 3) - 0.5), length(q) * 1.4, 0.0, 1.0);
}
// Row 0: the flat tint that a tone is printed in; row 1: the share of the original colour's strength.
vec3 inks(float x, int row) {
    float k = x * 4.2, i = floor(k), level = (i + smoothstep(0.90, 1.0, k - i) + 0.55) / 4.2;
    if (row == 0) return ramp(level) * 0.35;
    float dots = 0.50 * (1.0 - (k - i)) * smoothstep(0.0, 0.5, k - i + 0.25) * step(0.22, x);
    return vec3(level * level * 0.65 / max(x * x, 0.02), dots * 1.4, 1.0 - smoothstep(0.018, 0.030, x * x));
}
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), art = textureLod(pre0, uv, 0.0);
    float tone = sqrt(luma(art.rgb));
    vec3 press = ink(tone, 1);
    vec3 c = art.rgb * press.r + ink(tone, 0);
    c *= 1.0 - 0.34 * slope(0.08, -0.08, ground.g - press.g);
    float black = max(slope(0.38, 0.54, art.a), press.b);
    c = min(mix(c, vec3(0.035, 0.03, 0.05), black * 0.97), SHEET);
    return weathered(c, uv, vec4(SHEET, 0.90), vec4(mix(sky_mid(), SHEET, hour == NIGHT ? 0.2 : 0.5), 0.9)) * ground.r;
}
