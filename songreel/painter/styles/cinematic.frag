vec3 style(vec2 uv) { return textureLod(colour_tex, uv, 0.0).rgb; }
