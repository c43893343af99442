// Filmed picture, made simple: the mean of a place's neighbours at about its depth, seen through a tracing that wanders. a: depth, soft at its steps.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv);
    float layer = floor(textureLod(colour_tex, uv, 0.0).a * 5.0);                // each layer of the tracing floats by itself
    vec2 float_ = n22(p * 3.2 + layer * 7.0 + vec2(0.35, 0.27) * t) - 0.5, shake = n22(p * 15.0 + boil * 61.0) - 0.5;
    uv += (float_ * 0.010 + shake * 0.0042) * vec2(1.0 / aspect, 1.0);
    vec4 here = textureLod(colour_tex, uv, 0.0), sum = vec4(here.rgb, 1.0);
    float soft = here.a * 0.40;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i) + 0.4) * 0.0044;
        vec4 there = textureLod(colour_tex, uv + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0);
        float apart = (there.a - here.a) * 20.0, weight = 1.0 / (1.0 + apart * apart);
        sum += vec4(there.rgb, 1.0) * weight;
        if (i < 3) soft += there.a * 0.20;
    }
    return vec4(sum.rgb / sum.a, soft);
}
