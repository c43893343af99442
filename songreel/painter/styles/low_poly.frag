// The mesh: corners of a grid, each moved by its own chance, quads cut along either diagonal, and every triangle cut into sixty-four.
// canvas: r, g which facet (column, row of halves), b in 24ths: the way to the facet beyond the nearest edge, and how near that is.
const float CUTS = 8.0;

// No more than 255 rows and columns of facets, for the canvas counts them in bytes.
float side() { return max(0.073, 0.086 * max(min(aspect, 1.0), aspect / 1.9)); }
vec2 corner(vec2 i) { return (i + 0.62 * (vec2(h2(i), h2(i + 91.7)) - 0.5)) * side() - 0.5 * vec2(aspect, 1.0) - side(); }
bool turned(vec2 cell) { return h2(cell + 17.3) > 0.5; }

// Where p lies in half of a cell: x, y shares of the way from the half's square corner along its two sides.
vec2 shares(vec2 p, vec2 o, vec2 a, vec2 b) { return inverse(mat2(a - o, b - o)) * (p - o); }
// The half's three corners, square corner first; upper or lower.
void half_of(vec2 cell, bool upper, out vec2 o, out vec2 a, out vec2 b) {
    vec2 way = vec2(turned(cell) != upper ? 1.0 : 0.0, upper ? 1.0 : 0.0);
    o = corner(cell + way);
    a = corner(cell + vec2(1.0 - way.x, way.y));
    b = corner(cell + vec2(way.x, 1.0 - way.y));
}
// Facet at p: its column, row and half; and the nearest edge: a point just beyond it, and the distance.
ivec3 facet(vec2 p, out vec2 beyond, out float near) {
    vec2 home = floor((p + 0.5 * vec2(aspect, 1.0) + side()) / side()), cell = home, o = vec2(0.0), a = vec2(1.0, 0.0), b = vec2(0.0, 1.0), q = vec2(0.2);
    bool upper = false;
    for (int i = 0; i < 18; i++) {
        vec2 at = home + vec2(float((i >> 1) % 3), float(i / 6)) - 1.0, o1, a1, b1;
        half_of(at, (i & 1) == 1, o1, a1, b1);
        vec2 q1 = shares(p, o1, a1, b1);
        if (min(min(q1.x, q1.y), 1.0 - q1.x - q1.y) >= -1e-5) { cell = at; upper = (i & 1) == 1; q = q1; o = o1; a = a1; b = b1; }
    }
    mat2 back = transpose(inverse(mat2(a - o, b - o)));                         // columns: how fast each share grows over the picture
    vec2 cut = clamp(floor(q * CUTS), 0.0, CUTS - 1.0), within = q * CUTS - cut;
    bool far_half = within.x + within.y > 1.0;
    vec3 room = far_half ? vec3(1.0 - within, within.x + within.y - 1.0) : vec3(within, 1.0 - within.x - within.y);
    vec3 steep = vec3(length(back[0]), length(back[1]), length(back[0] + back[1]));
    room /= steep * CUTS;
    near = min(room.x, min(room.y, room.z));
    vec2 way = (room.x <= near ? -back[0] / steep.x : room.y <= near ? -back[1] / steep.y : (back[0] + back[1]) / steep.z) * (far_half ? -1.0 : 1.0);
    beyond = p + way * (near + 0.0008);
    bool from_right = turned(cell) != upper;                                     // shares count from the square corner; columns from the left
    vec2 spot = vec2(from_right ? CUTS - 1.0 - cut.x : cut.x, upper ? CUTS - 1.0 - cut.y : cut.y);
    return ivec3(ivec2(cell * CUTS + spot), upper != far_half ? 1 : 0);
}
vec4 canvas(vec2 uv) {
    vec2 beyond, spare;
    float near, nearer;
    ivec3 own = facet(place(uv), beyond, near), next = facet(beyond, spare, nearer);
    ivec2 step_ = clamp(next.xy - own.xy, -1, 1);
    int way = step_.x < 0 ? 1 : step_.x > 0 ? 2 : step_.y < 0 ? 3 : step_.y > 0 ? 4 : 0;
    float cover = min(floor(near * resolution.y * 7.0), 23.0);
    return vec4(float(own.x), float(own.y * 2 + own.z), float(way * 2 + next.z) * 24.0 + cover, 255.0) / 255.0;
}
vec3 style(vec2 uv) {
    ivec3 ground = ivec3(canvas_here().rgb * 255.0 + 0.5);
    int code = ground.z / 24, way = code >> 1;
    float near = float(ground.z - code * 24) / 7.0;
    ivec2 step_ = ivec2(way == 1 ? -1 : way == 2 ? 1 : 0, way == 3 ? -1 : way == 4 ? 1 : 0);
    ivec2 most = textureSize(pre0, 0) - 1, there = ivec2(ground.x + step_.x, ((ground.y >> 1) + step_.y) * 2 + (code & 1));
    vec4 own = texelFetch(pre0, min(ground.xy, most), 0), next = texelFetch(pre0, clamp(there, ivec2(0), most), 0);
    vec3 c = mix(own.rgb, next.rgb, 0.5 * clamp(1.0 - near * 1.2, 0.0, 1.0));
    float ridge = min(abs(own.a - next.a) * 2.5, 1.0) * clamp(1.3 - near * resolution.y / 1080.0, 0.0, 1.0);
    return c + ridge * 0.16 * mix(light_colour(), vec3(1.0), 0.3) * (0.25 + luma(c));
}
