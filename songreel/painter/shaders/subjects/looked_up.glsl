// ---- the subject as a world sees it: looked up in the small picture that the engine drew of it ------------------

uniform sampler2D subject_tex;

vec4 sj_seen(vec2 q) { return textureLod(subject_tex, subject_place(q), 0.0); }
float subject(vec2 q) { return subject_id == 0 ? 9.0 : sj_seen(q).r; }
float subject_rear(vec2 q) { return subject_id == 0 ? 9.0 : sj_seen(q).a; }
vec2 subject_lights(vec2 q) { return sj_seen(q).gb; }
