// Where the light stands: every texel holds the middle of what shines in the sky (rg), and how much of it there is (b).
vec4 prepare(vec2 uv) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 3600; i++) {
        vec2 at = (vec2(float(i % 80), float(i / 80)) + 0.5) / vec2(80.0, 45.0);
        vec4 c = textureLod(colour_tex, at, 0.0);
        float weight = disc(c.a, textureLod(aux_tex, at, 0.0).g) * luma(c.rgb);
        sum += vec3(at, 1.0) * weight * weight;
    }
    sum /= 4.0;
    vec3 rest = vec3(0.5, 0.52, 1.0) * 0.6 / (1.0 + sum.z * sum.z);                 // with nothing there it stands in the middle, and goes there slowly
    return vec4((sum.xy + rest.xy) / (sum.z + rest.z), sum.z, 1.0);
}
