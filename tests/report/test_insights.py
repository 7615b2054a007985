"""Lines of the insight sections whose words depend on what kind of run it was."""

from dataclasses import replace

import figure_cases as case
from figure_reading import plain

from pai_report.analysis.model import Analysis
from pai_report.report.insights import baseline, impact, summary


def said(analysis: Analysis, identity: str) -> str:
    """The line of one requirement."""
    parts = (baseline, impact, summary)
    return next(plain(row.text) for part in parts for row in part.rows(analysis) if row.id == identity)


def test_no_ratio_of_sizes_that_are_counted_wrongly() -> None:
    """4 points for twice the parameters; not where the library counted the base network twice."""
    doubled = case.plain_run(efficiency=case.efficiency(doubled_base=True))

    assert said(case.plain_run(), "I5.3") == "4.00 points per +100 % parameters"
    assert said(doubled, "I5.3") == "not available: this library version counts the base network twice"
