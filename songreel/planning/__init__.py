"""4 imagine: the treatment, the scenes and the shot orders, by rules."""

from songreel.planning.orders import order
from songreel.planning.picture import ENCODINGS, Picture, picture
from songreel.planning.planner import plan, unplaced
from songreel.planning.prompting import reread
from songreel.planning.showing import image_of
from songreel.planning.sketches import sketches

__all__ = ["ENCODINGS", "Picture", "image_of", "order", "picture", "plan", "reread", "sketches", "unplaced"]
