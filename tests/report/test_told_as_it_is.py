"""What the report says where the files hold less, or something else, than a usual run."""

from collections.abc import Iterator

from conftest import real_run

from pai_report import pipeline
from pai_report.report.compose import compose
from pai_report.report.document import KeyValues, Remark, Section, Table, Text
from pai_report.report.insights import insights
from pai_report.report.text import NBSP
from pai_report.settings import Settings


def told(text: Text) -> str:
    """The words of `text`, with plain spaces."""
    return "".join(span.text for span in text).replace(NBSP, " ")


def rows(folder: str, inner: str) -> dict[str | None, str]:
    """The insights of a real run by their ids."""
    analysis = pipeline.study(real_run(folder, inner), Settings()).analysis
    return {
        row.id: told(row.text)
        for section in insights(analysis, {})
        for block in section.blocks
        if isinstance(block, KeyValues)
        for row in block.rows
    }


def tables(sections: tuple[Section, ...]) -> Iterator[Table]:
    """Every table, at any depth."""
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, Table))
        yield from tables(section.sections)


def test_a_header_without_rows_is_not_called_gradient_descent() -> None:
    """The killed run trained with Perforated Backpropagation; its file of correlation scores has its header only."""
    held = rows("resnet-pb-killed", "PAI")
    assert [held["I6.1"], held["I6.2"]] == ["not available: the file of correlation scores holds no rows yet"] * 2


def test_a_default_that_the_files_refute_is_not_in_force() -> None:
    """Epoch 0 scored 0.0075 and the library judged 0.0025, a third of it: not the single epoch of its default."""
    studied = pipeline.study(real_run("yolo-dendrite-100", "dendrite_100"), Settings())
    settings = next(table for table in tables(compose(studied.analysis, studied.judgement).sections) if table.id == "settings")
    shown = {told(name): (told(held), told(origin)) for name, held, origin in settings.rows}

    assert shown["history_lookback"] == ("more than 1", "dendrite_100Scores.csv")
    assert shown["max_dendrite_tries"] == ("2", "default")


def test_the_checklists_limit_is_answered_where_nothing_is_excluded() -> None:
    """The only module scores 0.004 to 0.011: below 0.3, and still no module to leave out (C5)."""
    held = rows("efficientnet-pb-loss", "PAI")

    assert held["C5"].startswith("The checklist's limit of 0.3 would flag 1 of 1 module and is not used: in published runs")
    assert held["I6.2"].startswith("none")
    assert "C5" not in rows("digits-329-two-kept", "PAI")


def test_one_epoch_and_no_set_are_told_in_words() -> None:
    """The killed run recorded one epoch and kept no set: nothing is "at least 1 were", and nothing has "0 dendrites"."""
    analysis = pipeline.study(real_run("resnet-pb-killed", "PAI"), Settings()).analysis
    blocks = [block for section in insights(analysis, {}) for block in section.blocks if isinstance(block, KeyValues)]
    held = {row.label: told(row.text) for block in blocks for row in block.rows}

    assert held["Epochs trained"] == "1 recorded; how many were trained the files do not tell"
    assert held["Distribution"].startswith("no set was kept; the perforated modules are .layer3.0.conv2")


def test_nothing_is_promised_below_where_nothing_stands() -> None:
    """Optimization found nothing in this run of one rejected set; the remark ends with what is held back."""
    studied = pipeline.study(real_run("digits-329-first-failed", "late_extra"), Settings())
    sections = compose(studied.analysis, studied.judgement).sections
    (remark,) = next(section for section in sections if section.id == "optimization").blocks

    assert isinstance(remark, Remark)
    assert told(remark.text).endswith("is held back.")
