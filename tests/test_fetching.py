"""Songs from elsewhere: fetched from public addresses only, whole, and only what can be a song; the same song is the same run by any way."""

import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from blocks.settings import read, using
from cli.songs import brought
from flows.recall import wanted
from flows.songs import address_of, source_of, title_of
from schemas import FilmRequest
from songreel.errors import MediaError, SongreelError, TransientError, UserError
from songreel.media.sniffing import check_song
from songreel.storage import Store, fetching
from songreel.storage.fetching import Forbidden, NotThere, Reach, fetch, is_public
from tests.services.https import PUBLIC, Page, Web, web
from tests.services.s3 import Bucket, bucket, entered

METADATA = "169.254.169.254"
NO_SOUND = b"\x89PNG\r\n\x1a\n" + b"\0" * 600


@pytest.fixture(scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as found:
        yield found


@pytest.fixture
def here(_web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The server, as if it had just started."""
    monkeypatch.setattr(fetching, "PAUSE", 0.01)
    _web.pages.clear()
    _web.asked.clear()
    _web.dialled.clear()
    _web.looked_up.clear()
    _web.names = {"songs.example": [PUBLIC], "other.example": [PUBLIC]}
    return _web


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", METADATA, "100.64.0.1", "100.100.100.200",
        "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "203.0.113.9",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
        "ff02::1", "2001:db8::1", "2002:7f00:1::", "2001::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "100::1",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_a_file_is_fetched_whole_from_the_address_that_was_looked_at(here: Web, tmp_path: Path) -> None:
    here.pages["/a%20song.flac?token=secret"] = Page(b"x" * 200_000)
    found = fetch("https://songs.example/a song.flac?token=secret", tmp_path / "song", reach=here.reach)
    assert (tmp_path / "song").read_bytes() == b"x" * 200_000
    assert (found.bytes, found.address) == (200_000, "https://songs.example/a song.flac")
    assert here.dialled == [PUBLIC]
    assert here.asked == [("songs.example", "/a%20song.flac?token=secret")]


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.5", METADATA, "::1", "::ffff:10.0.0.5", "fd00::1"])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(here: Web, tmp_path: Path, inside: str) -> None:
    here.names["songs.example"] = [inside]
    with pytest.raises(Forbidden, match=r"songs\.example is no public address"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)
    assert here.dialled == []


def test_a_name_with_one_address_inside_is_refused_whole(here: Web, tmp_path: Path) -> None:
    here.names["songs.example"] = [PUBLIC, "192.168.0.7"]
    with pytest.raises(Forbidden, match="no public address"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", METADATA])
def test_whatever_way_an_inner_address_is_written_the_system_reads_it_and_it_is_refused(tmp_path: Path, host: str) -> None:
    def never(address: str, port: int, timeout: float) -> None:
        raise AssertionError(f"{address} was connected to")

    with pytest.raises(SongreelError, match=r"no public address|names no host|no host called|no address"):
        fetch(f"https://{host}/x", tmp_path / "song", reach=Reach(dial=never), tries=1)


@pytest.mark.parametrize(
    "target", [f"https://{METADATA}/latest/meta-data/", "https://inner.example/x", "http://other.example/x", "file:///etc/passwd"]
)
def test_a_redirect_that_leads_inside_or_leaves_https_is_refused(here: Web, tmp_path: Path, target: str) -> None:
    here.names |= {"inner.example": ["10.0.0.1"], METADATA: [METADATA]}
    here.pages["/x"] = Page(status=302, headers={"Location": target})
    with pytest.raises(Forbidden, match=r"no public address|is not https|names no host"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)
    assert here.dialled == [PUBLIC]
    assert not (tmp_path / "song").exists()


def test_redirects_among_public_hosts_are_followed_a_few_times(here: Web, tmp_path: Path) -> None:
    here.pages |= {"/x": Page(status=307, headers={"Location": "https://other.example/y"}), "/y": Page(status=302, headers={"Location": "/z"})}
    here.pages |= {"/z": Page(b"here"), "/round": Page(status=302, headers={"Location": "/round"})}
    assert fetch("https://songs.example/x", tmp_path / "song", reach=here.reach).address == "https://other.example/z"
    with pytest.raises(Forbidden, match="more than 5 times"):
        fetch("https://songs.example/round", tmp_path / "song", reach=here.reach)


def test_a_name_server_that_changes_its_answer_gains_nothing(here: Web, tmp_path: Path) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    here.names["songs.example"] = lambda: next(answers)
    here.pages["/x"] = Page(b"song")
    fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)
    assert (here.looked_up, here.dialled) == (["songs.example"], [PUBLIC])
    with pytest.raises(Forbidden, match="no public address"):  # the next look-up is judged anew
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)


def test_a_name_that_changes_between_a_redirect_and_its_target_is_refused(here: Web, tmp_path: Path) -> None:
    answers = iter([[PUBLIC], [METADATA]])
    here.names["songs.example"] = lambda: next(answers)
    here.pages |= {"/x": Page(status=302, headers={"Location": "/y"}), "/y": Page(b"secret")}
    with pytest.raises(Forbidden, match="no public address"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)
    assert here.dialled == [PUBLIC]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://songs.example/x", "is not https"), ("ftp://songs.example/x", "is not https"), ("https://a:b@songs.example/x", "name or a password"),
        ("https:///x", "names no host"), ("https://", "names no host"), ("https://songs.example:99999/x", "no address"),
    ],
)  # fmt: skip
def test_other_addresses_are_refused_in_a_sentence_without_their_secrets(here: Web, tmp_path: Path, address: str, says: str) -> None:
    with pytest.raises(Forbidden, match=says) as told:
        fetch(address, tmp_path / "song", reach=here.reach)
    assert "a:b" not in str(told.value)


def test_a_certificate_that_does_not_hold_is_refused(here: Web, tmp_path: Path) -> None:
    here.names["stranger.example"] = [PUBLIC]
    with pytest.raises(Forbidden, match=r"certificate of stranger\.example does not hold"):
        fetch("https://stranger.example/x", tmp_path / "song", reach=here.reach)


def test_a_file_that_says_or_turns_out_to_be_too_large_is_refused_early(here: Web, tmp_path: Path) -> None:
    here.pages |= {"/says": Page(b"x" * 100, says=10**9), "/is": Page(b"x" * 500_000, says=-1)}
    for path in ("/says", "/is"):
        with pytest.raises(Forbidden, match="has more than 1000 bytes"):
            fetch(f"https://songs.example{path}", tmp_path / "song", largest=1000, reach=here.reach)
        assert not (tmp_path / "song").exists()


def test_a_body_that_is_cut_off_is_fetched_again_and_never_taken_for_the_whole(here: Web, tmp_path: Path) -> None:
    here.pages["/x"] = Page(b"x" * 100, says=200)
    with pytest.raises(TransientError, match="cut off after 100 of 200 bytes"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach)
    assert len(here.asked) == 3
    assert not (tmp_path / "song").exists()
    here.pages["/x"].then = lambda: setattr(here.pages["/x"], "says", 100 if len(here.asked) == 5 else 200)
    assert fetch("https://songs.example/x", tmp_path / "song", reach=here.reach).bytes == 100


def test_a_host_that_is_slow_for_ever_is_given_up_in_time(here: Web, tmp_path: Path) -> None:
    here.pages["/drip"] = Page(b"x" * (1 << 24), pause=0.2)
    here.pages["/silent"] = Page(b"x", then=lambda: time.sleep(3))
    for path in ("/drip", "/silent"):
        begun = time.monotonic()
        with pytest.raises(TransientError, match=r"did not come within 0\.7 s|was ended after"):
            fetch(f"https://songs.example{path}", tmp_path / "song", within=0.7, reach=here.reach)
        assert time.monotonic() - begun < 2


def test_what_is_not_there_or_withheld_is_told_and_what_is_busy_is_asked_again(here: Web, tmp_path: Path) -> None:
    here.pages |= {"/no": Page(status=403), "/busy": Page(status=503)}
    with pytest.raises(NotThere, match=r"there is nothing at https://songs\.example/gone \(404\)"):
        fetch("https://songs.example/gone?key=secret", tmp_path / "song", reach=here.reach)
    with pytest.raises(fetching.Withheld, match="does not give"):
        fetch("https://songs.example/no", tmp_path / "song", reach=here.reach)
    with pytest.raises(TransientError, match="is busy or faulty"):
        fetch("https://songs.example/busy", tmp_path / "song", reach=here.reach)
    assert [path for _, path in here.asked].count("/busy") == 3


def test_a_fetch_that_is_stopped_ends(here: Web, tmp_path: Path) -> None:
    here.pages["/x"] = Page(b"x" * (1 << 22), pause=0.05)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(TransientError, match="was ended"):
        fetch("https://songs.example/x", tmp_path / "song", reach=here.reach, stopped=stop.is_set)


def test_the_same_song_by_any_way_is_the_same_run(here: Web, store: Store, small_song: Path, s3: Bucket) -> None:
    name = small_song.stem
    here.pages["/music/Gr%C3%B6%C3%9Fe%20Nacht.flac?sig=1"] = Page(small_song.read_bytes())
    with entered(s3.environment):
        Store(s3.url).fs.put_file(str(small_song), f"{s3.name}/in/{small_song.name}")
        ref = store.put_file(small_song)
        ways = [str(small_song), "https://songs.example/music/Größe Nacht.flac?sig=1", f"{s3.url}/in/{small_song.name}", address_of(ref, name)]
        sources = [source_of(way, None, store, reach=here.reach) for way in ways]
        assert {(one.content, one.name) for one in sources} == {(ref.sha256, name)}
        assert {one.path.name for one in sources if one.path} == {small_song.name}
        assert [title_of(way) for way in ways] == [name] * 4
        runs = {wanted(way, FilmRequest(), None, store).run for way in (ways[0], *ways[2:])}
    assert len(runs) == 1


def test_a_run_that_rested_goes_on_with_the_song_that_it_fetched(here: Web, store: Store, small_song: Path) -> None:
    address = "https://songs.example/a.flac?expires=soon"
    here.pages["/a.flac?expires=soon"] = Page(small_song.read_bytes())
    first = source_of(address, None, store, reach=here.reach)
    here.pages.clear()
    assert source_of(address, None, store, reach=here.reach, again=True) == first
    with pytest.raises(NotThere):
        source_of(address, None, store, reach=here.reach)


@pytest.mark.parametrize(("body", "says"), [(NO_SOUND, "is a PNG picture"), (b"<html>" * 200, "is text"), (b"", "is empty")])
def test_what_is_no_song_is_refused_and_nothing_of_it_is_kept(here: Web, store: Store, body: bytes, says: str) -> None:
    here.pages["/song.mp3"] = Page(body)
    with pytest.raises(MediaError, match=says):
        source_of("https://songs.example/song.mp3", None, store, reach=here.reach)
    assert [path for path in Path(store.root).rglob("*") if path.is_file()] == []


def _flac_of_days(path: Path) -> Path:
    """A small file of silence that lasts for thirteen hours, with a header that claims a minute."""
    rate = 8000
    with soundfile.SoundFile(path, "w", rate, 1, "PCM_16", format="FLAC") as file:
        silence = memoryview(bytes(2 * rate * 3600)).cast("h")
        import numpy as np

        for _ in range(13):
            file.write(np.asarray(silence))
    data = bytearray(path.read_bytes())
    (word,) = struct.unpack_from(">Q", data, 18)  # STREAMINFO: 20 bits rate, 3 channels, 5 depth, 36 samples
    struct.pack_into(">Q", data, 18, word & ~((1 << 36) - 1) | 60 * rate)
    path.write_bytes(data)
    return path


def test_a_small_file_that_would_decode_to_days_is_refused_whatever_it_claims(tmp_path: Path) -> None:
    bomb = _flac_of_days(tmp_path / "bomb.flac")
    assert bomb.stat().st_size < 2_000_000
    begun = time.monotonic()
    with pytest.raises(MediaError, match="would last more than 12 h"):
        check_song(bomb)
    assert time.monotonic() - begun < 5


def test_callers_name_files_under_the_open_folders_only(tmp_path: Path, store: Store, small_song: Path) -> None:
    inside, outside = tmp_path / "music", tmp_path / "private"
    inside.mkdir()
    outside.mkdir()
    for folder in (inside, outside):
        (folder / "song.flac").write_bytes(small_song.read_bytes())
    (inside / "link.flac").symlink_to(outside / "song.flac")
    with using(read(flow_run="a run", songs=(str(inside),))):
        for given in (str(inside / "song.flac"), "song.flac", "./song.flac"):
            assert source_of(given, None, store).path == inside / "song.flac"
        for given in (
            str(outside / "song.flac"),
            "../private/song.flac",
            f"{inside}/../private/song.flac",
            "link.flac",
            "/etc/passwd",
            "a\0b",
            "x" * 5000,
        ):
            with pytest.raises(UserError, match="there is no song at"):
                source_of(given, None, store)
    with using(read(flow_run="a run")), pytest.raises(UserError, match="set SONGREEL_SONGS"):
        source_of(str(inside / "song.flac"), None, store)
    with using(read()):  # the terminal
        assert source_of(str(outside / "song.flac"), None, store).path == outside / "song.flac"


def test_callers_name_buckets_that_are_open_when_any_are_named(store: Store, s3: Bucket, small_song: Path) -> None:
    with entered(s3.environment):
        Store(s3.url).fs.put_file(str(small_song), f"{s3.name}/private/a.flac")
        Store(s3.url).fs.put_file(str(small_song), f"{s3.name}/inbox/a.flac")
        with using(read(flow_run="a run", songs=(f"{s3.url}/inbox",))):
            assert source_of(f"{s3.url}/inbox/a.flac", None, store).name == "a"
            for key in ("private/a.flac", "inboxes/a.flac"):
                with pytest.raises(UserError, match="SONGREEL_SONGS opens other places"):
                    source_of(f"{s3.url}/{key}", None, store)


def test_the_terminal_brings_a_song_from_its_address_and_takes_a_path_as_it_is(s3: Bucket, small_song: Path, tmp_path: Path) -> None:
    with entered(s3.environment):
        Store(s3.url).fs.put_file(str(small_song), f"{s3.name}/here/My Song.flac")
        path = brought(f"{s3.url}/here/My Song.flac", str(tmp_path / "store"))
    assert (path.name, path.read_bytes()) == ("My Song.flac", small_song.read_bytes())
    assert brought("any/where.flac", None) == Path("any/where.flac")


def test_a_song_in_a_bucket_that_is_missing_or_too_large_is_told(store: Store, s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(s3.environment):
        Store(s3.url).fs.pipe_file(f"{s3.name}/big.flac", b"x" * 2_000_000)
        with pytest.raises(UserError, match=f"nothing at {s3.url}/none.flac"):
            source_of(f"{s3.url}/none.flac", None, store)
        with using(read(upload_limit_mb=1)), pytest.raises(UserError, match="at most 1048576 are taken"):
            source_of(f"{s3.url}/big.flac", None, store)


@pytest.mark.parametrize(
    ("song", "says"),
    [
        ("http://songs.example/a.mp3", "not taken from http://"), ("file:///etc/passwd", "not taken from file://"),
        ("media:" + "0" * 64 + ".flac#x", "it expired or was never put there"), ("media:../../etc", "names no content"),
        ("media:" + "0" * 64 + "/../x", "names no content"), ("", "there is no song"),
    ],
)  # fmt: skip
def test_other_names_of_songs_are_refused(store: Store, song: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        source_of(song, None, store)


@pytest.mark.parametrize("title", ["../../evil", "a/b\0c", "x" * 900, "..", "", "Ünï – ☂", "-rf"])
def test_a_title_from_a_caller_is_a_file_name_in_the_scratch_folder_and_nothing_else(store: Store, small_song: Path, title: str) -> None:
    source = source_of(address_of(store.put_file(small_song), title), None, store)
    assert source.path is not None
    assert source.path.parent.parent == store.scratch / "songs"
    assert source.path.read_bytes() == small_song.read_bytes()


def test_the_setting_takes_folders_and_addresses_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGREEL_SONGS", "/music:s3://inbox/new:/more")
    assert read().songs == ("/music", "s3://inbox/new", "/more")
