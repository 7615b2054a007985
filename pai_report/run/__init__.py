"""What is on disk: finds, reads and orders the files of one training run."""

from pai_report.run.read import read_run

__all__ = ["read_run"]
