// The painted background behind the cels: gouache laid on in broad dabs that hold still; a: depth, softened.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), dab = n22(p * vec2(19.0, 34.0)) + 0.6 * n22(rot(0.5) * p * vec2(46.0, 70.0)) - 0.8;
    vec2 from = uv + dab * vec2(0.011 / aspect, 0.006);
    vec4 here = textureLod(colour_tex, from, 0.0), sum = vec4(here.rgb, 1.0);
    for (int i = 0; i < 7; i++) {
        float turn = float(i) * 2.39996323, r = sqrt(float(i) + 1.0) * 0.0042;
        vec4 there = textureLod(colour_tex, from + vec2(cos(turn) / aspect, sin(turn)) * r, 0.0);
        float apart = (there.a - here.a) * 16.0, weight = 1.0 / (1.0 + apart * apart);
        sum += vec4(there.rgb, 1.0) * weight;
    }
    return vec4(sum.rgb / sum.a, here.a);
}
