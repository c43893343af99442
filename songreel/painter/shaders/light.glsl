// The last touch on a styled picture: vignette and grain. VIGNETTE and GRAIN are the style's own amounts, written by the engine.

uniform vec2 dance; // another pair of numbers in every frame

vec3 lit(vec2 uv, vec3 colour) {
    if (VIGNETTE > 0.0) {
        vec2 q = uv - 0.5;
        colour *= 1.0 - VIGNETTE * dot(q, q) * 1.6;
    }
    if (GRAIN > 0.0) {
        vec2 cell = floor(uv * vec2(aspect, 1.0) * 900.0);
        float amount = GRAIN * (1.0 - 0.65 * clamp(luma(colour), 0.0, 1.0));
        colour += (h2(cell + dance * 512.0) - 0.5) * amount;
    }
    return colour;
}
