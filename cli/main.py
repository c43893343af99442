"""``songreel``: the same flows from a terminal.

Only what typing ``--help`` needs is imported here; each command brings its own module. Results go to standard output, everything
else to standard error. Exit codes: 0 done, 1 our fault, 2 the user's mistake, 3 a hard rule broken, 4 over budget, 130 interrupted.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.told import told

app = typer.Typer(
    rich_markup_mode=None,  # rich's help costs a third of a second to import
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turns a song into a finished, beat-true music video.",
)
server_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The local Prefect server: start, stop, status.")
app.add_typer(server_app, name="server")
keys_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Who may call the gateway: add, list, revoke.")
app.add_typer(keys_app, name="keys")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value on standard output, everything else on standard error.")]
Store = Annotated[str | None, typer.Option(help="Media store: a folder or s3://bucket/prefix.", show_default=False)]
Song = Annotated[str, typer.Argument(help="An audio file, a video file with sound, or an https:// or s3:// address of one.")]
Prompt = Annotated[str | None, typer.Option(help="What the film shows: places, characters, things, a story.")]
Style = Annotated[str | None, typer.Option(help="A style's name (songreel styles), or your own shader's file; else chosen by the music.")]
World = Annotated[str | None, typer.Option(help="A world's name (songreel worlds), or your own shader's file: Shadertoy or ISF.")]
Writer = Annotated[Literal["rules", "llm"] | None, typer.Option(help="Who writes the film; llm: the language model that SONGREEL_LLM names.")]
Genre = Annotated[str | None, typer.Option(help="pop, rock, hip-hop, electronic, country, jazz, classical, christian, blues, folk.")]
Mood = Annotated[str | None, typer.Option(help="A word: happy, calm, dark, tense, dreamy ...")]
Palette = Annotated[
    Literal["auto", "warm", "cool", "monochrome", "vibrant", "cover"] | None,
    typer.Option(help="The film's colours; 'cover': the image's or the cover art's."),
]
Image = Annotated[Path | None, typer.Option(help="A JPEG, PNG or WebP in place of the cover art: its colours, and scenes that paint it anew.")]
Picture = Annotated[
    bool | None, typer.Option("--picture/--no-picture", help="Scenes that paint the image or the cover art anew.", show_default=False)
]
Seed = Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="The same seed gives the same film.")]
LyricsFile = Annotated[Path | None, typer.Option(help="Lyrics: .lrc, .srt, .vtt or .txt.")]
Lettering = Annotated[
    Literal["auto", "none", "lower_third", "karaoke", "kinetic", "typewriter", "neon", "handwritten"] | None,
    typer.Option(help="How lyrics are shown; else chosen by style and genre."),
]
Titles = Annotated[bool | None, typer.Option("--titles/--no-titles", help="Title card and end card.", show_default=False)]
Start = Annotated[float | None, typer.Option(min=0, help="Where in the song the film starts, in seconds.")]
Duration = Annotated[float | None, typer.Option(help="Length of the film in seconds.")]
Aspect = Annotated[Literal["16:9", "9:16", "1:1"] | None, typer.Option(help="Picture shape.")]
Height = Annotated[int | None, typer.Option(min=144, max=2160, help="Picture height in lines, even.")]
Fps = Annotated[str | None, typer.Option(help="Frames a second: 30, 24, 29.97, 30000/1001 ...")]
Quality = Annotated[
    Literal["preview", "basic", "professional", "cinematic"] | None,
    typer.Option(help="preview: 540 lines; basic: 720; professional and cinematic: 1080."),
]
Backend = Annotated[str | None, typer.Option(help="A video backend's name (songreel backends), or 'auto'.")]
Budget = Annotated[float | None, typer.Option(min=0, help="The most this film may cost, in dollars.")]
Choice = Annotated[str | None, typer.Option(help="Who shoots: 1 free, 2 local, 3 cloud, 4 mixed (songreel plan SONG --choices).")]
Deadline = Annotated[float | None, typer.Option(min=0.1, help="Minutes in which the film should be ready.")]
Commercial = Annotated[bool | None, typer.Option("--commercial", help="Use no model whose licence forbids to earn money.", show_default=False)]
Container = Annotated[Literal["mp4", "mov"] | None, typer.Option(help="File format of the film.")]
Grid = Annotated[Path | None, typer.Option(help="Your own beat grid: a JSON file with taps, offset, tempo_map, beats or metre.")]
Taps = Annotated[str | None, typer.Option(help="Times tapped along, in seconds: '0.5,1.02,1.5', or a file of them.")]
FirstBeat = Annotated[float | None, typer.Option(min=0, help="Time of the first downbeat, in seconds.")]
Workers = Annotated[int | None, typer.Option(min=1, max=256, help="Processes that draw and listen; else one a core.")]


@app.command()
@told
def render(
    song: Annotated[
        str, typer.Argument(metavar="SONG|plan.json", help="An audio file, a video file with sound, an https:// or s3:// address, or an edited plan.")
    ],
    prompt: Prompt = None, writer: Writer = None, style: Style = None, genre: Genre = None, mood: Mood = None, palette: Palette = None,
    seed: Seed = None, image: Image = None, picture: Picture = None, world: World = None, lyrics: LyricsFile = None, lettering: Lettering = None,
    titles: Titles = None, start: Start = None, duration: Duration = None, aspect: Aspect = None, height: Height = None, fps: Fps = None,
    quality: Quality = None, container: Container = None, backend: Backend = None, budget: Budget = None, choice: Choice = None,
    deadline: Deadline = None, commercial: Commercial = None, grid: Grid = None, taps: Taps = None, first_beat: FirstBeat = None,
    out: Annotated[Path, typer.Option(help="Folder in which the run's folder is written.")] = Path("out"),
    of: Annotated[Path | None, typer.Option("--song", help="With a plan: the song's file, when the store does not hold it.")] = None,
    store: Store = None, workers: Workers = None,
    server: Annotated[bool, typer.Option("--server/--no-server", help="Keep a local Prefect server for later runs, or end it with this one.")] = True,
    json: Json = False,
) -> int:  # fmt: skip
    """Render a song's music video, or an edited plan again."""
    from cli.render import render_film
    from cli.songs import brought
    from cli.wishes import Wishes

    wishes = Wishes(
        prompt=prompt, writer=writer, style=style, genre=genre, mood=mood, palette=palette, image=image, picture=picture, seed=seed,
        world=world, lyrics=lyrics, lettering=lettering, titles=titles, duration=duration, aspect=aspect, height=height, fps=fps, quality=quality,
        start=start, container=container, backend=backend, budget=budget, choice=choice, deadline=deadline, commercial=commercial, grid=grid,
        taps=taps, first_beat=first_beat,
    )  # fmt: skip
    return render_film(brought(song, store), wishes, out=out, of=of, store=store, workers=workers, keep_server=server, as_json=json)


