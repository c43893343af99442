"""The report's plots as SVG text, drawn without any window or global state."""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from songreel.inspection.cuts import HALF_FRAME
from songreel.inspection.evidence import Evidence
from songreel.inspection.kinds import Floats
from songreel.inspection.rules import FLASHES, OFFSET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT, QUIET, LINE, ACCENT, GOOD, BAD, COOL = "#e6e8ec", "#98a0ad", "#2a2f38", "#e9b872", "#63d2a1", "#ff7a6b", "#7fb4ff"
POINTS = 1600
"""Most points of a curve; longer ones are drawn by the extremes of equal pieces."""
CLOSE = 12.0
"""Seconds shown of the motion curve, so that single beats can be told apart."""
STYLE: Any = {
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none", "svg.fonttype": "none", "svg.hashsalt": "songreel",
    "text.color": QUIET, "axes.labelcolor": QUIET, "xtick.color": QUIET, "ytick.color": QUIET, "axes.edgecolor": LINE,
    "axes.spines.top": False, "axes.spines.right": False, "font.size": 9.0, "font.family": "sans-serif", "grid.color": LINE,
}  # fmt: skip


def cuts_plot(evidence: Evidence) -> str:
    """Each cut's distance from the nearest beat, in frames."""
    with _Drawing(1, 2.0) as drawing:
        axes = drawing.axes[0]
        measured = [(m.cut.frame / float(evidence.fps), m.distance, m.cut.seen) for m in evidence.cuts if m.distance is not None]
        axes.axhspan(-HALF_FRAME, HALF_FRAME, color=GOOD, alpha=0.14, lw=0)
        axes.axhline(0, color=LINE, lw=1)
        for at, distance, seen in measured:
            colour = QUIET if not seen else GOOD if abs(distance) <= HALF_FRAME + 0.02 else BAD
            axes.vlines(at, 0, distance, color=colour, lw=1)
            axes.plot(at, distance, "o", color=colour, ms=4)
        reach = max(1.0, *(1.15 * abs(distance) for _, distance, _ in measured)) if measured else 1.0
        axes.set(ylim=(-reach, reach), ylabel="frames from beat")
        _time_axis(axes, evidence)
        return drawing.svg("cuts")


def motion_plot(evidence: Evidence) -> str:
    """Twelve seconds of motion with the beats, and the motion folded over one beat."""
    with _Drawing(2, 2.3, widths=(3, 1)) as drawing:
        wide, folded = drawing.axes
        fps, motion = float(evidence.fps), evidence.alignment.motion
        seconds = np.arange(len(motion)) / fps
        begin = max(min(evidence.frames / fps / 2 - CLOSE / 2, evidence.frames / fps - CLOSE), 0.0)
        shown = (seconds >= begin) & (seconds <= begin + CLOSE)
        for beat in evidence.beats:
            if begin <= beat <= begin + CLOSE:
                wide.axvline(beat, color=ACCENT, lw=0.8, alpha=0.5)
        wide.fill_between(seconds[shown], np.nan_to_num(motion[shown]), color=COOL, alpha=0.25, lw=0)
        wide.plot(seconds[shown], motion[shown], color=COOL, lw=1)
        wide.set(xlim=(begin, begin + min(CLOSE, evidence.frames / fps)), ylim=(0, None), xlabel="seconds", ylabel="motion / clip median")
        _fold(folded, evidence, seconds)
        return drawing.svg("motion")


def _fold(axes: "Axes", evidence: Evidence, seconds: Floats) -> None:
    axes.set(xlabel="phase of the beat", xlim=(-0.5, 0.5))
    axes.axhline(1, color=LINE, lw=1)
    axes.axvline(0, color=ACCENT, lw=0.8, alpha=0.5)
    beats, known = np.asarray(evidence.beats, float), np.isfinite(evidence.alignment.motion)
    if len(beats) < 2 or not known.any():
        return
    phase = (np.interp(seconds, beats, np.arange(len(beats)), np.nan, np.nan) + 0.5) % 1 - 0.5
    known &= np.isfinite(phase)
    edges = np.linspace(-0.5, 0.5, 13)
    place = np.digitize(phase[known], edges) - 1
    values = evidence.alignment.motion[known]
    means = [values[place == k].mean() if (place == k).any() else np.nan for k in range(12)]
    axes.bar((edges[:-1] + edges[1:]) / 2, means, width=0.07, color=COOL, alpha=0.8)
    axes.set(ylim=(0, None))


