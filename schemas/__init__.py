"""What flows between the stages: frozen models, one file per stage."""

from schemas.analysis import CURVES, Analysis, GridEdit, Instrument, Section, SectionLabel, TempoCandidate
from schemas.backend import BackendProfile, BackendStatus, FramesRule
from schemas.base import Fps, Model, Note
from schemas.film import (
    Cost,
    CostLedger,
    CutReport,
    Film,
    FilmFile,
    FilmResult,
    Placement,
    Report,
    ReportSummary,
    SceneResult,
    Timeline,
    Violation,
)
from schemas.look import Camera, Colours, Hour, Look, PaletteName, Weather
from schemas.lyrics import Line, Lyrics, Word
from schemas.media import MediaRef
from schemas.plan import (
    Character,
    Genre,
    MusicSummary,
    Plan,
    Scene,
    Script,
    StoryBeat,
    Transition,
    TransitionKind,
    Treatment,
)
from schemas.request import Aspect, Container, FilmRequest, Quality
from schemas.shot import Clip, Encoding, Footage, Reference, ShotOrder, Sketch, Slot
from schemas.song import Song, TimedText
from schemas.stems import Stems

__all__ = [
    "CURVES",
    "Analysis",
    "Aspect",
    "BackendProfile",
    "BackendStatus",
    "Camera",
    "Character",
    "Clip",
    "Colours",
    "Container",
    "Cost",
    "CostLedger",
    "CutReport",
    "Encoding",
    "Film",
    "FilmFile",
    "FilmRequest",
    "FilmResult",
    "Footage",
    "Fps",
    "FramesRule",
    "Genre",
    "GridEdit",
    "Hour",
    "Instrument",
    "Line",
    "Look",
    "Lyrics",
    "MediaRef",
    "Model",
    "MusicSummary",
    "Note",
    "PaletteName",
    "Placement",
    "Plan",
    "Quality",
    "Reference",
    "Report",
    "ReportSummary",
    "Scene",
    "SceneResult",
    "Script",
    "Section",
    "SectionLabel",
    "ShotOrder", "Sketch",
    "Slot",
    "Song",
    "Stems",
    "StoryBeat",
    "TempoCandidate",
    "TimedText",
    "Timeline",
    "Transition",
    "TransitionKind",
    "Treatment",
    "Violation",
    "Weather",
    "Word",
]  # fmt: skip
