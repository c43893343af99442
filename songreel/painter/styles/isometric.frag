// Blocks seen from 30 degrees above, all heights whole numbers: whatever stands there, the picture falls into the triangles of one lattice,
// and a triangle has one colour. canvas: r, g which triangle (strip, row), b in 80ths: which neighbour is nearest, and how near its edge is.
const int MARGIN = 20;                                                            // rows below the picture: tall blocks there reach into it

float side() { return pow(min(aspect, 1.0), 0.8) / 70.0; }
ivec2 first() { float s = side(); return ivec2(-ceil(0.5 * aspect / (0.8660254 * s)) - 1.0, -ceil(1.0 / s) - float(MARGIN)); }

vec4 canvas(vec2 uv) {
    vec2 p = place(uv) / (side() * vec2(0.8660254, 0.5));
    vec2 g = 0.5 * vec2(p.y + p.x, p.y - p.x), i = floor(g), f = g - i;           // along the ground: to the right and back, to the left and back
    bool right = f.x > f.y;
    vec3 room = right ? vec3(1.0 - f.x, f.y, f.x - f.y) : vec3(1.0 - f.y, f.x, f.y - f.x);
    float near = min(room.x, min(room.y, room.z));
    int way = room.x <= near ? 0 : room.y <= near ? 1 : 2;
    ivec2 at = ivec2(i.x - i.y - (right ? 0.0 : 1.0), i.x + i.y) - first();
    float cover = min(floor(near * side() * 0.8660254 * resolution.y * 12.0), 79.0);
    return vec4(vec2(at), float(way) * 80.0 + cover, 255.0) / 255.0;
}
vec3 style(vec2 uv) {
    ivec3 ground = ivec3(canvas_here().rgb * 255.0 + 0.5);
    int way = ground.z / 80;
    float near = float(ground.z - way * 80) / 12.0;
    bool right = ((ground.x + ground.y + first().x + first().y) & 1) == 0;
    ivec2 there = ground.xy + ivec2(way == 2 ? (right ? -1 : 1) : 0, way == 0 ? 1 : way == 1 ? -1 : 0), most = textureSize(pre1, 0) - 1;
    vec4 own = texelFetch(pre1, min(ground.xy, most), 0), next = texelFetch(pre1, clamp(there, ivec2(0), most), 0);
    vec3 c = mix(own.rgb, next.rgb, 0.5 * clamp(1.0 - near, 0.0, 1.0));
    float apart = abs(own.a - next.a), scale = 1080.0 / resolution.y, line = clamp(1.5 - near * scale * 0.9, 0.0, 1.0);
    float ridge = apart > 0.1 && apart < 3.0 ? line : 0.0, seam = apart > 3.0 ? line : 0.0; // edge within a block; between two blocks
    return c * (1.0 + 0.16 * ridge - 0.15 * seam) + 0.030 * ridge;
}
