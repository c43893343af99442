"""A report as rows for a person, in a terminal and on a page alike."""

from schemas import Report


def rows_of(report: Report) -> list[tuple[str, str]]:
    """What was measured, and its value in words."""
    cuts = report.cuts
    return [
        ("picture", f"{report.frames} frames, {report.width}x{report.height}, {float(report.fps):g} a second"),
        ("length", f"{report.length_error_frames:+.2f} frames from the song"),
        ("sound", f"{report.audio_offset_ms:+.1f} ms off"),
        (
            "cuts",
            f"{cuts.count}, at most {cuts.max_error_frames:.2f} frames off, {cuts.on_beat_share:.0%} on the beat ({cuts.by_chance:.0%} by chance)",
        ),
        ("still clips", ", ".join(map(str, report.still_clips)) or "none"),
        ("Ken Burns clips", ", ".join(map(str, report.ken_burns_clips)) or "none"),
        ("black frames", str(report.black_frames)),
        ("flashes", f"at most {report.flashes_per_second_max:.1f} a second"),
        (
            "motion on beats",
            f"{report.beat_alignment:.2f} times that elsewhere; half a beat off {report.beat_alignment_off_beat:.2f}, "
            f"with the sound shuffled {report.beat_alignment_by_chance:.2f}, one in forty over {report.beat_alignment_chance_high:.2f}",
        ),
        (
            "motion in loud parts",
            f"{report.loud_motion:.2f} times that in quiet ones, {report.loud_decibels:.0f} dB softer; "
            f"with the sound shuffled one in forty over {report.loud_motion_chance_high:.2f}",
        ),
        *(("BROKEN RULE", violation.sentence) for violation in report.violations),
    ]