@app.command()
@told
def batch(
    songs: Annotated[
        list[str], typer.Argument(metavar="FOLDER|LIST|SONG ...", help="Folders, s3://bucket/prefix/, M3U, CSV or JSONL files, or songs.")
    ],
    prompt: Prompt = None, writer: Writer = None, style: Style = None, genre: Genre = None, mood: Mood = None, palette: Palette = None,
    seed: Seed = None, image: Image = None, picture: Picture = None, world: World = None, lettering: Lettering = None, titles: Titles = None,
    start: Start = None, duration: Duration = None, aspect: Aspect = None, height: Height = None, fps: Fps = None, quality: Quality = None,
    container: Container = None, backend: Backend = None, choice: Choice = None, deadline: Deadline = None, commercial: Commercial = None,
    budget: Annotated[float, typer.Option(min=0, help="The most that all films may cost together, in dollars; shared by their length.")] = 0.0,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Films that are made beside each other.")] = 1,
    one_look: Annotated[bool, typer.Option("--one-look/--own-looks", help="One style, palette and family of worlds for all films.")] = True,
    only_new: Annotated[bool, typer.Option("--only-new", help="Leave songs whose film a batch has made before.")] = False,
    out: Annotated[Path, typer.Option(help="Folder in which each film's folder is written.")] = Path("out"),
    store: Store = None, workers: Workers = None,
    server: Annotated[bool, typer.Option("--server/--no-server", help="Keep a local Prefect server for later runs, or end it with this one.")] = True,
    json: Json = False,
) -> int:  # fmt: skip
    """Make the videos of many songs in one look: a folder, a bucket's prefix, a playlist, a table with wishes for each song."""
    from cli.batch import make_batch
    from cli.wishes import Wishes

    wishes = Wishes(
        prompt=prompt, writer=writer, style=style, genre=genre, mood=mood, palette=palette, image=image, picture=picture, seed=seed,
        world=world, lettering=lettering, titles=titles, duration=duration, aspect=aspect, height=height, fps=fps, quality=quality,
        start=start, container=container, backend=backend, choice=choice, deadline=deadline, commercial=commercial,
    )  # fmt: skip
    return make_batch(
        songs, wishes, out=out, at_once=at_once, budget=budget, one_look=one_look, only_new=only_new, store=store, workers=workers,
        keep_server=server, as_json=json,
    )  # fmt: skip


