// The last touch on a styled picture. VIGNETTE is the style's own amount, written by the engine.

vec3 lit(vec2 uv, vec3 colour) {
    if (VIGNETTE > 0.0) {
        vec2 q = uv - 0.5;
        colour *= 1.0 - VIGNETTE * dot(q, q) * 1.6;
    }
    return colour;
}
