// ---- what both exact.glsl and looked_up.glsl are used through ---------------------------------------------------

float subject_mask(vec2 q, float px) { return 1.0 - smoothstep(-px, px, subject(q)); }

bool sj_shines() {
    return subject_id == SJ_CAR || subject_id == SJ_TRAIN || subject_id == SJ_LIGHTHOUSE || subject_id == SJ_HOUSE || subject_id == SJ_BALLOON
        || subject_id == SJ_ROCKET || subject_id == SJ_ASTRONAUT || (subject_id >= SJ_DJ && subject_id != SJ_FISH);
}

vec3 subject_glow(vec2 q) {
    if (!sj_shines()) return vec3(0.0);
    vec2 lights = subject_lights(q);
    return mix(pal[3], pal[4], 0.5) * lights.x + (subject_id == SJ_CAR ? vec3(1.0, 0.16, 0.10) : mix(pal[2], pal[4], 0.6)) * lights.y;
}

// The subject over `colour`. px: a pixel in q units; body: its own dark; rim: light caught by edges that face `toward`.
vec3 subject_over(vec2 q, float px, vec3 colour, vec3 body, vec3 rim, vec2 toward) {
    if (subject_id == 0) return colour;
    float d = subject(q), cover = 1.0 - smoothstep(-px, px, d);
    vec2 middle = vec2(0.0, 0.55);
    float lit = smoothstep(-0.10, 0.30, dot(q - middle, toward)) * smoothstep(-0.017 - px, -0.2 * px, d);
    subject_cover = max(subject_cover, cover);
    return mix(colour, mix(body, rim, lit * 0.85), cover) + subject_glow(q);
}
