// Where the light stands: every texel holds the middle of what shines in the sky (rg), and how much does (b).
vec4 prepare(vec2 uv) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 920; i++) {
        vec2 at = (vec2(float(i % 40), float(i / 40)) + 0.5) / vec2(40.0, 23.0);
        vec4 c = textureLod(colour_tex, at, 0.0);
        float weight = disc(c.a, textureLod(aux_tex, at, 0.0).g) * luma(c.rgb);
        sum += vec3(at, 1.0) * weight * weight;
    }
    vec3 rest = vec3(0.5, 0.52, 1.0) * 0.04;                                        // with nothing there it rises in the middle
    return vec4((sum.xy + rest.xy) / (sum.z + rest.z), min(sum.z, 4.0), 1.0);
}
