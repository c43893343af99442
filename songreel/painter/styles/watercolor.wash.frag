// Wet colour: each place is the mean of its neighbours at about the same depth, as a brush would fill them, with a wandering edge.
vec4 prepare(vec2 uv) {
    uv = hand(uv, 30.0, 0.006);
    vec4 here = textureLod(colour_tex, uv, 0.0);
    vec4 sum = vec4(here.rgb, 1.0);
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i) + 1.0) * 0.0046;
        vec4 there = textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0);
        float apart = (there.a - here.a) * 18.0;
        float weight = 1.0 / (1.0 + apart * apart);
        sum += vec4(there.rgb, 1.0) * weight;
    }
    return vec4(sum.rgb / sum.a, here.a);
}
