"""What is news between two nights."""

from rows import failed, flaw, reported, state

from pai_report.batch.digest import changes, digest_page
from pai_report.batch.model import Row
from pai_report.batch.names import safe_name
from pai_report.batch.state import State

NOTHING: frozenset[tuple[str, str]] = frozenset()


def news(last: State | None, *rows: Row, quiet: frozenset[tuple[str, str]] = NOTHING) -> list[tuple[str, str, str]]:
    """Kind, run and words of every change."""
    return [(line.kind, line.run, line.words) for line in changes(last, rows, quiet).lines]


def test_nothing_new() -> None:
    """Two equal nights, failures included, are no news."""
    rows = (reported("a", flaw("PAI101")), failed("b"))

    assert news(state(*rows), *rows) == []


def test_findings_new_worse_and_fixed() -> None:
    """Each finding that came, grew more severe or went is one line; one that grew less severe is none."""
    before = reported("a", flaw("PAI101"), flaw("PAI102", "low"), flaw("PAI103"), flaw("PAI105", "high"))
    now = reported("a", flaw("PAI102", "high"), flaw("PAI103"), flaw("PAI104", "critical"), flaw("PAI105", "low"))

    assert news(state(before), now) == [
        ("New findings", "a", "PAI104, critical: Something was seen"),
        ("Worse findings", "a", "PAI102, high: Something was seen (was low)"),
        ("Fixed findings", "a", "PAI101, medium: Something was seen"),
    ]


def test_a_changed_verdict_is_told_in_words() -> None:
    """From what to what."""
    assert news(state(reported("a", verdict="within-noise")), reported("a")) == [
        ("Changed verdicts", "a", "within noise → improved")
    ]


def test_failures_come_first_and_recoveries_next() -> None:
    """A run that fails, one that fails otherwise than before, one that is back; of their findings nothing is compared."""
    last = state(reported("a", flaw("PAI101")), failed("b"), failed("c"))

    assert news(last, failed("a"), failed("b", "Now otherwise."), reported("c", flaw("PAI101", "low"))) == [
        ("Failed", "a", "It broke."),
        ("Failed", "b", "Now otherwise."),
        ("Recovered", "c", "Yes. Findings: 1 low."),
    ]


def test_new_and_vanished_runs() -> None:
    """A renamed run is a new one, and one that is gone."""
    assert news(state(reported("a")), reported("b")) == [
        ("New runs", "b", "Yes."),
        ("Vanished runs", "a", "no longer there"),
    ]


def test_known_findings_are_quiet() -> None:
    """A finding that is known is neither new nor worse; that it is fixed is good news all the same."""
    name = safe_name("a")
    now = reported("a", flaw("PAI101"), flaw("PAI102", "high"))
    quiet = frozenset({(name, "PAI101"), (name, "PAI102")})

    assert news(state(reported("a", flaw("PAI102"))), now, quiet=quiet) == []
    assert news(state(now, quiet=tuple(quiet)), reported("a", flaw("PAI102", "high")), quiet=quiet) == [
        ("Fixed findings", "a", "PAI101, medium: Something was seen")
    ]


def test_a_finding_that_becomes_known_is_not_fixed() -> None:
    """To say that one knows does not mend it."""
    now = reported("a", flaw("PAI101"))

    assert news(state(now), now, quiet=frozenset({(safe_name("a"), "PAI101")})) == []


def test_the_page_escapes_what_runs_are_called() -> None:
    """Names and titles hold no markup in the digest."""
    row = reported("a`b|*c*\n# d", flaw("PAI101", title="<b>[x](y)"))
    page = digest_page(changes(state(reported("a`b|*c*\n# d")), (row,), NOTHING))

    lines = page.splitlines()
    assert lines[0] == "# 1 change since the last night"
    assert lines[4] == f"- [``a`b|*c* # d``](runs/{row.name}/report.html): PAI101, medium: \\<b\\>\\[x\\](y)"
