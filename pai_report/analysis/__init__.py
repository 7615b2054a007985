"""What the numbers say: pure functions on the series of a run. Nothing here words anything."""

from pai_report.analysis.analyse import analyse

__all__ = ["analyse"]