def light_plot(evidence: Evidence) -> str:
    """Mean luminance over the film, and flashes a second under it."""
    with _Drawing(2, 2.6, rows=True) as drawing:
        light, flashes = drawing.axes
        seconds = np.arange(evidence.frames) / float(evidence.fps)
        x, y = _thinned(seconds, evidence.light)
        light.fill_between(x, y, color=ACCENT, alpha=0.2, lw=0)
        light.plot(x, y, color=ACCENT, lw=1)
        light.set(ylim=(0, 1), ylabel="luminance")
        for count, colour, name in ((evidence.general, COOL, "general"), (evidence.red, BAD, "red")):
            flashes.plot(*_thinned(seconds, count.astype(float)), color=colour, lw=1.2, label=name, drawstyle="steps-post")
        flashes.axhline(FLASHES, color=BAD, lw=0.8, ls="--")
        flashes.set(ylim=(0, max(4.0, float(evidence.general.max()) + 1, float(evidence.red.max()) + 1)), ylabel="flashes / s")
        flashes.legend(frameon=False, ncols=2, loc="upper right", labelcolor=QUIET)
        light.set(xlim=(0, seconds[-1]), xticklabels=[])
        _time_axis(flashes, evidence)
        return drawing.svg("light")


def sound_plot(evidence: Evidence) -> str:
    """Offset of the film's sound in windows along the song, in ms."""
    with _Drawing(1, 1.6) as drawing:
        axes = drawing.axes[0]
        at = [time for time, _, _ in evidence.sound.offsets]
        offsets = [offset * 1000 for _, offset, _ in evidence.sound.offsets]
        axes.axhspan(-OFFSET * 1000, OFFSET * 1000, color=GOOD, alpha=0.14, lw=0)
        axes.plot(at, offsets, "o-", color=COOL, lw=1, ms=4)
        reach = max(2 * OFFSET * 1000, *(1.2 * abs(offset) for offset in offsets)) if offsets else 2 * OFFSET * 1000
        axes.set(ylim=(-reach, reach), ylabel="ms late")
        _time_axis(axes, evidence)
        return drawing.svg("sound")


class _Drawing:
    """A figure with the report's look, given back as SVG text."""

    def __init__(self, count: int, height: float, *, widths: tuple[int, ...] = (1,), rows: bool = False) -> None:
        import matplotlib
        from matplotlib.figure import Figure

        self._style: Any = matplotlib.rc_context(STYLE)
        self._style.__enter__()
        self.figure: Figure = Figure(figsize=(10.4, height), layout="constrained")
        shape = (count, 1) if rows else (1, count)
        ratios = widths if len(widths) == shape[1] else None
        self.axes: list[Axes] = list(self.figure.subplots(*shape, squeeze=False, gridspec_kw={"width_ratios": ratios}).ravel())

    def __enter__(self) -> "_Drawing":
        return self

    def __exit__(self, *_: object) -> None:
        self._style.__exit__(None, None, None)

    def svg(self, name: str) -> str:
        buffer = io.StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None})
        text = buffer.getvalue()
        return text[text.index("<svg") :].replace('id="', f'id="{name}-').replace('"#', f'"#{name}-').replace("url(#", f"url(#{name}-")


def _time_axis(axes: "Axes", evidence: Evidence) -> None:
    axes.set(xlim=(0, max(evidence.frames / float(evidence.fps), 0.1)), xlabel="seconds")


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A curve of at most `POINTS` points that keeps every peak and valley."""
    if len(x) <= POINTS:
        return x, y
    step = -(-len(x) * 2 // POINTS)
    pieces = range(0, len(x), step)
    keep = np.unique([k + extreme for k in pieces for extreme in (int(y[k : k + step].argmin()), int(y[k : k + step].argmax()))])
    return x[keep], y[keep]
