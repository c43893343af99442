"""The media ground: probing, decoding to the sample, writing clips that can stand in one stream."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
import soundfile

from schemas import Encoding
from songreel.errors import MediaError
from songreel.media.loudness import integrated_loudness
from songreel.media.probe import AudioFacts, VideoFacts, probe
from songreel.media.sound import Sound, decode, write_flac, write_wav
from songreel.media.tool import ffmpeg_path, run
from songreel.media.video import ClipWriter, count_frames, keyframes_of, read_frames
from tests.media_files import ENCODING, FPS, HEIGHT, PARAMETERS, RATE, WIDTH, lag, music, number_of, numbered, song_file, write_numbered


@pytest.mark.parametrize("kind", PARAMETERS)
def test_the_first_decoded_sample_is_the_songs_first_in_every_format(kind: str, tmp_path: Path) -> None:
    sound = decode(song_file(tmp_path, kind))
    truth = music(3.0, sound.rate)[:, 0] if sound.rate == RATE else decode(tmp_path / "source.f32.wav", rate=sound.rate).samples[:, 0]
    delay = 1024 if kind == "aac" else 0  # a bare AAC stream cannot say how long its encoder's delay is
    assert abs(lag(sound.samples[:, 0], truth) - delay) <= 1
    assert sound.duration == pytest.approx(3.0, abs=0.05 if kind == "aac" else 1e-9)


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus", "flac"])
def test_decoding_gives_the_samples_that_the_ffmpeg_program_gives(kind: str, tmp_path: Path) -> None:
    path = song_file(tmp_path, kind)
    done = subprocess.run([ffmpeg_path(), "-v", "error", "-i", str(path), "-f", "f32le", "-"], check=True, capture_output=True)
    theirs = np.frombuffer(done.stdout, np.float32).reshape(-1, 2)
    np.testing.assert_allclose(decode(path).samples, theirs, atol=1e-4)


def test_a_span_is_cut_to_the_sample(tmp_path: Path) -> None:
    path = song_file(tmp_path, "mp3")
    whole, part = decode(path).samples, decode(path, start=1.0, duration=0.5).samples
    np.testing.assert_array_equal(part, whole[RATE : RATE + RATE // 2])
    assert len(decode(path, start=99.0).samples) == 0


def test_mono_at_another_rate_is_mixed_without_getting_louder(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    write_wav(Sound(np.full((RATE, 2), 0.9, np.float32), RATE), path)
    mono = decode(path, rate=22050, mono=True)
    assert mono.samples.shape == (22050,)
    assert mono.samples[1000:-1000] == pytest.approx(0.9, abs=1e-3)


def test_damaged_packets_are_skipped_and_counted(tmp_path: Path) -> None:
    path = song_file(tmp_path, "m4a", 6.0)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 40000
    data[middle : middle + 20000] = b"\x55" * 20000
    path.write_bytes(data)
    sound = decode(path)
    assert sound.damaged > 0
    assert 4.0 < sound.duration < 6.0


def test_numbers_that_no_recording_holds_become_silence(tmp_path: Path) -> None:
    samples = music(1.0)
    samples[100], samples[200] = np.nan, 1e30
    soundfile.write(tmp_path / "x.wav", samples, RATE, subtype="FLOAT")
    sound = decode(tmp_path / "x.wav")
    assert np.abs(sound.samples).max() <= 1
    assert sound.damaged
    assert not sound.samples[100].any()


def test_flac_holds_24_bits_exactly_and_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    samples = np.round(music(1.0) * 2**23).astype(np.float32) / np.float32(2**23)
    write_flac(Sound(samples, RATE), tmp_path / "x.flac")
    np.testing.assert_array_equal(decode(tmp_path / "x.flac").samples, samples)
    with pytest.raises(soundfile.LibsndfileError):
        write_flac(Sound(np.zeros((10, 9), np.float32), RATE), tmp_path / "nine.flac")
    assert [path.name for path in tmp_path.iterdir()] == ["x.flac"]


def test_loudness_of_a_sine_is_what_the_standard_says(tmp_path: Path) -> None:
    time = np.arange(RATE * 5) / RATE
    tone = (np.sin(2 * np.pi * 997 * time) * 10 ** (-23 / 20)).astype(np.float32)
    write_wav(Sound(np.stack([tone, tone], axis=1), RATE), tmp_path / "x.wav")  # EBU Tech 3341, case 1
    assert integrated_loudness(tmp_path / "x.wav") == pytest.approx(-23.0, abs=0.1)
    write_wav(Sound(np.zeros((RATE * 2, 2), np.float32), RATE), tmp_path / "silent.wav")
    assert integrated_loudness(tmp_path / "silent.wav") == -70.0


def test_a_probe_tells_sound_and_picture_and_leaves_cover_art_out(tmp_path: Path) -> None:
    found = probe(song_file(tmp_path, "m4a"))
    assert (found.container, found.audio, found.video) == ("mp4", AudioFacts("aac", RATE, 2), None)
    clip = write_numbered(tmp_path / "c.mp4", 0, 0, 15)
    assert probe(clip).video == VideoFacts("h264", WIDTH, HEIGHT, FPS, 15)
    cover = tmp_path / "covered.mp3"
    still = ["-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic", "-map", "0", "-map", "1:v", "-c:a", "copy"]
    command = [ffmpeg_path(), "-v", "error", "-i", str(song_file(tmp_path, "mp3")), "-i", str(clip), *still, str(cover)]
    subprocess.run(command, check=True)
    assert probe(cover).video is None


def test_playlists_that_name_other_files_are_not_followed(tmp_path: Path) -> None:
    song_file(tmp_path, "mp3")
    for text in ("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\nsong.mp3\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile song.mp3\n"):
        (tmp_path / "list.mp3").write_text(text)
        with pytest.raises(MediaError, match=r"list\.mp3 is text: a song in MP3"):
            probe(tmp_path / "list.mp3")


def test_frames_come_back_by_number_size_and_step(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "c.mp4", 0, 100, 40)
    assert [number_of(frame) for frame in read_frames(path, pixel_format="gray", start=5, stop=30, step=10)] == [105, 115, 125]
    frame = next(read_frames(path, width=160, height=90))
    assert frame.shape == (90, 160, 3)
    assert next(read_frames(path, pixel_format="yuv420p")).shape == (HEIGHT * 3 // 2, WIDTH)


def test_gray_is_the_luma_as_it_is_stored(tmp_path: Path) -> None:
    with ClipWriter(tmp_path / "c.mp4", width=64, height=64, fps=FPS, encoding=ENCODING) as writer:
        writer.write_yuv(np.full((64, 64), 83, np.uint8), np.full((32, 32), 91, np.uint8), np.full((32, 32), 196, np.uint8))
    for size in (64, 32):
        assert abs(next(read_frames(tmp_path / "c.mp4", width=size, height=size, pixel_format="gray")).mean() - 83) < 1.5


def test_colours_survive_the_way_through_bt709(tmp_path: Path) -> None:
    colour = (200, 50, 30)
    with ClipWriter(tmp_path / "c.mp4", width=64, height=64, fps=FPS, encoding=ENCODING) as writer:
        writer.write_rgb(np.full((64, 64, 3), colour, np.uint8))
    assert next(read_frames(tmp_path / "c.mp4"))[32, 32] == pytest.approx(colour, abs=4)
    with av.open(str(tmp_path / "c.mp4")) as container:
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc, context.color_range)
    assert tags == (1, 1, 1, 1)


def test_keyframes_lie_where_they_were_asked_for_and_nowhere_else(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "c.mp4", 0, 0, 60, keyframes=(0, 7, 50), encoding=Encoding())
    assert keyframes_of(path) == (0, 7, 50)
    assert count_frames(path) == 60
    assert [number_of(frame) for frame in read_frames(path, pixel_format="gray")] == list(range(60))


def test_each_keyframe_begins_a_closed_group_that_decodes_alone(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "c.mp4", 0, 0, 60, keyframes=(0, 20, 40), encoding=Encoding())
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        container.seek(round(20 / FPS / stream.time_base), stream=stream)
        group = [packet for packet in container.demux(stream) if packet.size][:20]
        context = av.CodecContext.create("h264", "r")
        context.extradata = stream.codec_context.extradata
        frames = [frame for packet in group for frame in context.decode(packet)] + context.decode(None)
    assert [number_of(frame.to_ndarray()[:HEIGHT]) for frame in frames] == list(range(20, 40))


@pytest.mark.parametrize("encoding", [Encoding(), Encoding(preset="medium", crf=17), Encoding(preset="superfast", crf=25, threads=1)])
def test_all_clips_of_one_encoding_have_the_same_sps_and_pps(encoding: Encoding, tmp_path: Path) -> None:
    def parameters(name: str, scene: int, count: int, keyframes: tuple[int, ...]) -> bytes:
        with av.open(str(write_numbered(tmp_path / name, scene, scene * 500, count, keyframes, encoding))) as container:
            return bytes(container.streams.video[0].codec_context.extradata)

    assert parameters("a.mp4", 0, 45, (0, 5, 40)) == parameters("b.mp4", 3, 3, (0,))


def test_equal_frames_give_equal_bytes(tmp_path: Path) -> None:
    first, again = (write_numbered(tmp_path / name, 1, 0, 40, encoding=Encoding()).read_bytes() for name in ("a.mp4", "b.mp4"))
    assert first == again


def test_planes_may_be_read_only_or_part_of_a_larger_picture(tmp_path: Path) -> None:
    y, u, v = (np.pad(plane, 8, mode="edge")[8:-8, 8:-8] for plane in numbered(0, 77))
    y.flags.writeable = False
    with ClipWriter(tmp_path / "c.mp4", width=WIDTH, height=HEIGHT, fps=FPS, encoding=ENCODING) as writer:
        writer.write_yuv(y, u, v)
    assert number_of(next(read_frames(tmp_path / "c.mp4", pixel_format="gray"))) == 77


def test_a_clip_that_fails_half_way_is_not_there(tmp_path: Path) -> None:
    def half() -> None:
        with ClipWriter(tmp_path / "c.mp4", width=WIDTH, height=HEIGHT, fps=FPS, encoding=ENCODING) as writer:
            writer.write_yuv(*numbered(0, 0))
            writer.write_yuv(*numbered(0, 1, 160, 90))

    with pytest.raises(MediaError, match=r"frame 1 of c\.mp4 is 160x90, not 320x180"):
        half()
    assert list(tmp_path.iterdir()) == []


def test_odd_frame_rates_stay_exact(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    with ClipWriter(tmp_path / "c.mp4", width=64, height=64, fps=rate, encoding=ENCODING) as writer:
        for _ in range(40):
            writer.write_rgb(np.zeros((64, 64, 3), np.uint8))
    assert probe(tmp_path / "c.mp4").video == VideoFacts("h264", 64, 64, rate, 40)


def test_a_failing_ffmpeg_tells_the_end_of_its_own_message(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"No such file or directory"):
        run(ffmpeg.input(str(tmp_path / "missing.wav")).output(str(tmp_path / "x.wav")))
