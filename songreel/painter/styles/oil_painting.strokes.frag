// Strokes: colour is dragged along the forms, bristles leave furrows, and their ridges catch the light.
vec4 prepare(vec2 uv) {
    vec2 p = place(uv), o = vec2(0.006 / aspect, 0.006);
    vec4 l = textureLod(pre0, uv - vec2(o.x, 0.0), 0.0), r = textureLod(pre0, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(pre0, uv - vec2(0.0, o.y), 0.0), u = textureLod(pre0, uv + vec2(0.0, o.y), 0.0);
    vec2 slope = vec2(luma(r.rgb - l.rgb) + 1.5 * (r.a - l.a), luma(u.rgb - d.rgb) + 1.5 * (u.a - d.a));
    vec2 free = vec2(n2(p * 3.1 + 2.0) - 0.5, n2(p * 3.1 + 47.0) - 0.5 + 0.25) * 0.055; // where nothing leads the brush it wanders
    vec2 along = normalize(vec2(-slope.y, slope.x) * sign(slope.x + 1e-5) + free + 1e-5), across = vec2(-along.y, along.x);
    vec2 dab = n22(p * 46.0 + boil * 11.0) - 0.5;
    vec2 s = vec2(along.x / aspect, along.y) * 0.0085, wander = vec2(dab.x / aspect, dab.y) * 0.014;
    vec3 c = textureLod(pre0, uv + wander, 0.0).rgb * 0.34 + textureLod(pre0, uv + wander + s, 0.0).rgb * 0.24
           + textureLod(pre0, uv + wander - s, 0.0).rgb * 0.24 + textureLod(pre0, uv + wander * 0.5 + 2.0 * s, 0.0).rgb * 0.18;
    vec2 q = vec2(dot(p, along) * 22.0, dot(p, across) * 190.0) + dab * 3.0;
    float furrow = n2(q), next = n2(q + vec2(0.0, 0.7));
    float body = 0.35 + 0.9 * luma(c);
    float ridge = (furrow - next) * body;
    c = saturated(c, 1.22) * (1.0 + 0.26 * (furrow - 0.5));
    c += max(ridge, 0.0) * 0.20 * light_colour() - max(-ridge, 0.0) * 0.12;
    return vec4(c, furrow);
}
