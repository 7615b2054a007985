"""What could not be judged: in words, with the line of code that would record it next time."""

from itertools import takewhile

from pai_report.analysis.model import Analysis, Need
from pai_report.report.document import Span, Text
from pai_report.report.text import named
from pai_report.values import value

SHOWN = 4  # networks that are named
NOT_AVAILABLE = "not available"
NEXT_TIME = "; next time: "


@value
class Remedy:
    """What is missing, and the line that records it in the next run."""

    what: str
    code: str | None = None


EXTRA_GRAPHS = "GPA.pc.set_drawing_extra_graphs(True)"
TEST_SCORE = "GPA.pai_tracker.add_test_score(test_score, 'Test')"
TRAIN_SCORE = "GPA.pai_tracker.add_extra_score(train_score, 'Train')"

NEEDS: dict[Need, Remedy] = {
    "train-column": Remedy(what="no training score was recorded", code=TRAIN_SCORE),
    "aligned-train-column": Remedy(
        what="the training column starts late and cannot be aligned with the epochs", code=TRAIN_SCORE
    ),
    "comparable-train-column": Remedy(what="the training column is another metric than validation, or on another scale"),
    "test-column": Remedy(what="no test score was recorded", code=TEST_SCORE),
    "learning-rate-file": Remedy(what="there is no learning-rate file", code=EXTRA_GRAPHS),
    "phase-rates": Remedy(what="no phase has learning rates recorded beside all of its scores"),
    "times-file": Remedy(what="there is no file of epoch times", code=EXTRA_GRAPHS),
    "epoch-count": Remedy(what="the epochs that were trained cannot be counted from these files"),
    "parameter-counts": Remedy(what="no parameter counts were recorded", code="print(UPA.count_params(model))"),
    "pb-mode": Remedy(what="gradient-descent dendrites have no correlation scores"),
    "pb-scores": Remedy(what="there is no file of correlation scores"),
    "pb-rows": Remedy(what="the file of correlation scores holds no rows yet"),
    "snapshots": Remedy(what="no snapshot kept the epochs that the library rolled back"),
    "direction": Remedy(what="the direction of the score is not known; pass --maximize or --minimize"),
    "right-direction": Remedy(what="the score was judged the wrong way round"),
    "scores-file": Remedy(what="there is no file of scores, so that epochs and phases are not recorded"),
    "switch-file": Remedy(what="there is no file of switch epochs"),
    "best-scores": Remedy(what="there is no file of best scores"),
    "config": Remedy(what="there is no config file"),
    "picture": Remedy(what="the library's own picture is not in the folder", code="GPA.pc.set_drawing_pai(True)"),
    "more-epochs": Remedy(what="too few epochs"),
    "dendrites": Remedy(what="no dendrite set was kept"),
    "first-epoch-with-set": Remedy(what="the run stopped in its first epoch with dendrites"),
    "scores-with-dendrites": Remedy(what="no score with dendrites was recorded"),
    "validation-scores": Remedy(what="no score without dendrites was recorded"),
    "scores-at-best": Remedy(what="at the best epochs training or validation holds no number"),
    "two-sets": Remedy(what="it takes two dendrite sets"),
}


def not_available(analysis: Analysis, need: Need) -> Text:
    """What is missing as "not available: …", with the line of code where one helps."""
    remedy = NEEDS[need]
    said = (Span(text=f"{NOT_AVAILABLE}: "), *_what(analysis, need))
    if remedy.code is None:
        return said
    return (*said, Span(text=NEXT_TIME), Span(text=remedy.code, style="code"))


def without_remedy(said: Text) -> Text:
    """The same without the line of code, which is said once for several rows."""
    return tuple(takewhile(lambda span: span.text != NEXT_TIME, said))


def missing(analysis: Analysis, topic: str) -> Text:
    """What `topic` lacked according to the analysis; only "not available" where the analysis names nothing."""
    need = _need(analysis, topic) or _need(analysis, "epochs")
    return (Span(text=NOT_AVAILABLE),) if need is None else not_available(analysis, need)


def reason(analysis: Analysis, topic: str) -> Text:
    """The same as a part of a sentence, without the line of code; nothing where the analysis names nothing."""
    need = _need(analysis, topic)
    return () if need is None else _what(analysis, need)


def _need(analysis: Analysis, topic: str) -> Need | None:
    return next((lack.needs for lack in analysis.missing if lack.topic == topic), None)


def _what(analysis: Analysis, need: Need) -> Text:
    """The sentence, true of this run: a file that is there is not called absent, a phase that kept its epochs not cut."""
    unused = next((lack.unused for lack in analysis.missing if lack.needs == need and lack.unused is not None), None)
    if unused is not None:
        refused = any(note.kind is not None and note.file == unused for note in analysis.notes)
        return (*named(unused), Span(text=" is there, but could not be used" + " (PAI020)" * refused))
    cut = [phase.sets for phase in analysis.phases if phase.truncated]
    if need == "snapshots" and cut:
        networks = " and ".join("without dendrites" if sets == 0 else f"with {_sets(sets)}" for sets in cut[:SHOWN])
        more = " and more" if len(cut) > SHOWN else ""
        return (Span(text=f"{NEEDS[need].what} {networks}{more}"),)
    return (Span(text=NEEDS[need].what),)


def _sets(sets: int) -> str:
    return f"{sets} set{'s' * (sets != 1)}"
