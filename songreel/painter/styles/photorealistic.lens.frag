// A fast lens: sharp where the subject is, soft circles before and behind it, and bright things keep their strength. a: depth.
const float FOCUS = 0.34, SHARP = 0.16;

vec4 prepare(vec2 uv) {
    vec4 here = textureLod(colour_tex, uv, 0.0);
    float cover = textureLod(aux_tex, uv, 0.0).b;
    float blur = clamp(max(abs(here.a - FOCUS) - SHARP, 0.0) * 2.3, 0.0, 1.0) * (1.0 - cover), reach = 0.0010 + 0.0130 * blur;
    vec4 sum = vec4(here.rgb, 1.0);
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt((float(i) + 0.6) / 8.0) * reach;
        vec4 there = textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0);
        float bright = luma(there.rgb), weight = slope(-0.20, -0.04, there.a - here.a) * (0.5 + 3.0 * bright * bright * blur);
        sum += vec4(there.rgb, 1.0) * weight;
    }
    return vec4(sum.rgb / sum.a, here.a);
}
