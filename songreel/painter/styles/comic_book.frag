const vec3 SHEET = vec3(0.985, 0.955, 0.880);

// r: pulp of the paper, g: uneven ink.
vec4 canvas(vec2 uv) { vec2 p = place(uv); return vec4(paper(p), fbm(p * 5.0, 3), 0.0, 1.0); }

vec3 style(vec2 uv) {
    vec4 ground = canvas_here(), art = textureLod(pre0, uv, 0.0);
    vec3 c = saturated(art.rgb, 1.45);
    float y = luma(c), k = sqrt(max(y, 0.0)) * 4.2, i = floor(k), within = k - i;
    float level = (i + smoothstep(0.90, 1.0, within) + 0.55) / 4.2;
    level *= level;
    vec3 flat_ = c * (level / max(y, 0.02));
    flat_ = mix(flat_, ramp(sqrt(level)), 0.35);
    vec2 q = rot(0.7854) * place(uv) * 84.0;
    vec2 f = abs(fract(q) - 0.5);
    float dot_ = length(f), size = 0.50 * (1.0 - within) * smoothstep(0.0, 0.5, within + 0.25);
    float screen = smoothstep(0.06, -0.06, dot_ - size) * (1.0 - smoothstep(0.90, 1.0, within));
    flat_ *= 1.0 - 0.34 * screen * step(0.05, y);
    float black = max(smoothstep(0.36, 0.56, art.a), 1.0 - smoothstep(0.018, 0.030, y));
    c = mix(flat_, vec3(0.035, 0.03, 0.05), black * 0.97);
    return min(c, SHEET) * (0.96 + 0.05 * ground.r + 0.03 * (ground.g - 0.5));
}
