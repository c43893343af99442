"""Many songs at once: what is taken for a song, the look and the money they share, and a bad one that stops no other."""

import json
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import soundfile

from blocks.settings import read, using
from flows.purse import Purse
from flows.songlist import listed, wished
from schemas import Analysis, FilmRequest, Song
from schemas.batch import BatchLook, BatchResult, BatchSong
from songreel.errors import UserError
from songreel.planning.album import FAMILY, Heard, dressed, look_of
from songreel.planning.words import named
from songreel.storage import Store
from tests import live
from tests.songs import SongSpec, make_song

pytestmark = pytest.mark.xdist_group("flow")

REQUEST = FilmRequest(height=144, fps=Fraction(12), quality="preview", titles=False, duration=3.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs, one that is none, and a file that nobody takes for a song."""
    folder = tmp_path_factory.mktemp("album")
    for number, name in enumerate(("01 Aufbruch", "02 Nacht")):
        song = make_song(SongSpec(form=(("intro", 2),), seed=40 + number), seconds=4.0)
        soundfile.write(folder / f"{name}.flac", song.samples, song.rate)
    (folder / "03 broken.mp3").write_bytes(b"no song" * 100)
    (folder / "cover.txt").write_text("no song either")
    return folder


# --- lists


def test_a_folder_gives_its_songs_by_name_and_nothing_else(folder: Path, store: Store) -> None:
    assert [Path(one.song).name for one in listed([str(folder)], store)] == ["01 Aufbruch.flac", "02 Nacht.flac", "03 broken.mp3"]


def test_a_playlist_gives_songs_beside_it_with_their_titles(folder: Path, store: Store) -> None:
    path = folder / "album.m3u8"
    path.write_text("\ufeff#EXTM3U\n#EXTINF:4,Die Band - Nacht\n02 Nacht.flac\n\n.\\01 Aufbruch.flac\nhttps://example.org/a.mp3\n", encoding="utf-8")
    found = listed([str(path)], store)
    path.unlink()
    assert [(one.song, one.title) for one in found] == [
        (str(folder / "02 Nacht.flac"), "Die Band - Nacht"), (str(folder / "01 Aufbruch.flac"), ""), ("https://example.org/a.mp3", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_tables_columns_are_wishes_of_their_song_and_others_are_passed_over(folder: Path, store: Store, separator: str) -> None:
    path = folder / ("album.tsv" if separator == "\t" else "album.csv")
    rows = [("Song", "style", "seed", "year", "picture"), ("02 Nacht.flac", "synthwave", "7", "1984", "no"), ("01 Aufbruch.flac", "", "", "", "")]
    path.write_text("\n".join(separator.join(row) for row in rows))
    found = listed([str(path)], store)
    path.unlink()
    first, second = wished(REQUEST, found)
    assert (first.style, first.seed, first.picture, first.height) == ("synthwave", 7, False, 144)
    assert second == REQUEST
    assert [one.fault for one in found] == ["", ""]


def test_lines_of_json_give_songs_and_a_bad_line_is_told_of_without_harm_to_the_others(folder: Path, store: Store) -> None:
    path = folder / "album.jsonl"
    lines = ['"02 Nacht.flac"', '{"song": "01 Aufbruch.flac", "lyrics": "la la", "fps": "24"}', "{nonsense", '{"style": "noir"}',
             '{"path": "x.flac", "height": 7}', "17"]  # fmt: skip
    path.write_text("\n".join(lines))
    found = listed([str(path)], store)
    path.unlink()
    asked = wished(REQUEST, found)
    assert (asked[1].lyrics, asked[1].fps) == ("la la", 24)
    assert [bool(one.fault) for one in found] == [False, False, True, True, True, True]
    assert "line 3 is no JSON" in found[2].fault
    assert "names no song" in found[3].fault
    assert "its height 7 cannot be" in found[4].fault


def test_a_song_that_is_listed_twice_is_taken_once(folder: Path, store: Store) -> None:
    assert len(listed([str(folder), str(folder / "02 Nacht.flac")], store)) == 3


def test_callers_of_deployments_see_only_the_folders_that_are_opened_to_them(folder: Path, store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other.m3u"
    other.write_text("a.flac")
    opened = read().model_copy(update={"flow_run": "1", "songs": (str(folder),)})
    with using(opened):
        assert len(listed(["."], store)) == 3
        for place in ("..", str(other), "/", "../../etc"):
            with pytest.raises(UserError, match="SONGREEL_SONGS"):
                listed([place], store)


@pytest.mark.parametrize(("songs", "why"), [([], "no songs"), (["nowhere"], "no folder, list or song"), (["ftp://a/b"], "ftp")])
def test_what_gives_no_songs_is_refused_with_a_sentence(songs: list[str], why: str, store: Store) -> None:
    with pytest.raises(UserError, match=why):
        listed(songs, store)


# --- one look


def heard(genre: str, energy: float) -> Heard:
    """A song that is known by its tags and its energy."""
    song = Song.model_construct(genre=genre, cover=None)
    return Heard(song, Analysis.model_construct(energy=energy, valence=0.5, arousal=0.5))


def test_songs_share_the_style_and_the_worlds_that_suit_most_of_them() -> None:
    look = look_of([heard("folk", 0.3), heard("folk", 0.35), heard("rock", 0.4)], FilmRequest())
    again = look_of([heard("folk", 0.3), heard("folk", 0.35), heard("rock", 0.4)], FilmRequest())
    assert look == again
    assert look.style
    assert look.palette
    assert len(look.worlds) == FAMILY
    assert "2 are folk" in look.because


def test_each_film_of_a_family_names_all_its_worlds_and_begins_with_another() -> None:
    look = look_of([heard("electronic", 0.8)], FilmRequest())
    films = [dressed(FilmRequest(), look, turn) for turn in range(FAMILY)]
    assert all(set(named(film.prompt, "world")) == set(look.worlds) for film in films)
    assert len({named(film.prompt, "world")[0] for film in films}) == FAMILY


def test_what_is_asked_for_is_not_chosen_again() -> None:
    request = FilmRequest(style="noir", palette="warm", prompt="a train in the snow")
    look = look_of([heard("pop", 0.5)], request)
    assert (look.style, look.palette, look.worlds) == ("", "", ())
    assert dressed(request, BatchLook(style="synthwave", palette="cool", worlds=("city",)), 0) == request


# --- one purse


def test_money_is_shared_by_length_and_what_one_film_leaves_goes_to_the_next() -> None:
    purse = Purse(3.0, [60.0, 120.0, 120.0])
    assert purse.take(0, 0.0) == pytest.approx(0.6)
    purse.give_back(0, 0.1)
    assert purse.take(1, 0.0) == pytest.approx(1.45)
    purse.give_back(1, 1.45)
    assert purse.take(2, 0.0) == pytest.approx(1.45)


def test_films_at_once_never_have_more_than_the_purse_together() -> None:
    purse = Purse(1.0, [1.0, 1.0, 1.0])
    caps = [purse.take(film, 0.0) for film in range(3)]
    assert sum(caps) <= 1.0
    assert min(caps) >= 0.33


def test_a_films_own_budget_is_kept_and_without_a_purse_it_is_all() -> None:
    assert Purse(10.0, [1.0, 1.0]).take(0, 0.5) == 0.5
    assert Purse(0.0, [1.0]).take(0, 0.7) == 0.7


# --- the flow


@dataclass(frozen=True)
class Ran:
    """A batch that ran."""

    state: str
    result: BatchResult


def run(songs: list[str], folder: Path, **named_: Any) -> Ran:
    from flows.batch import batch

    with using(read(store=str(folder / "store"), workers=2)):
        state = batch(songs, REQUEST, str(folder / "out"), return_state=True, **named_)
    return Ran(state.name or "", BatchResult.model_validate(state.result(raise_on_failure=False)))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batch")


@pytest.fixture(scope="module")
def ran(prefect_api: str, folder: Path, place: Path) -> Ran:
    return run([str(folder)], place, at_once=2)


def test_a_bad_song_is_a_row_with_its_sentence_and_the_others_are_made(ran: Ran) -> None:
    assert ran.state == "Degraded"
    assert [row.state for row in ran.result.rows] == ["made", "made", "failed"]
    assert "03 broken.mp3" in ran.result.rows[2].sentence
    assert all(Path(row.film).is_file() for row in ran.result.rows[:2])


def test_the_films_have_one_look(ran: Ran, place: Path) -> None:
    plans = [json.loads((Path(row.film).parent / "plan.json").read_text()) for row in ran.result.rows[:2]]
    assert {plan["treatment"]["style"] for plan in plans} == {ran.result.look.style}
    assert {plan["treatment"]["palette"] for plan in plans} == {ran.result.look.palette}
    assert {scene["look"]["world"] for plan in plans for scene in plan["scenes"]} <= set(ran.result.look.worlds)


def test_the_page_has_the_table_and_the_look(prefect_api: str, ran: Ran) -> None:
    runs = live.call(prefect_api, "/flow_runs/filter", {"flows": {"name": {"any_": ["batch"]}}, "sort": "START_TIME_DESC"})
    found = live.call(prefect_api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [one["id"] for one in runs]}}})
    (table,) = [one for one in found if one["key"] == "songs"]
    assert [row["state"] for row in json.loads(table["data"])] == ["made", "made", "failed"]
    assert [one["data"] for one in found if one["key"] == "progress"] == [100.0]
    assert any(one["key"] == "look" and ran.result.look.style in one["data"] for one in found)


def test_only_new_songs_are_made_by_their_content_and_in_the_look_that_was(ran: Ran, folder: Path, place: Path) -> None:
    new = folder / "04 renamed.flac"
    shutil.copy(folder / "01 Aufbruch.flac", new)
    again = run([str(folder)], place, only_new=True)
    new.unlink()
    assert [row.state for row in again.result.rows] == ["left", "left", "failed", "left"]
    assert again.result.rows[3].film == ran.result.rows[0].film


def test_a_batch_of_nothing_but_bad_songs_fails_and_says_why(prefect_api: str, folder: Path, place: Path) -> None:
    bad = run([str(folder / "03 broken.mp3")], place)
    assert bad.state == "NoFilms"
    assert bad.result.count("failed") == 1


def test_a_batch_song_keeps_what_its_list_says() -> None:
    song = BatchSong(song="a.flac", wishes={"style": "noir"})
    assert BatchSong.model_validate_json(song.model_dump_json()) == song
