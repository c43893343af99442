// The last touch of light on a styled picture: bloom, accents of the music, vignette, grain. Every style ends here.
// BLOOM, VIGNETTE and GRAIN are the style's own amounts, written by the engine as constants.

uniform vec2 dance; // another pair of numbers in every frame

vec3 lit(vec2 uv, vec3 colour) {
    if (BLOOM > 0.0) {
        vec3 spread = textureLod(bloom_tex, uv, 0.0).rgb * (BLOOM * (0.85 + 0.30 * beat));
        colour += spread * (1.0 - 0.7 * clamp(colour, 0.0, 1.0)); // fills the darks, leaves the brights their colour
    }
    if (VIGNETTE > 0.0) {
        vec2 q = uv - 0.5;
        colour *= 1.0 - VIGNETTE * dot(q, q) * 1.6;
    }
    if (GRAIN > 0.0) {
        vec2 cell = floor(uv * vec2(aspect, 1.0) * 900.0);
        float amount = GRAIN * (0.35 + 0.65 * (1.0 - luma(clamp(colour, 0.0, 1.0))));
        colour += (h2(cell + dance * 512.0) - 0.5) * amount;
    }
    return colour;
}
