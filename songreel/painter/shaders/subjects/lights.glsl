// ---- lights: x warm light, y the subject's other light (the car's tail lamp, the train's steam) --------------------------------

float sj_pane(vec2 q, vec2 c, vec2 half_size) { return 1.0 - smoothstep(0.0, 0.012, sj_box(q, c, half_size)); }

float sj_carriage_light(vec2 c) {
    float w = mod(c.x, 0.096) - 0.048;
    return sj_pane(vec2(w, c.y), vec2(0.0, 0.305), vec2(0.026, 0.032)) * step(abs(c.x), 0.24);
}

// Steam rolling back from the chimney.
float sj_steam(vec2 q) {
    vec2 r = vec2(1.04 - q.x, q.y - 0.57);
    float rise = 0.13 * sqrt(max(r.x, 0.0)) + 0.02, thick = 0.03 + 0.085 * sqrt(max(r.x, 0.0));
    float curl = n2(vec2(r.x * 7.0 - t * 2.4, q.y * 9.0)) * 0.6 + n2(vec2(r.x * 16.0 - t * 3.8, q.y * 19.0 + t)) * 0.4;
    float body = 1.0 - smoothstep(0.15, 1.0, abs(r.y - rise) / thick + 0.9 * (0.55 - curl));
    return body * smoothstep(-0.01, 0.05, r.x) * exp(-1.1 * max(r.x, 0.0));
}

vec2 sj_car_glow(vec2 q) {
    vec2 lamp = q - vec2(0.88, 0.255);
    float beam = smoothstep(0.0, 0.05, lamp.x) * exp(-lamp.x * 1.9) * smoothstep(0.06 + 0.22 * lamp.x, 0.0, abs(lamp.y + 0.06 * lamp.x));
    float tail = exp(-dot(q - vec2(-0.88, 0.27), q - vec2(-0.88, 0.27)) * 900.0);
    return vec2(0.5 * beam + exp(-dot(lamp, lamp) * 900.0) * 1.4, tail);
}

vec2 sj_train_glow(vec2 q) {
    float panes = sj_carriage_light(q) + sj_carriage_light(q + vec2(0.64, 0.0));
    vec2 lamp = q - vec2(1.14, 0.30);
    float beam = smoothstep(0.0, 0.04, lamp.x) * exp(-lamp.x * 3.0) * smoothstep(0.05 + 0.2 * lamp.x, 0.0, abs(lamp.y));
    float lit = 0.55 * panes * (0.6 + 0.4 * mid) + 0.6 * beam + 0.6 * sj_pane(q, vec2(0.40, 0.365), vec2(0.06, 0.04)) + exp(-dot(lamp, lamp) * 700.0);
    return vec2(lit, 0.32 * sj_steam(q));
}

float sj_lighthouse_glow(vec2 q) {
    vec2 l = q - vec2(0.0, 0.85);
    float turn = sin(t * 0.7), reach = l.x * sign(turn + 1e-4);
    float beam = smoothstep(0.02, 0.10, reach) * exp(-reach * 1.1) * smoothstep(0.035 + 0.16 * reach, 0.0, abs(l.y)) * abs(turn);
    return exp(-dot(l, l) * 260.0) * (0.9 + 0.3 * bass) + 0.5 * beam + 0.5 * sj_pane(q, vec2(0.25, 0.125), vec2(0.02, 0.024));
}

float sj_house_glow(vec2 q) {
    vec2 m = vec2(abs(q.x), q.y);
    float panes = sj_pane(m, vec2(0.205, 0.24), vec2(0.056, 0.070)) * step(0.009, min(abs(m.x - 0.205), abs(q.y - 0.25)));
    panes += sj_pane(q, vec2(0.0, 0.57), vec2(0.055, 0.055));
    return panes * (0.65 + 0.25 * mid) + 0.16 * exp(-dot(m - vec2(0.2, 0.24), m - vec2(0.2, 0.24)) * 30.0);
}

float sj_balloon_glow(vec2 q) {
    vec2 f = q - vec2(0.0, 0.22);
    float inside = smoothstep(0.34, 0.10, length((q - vec2(0.0, 0.52)) * vec2(1.25, 0.85)));
    return 0.30 * inside * (0.5 + 0.5 * bass) + exp(-dot(f, f) * 1600.0) * (0.6 + 0.6 * kick);
}

float sj_rocket_glow(vec2 q) {
    vec2 f = q - vec2(0.012 * sin(t * 7.0), 0.17 + 0.03 * sin(t * 1.1));
    float length_of = 0.20 + 0.10 * bass + 0.02 * sin(t * 31.0);
    float flame = smoothstep(0.0, -0.02, f.y) * smoothstep(-length_of, 0.0, f.y) * smoothstep(0.085, 0.02, abs(f.x) * (1.0 - 1.6 * f.y));
    float port = 1.0 - smoothstep(0.038, 0.046, length(q - vec2(0.0, 0.66 + 0.03 * sin(t * 1.1))));
    return flame * 1.4 + 0.7 * port + 0.25 * exp(-dot(f, f) * 22.0);
}

float sj_astronaut_glow(vec2 q) {
    vec2 p = sj_turn(q - vec2(0.0, 0.52 + 0.02 * sin(t * 0.8)), 0.22 + 0.12 * sin(t * 0.45));
    float visor = 1.0 - smoothstep(-0.012, 0.0, sj_oval(p, vec2(0.065, 0.335), vec2(0.075, 0.065)));
    float sheen = smoothstep(0.06, 0.0, length(p - vec2(0.095, 0.365)));
    return visor * (0.38 + 0.25 * vocals + 0.6 * sheen);
}
