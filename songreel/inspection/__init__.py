"""9 check: the delivered file, measured."""

from songreel.inspection.check import examine, inspect
from songreel.inspection.evidence import Evidence, Inspection
from songreel.inspection.page import write_report

__all__ = ["Evidence", "Inspection", "examine", "inspect", "write_report"]