@app.command()
@told
def approve(
    run: Annotated[str | None, typer.Argument(help="The run's id, its beginning, or its name; without it, what waits is listed.")] = None,
    choice: Choice = None, budget: Budget = None, prompt: Prompt = None, style: Style = None, writer: Writer = None,
    end: Annotated[bool, typer.Option("--end", help="Make no film.")] = False,
    json: Json = False,
) -> int:  # fmt: skip
    """Answer a run that waits: have its film made, or planned anew (with --prompt, --style or --writer), or not made at all (--end)."""
    from cli.approve import answer_run

    return answer_run(run, end=end, choice=choice, budget=budget, prompt=prompt, style=style, writer=writer, as_json=json)


@app.command()
@told
def analyse(
    song: Song, fps: Fps = None, grid: Grid = None, taps: Taps = None, first_beat: FirstBeat = None, start: Start = None, duration: Duration = None,
    store: Store = None, json: Json = False,
) -> int:  # fmt: skip
    """Find tempo, beats, metre, key, sections and mood of a song."""
    from cli.listen import print_analysis
    from cli.songs import brought
    from cli.wishes import Wishes

    return print_analysis(
        brought(song, store), Wishes(fps=fps, grid=grid, taps=taps, first_beat=first_beat, start=start, duration=duration), store=store, as_json=json
    )


@app.command()
@told
def plan(
    song: Song,
    prompt: Prompt = None, writer: Writer = None, style: Style = None, genre: Genre = None, mood: Mood = None, palette: Palette = None,
    seed: Seed = None, image: Image = None, picture: Picture = None, world: World = None, lyrics: LyricsFile = None, lettering: Lettering = None,
    titles: Titles = None, start: Start = None, duration: Duration = None, aspect: Aspect = None, height: Height = None, fps: Fps = None,
    quality: Quality = None, container: Container = None, backend: Backend = None, budget: Budget = None, choice: Choice = None,
    deadline: Deadline = None, commercial: Commercial = None, grid: Grid = None, taps: Taps = None, first_beat: FirstBeat = None,
    choices: Annotated[bool, typer.Option("--choices", help="Show the ways to make it, with dollars, minutes and looks.")] = False,
    out: Annotated[Path | None, typer.Option(help="The plan's file; else <song>.plan.json here.")] = None,
    store: Store = None, workers: Workers = None, json: Json = False,
) -> int:  # fmt: skip
    """Write a song's plan.json, to be read, edited and rendered; with --choices, show what it would cost and how long it would take."""
    from blocks.settings import read
    from cli.listen import write_plan
    from cli.songs import brought
    from cli.wishes import Wishes

    wishes = Wishes(
        prompt=prompt, writer=writer, style=style, genre=genre, mood=mood, palette=palette, image=image, picture=picture, seed=seed,
        world=world, lyrics=lyrics, lettering=lettering, titles=titles, duration=duration, aspect=aspect, height=height, fps=fps, quality=quality,
        start=start, container=container, backend=backend, budget=budget, choice=choice, deadline=deadline, commercial=commercial, grid=grid,
        taps=taps, first_beat=first_beat,
    )  # fmt: skip
    return write_plan(brought(song, store), wishes, out=out, settings=read(store=store, workers=workers), with_choices=choices, as_json=json)


@app.command()
@told
def inspect(
    film: Annotated[Path, typer.Argument(help="A finished film.")],
    master: Annotated[Path, typer.Option(help="The song it was made of.")],
    of: Annotated[Path | None, typer.Option("--plan", help="Its plan.json: the planned cuts are then judged too.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report.json and report.html.")] = None,
    json: Json = False,
) -> int:
    """Measure a film against its song: length, sound, cuts, stills, flashes, black frames."""
    from cli.inspecting import inspect_film

    return inspect_film(film, master, plan=of, out=out, as_json=json)


@app.command()
@told
def styles(
    genre: Genre = None, mood: Mood = None,
    energy: Annotated[float | None, typer.Option(min=0, max=1, help="How lively the music is; songreel analyse says it.")] = None,
    json: Json = False,
) -> int:  # fmt: skip
    """List the styles: how a film can look; with a genre, mood or energy, what suits it best and why."""
    from cli.lists import list_styles

    return list_styles(json, genre, mood, energy)


