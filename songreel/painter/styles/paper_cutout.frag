// Sheets of coloured card, one behind the other, each cut with scissors and lit from the upper left.
const float SHEETS = 6.0;

// r: fibres, g: tooth of the card, b: how one part of a sheet lies a little higher than another.
vec4 canvas(vec2 uv) {
    vec2 p = place(uv);
    return vec4(fibres(p), paper(p), fbm(p * 3.0 + 2.0, 3), 1.0);
}
// Row 0: colour of the sheet at height x (0 farthest, 1 nearest). Row 1: the sky's cards by their light.
vec3 inks(float x, int row) {
    vec3 far_ = mix(sky_low(), pal[2], 0.55), near = hour == NIGHT ? mix(pal[0], pal[1], 0.15) : mix(pal[0], pal[1], 0.45);
    vec3 c = mix(mix(far_, mix(pal[1], pal[2], hour == DAY ? 0.65 : 0.40), clamp(x * 1.8, 0.0, 1.0)), near, clamp(x * 1.7 - 0.7, 0.0, 1.0));
    if (row == 0) return saturated(mix(c, sqrt(max(c, 0.0)), hour == NIGHT ? 0.16 : 0.10), 1.2);
    vec3 top = mix(sky_top(), pal[1], hour == NIGHT ? 0.35 : 0.0);
    return saturated(mix(mix(top, sky_mid(), clamp(x * 2.0, 0.0, 1.0)), mix(sky_low(), pal[4], 0.45), clamp(x * 2.0 - 1.0, 0.0, 1.0)), 1.15);
}
// A stair with a crisp edge, n steps between 0 and 1; soft: how much of x one pixel covers.
float stair(float x, float n, float soft) { float k = x * n, i = floor(k); return (i + slope(0.5 - soft * n, 0.5 + soft * n, k - i)) / n; }
vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), f = textureLod(pre0, uv, 0.0);
    vec2 over = textureLod(pre1, uv + vec2(-0.0075 / aspect, 0.0105), 0.0).rg;
    // Between two cards the cut runs where their heights are half mixed, one pixel soft.
    float share = (f.r - f.g) / max(f.b - f.g, 0.01), cut = 60.0 / resolution.y;
    float high = f.b - f.g > 0.03 ? mix(f.g, f.b, slope(0.5 - cut, 0.5 + cut, share)) : f.r;
    float sky = slope(0.045, 0.035, high), subject = slope(0.88, 0.92, high);
    float shine = clamp((f.a - 1.0) * 12.0 + 0.5, 0.0, 1.0) * (1.0 - subject), light = clamp(f.a - 1.2 * shine, 0.0, 1.0);
    float sheet = stair(min(high, 0.86) / 0.86, SHEETS, 0.004), toned = stair(light, 4.0, 0.008);
    vec3 c = mix(ink(sheet, 0) * (0.82 + 0.50 * toned), ink(clamp(toned * 1.1, 0.0, 1.0), 1), sky);
    c = mix(c, mix(mix(pal[3], pal[4], 0.25), mix(pal[4], vec3(1.0), 0.25), light), shine);
    c = mix(c, hour == NIGHT ? mix(pal[2], pal[3], 0.75) : mix(pal[0], pal[3], 0.22), subject);
    // Light from the upper left: sheets throw shadows to the lower right, and their cut edges shine.
    float own = max(mix(sheet * 0.86, 1.0, subject), 0.14 * shine), lifted = over.r - own;
    float dark = slope(0.01, 0.16, lifted) * 0.34 + slope(0.02, 0.34, over.g - own) * 0.34;
    float lip = slope(0.015, 0.09, own - over.r);
    c = c * (1.0 - dark + 0.06 * lip) + 0.05 * lip;
    vec3 slip = mix(pal[4], vec3(1.0), 0.3) * (hour == NIGHT ? 0.72 : 0.95);
    c = weathered(c, uv, vec4(slip, 0.92), vec4(mix(ink(0.55, 1), slip, 0.25), 0.85));
    return c * (0.92 + 0.09 * ground.r + 0.12 * (ground.g - 0.5) + 0.08 * (ground.b - 0.5)) + 0.012;
}
