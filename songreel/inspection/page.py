"""The report as files: ``report.json`` for programs, ``report.html`` for people (one page, nothing fetched from elsewhere)."""

import base64
import io
from html import escape
from pathlib import Path
from string import Template

from schemas import Report
from songreel.inspection import rules
from songreel.inspection.evidence import Evidence, MeasuredClip

PAGE = Path(__file__).with_name("page.html")
JPEG = 82  # quality of the contact strip
SHOWN = 4  # sentences of one rule that the table holds
RULES = (
    ("cuts", "Cuts lie on the beat"),
    ("length", "Picture ends with the song"),
    ("soundtrack", "The soundtrack is the master"),
    ("ken_burns", "No Ken Burns"),
    ("slideshow", "No slideshow"),
    ("flashes", "No harmful flashing"),
    ("black", "No black holes"),
)
"""The hard rules in the order of the page."""


def write_report(report: Report, evidence: Evidence, folder: Path) -> tuple[Path, Path]:
    """Write ``report.json`` and ``report.html`` into a folder.

    Returns:
        The two paths, JSON first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return _write(folder / "report.json", report.model_dump_json(indent=2)), _write(folder / "report.html", html_page(report, evidence))


def _write(path: Path, text: str) -> Path:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    return part.replace(path)


def html_page(report: Report, evidence: Evidence) -> str:
    """The page of one report."""
    from songreel.inspection import plots

    broken = len({violation.rule for violation in report.violations})
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        film=escape(evidence.film),
        master=escape(evidence.master),
        verdict="every hard rule holds" if report.passed else f"{broken} hard rule{'s' * (broken > 1)} broken",
        verdict_class="" if report.passed else "broken",
        facts=f"{report.frames} frames · {float(report.fps):g} a second · {report.width} × {report.height} · {report.duration:.2f} s",
        rules="".join(_row(rule, title, report, evidence) for rule, title in RULES),
        cuts_words=_cuts_words(report, evidence), cuts_plot=plots.cuts_plot(evidence),
        motion_words=_motion_words(evidence), motion_plot=plots.motion_plot(evidence),
        light_words=f"Flashes over more than a quarter of a ten-degree field, at most {rules.FLASHES} in any second (WCAG 2.3.1).",
        light_plot=plots.light_plot(evidence),
        sound_words=_sound_words(evidence), sound_plot=plots.sound_plot(evidence),
        strip="".join(_thumbnail(clip, evidence) for clip in evidence.clips),
        notes=_notes(report),
    )  # fmt: skip


def _row(rule: str, title: str, report: Report, evidence: Evidence) -> str:
    broken = [violation for violation in report.violations if violation.rule == rule]
    why = "".join(f'<div class="why">{escape(violation.sentence)}</div>' for violation in broken[:SHOWN])
    more = f'<div class="why">and {len(broken) - SHOWN} more</div>' if len(broken) > SHOWN else ""
    mark = '<td class="mark broken">broken</td>' if broken else '<td class="mark">holds</td>'
    return f'<tr>{mark}<td class="rule">{title}</td><td>{_figures(rule, report, evidence)}{why}{more}</td></tr>'


def _figures(rule: str, report: Report, evidence: Evidence) -> str:
    """What was measured for one rule, in words."""
    left_over = min((clip.verdict.left_over for clip in evidence.clips), default=1.0)
    red, general = int(evidence.red.max()), int(evidence.general.max())
    words = {
        "cuts": f"{report.cuts.count} cuts, at most {report.cuts.max_error_frames:.2f} frames from a beat; at most 0.5 is allowed",
        "length": f"picture {report.length_error_frames:+.2f} frames against the master; at most 1 is allowed",
        "soundtrack": f"{report.audio_offset_ms:+.2f} ms, correlation {evidence.sound.alike:.4f}, level {evidence.sound.gain_db:+.2f} dB",
        "ken_burns": f"{len(report.ken_burns_clips)} of {len(evidence.clips)} clips; one global motion leaves at least {left_over:.0%} unexplained",
        "slideshow": f"{len(report.still_clips)} still clips, {len(evidence.repeated)} repeated frames",
        "flashes": f"at most {general} general and {red} red flashes in any second; {rules.FLASHES} are allowed",
        "black": f"{report.black_frames} black frames",
    }
    return escape(words[rule])


def _cuts_words(report: Report, evidence: Evidence) -> str:
    if not evidence.beats:
        return "No beat grid was given, so the cuts are not judged."
    return (
        f"{report.cuts.on_beat_share:.0%} of the cuts lie on a beat; cuts thrown at random would reach {report.cuts.by_chance:.0%}. "
        "Each dot is a cut as found in the picture; the band is half a frame, as near as whole frames allow."
    )


def _motion_words(evidence: Evidence) -> str:
    alignment = evidence.alignment
    return (
        f"Within a frame of the beat the picture moves {alignment.ratio:.2f} times as much as elsewhere. Half a beat off it is "
        f"{alignment.off_beat:.2f}; with the sound shuffled {alignment.chance:.2f}, one in forty over {alignment.chance_high:.2f}. "
        f"In the loudest third of the song it moves {alignment.loud:.2f} times as much as in the quietest, which is "
        f"{alignment.louder:.0f} dB softer; shuffled, one in forty over {alignment.loud_chance_high:.2f}."
    )


def _sound_words(evidence: Evidence) -> str:
    if evidence.sound.silent:
        return "The master is silent, so there is no offset to measure."
    return f"Offset of the film's sound against the master along the song; the band is ±{rules.OFFSET * 1000:.0f} ms."


def _thumbnail(clip: MeasuredClip, evidence: Evidence) -> str:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(clip.still).save(buffer, "JPEG", quality=JPEG)
    data = base64.b64encode(buffer.getvalue()).decode()
    verdict = clip.verdict
    fault = "still" if verdict.still else "Ken Burns" if verdict.ken_burns else "stutters" if verdict.repeats else ""
    seconds = f"{verdict.start / float(evidence.fps):.2f} to {verdict.stop / float(evidence.fps):.2f} s"
    caption = f"{clip.scene} · {seconds}" + (f" · <b>{fault}</b>" if fault else "")
    picture = f'<img alt="clip {clip.scene}" src="data:image/jpeg;base64,{data}">'
    return f"<figure{' class=broken' if fault else ''}>{picture}<figcaption>{caption}</figcaption></figure>"


def _notes(report: Report) -> str:
    if not report.notes:
        return "<p>None.</p>"
    items = (f"<li>{escape(note.stage)}: {escape(note.took)}, because {escape(note.because)}</li>" for note in report.notes)
    return f"<ul>{''.join(items)}</ul>"
