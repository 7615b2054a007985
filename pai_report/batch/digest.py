"""What changed since the last night, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence

from pai_report.batch.model import RANK, Flaw, Row
from pai_report.batch.names import is_folder
from pai_report.batch.state import State
from pai_report.batch.words import counted, verdict_words
from pai_report.report.gfm_text import gfm_code, gfm_plain
from pai_report.values import value

FAILED, RECOVERED, NEW = "Failed", "Recovered", "New runs"
VERDICTS, REACHED, WORSE, FIXED = "Changed verdicts", "New findings", "Worse findings", "Fixed findings"
VANISHED = "Vanished runs"
_ORDER = (FAILED, RECOVERED, NEW, VERDICTS, REACHED, WORSE, FIXED, VANISHED)


@value
class Change:
    """One line: what changed (`kind` is its heading), for which run, in plain words; `href` leads to its report."""

    kind: str
    run: str
    words: str
    href: str | None


@value
class Changes:
    """All that changed, in the order of the digest. `first`: no night before is known, or what is known is `forgotten`."""

    lines: tuple[Change, ...]
    first: bool
    forgotten: bool = False


def changes(last: State | None, rows: Sequence[Row], quiet: frozenset[tuple[str, str]], *, forgotten: bool = False) -> Changes:
    """What differs between the last whole night and `rows`; a finding in `quiet` is neither new nor worse."""
    before = {record.row.name: record.row for record in last.records} if last else {}
    hushed = frozenset(last.quiet) if last else frozenset()
    lines = [line for row in rows for line in _changed(before.get(row.name), row, hushed, quiet)]
    names = {row.name for row in rows}
    gone = sorted(
        (row for name, row in before.items() if name not in names and not is_folder(row.run)), key=lambda row: row.run
    )
    lines += [Change(kind=VANISHED, run=row.run, words="no longer there", href=None) for row in gone]
    return Changes(
        lines=tuple(sorted(lines, key=lambda line: _ORDER.index(line.kind))), first=last is None, forgotten=forgotten
    )


def digest_page(held: Changes) -> str:
    """The digest as GitHub-flavoured Markdown."""
    parts = [f"# {_headline(held)}"]
    for kind in _ORDER:
        lines = [_item(line) for line in held.lines if line.kind == kind]
        parts += [f"## {kind}", "\n".join(lines)] if lines else []
    return "\n\n".join(parts) + "\n"


def _headline(held: Changes) -> str:
    count = len(held.lines)
    if held.forgotten:
        return f"The memory of earlier nights could not be read: {counted(count, 'run')}"
    if held.first:
        return f"First night: {counted(count, 'run')}"
    return f"{counted(count, 'change')} since the last night" if count else "Nothing changed since the last night"


def _item(line: Change) -> str:
    run = gfm_code(line.run)
    return f"- {f'[{run}]({line.href})' if line.href else run}: {gfm_plain(line.words)}"


def _changed(
    before: Row | None, now: Row, hushed: frozenset[tuple[str, str]], quiet: frozenset[tuple[str, str]]
) -> Iterator[Change]:
    """The lines of one run."""
    href = now.reports[0][1] if now.reports else None

    def line(kind: str, words: str) -> Change:
        return Change(kind=kind, run=now.run, words=words, href=href)

    if now.failure is not None:
        if before is None or before.failure != now.failure:
            yield line(FAILED, now.failure.sentence)
    elif before is None or before.told is None:
        yield line(NEW if before is None else RECOVERED, _summary(now))
    else:
        if before.told.verdict != (verdict := now.told.verdict if now.told else ""):
            yield line(VERDICTS, f"{verdict_words(before.told.verdict)} → {verdict_words(verdict)}")
        for kind, words in _findings(before, now, hushed, quiet):
            yield line(kind, words)


def _findings(
    before: Row, now: Row, hushed: frozenset[tuple[str, str]], quiet: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """New, worse and fixed findings. One that was known until its day was over is new."""
    was, held = _by_code(before), _by_code(now)
    for code, flaw in held.items():
        if (now.name, code) in quiet:
            continue
        if code not in was:
            yield REACHED, _words(flaw)
        elif (now.name, code) in hushed:
            yield REACHED, f"{_words(flaw)} (was known; its time is over)"
        elif RANK[flaw.severity] < RANK[was[code].severity]:
            yield WORSE, f"{_words(flaw)} (was {was[code].severity})"
    for code, flaw in was.items():
        if code not in held:
            yield FIXED, _words(flaw)


def _by_code(row: Row) -> Mapping[str, Flaw]:
    return {flaw.code: flaw for flaw in row.flaws}


def _words(flaw: Flaw) -> str:
    return f"{flaw.code}, {flaw.severity}: {flaw.title}"


def _summary(row: Row) -> str:
    """The answer, and how many findings of each severity there are."""
    told = ", ".join(f"{count} {name}" for name, count in row.severities)
    answer = row.told.answer if row.told else ""
    return f"{answer} Findings: {told}." if told else answer
