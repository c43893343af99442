// One texel is one triangle of the lattice: the face that is seen there. rgb its colour, a a number of its own for each face of each column.
const int MARGIN = 20, MOST = 8;

float side() { return pow(min(aspect, 1.0), 0.8) / 70.0; }
ivec2 first() { float s = side(); return ivec2(-ceil(0.5 * aspect / (0.8660254 * s)) - 1.0, -ceil(1.0 / s) - float(MARGIN)); }
vec4 column(ivec2 cell) {
    return texelFetch(pre0, clamp(ivec2(cell.x - cell.y, cell.x + cell.y) - first(), ivec2(0), textureSize(pre0, 0) - 1), 0);
}
vec4 prepare(vec2 uv) {
    ivec2 at = ivec2(gl_FragCoord.xy) + first();
    bool right = ((at.x + at.y) & 1) == 0;
    ivec2 cell = ivec2((at.x + at.y + (right ? 0 : 1)) >> 1, (at.y - at.x - (right ? 0 : 1)) >> 1);
    // Down the line of sight, from the tallest that may stand in front to the ground.
    ivec2 hit = cell;
    vec4 found = column(cell);
    int face = 0, level = int(found.a);
    bool open = true;
    vec4 front = column(cell - MOST);
    for (int k = MOST - 1; k >= 0; k--) {
        ivec2 between = right ? cell - ivec2(k, k + 1) : cell - ivec2(k + 1, k);
        vec4 beside = column(between), behind = column(cell - k);
        float z = float(k) + 0.5;
        int kind = front.a > z ? 0 : beside.a > z ? (right ? 1 : 2) : behind.a > z ? (right ? 2 : 1) : 3;
        if (open && kind < 3) {
            hit = kind == 0 ? cell - k - 1 : kind == (right ? 1 : 2) ? between : cell - k;
            found = kind == 0 ? front : kind == (right ? 1 : 2) ? beside : behind;
            face = kind;
            level = k;
            open = false;
        }
        front = behind;
    }
    float below = face == 0 ? 0.0 : found.a - float(level) - 1.0;
    vec4 wall = column(hit + ivec2(-1, 1)), second = column(hit + ivec2(-2, 2));
    float shade = face == 0 ? clamp(max(wall.a - found.a, second.a - found.a - 1.0), 0.0, 2.0) * 0.11 : 0.0; // what stands to the left keeps the light off
    float light = face == 0 ? 1.10 - shade : (face == 1 ? 0.80 : 0.56) * (1.0 - 0.07 * below);
    vec3 c = found.rgb * light + (face == 0 ? 0.035 * light_colour() : vec3(0.0));
    c += face == 2 ? pal[0] * 0.10 : vec3(0.0);
    return vec4(c, float((hit.x & 63) * 64 + (hit.y & 63)) * 4.0 + float(face));
}
