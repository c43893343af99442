// How high the card lies all round, blurred: the soft shadows that sheets throw on those behind. r near, g wide.
vec4 prepare(vec2 uv) {
    vec2 sum = vec2(0.0);
    float weights = 0.0;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.4) / 8.0), weight = 1.2 - r;
        vec2 way = vec2(cos(turn) / aspect, sin(turn)) * r;
        sum += vec2(textureLod(pre0, uv + way * 0.008, 0.0).r, textureLod(pre0, uv + way * 0.024, 0.0).r) * weight;
        weights += weight;
    }
    return vec4(sum / weights, 0.0, 1.0);
}
