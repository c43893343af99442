// Display RGB to BT.709 limited-range Y, U and V, as 8-bit values on [0, 1], dithered. The dither stands still, so that it costs the
// encoder nothing; grain comes later, at the film's size.

vec3 yuv709(vec3 colour, vec2 place) {
    colour = clamp(colour, 0.0, 1.0);
    float y = luma(colour);
    vec3 coded = vec3(y * 219.0 + 16.0, (colour.b - y) * (224.0 / 1.8556) + 128.0, (colour.r - y) * (224.0 / 1.5748) + 128.0);
    float noise = fract(52.9829189 * fract(dot(place, vec2(0.06711056, 0.00583715)))) - 0.5; // interleaved gradient noise
    return (coded + noise) / 255.0;
}
