"""pai-report: honest reports of PerforatedAI training runs."""

__version__ = "0.1.0"
