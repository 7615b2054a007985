"""The section on the library's own picture: nothing is said of it that the files of the run do not allow."""

from dataclasses import replace

import figure_cases as case
import pytest

from pai_report.analysis.model import Analysis
from pai_report.report.document import Paragraph, Picture, Prose
from pai_report.report.visuals import visualizations


def told(analysis: Analysis, *charts: str) -> tuple[str, str]:
    """The list of what the picture shows, and its alternative text."""
    sentence, shows, picture = visualizations(replace(analysis, picture="run.png"), charts).blocks
    assert isinstance(sentence, Paragraph)
    assert isinstance(shows, Prose)
    assert isinstance(picture, Picture)
    words = "".join(span.text for span in sentence.text)
    assert words == "Training visualizations have been automatically generated at run/run.png. This shows:"
    return shows.markdown, picture.alt


@pytest.mark.parametrize("charts", [(), ("architecture", "learning-rate")])
def test_only_charts_that_are_there_are_referred_to(charts: tuple[str, ...]) -> None:
    """A run with one network has no chart of score against parameters to look at; the requirement's four items stay."""
    shows, _ = told(case.plain_run(), *charts)

    assert [line.split(",")[0].split(":")[0] for line in shows.splitlines()] == [
        "- Score progression over epochs",
        "- Learning rate schedule",
        "- Dendrite addition timeline",
        "- Architecture performance comparison",
    ]
    assert ("see our chart of score against parameters" in shows) is bool(charts)
    assert ("our own chart" in shows) is bool(charts)


def test_sizes_that_are_not_known_are_not_promised() -> None:
    """Where a network has no parameter count, our chart is drawn over the dendrite sets."""
    run = case.plain_run()
    rows = (replace(run.gains.architectures[0], parameters=None), *run.gains.architectures[1:])
    shows, _ = told(replace(run, gains=replace(run.gains, architectures=rows)), "architecture")

    assert "see our chart of score against dendrite sets" in shows


def test_panels_are_those_that_the_files_allow() -> None:
    """The library draws rates, times and correlation scores of what it also writes to files; which of them is not known."""
    run = case.plain_run()
    bare = replace(run, track=case.track(learning_rate=None, epoch_seconds=None))
    scored = replace(run, modules=case.with_modules(case.module(".fc", 0.05)))

    assert told(bare)[1] == "The picture that the library drew for this run: scores over epochs with the switches."
    assert told(run)[1].endswith("; by the files of the run it can also show learning rate, epoch times.")
    assert told(scored)[1].endswith("it can also show correlation scores, learning rate, epoch times.")
    assert "Learning rate schedule: not in this picture" in told(bare)[0]
    assert "Learning rate schedule, where the library drew it" in told(run)[0]
