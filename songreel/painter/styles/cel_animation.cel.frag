// Cels: flat tones with hard edges, lit from the sky's side, over the painted background. rgb: paint, a: ink line.
const float TONES = 3.0;

float flat_tone(float k) { float i = floor(k); return (i + smoothstep(0.42, 0.58, k - i)) / TONES; }
float painted_tone(float y) { float k = y * 9.0, i = floor(k); return (i + smoothstep(0.20, 0.80, k - i)) / 9.0; } // gouache mixed in nine pots

vec4 prepare(vec2 uv) {
    vec2 p = place(uv), by_hand = n22(p * 9.0 + 3.0);
    uv += (by_hand - 0.5) * vec2(0.0024 / aspect, 0.0024);
    float pen = (0.0013 + 0.0024 * by_hand.x) * min(1.3 * aspect, 1.0);                                      // the line swells and tapers
    vec2 o = vec2(pen / aspect, pen), light = normalize(vec2(0.10, 0.62) - p);
    vec4 c = textureLod(colour_tex, uv, 0.0);
    vec4 l = textureLod(colour_tex, uv - vec2(o.x, 0.0), 0.0), r = textureLod(colour_tex, uv + vec2(o.x, 0.0), 0.0);
    vec4 d = textureLod(colour_tex, uv - vec2(0.0, o.y), 0.0), u = textureLod(colour_tex, uv + vec2(0.0, o.y), 0.0);
    vec4 mean = 0.2 * (c + l + r + d + u);
    vec3 aux = textureLod(aux_tex, uv, 0.0).gba; vec2 towards = light * vec2(1.0 / aspect, 1.0);
    vec4 behind = textureLod(pre0, uv, 0.0);
    float near_edge = textureLod(colour_tex, uv + towards * 0.0055, 0.0).a - c.a;
    float form_edge = textureLod(colour_tex, uv + towards * 0.0190, 0.0).a - c.a;

    float cel = max(1.0 - slope(0.55, 0.70, c.a), aux.y);                         // what is drawn on cels
    float y = sqrt(max(luma(mean.rgb), 0.0)), lit_side = slope(0.06, 0.13, form_edge) * cel;
    float tone = flat_tone(clamp(0.25 + 2.9 * y + 0.85 * lit_side, 0.0, TONES));
    vec3 own = mean.rgb / max(luma(mean.rgb), 0.015);                            // hue alone
    vec3 paint = mix(own * (tone * tone * 0.85), ramp(0.10 + 0.72 * tone) * (0.45 + 0.62 * tone), 0.60 * (1.0 - tone * tone));
    paint = mix(paint, mean.rgb * 1.15, slope(0.10, 0.35, aux.x));               // lamps keep their colour
    vec3 sheet = mix(behind.rgb, sqrt(max(behind.rgb, 0.0)), 0.34);
    float value = luma(sheet);
    sheet = saturated(sheet * mix(1.0, (painted_tone(value) + 0.05) / (value + 0.05), 0.75), 1.40);
    vec3 made = mix(sheet, saturated(paint, 1.20), cel);
    float rim = slope(0.08, 0.20, near_edge) * cel * (1.0 - slope(0.0, 0.3, aux.x)) * aux.z;
    float figure = aux.y * slope(0.25, 0.70, aux.y - textureLod(aux_tex, uv + towards * 0.0075, 0.0).b);      // a figure is lit along its edge on whatever ground
    made = mix(made, mix(light_colour(), vec3(1.0, 0.97, 0.92), 0.30), max(0.82 * rim, (hour == DAY ? 0.45 : 0.80) * figure));

    float step_ = max(abs(l.a + r.a - 2.0 * c.a), abs(u.a + d.a - 2.0 * c.a));
    float fold = max(abs(luma(l.rgb - r.rgb)), abs(luma(u.rgb - d.rgb)));
    made += textureLod(bloom_tex, uv, 0.0).rgb * 0.42 * (1.0 - 0.75 * min(made, 1.0));  // the diffusion filter on the rostrum camera
    float line = max(slope(0.015, 0.070, step_), 0.8 * slope(0.16, 0.40, fold) * cel * (1.0 - aux.x));
    return vec4(made, line * mix(1.0, 0.42, slope(0.55, 0.90, c.a)) * aux.z);
}
