"""Lines of the insight sections whose words depend on what kind of run it was."""

from dataclasses import replace

import figure_cases as case
from figure_reading import plain

from pai_report.analysis.model import Analysis
from pai_report.report.front import key_figures
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


def test_an_unproven_set_is_not_counted_as_kept() -> None:
    """Three sets are in the network of a run that stopped in its third: two kept, one unproven, three tried."""
    proven = case.lifecycle(kept=3, tried=3, attempts=3)
    stopped = case.lifecycle(kept=3, tried=3, attempts=3, last_set_proven=False, finished=False, ended_by="stopped")
    open_end = case.lifecycle(kept=3, tried=3, attempts=3, last_set_proven=False, finished=None, ended_by="unknown")

    assert said(case.plain_run(lifecycle=open_end), "I1.3").endswith("; nothing shows that the library had judged the last one")
    assert said(case.plain_run(lifecycle=proven), "I1.3") == "3 kept, 3 tried"
    assert said(case.plain_run(lifecycle=proven), "I3.1") == "yes: 3 sets kept, 3 tried"
    assert said(case.plain_run(lifecycle=stopped), "I1.3").startswith("2 kept, 1 unproven, 3 tried; the run stopped")
    assert said(case.plain_run(lifecycle=stopped), "I3.1") == "yes: 2 sets kept, 1 unproven, 3 tried"


def test_the_key_figure_counts_sets_as_the_insights_do() -> None:
    """Without a gain page one shows the number of sets kept, and beside it what became of the others."""
    run = case.plain_run(lifecycle=case.lifecycle(kept=2, tried=2, last_set_proven=False))
    figures = key_figures(replace(run, gains=replace(run.gains, gain=None))).figures

    assert ("1", "dendrite set kept, 1 unproven, 2 tried") in [(held.value, plain(held.caption)) for held in figures]
