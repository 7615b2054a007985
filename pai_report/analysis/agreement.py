"""Do the tables of a run tell the same?

Sets, sizes and best scores stand in several tables, all written by one call of the library. A table that stands alone was
damaged afterwards: it is set right from the others and named. Where no majority exists nothing is set right, and the run
gets no verdict.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pai_report.analysis.best_agreement import with_agreed_best_scores
from pai_report.analysis.direction import direction
from pai_report.analysis.model import Direction, Disagreement
from pai_report.analysis.stand_in import with_switches
from pai_report.analysis.training_mode import training_mode
from pai_report.analysis.windows import tidy
from pai_report.run.model import BestRow, Kind, Recording, Run
from pai_report.settings import Settings
from pai_report.values import value

SIGNS: dict[Direction, int | None] = {"maximize": 1, "minimize": -1, "undecided": None}


@value
class Agreed:
    """A run whose tables tell the same, as far as a majority could be had, and every point on which they did not."""

    run: Run
    disagreements: tuple[Disagreement, ...]


def agreed(run: Run, settings: Settings) -> Agreed:
    """`run` with the table that stands alone set right from the others; nothing is raised.

    Rows of switches, parameter counts and best scores must count the same sets, pairs of switches be equal without
    Perforated Backpropagation, sizes be equal in both tables, and all columns of one run have as many rows as epochs.
    """
    points: list[Disagreement] = []
    for step in (_counted, _paired, _sized, _long_enough):
        run, more = step(run)
        points += more
    mode, _ = training_mode(run)
    decided, decided_by = direction(run, mode, settings)
    run, more = with_agreed_best_scores(run, mode, SIGNS[decided], told=decided_by in {"config", "script"})
    points += more
    return Agreed(run=run, disagreements=tuple(points))


def _counted(run: Run) -> tuple[Run, list[Disagreement]]:
    """Sets by the rows of the three tables: with n switch rows there are n + 1 sizes and n / 2 + 1 best rows."""
    switches, sizes, rows = _tables(run)
    if switches is None or sizes is None or rows is None:
        return run, _two_of(run)
    by_switches, by_sizes = len(switches), len(sizes) - 1
    scored = {row_count for row_count in (len(rows), len(rows) + 1) if row_count == len(rows) or _left_unscored(run, rows)}
    fits = {count: _whole(count, run) and count // 2 + 1 in scored for count in (by_switches, by_sizes)}
    if by_switches == by_sizes and fits[by_switches]:
        return run, []
    if by_switches == by_sizes and _whole(by_switches, run):
        return _without(run, "best-scores"), [_counts(run, "best-scores", by_switches // 2, len(rows) - 1)]
    if fits[by_sizes] and not fits[by_switches]:
        return _with_switch_rows(run, by_sizes), [_counts(run, "switch-epochs", by_sizes // 2, by_switches // 2)]
    if fits[by_switches] and not fits[by_sizes]:
        return _with_sizes(run, rows), [_counts(run, "parameter-counts", by_switches // 2, by_sizes // 2)]
    return run, [_counts(run, None, by_switches // 2, by_sizes // 2)]


def _tables(run: Run) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None, tuple[BestRow, ...] | None]:
    return run.canonical.switch_epochs, run.canonical.parameter_counts, run.canonical.best_rows


def _two_of(run: Run) -> list[Disagreement]:
    """Two tables that count differently: nobody can say which of them is right."""
    switches, sizes, rows = _tables(run)
    counts = [
        len(switches) // 2 if switches is not None else None,
        (len(sizes) - 1) // 2 if sizes else None,
        len(rows) - 1 if rows else None,
    ]
    known = [count for count in counts if count is not None]
    if len(known) != 2 or known[0] == known[1] or (rows is not None and known[0] == len(rows) and _left_unscored(run, rows)):
        return []
    return [_counts(run, None, known[0], known[1])]


def _whole(count: int, run: Run) -> bool:
    """Whether so many switch rows can be: without Perforated Backpropagation they come in pairs."""
    return count % 2 == 0 or not _gradient_descent(run)


def _left_unscored(run: Run, rows: Sequence[BestRow]) -> bool:
    """Whether the run ended right at a switch, so that its last network was never scored: no epoch follows it."""
    switches = run.canonical.switch_epochs or ()
    return bool(switches) and 2 * len(rows) == len(switches) and switches[-1] == run.canonical.epochs - 1


def _gradient_descent(run: Run) -> bool:
    """Whether the run trained by gradient descent, told by what one damaged table cannot hide."""
    recordings = (run.canonical, *run.snapshots)
    if any(score is not None for held in recordings for module in held.pb_scores or () for score in module.best_ever):
        return False
    configured = None if run.config is None else run.config.value("perforated_backpropagation")
    if configured is not None:
        return not configured
    sizes = run.canonical.parameter_counts or ()
    return len(sizes) > 2 and sizes[0] != sizes[1] == sizes[2]


def _with_switch_rows(run: Run, count: int) -> Run:
    """The run with `count` switch rows: from its own pairs, else from a snapshot, else without any that can be placed."""
    rows = run.canonical.switch_epochs or ()
    completed = _completed(rows, count)
    if completed is not None and _gradient_descent(run):
        return replace(run, canonical=replace(run.canonical, switch_epochs=completed))
    return with_switches(replace(run, canonical=replace(run.canonical, switch_epochs=None)))


def _completed(rows: Sequence[int], count: int) -> tuple[int, ...] | None:
    """Rows of which each epoch occurs twice: a missing half added, a half too many left out; None where that is not enough."""
    pairs = Counter(rows)
    completed = tuple(epoch for epoch in sorted(pairs) for _ in range(2))
    return completed if len(completed) == count and abs(len(rows) - count) == 1 else None


def _with_sizes(run: Run, rows: Sequence[BestRow]) -> Run:
    """The run with the sizes of its best rows; without any where those do not hold all of them."""
    known = [row.parameters for row in rows]
    if None in known:
        return _without(run, "parameter-counts")
    sizes = [size for size in known if size is not None]
    first, later = (sizes[:1], sizes[1:]) if _gradient_descent(run) else ([], sizes)
    switches = len(run.canonical.switch_epochs or ())
    counts = (*first, *(size for size in later for _ in range(2)))[: switches + 1]
    if len(counts) != switches + 1:
        return _without(run, "parameter-counts")
    return replace(run, canonical=replace(run.canonical, parameter_counts=tuple(counts)))


def _without(run: Run, kind: Kind) -> Run:
    """The run without one of its tables; the analysis then takes what the others tell."""
    missing = {"best-scores": {"best_rows": None}, "parameter-counts": {"parameter_counts": None}}[kind]
    return replace(run, canonical=replace(run.canonical, **missing))  # type: ignore[arg-type]


def _counts(run: Run, kind: Kind | None, most: int, other: int) -> Disagreement:
    """The tables count `most` sets, the one of `kind` counts `other`; no kind: there is no majority."""
    kinds: tuple[Kind, ...] = ("switch-epochs", "parameter-counts", "best-scores")
    return Disagreement(
        about="sets",
        file=None if kind is None else run.canonical.name(kind),
        others=tuple(name for other_kind in kinds if other_kind != kind and (name := run.canonical.name(other_kind))),
        row=None,
        expected=most,
        read=other,
    )


def _paired(run: Run) -> tuple[Run, list[Disagreement]]:
    """Both switch rows of a set are equal by gradient descent, they rise, and lie within the epochs."""
    rows = run.canonical.switch_epochs
    if not rows or len(rows) % 2 or not _epochs(run) or not _gradient_descent(run):
        return run, []
    row = _first_odd(rows, _epochs(run))
    if row is None:
        return run, []
    partner = rows[row - 1 if row % 2 else row + 1]
    point = Disagreement(
        about="switch-epochs",
        file=run.canonical.name("switch-epochs"),
        others=tuple(name for kind in ("scores", "best-scores") if (name := run.canonical.name(kind))),
        row=row + 2,
        expected=partner,
        read=rows[row],
    )
    trusted = with_switches(replace(run, canonical=replace(run.canonical, switch_epochs=None)))
    if trusted.canonical.switch_epochs is not None:
        return trusted, [point]
    mended = tuple(partner if place == row else epoch for place, epoch in enumerate(rows))
    if _first_odd(mended, _epochs(run)) is None:
        return replace(run, canonical=replace(run.canonical, switch_epochs=mended)), [point]
    return trusted, [replace(point, file=None, others=(*point.others, *filter(None, (point.file,))))]


def _first_odd(rows: Sequence[int], epochs: int) -> int | None:
    """Position of the first switch row that does not fit its partner, its neighbours or the epochs."""
    tops = tidy(rows, epochs)
    if len(tops) < len(rows):
        return len(tops)
    return next((place for place in range(1, len(rows), 2) if rows[place] != rows[place - 1]), None)


def _epochs(run: Run) -> int:
    """Epochs of the run by its longest table."""
    return max((length for _, length in _lengths(run.canonical)), default=0)


def _sized(run: Run) -> tuple[Run, list[Disagreement]]:
    """The size of each network stands in the best rows and, with sets by gradient descent twice, in the parameter counts."""
    points: list[Disagreement] = []
    for sets in range(len(run.canonical.best_rows or ())):
        votes = tuple(_votes(run, sets))
        most = _majority([size for size, _ in votes])
        told = {name for size, name in votes if size != most}
        if len({size for size, _ in votes}) < 2:
            continue
        points.append(_size_point(run, sets, votes, most))
        if most is not None and told:
            run = _with_size(run, sets, most)
    return run, points


def _votes(run: Run, sets: int) -> Iterator[tuple[int, Kind]]:
    """What the tables, and those of the run's snapshots, say of the size with `sets` sets."""
    places = [2 * sets, 2 * sets - 1] if sets and _gradient_descent(run) else [2 * sets]
    for recording in (run.canonical, *run.snapshots):
        counts, rows = recording.parameter_counts or (), recording.best_rows or ()
        known = [counts[place] for place in places if place < len(counts)]
        written = rows[sets].parameters if sets < len(rows) else None
        yield from ((size, "parameter-counts") for size in known)
        if written is not None:
            yield written, "best-scores"


