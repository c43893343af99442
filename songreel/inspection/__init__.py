"""9 check: the delivered file, measured."""

from songreel.inspection.check import examine, inspect
from songreel.inspection.evidence import Evidence, Inspection

__all__ = ["Evidence", "Inspection", "examine", "inspect"]
