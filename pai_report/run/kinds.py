"""Kinds of file that the library writes, as data: how each era spells them and how a name is taken apart."""

import re

from pai_report.run.model import Era, Kind, SnapshotKind
from pai_report.values import value


@value
class Spelling:
    """One way to end the name of a file. `document`: a spelling of the requirements that no library version writes."""

    suffix: str
    kind: Kind
    era: Era | None = None  # the only era with this spelling
    document: bool = False


# Longest first: "Best PBScores.csv" also ends in "Scores.csv" (the library's file formats).
SPELLINGS = tuple(
    sorted(
        (
            Spelling(suffix="Scores.csv", kind="scores"),
            Spelling(suffix="Times.csv", kind="times"),
            Spelling(suffix="learning_rate.csv", kind="learning-rate"),
            Spelling(suffix="learningRate.csv", kind="learning-rate", era="camel-case"),
            Spelling(suffix="switch_epochs.csv", kind="switch-epochs"),
            Spelling(suffix="switchEpochs.csv", kind="switch-epochs", era="camel-case"),
            Spelling(suffix="param_counts.csv", kind="parameter-counts"),
            Spelling(suffix="paramCounts.csv", kind="parameter-counts", era="camel-case"),
            Spelling(suffix="bestTestScores.csv", kind="best-scores", era="camel-case"),
            Spelling(suffix="best_test_scores.csv", kind="best-scores", era="best-test-scores"),
            Spelling(suffix="_best_arch_scores.csv", kind="best-scores", era="best-arch-scores"),
            Spelling(suffix="Best PBScores.csv", kind="pb-scores"),
            Spelling(suffix="_config.json", kind="config", era="best-arch-scores"),
            Spelling(suffix=".png", kind="picture"),
            # Requirements L5 to L11. Their other names differ only by an underscore at the end of the save name.
            Spelling(suffix="_scores.csv", kind="scores", document=True),
            Spelling(suffix="_train_scores.csv", kind="train-scores", document=True),
            Spelling(suffix="_test_scores.csv", kind="test-scores", document=True),
            Spelling(suffix="Best_PBScores.csv", kind="pb-scores", document=True),
        ),
        key=lambda spelling: -len(spelling.suffix),
    )
)

_STAMP = r"_(?P<stamp>\d\d\.\d\d\.\d{4}\.\d\d\.\d\d\.\d\d)_"
# Written by the library between save name and suffix (the library's file formats); `before_final` has no underscore in front.
INFIXES: tuple[tuple[SnapshotKind, re.Pattern[str]], ...] = (
    ("before-switch", re.compile(r"_beforeSwitch_(?P<number>\d{1,6})\Z", re.ASCII)),
    ("lr-picked", re.compile(_STAMP + r"PBCount_(?P<number>\d{1,6})_startSteps_(?P<steps>\d{1,6})PICKED\Z", re.ASCII)),
    ("lr-trial", re.compile(_STAMP + r"PBCount_(?P<number>\d{1,6})_startSteps_(?P<steps>\d{1,6})\Z", re.ASCII)),
    ("no-improvement", re.compile(_STAMP + r"noImprove_lr_(?P<number>\d{1,6})\Z", re.ASCII)),
    ("before-final", re.compile(r"before_final\Z")),
)


@value
class Infix:
    """What a snapshot's name says: `text` verbatim, when it was written, its number and learning-rate steps."""

    text: str
    kind: SnapshotKind
    stamp: str | None = None  # YYYY-MM-DDTHH:MM:SS
    number: int | None = None
    steps: int | None = None


CANONICAL = Infix(text="", kind="canonical")


@value
class NamedFile:
    """A file name taken apart from the end: save name + infix + suffix."""

    name: str
    stem: str  # save name, perhaps with the user's own snapshot text at its end
    infix: Infix
    spelling: Spelling


def named_file(name: str) -> NamedFile | None:
    """The parts of a file name, or None where it ends like no file of the library."""
    for spelling in SPELLINGS:
        if name.endswith(spelling.suffix):
            stem, infix = _infix(name.removesuffix(spelling.suffix))
            return NamedFile(name=name, stem=stem, infix=infix, spelling=spelling)
    return None


def _infix(rest: str) -> tuple[str, Infix]:
    """Save name and infix; the underscore that the requirements put after them belongs to neither."""
    if rest.endswith("_"):
        stem, infix = _infix(rest[:-1])
        if infix is not CANONICAL:
            return stem, infix
    for kind, pattern in INFIXES:
        if match := pattern.search(rest):
            parts = match.groupdict()
            infix = Infix(
                text=match.group(),
                kind=kind,
                stamp=_iso(parts.get("stamp")),
                number=_int(parts.get("number")),
                steps=_int(parts.get("steps")),
            )
            return rest[: match.start()], infix
    return rest, CANONICAL


def _iso(stamp: str | None) -> str | None:
    """DD.MM.YYYY.HH.MM.SS, as the library writes it, so that it sorts by time."""
    if stamp is None:
        return None
    day, month, year, *clock = stamp.split(".")
    return f"{year}-{month}-{day}T{':'.join(clock)}"


def _int(digits: str | None) -> int | None:
    return None if digits is None else int(digits)
