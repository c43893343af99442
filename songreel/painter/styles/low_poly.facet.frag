// One texel is one facet of the mesh that the style's canvas lays out: rgb its colour, a how it leans to the light.
// Where little happens, sixty-four, sixteen or four facets show as one.
const float CUTS = 8.0;

float side() { return max(0.073, 0.086 * max(min(aspect, 1.0), aspect / 1.9)); }
vec2 corner(vec2 i) { return (i + 0.62 * (vec2(h2(i), h2(i + 91.7)) - 0.5)) * side() - 0.5 * vec2(aspect, 1.0) - side(); }
bool turned(vec2 cell) { return h2(cell + 17.3) > 0.5; }

struct Half { vec2 o, a, b; };

vec2 on(Half h, vec2 q) { return h.o + (h.a - h.o) * q.x + (h.b - h.o) * q.y; }
vec4 seen(vec2 p) { return textureLod(colour_tex, p / vec2(aspect, 1.0) + 0.5, 0.0); }

// A facet of the half cut n times: its three corners around the shares q.
mat3x2 cut_at(Half h, vec2 q, float n) {
    vec2 i = floor(q * n), f = q * n - i;
    float far_half = f.x + f.y > 1.0 ? 1.0 : 0.0, way = 1.0 - 2.0 * far_half;
    i += far_half;
    return mat3x2(on(h, i / n), on(h, (i + vec2(way, 0.0)) / n), on(h, (i + vec2(0.0, way)) / n));
}
// Mean colour of a facet and how much happens in it.
vec4 look(mat3x2 m, out float change) {
    vec2 middle = (m[0] + m[1] + m[2]) / 3.0;
    vec4 c = seen(middle), low = c, high = c, sum = c * 2.0;
    for (int i = 0; i < 3; i++) {
        vec4 k = seen(mix(middle, m[i], 0.72)), l = seen(mix(middle, 0.5 * (m[i] + m[(i + 1) % 3]), 0.7));
        low = min(low, min(k, l)); high = max(high, max(k, l)); sum += k + l;
    }
    vec4 apart = high - low;
    vec2 cover = textureLod(aux_tex, middle / vec2(aspect, 1.0) + 0.5, 0.0).bg;
    change = apart.a * 2.4 + luma(apart.rgb) * 1.3 + cover.x * 0.5;
    return sum / 8.0;
}
// How far a facet faces the light, about -0.5..0.5: every corner stands at a height of its own.
float facing(mat3x2 m, float rough) {
    vec3 heights;
    for (int i = 0; i < 3; i++) heights[i] = rough * 1.1 * h2(floor(m[i] * 512.0 + 0.5));
    vec2 rise = vec2(heights[1] - heights[0], heights[2] - heights[0]) * inverse(mat2(normalize(m[1] - m[0]), normalize(m[2] - m[0])));
    return dot(normalize(vec3(-rise, 1.6)), vec3(-0.45, 0.70, 0.55)) - 0.55;
}
vec4 prepare(vec2 uv) {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec2 fine = vec2(float(at.x), float(at.y >> 1)), cell = floor(fine / CUTS), spot = fine - cell * CUTS, q;
    bool flip = turned(cell), second = (at.y & 1) == 1;
    vec2 f = second ? vec2(0.667) : vec2(0.333);                                  // the facet's middle in its small quad
    if (flip) f.x = 1.0 - f.x;
    q = (spot + f) / CUTS;
    bool upper = (flip ? 1.0 - q.x : q.x) + q.y > 1.0;
    vec2 way = vec2(flip != upper ? 1.0 : 0.0, upper ? 1.0 : 0.0);
    Half h = Half(corner(cell + way), corner(cell + vec2(1.0 - way.x, way.y)), corner(cell + vec2(way.x, 1.0 - way.y)));
    q = mix(q, 1.0 - q, way);

    mat3x2 m1 = cut_at(h, q, 1.0), m2 = cut_at(h, q, 2.0), m4 = cut_at(h, q, 4.0), m8 = cut_at(h, q, CUTS);
    float happens1, happens2, happens4;
    vec4 c1 = look(m1, happens1), c2 = look(m2, happens2), c4 = look(m4, happens4);
    vec2 middle = (m8[0] + m8[1] + m8[2]) / 3.0;
    float cover = textureLod(aux_tex, middle / vec2(aspect, 1.0) + 0.5, 0.0).b;
    vec4 c8 = 0.7 * seen(middle) + 0.1 * (seen(mix(middle, m8[0], 0.6)) + seen(mix(middle, m8[1], 0.6)) + seen(mix(middle, m8[2], 0.6)));
    float k2 = smoothstep(0.16, 0.30, happens1), k4 = k2 * smoothstep(0.22, 0.40, happens2), k8 = k4 * smoothstep(0.45, 0.75, happens4 + 0.4 * cover);
    vec4 c = mix(mix(mix(c1, c2, k2), c4, k4), c8, k8);

    float lean = facing(m1, 1.0) * 0.85;                                          // a large plane leans as one; its small facets a little of their own
    lean = mix(lean, 0.55 * lean + 0.55 * facing(m2, 0.8), k2);
    lean = mix(lean, 0.75 * lean + 0.30 * facing(m4, 0.6), k4);
    float body = mix(0.95, 0.30, smoothstep(0.86, 0.97, c.a)) * (1.0 - 0.35 * cover);   // the sky is smoother than the ground
    float shade = lean * body;
    vec3 made = saturated(mix(c.rgb, sqrt(max(c.rgb, 0.0)), hour == NIGHT ? 0.30 : 0.10), 1.28);
    if (hour == NIGHT) made = mix(made, mix(pal[3], pal[4], 0.35) * (0.70 + 0.6 * luma(made)), 0.75 * cover); // told from its ground
    made *= 1.0 + 0.66 * shade;
    made += max(shade, 0.0) * 0.13 * light_colour();
    return vec4(max(made, 0.0), shade);
}