def _majority(sizes: Sequence[int]) -> int | None:
    """The size that more than half of the places give."""
    size, count = Counter(sizes).most_common(1)[0] if sizes else (0, 0)
    return size if 2 * count > len(sizes) else None


def _size_point(run: Run, sets: int, votes: Sequence[tuple[int, Kind]], most: int | None) -> Disagreement:
    strangers = [(size, kind) for size, kind in votes if size != most]
    kinds = {kind for _, kind in strangers}
    alone = strangers[0][1] if most is not None and len(kinds) == 1 else None
    names = tuple(name for kind in ("parameter-counts", "best-scores") if kind != alone and (name := run.canonical.name(kind)))
    return Disagreement(
        about="sizes",
        file=None if alone is None else run.canonical.name(alone),
        others=names,
        row=(2 * sets if alone == "parameter-counts" else sets) + 2,
        expected=votes[0][0] if most is None else most,
        read=strangers[0][0],
    )


def _with_size(run: Run, sets: int, size: int) -> Run:
    canonical = run.canonical
    places = {2 * sets, 2 * sets - 1} if sets and _gradient_descent(run) else {2 * sets}
    counts = canonical.parameter_counts
    if counts is not None:
        counts = tuple(size if place in places else count for place, count in enumerate(counts))
    rows = canonical.best_rows
    if rows is not None:
        rows = tuple(
            replace(row, parameters=size) if place == sets and row.parameters else row for place, row in enumerate(rows)
        )
    return replace(run, canonical=replace(canonical, parameter_counts=counts, best_rows=rows))


