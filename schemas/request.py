"""What a person asks for; the form in the Prefect UI and the options of the terminal."""

from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, WithJsonSchema, field_validator

from schemas.analysis import GridEdit
from schemas.base import Dollars, Fps, Model, Seconds, Seed
from schemas.lettering import LetteringLook
from schemas.look import OwnShaders, PaletteName
from schemas.media import MediaRef
from schemas.names import GENRES, MOODS, STYLES, WORLDS, some_of

Quality = Literal["preview", "basic", "professional", "cinematic"]
Aspect = Literal["16:9", "9:16", "1:1"]
Container = Literal["mp4", "mov"]
ChoiceName = Literal["free", "local", "cloud", "mixed"]
"""Who may shoot: the painter alone; with models of this machine; with services; with both."""

WriterName = Literal["rules", "llm"]

LONGEST_PROMPT = 4000  # characters


def one_of(*kinds: Any) -> WithJsonSchema:
    """How several literals show in a form: as one list of choices."""
    return WithJsonSchema({"type": "string", "enum": [name for kind in kinds for name in get_args(kind)]})


class FilmRequest(Model):
    """Everything about the wished film but the song itself."""

    prompt: Annotated[
        str, Field(title="Prompt", description="What the film shows: places, characters, things, a story. Empty: from the music alone.")
    ] = ""
    style: Annotated[
        str, some_of(STYLES), Field(description="A style's name (see `songreel styles`), or 'auto' to choose by genre, mood and energy.")
    ] = "auto"
    world: Annotated[
        str, some_of(WORLDS), Field(description="A world's name (see `songreel worlds`), or 'auto' to choose by prompt, lyrics and genre.")
    ] = "auto"
    own: Annotated[OwnShaders, Field(description="Your own world and style: shader files for Shadertoy, ISF, or the painter's own form.")] = (
        OwnShaders()
    )
    writer: Annotated[
        WriterName, Field(description="Who writes the film: the rules, or llm, the language model that SONGREEL_LLM names, else the rules.")
    ] = "rules"
    genre: Annotated[str, some_of(GENRES), Field(description="What the song is; 'auto' reads it from its tags and its sound.")] = "auto"
    mood: Annotated[str, some_of(MOODS), Field(description="A word such as calm or tense; 'auto' reads it from the music.")] = "auto"
    palette: Annotated[
        PaletteName | Literal["auto"],
        one_of(Literal["auto"], PaletteName),
        Field(description="The film's colours; 'cover' takes them from the image or the cover art."),
    ] = "auto"
    image: Annotated[
        MediaRef | None, Field(description="A picture in the store, in place of the cover art: it gives the palette and is painted into some scenes.")
    ] = None
    picture: Annotated[bool, Field(description="Whether the image or the cover art appears in some scenes, painted anew.")] = True
    seed: Annotated[Seed | None, Field(description="The same seed gives the same film; empty: taken from the song's content.")] = None
    lyrics: Annotated[str, Field(description="The lyrics themselves: plain text, LRC, SRT or WebVTT. Empty: those in the song's tags, if any.")] = ""
    lettering: Annotated[
        LetteringLook | Literal["auto", "none"],
        one_of(Literal["auto", "none"], LetteringLook),
        Field(description="How lyrics are shown: lower_third, karaoke, kinetic, typewriter, neon or handwritten; 'auto' chooses by style and genre."),
    ] = "auto"
    titles: Annotated[bool, Field(description="Whether the film begins with a title card and ends with an end card.")] = True
    start: Annotated[Seconds, Field(description="Where in the song the film starts, in seconds.")] = 0.0
    duration: Annotated[Seconds | None, Field(gt=0, description="Length of the film in seconds; empty: to the song's end.")] = None
    aspect: Annotated[Aspect, Field(description="Picture shape: wide, tall or square.")] = "16:9"
    height: Annotated[
        int | None,
        Field(ge=144, le=2160, multiple_of=2, description="Picture height in lines; empty: 1080 (tall: 1920), or the quality's own."),
    ] = None
    fps: Annotated[Fps, Field(description="Frames a second, from 12 to 60, such as 30, 24 or 30000/1001.")] = Fraction(30)
    quality: Annotated[Quality, Field(description="preview: 540 lines, quick; basic: 720; professional: 1080; cinematic: 1080, finest detail.")] = (
        "professional"
    )
    container: Annotated[Container, Field(description="File format of the film.")] = "mp4"
    backend: Annotated[str, Field(description="A video backend's name (see `songreel backends`), or 'auto'.")] = "auto"
    budget: Annotated[Dollars, Field(description="The most this film may cost, in dollars; 0 uses only what is free.")] = 0.0
    choice: Annotated[
        ChoiceName | Literal["auto"],
        one_of(Literal["auto"], ChoiceName),
        Field(
            description="Who may shoot: free, local, cloud, mixed (see songreel plan --choices); 'auto': mixed with a budget or deadline, else free."
        ),
    ] = "auto"
    deadline: Annotated[float | None, Field(gt=0, description="Minutes in which the film should be ready; empty: whatever it takes.")] = None
    commercial: Annotated[bool, Field(description="Whether the film earns money: models whose licence forbids that are then not used.")] = False
    grid: Annotated[GridEdit, Field(description="Your own word on the beats: taps, first downbeat, tempo map or a corrected grid.")] = GridEdit()

    @field_validator("fps")
    @classmethod
    def _watchable(cls, fps: Fraction) -> Fraction:
        if not 12 <= fps <= 60:
            raise ValueError(f"{float(fps):g} frames a second is outside 12 to 60")
        return fps

    @field_validator("prompt")
    @classmethod
    def _readable(cls, prompt: str) -> str:
        if len(prompt) > LONGEST_PROMPT:
            raise ValueError(f"the prompt has {len(prompt)} characters; at most {LONGEST_PROMPT} are read")
        return prompt
