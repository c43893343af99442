// A wide, soft picture of the scene: its level lines run round the forms at a distance, as echoes do.
// r: tone, g: depth, b: subject, a: glow.
vec4 prepare(vec2 uv) {
    vec4 sum = vec4(0.0);
    float total = 0.0;
    for (int i = 0; i < 56; i++) {
        float turn = float(i) * 2.39996323, k = (float(i) + 0.5) / 56.0, weight = 1.25 - k;
        vec2 at = uv + vec2(cos(turn) / aspect, sin(turn)) * (sqrt(k) * 0.115);
        vec4 c = textureLod(colour_tex, at, 0.0);
        vec3 aux = textureLod(aux_tex, at, 0.0).rgb;
        sum += vec4(luma(c.rgb), c.a, aux.b, aux.g * luma(c.rgb)) * weight;
        total += weight;
    }
    return sum / total;
}