def _long_enough(run: Run) -> tuple[Run, list[Disagreement]]:
    """Scores, learning rates and times have a row for every epoch; the time of the last one may be missing."""
    lengths = tuple(_lengths(run.canonical))
    scores = run.canonical.epochs
    beyond = [(name, length) for name, length in lengths if length > scores]
    short = [(name, length) for name, length in lengths if length < scores]
    file = run.canonical.name("scores")
    points = [_length_point(name, (file,), scores, length) for name, length in short]
    if len(beyond) > 1 or (beyond and len(lengths) == len(beyond) + 1):
        others = tuple(name for name, _ in beyond)
        points.append(_length_point(file, others, min(length for _, length in beyond), scores))
    else:
        points += [_length_point(name, (file,), scores, length) for name, length in beyond]
    return run, points


def _length_point(file: str | None, others: Sequence[str | None], expected: int, read: int) -> Disagreement:
    known = tuple(name for name in others if name)
    return Disagreement(about="epochs", file=file, others=known, row=None, expected=expected, read=read)


def _lengths(canonical: Recording) -> Iterator[tuple[str, int]]:
    """Epochs by each file that has a row, or a last row, for them."""
    if canonical.validation is not None:
        yield canonical.validation.file, canonical.epochs
    if canonical.learning_rate is not None:
        yield canonical.learning_rate.file, len(canonical.learning_rate.values)
    if canonical.times is not None:
        timed = len(canonical.times.neuron) + len(canonical.times.dendrite)
        yield canonical.times.file, timed + (timed == canonical.epochs - 1)
