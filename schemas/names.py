"""Names that a form offers. A person may give others: short forms, older names, words that the nearest is looked up for."""

from pydantic import WithJsonSchema

STYLES = (
    "art_deco", "cel_animation", "cinematic", "collage", "comic_book", "film_grain_16mm", "graffiti", "impressionist", "ink_wash", "isometric",
    "low_poly", "motion_graphics", "neon_noir", "oil_painting", "paper_cutout", "pencil_sketch", "photorealistic", "pixel_art", "pop_art",
    "psychedelic", "rotoscope", "synthwave", "ukiyo_e", "watercolor",
)  # fmt: skip
WORLDS = (
    "city", "clouds", "fire", "flow", "forest", "garden", "geometry", "mountains", "ocean", "picture", "road", "room", "space", "stage", "street",
    "temple", "tunnel", "underwater",
)  # fmt: skip
GENRES = ("pop", "rock", "hip-hop", "electronic", "country", "jazz", "classical", "christian", "blues", "folk")
MOODS = ("happy", "calm", "dark", "tense", "dreamy")


def some_of(names: tuple[str, ...], usual: str = "auto") -> WithJsonSchema:
    """How a text shows in a form: as a list of choices, the usual one first, beside a field for any other."""
    listed = {"type": "string", "enum": [usual, *names], "title": "one of these"}
    return WithJsonSchema({"anyOf": [listed, {"type": "string", "title": "another"}]})
