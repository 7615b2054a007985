"""What could not be judged: in words, with the line of code that would record it next time."""

from pai_report.analysis.model import Analysis
from pai_report.report.document import Span, Text
from pai_report.report.text import named
from pai_report.values import value


@value
class Remedy:
    """What is missing, and the line that records it in the next run."""

    what: str
    code: str | None = None


EXTRA_GRAPHS = "GPA.pc.set_drawing_extra_graphs(True)"
TEST_SCORE = "GPA.pai_tracker.add_test_score(test_score, 'Test')"
TRAIN_SCORE = "GPA.pai_tracker.add_extra_score(train_score, 'Train')"

NEEDS: dict[str, Remedy] = {
    "train-column": Remedy(what="no training score was recorded", code=TRAIN_SCORE),
    "aligned-train-column": Remedy(
        what="the training column starts late and cannot be aligned with the epochs", code=TRAIN_SCORE
    ),
    "test-column": Remedy(what="no test score was recorded", code=TEST_SCORE),
    "learning-rate-file": Remedy(what="there is no learning-rate file", code=EXTRA_GRAPHS),
    "times-file": Remedy(what="there is no file of epoch times", code=EXTRA_GRAPHS),
    "epoch-count": Remedy(what="the epochs that were trained cannot be counted from these files"),
    "parameter-counts": Remedy(what="no parameter counts were recorded", code="print(UPA.count_params(model))"),
    "pb-scores": Remedy(what="correlation scores exist with Perforated Backpropagation only"),
    "pb-rows": Remedy(what="the file of correlation scores holds no rows yet"),
    "snapshots": Remedy(what="no snapshot kept the epochs that the library rolled back"),
    "direction": Remedy(what="the direction of the score is not known; pass --maximize or --minimize"),
    "switch-file": Remedy(what="there is no file of switch epochs"),
    "best-scores": Remedy(what="there is no file of best scores"),
    "config": Remedy(what="there is no config file"),
    "picture": Remedy(what="the library's own picture is not in the folder", code="GPA.pc.set_drawing_pai(True)"),
    "more-epochs": Remedy(what="too few epochs"),
    "dendrites": Remedy(what="no dendrite set was kept"),
    "two-sets": Remedy(what="it takes two dendrite sets"),
}


def not_available(needs: str) -> Text:
    """What is missing as "not available: …", with the line of code where one helps."""
    remedy = NEEDS.get(needs, Remedy(what=needs.replace("-", " ")))
    said = (Span(text=f"not available: {remedy.what}"),)
    if remedy.code is None:
        return said
    return (*said, Span(text="; next time: "), Span(text=remedy.code, style="code"))


def missing(analysis: Analysis, topic: str, otherwise: str) -> Text:
    """What `topic` lacked according to the analysis, or `otherwise`."""
    lack = next((lack for lack in analysis.missing if lack.topic == topic), None)
    if lack is not None and lack.unused is not None:
        return (Span(text="not available: "), *named(lack.unused), Span(text=" is there, but could not be used (PAI020)"))
    return not_available(otherwise if lack is None else lack.needs)