@app.command()
@told
def worlds(json: Json = False) -> int:
    """List the worlds: what the painter can draw."""
    from cli.lists import list_worlds

    return list_worlds(json)


@app.command()
@told
def gallery(
    out: Annotated[Path, typer.Option(help="Folder for the page, the sheets and the loops.")] = Path("gallery"),
    only: Annotated[str | None, typer.Option("--styles", help="Names of styles, with commas; else all.")] = None,
    places: Annotated[str | None, typer.Option("--worlds", help="Names of worlds, with commas; else all.")] = None,
    height: Annotated[int, typer.Option(min=90, max=1080, help="Height of a picture, even.")] = 180,
    loops: Annotated[bool, typer.Option("--loops/--no-loops", help="Short films that go round, too.")] = True,
    workers: Workers = None,
    json: Json = False,
) -> int:
    """Draw every world in every style: contact sheets, short loops and a page."""
    from cli.gallery import make_gallery

    return make_gallery(out, only, places, height - height % 2, loops, workers, as_json=json)


@app.command()
@told
def backends(
    name: Annotated[str | None, typer.Argument(help="One backend, shown whole.", show_default=False)] = None,
    json: Json = False,
) -> int:
    """List the video and image backends: where they run, price, licence, and what each still needs."""
    from cli.backends import list_backends, show_backend

    return show_backend(name, json) if name else list_backends(json)


@app.command()
@told
def costs(
    reel: Annotated[Path | None, typer.Option(help="A film's folder; else all runs of the store.")] = None,
    since: Annotated[float, typer.Option(min=0, help="Runs of so many days, when no reel is given.")] = 30.0,
    store: Store = None,
    json: Json = False,
) -> int:
    """Show what films cost: estimated, charged and wasted, by stage, scene and provider."""
    from cli.costs import costs_of_reel, costs_since

    return costs_of_reel(reel, json) if reel else costs_since(since, store, json)


@app.command()
@told
def doctor(store: Store = None, json: Json = False) -> int:
    """Say what is there and what is missing, with the command that mends it."""
    from cli.doctor import examine

    return examine(store, json)


@app.command()
@told
def serve(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the Prefect server and its pages; when taken, another.")] = None,
    gateway_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the gateway.")] = None,
    gateway: Annotated[bool, typer.Option("--gateway/--no-gateway", help="The REST and WebSocket door.")] = True,
    runs: Annotated[int | None, typer.Option(min=2, max=64, help="Runs at once on the pool cpu; else half the cores, at least 2.")] = None,
    store: Store = None, workers: Workers = None, json: Json = False,
) -> int:  # fmt: skip
    """Serve on this machine: the Prefect server with its pages, workers, the gateway. Ctrl-C ends it all."""
    from blocks.settings import read
    from cli.serve import serve as serve_here

    settings = read(port=port, gateway_port=gateway_port, store=store, workers=workers)
    return serve_here(settings, runs=runs, gateway=gateway, as_json=json)


@server_app.command("start")
@told
def server_start(json: Json = False) -> int:
    """Start the local Prefect server, or find the running one."""
    from cli.server import start_server

    return start_server(json)


@server_app.command("stop")
@told
def server_stop(json: Json = False) -> int:
    """Stop the local Prefect server."""
    from cli.server import stop_server

    return stop_server(json)


@server_app.command("status")
@told
def server_status(json: Json = False) -> int:
    """Say whether the local Prefect server runs, and where."""
    from cli.server import print_status

    return print_status(json)


@keys_app.command("add")
@told
def keys_add(
    name: Annotated[str, typer.Argument(help="What the key is called: who calls with it.")],
    scopes: Annotated[str, typer.Option(help="What it may do: read, make, approve, admin, with commas.")] = "read,make,approve",
    json: Json = False,
) -> int:
    """Make a key for the gateway; it is shown this once."""
    from cli.keys import add_key

    return add_key(name, scopes, json)


@keys_app.command("list")
@told
def keys_list(json: Json = False) -> int:
    """List the keys' names, never the keys."""
    from cli.keys import list_keys

    return list_keys(json)


@keys_app.command("revoke")
@told
def keys_revoke(name: Annotated[str, typer.Argument(help="The key's name or id.")], json: Json = False) -> int:
    """Take a key away, at once."""
    from cli.keys import revoke_key

    return revoke_key(name, json)


def main() -> None:
    """The command's entry point."""
    app()


if __name__ == "__main__":
    main()
