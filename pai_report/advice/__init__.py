"""What the analysis means and what to do: rules, verdict, order. Words with named quantities, no formatting."""

from pai_report.advice.judge import judge

__all__ = ["judge"]
