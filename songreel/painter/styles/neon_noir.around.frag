// What surrounds a place: rgb the mean colour far around it, a its lightness. What is brighter than that is taken for a light.
vec4 prepare(vec2 uv) {
    vec3 sum = vec3(0.0);
    float total = 0.0;
    for (int i = 0; i < 16; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.5) / 16.0) * 0.13;
        sum += textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0).rgb;
        total += 1.0;
    }
    sum /= total;
    return vec4(sum, luma(sum));
}
