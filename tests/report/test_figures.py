"""The pictures: what they show of an analysis and say in words, and when they are left out."""

from dataclasses import replace
from typing import Any

import figure_cases as case
import pytest
from conftest import real_run
from figure_reading import SVG, cells, drawn, every, labels, parsed, plain, titles

from pai_report.analysis import analyse
from pai_report.analysis.model import Analysis, Change
from pai_report.limits import Limits
from pai_report.report.figures import front_figure
from pai_report.report.figures.architecture import architecture
from pai_report.report.figures.budget import budget
from pai_report.report.figures.gains import gains
from pai_report.report.figures.gap import gap
from pai_report.report.figures.modules import modules
from pai_report.report.figures.rates import learning_rate
from pai_report.report.figures.scores import scores
from pai_report.report.figures.times import times
from pai_report.run import read_run
from pai_report.settings import Settings


@pytest.fixture(scope="module")
def two_kept() -> Analysis:
    """The analysis of a real run: two sets kept, a third rejected twice (README of the real runs)."""
    return analyse(read_run(real_run("digits-329-two-kept", "PAI")), Settings())


def test_scores_say_what_was_reached() -> None:
    """Caption, alternative text and labels name the best score without and with dendrites."""
    figure = drawn(scores(case.plain_run()))

    assert plain(figure.caption).startswith("Validation reaches 80.00 without dendrites and 84.00 with 1 dendrite set.")
    assert {"84.00", "80.00 without dendrites", "no dendrites", "1 dendrite set", "validation", "train", "test"} <= set(
        labels(figure)
    )
    for number in (
        "80.00 at epoch 9",
        "84.00 at epoch 19",
        "train from 26.00 to 90.00",
        "test from 19.00 to 83.00",
        "from epoch 10",
    ):
        assert number in figure.alt


def test_scores_of_the_real_run(two_kept: Analysis) -> None:
    """91.64 without dendrites, 92.31 with two sets, 40 recorded epochs (README of the real runs)."""
    figure = drawn(front_figure(two_kept))

    assert plain(figure.caption).startswith("Validation reaches 91.64 without dendrites and 92.31 with 2 sets.")
    assert "40 recorded epochs" in figure.alt
    assert len(cells(figure)) == 40
    assert cells(figure)[39][:2] == ["39", "92.31"]


def test_table_behind_the_scores_holds_the_plotted_numbers() -> None:
    """One row per epoch, one column per line."""
    figure = drawn(scores(case.plain_run()))

    assert [f"{score:.2f}" for score in case.VALIDATION] == [row[1] for row in cells(figure)]
    assert [f"{score:.2f}" for score in case.TEST] == [row[3] for row in cells(figure)]


def test_steep_first_epochs_are_cut_and_shown_small() -> None:
    """20, 50, 65 and 70 lie below 71, where all but 15 % of the first rise (20 to 80) is done; the inset shows all."""
    figure = drawn(scores(case.plain_run()))

    assert "4 epochs outside of the range shown" in plain(figure.caption)
    assert "all: 20.00 to 84.00" in labels(figure)


def test_nothing_is_cut_from_a_short_run_or_an_undecided_one() -> None:
    """In a short run the rise is the story; without a direction nobody knows which end matters."""
    run = case.plain_run()
    short = replace(run, track=case.track(validation=case.VALIDATION[:12], extras=()), phases=run.phases[:1])
    undecided = replace(run, identity=case.identity(direction="undecided"))

    assert ["outside of the range" in plain(drawn(scores(one)).caption) for one in (short, undecided)] == [False, False]


def test_recorded_gap_breaks_the_line_and_is_named() -> None:
    """An epoch without a score is neither bridged nor forgotten."""
    held = (*case.VALIDATION[:12], None, *case.VALIDATION[13:])
    figure = drawn(scores(case.plain_run(track=case.track(validation=held, extras=(), recorded_gaps=(12,)))))

    assert "no score" in labels(figure)
    assert "A cross marks 1 epoch without a recorded score" in plain(figure.caption)
    assert cells(figure)[12] == ["12", ""]


def test_restless_training_score_is_left_out_and_said() -> None:
    """A training score that swings far beyond validation would only hide it."""
    wild = tuple(score * (3.0 if epoch % 2 else 1.0) for epoch, score in enumerate(case.VALIDATION))
    run = case.plain_run(track=case.track(extras=(("Train", "train", wild),)))

    assert "Train is left out" in plain(drawn(scores(run)).caption)
    assert "train" not in labels(drawn(scores(run)))
    assert drawn(scores(run)).alt.startswith("Line chart of validation over 20 recorded epochs;")
    assert "train" not in drawn(scores(run)).alt
    assert gap(run) is None


@pytest.mark.parametrize("reason", ["misaligned", "different-scale", "train-looks-like-a-loss"])
def test_training_score_that_cannot_be_compared_is_not_drawn(reason: str) -> None:
    """D10: only an aligned train column on the same scale shares the axis."""
    general = case.generalization(comparable=False, not_comparable=reason, points=())
    run = case.plain_run(generalization=general)

    assert "train" not in labels(drawn(scores(run)))
    assert gap(run) is None


def test_test_column_that_repeats_validation_is_not_drawn() -> None:
    """A copy of validation is no test result."""
    run = case.plain_run()
    copied = replace(run, gains=replace(run.gains, test_is_copy=True))

    assert "test" not in labels(drawn(scores(copied)))
    assert [label for label in labels(drawn(architecture(copied))) if label.startswith("test")] == []


def test_gains_show_kept_and_rejected_sets_against_the_noise() -> None:
    """4 points (8 samples) with a test change of 4 against a floor of 1.5; the rejected set half a point below."""
    figure = drawn(gains(case.plain_run()))

    assert {"1st set", "2nd set, rejected, 2 tries", "noise"} <= set(labels(figure))
    assert "+4.00 points, 8 samples \u00b7 test +4.00 points" in labels(figure)
    assert "The one set kept gained more than this run's noise" in plain(figure.caption)
    assert cells(figure)[0] == ["1st set", "+4.00", "+8", "1.50", "+4.00"]


def test_noise_stands_in_the_unit_of_the_gain() -> None:
    """On a score from 0 to 1 a gain of 0.04 is 4 points and a floor of 0.015 is 1.5 points, in words and in the table."""
    run = case.plain_run(identity=case.identity(scale="fraction", points_per_unit=100.0, quantum=None, n_validation=None))
    gain = Change(absolute=0.04, relative=0.05, points=4.0, samples=None)
    test = replace(case.noise(4.0, None), gain=gain, floor=0.015)
    rows = (case.architecture(0, 0.8), case.architecture(1, 0.84, gain=gain, test=test))
    figure = drawn(gains(replace(run, gains=replace(run.gains, baseline=0.8, best=0.84, architectures=rows))))

    assert figure.alt.endswith(": 1st set +4.00 points, noise up to 1.50 points.")
    assert titles(figure) == ["Dendrite set", "Change, points", "Noise floor, points", "Test change, points"]
    assert cells(figure) == [["1st set", "+4.00", "1.50", ""]]


def test_rejected_set_is_hollow() -> None:
    """Kept and rejected differ without colour: the rejected bar is not filled."""
    run = case.plain_run()
    only_rejected = replace(run, gains=replace(run.gains, architectures=run.gains.architectures[2:]))

    assert '#ffffff" stroke="#0b5fa5"' in drawn(gains(only_rejected)).svg
    assert "filled bars" not in plain(drawn(gains(only_rejected)).caption).lower()


def test_a_gain_of_nothing_is_no_picture() -> None:
    """One rejected set that reached exactly the best score: there is no bar, no noise and no axis to draw."""
    run = case.plain_run()
    same = case.architecture(1, 80.0, outcome="rejected", tries=2, epoch=None, gain=case.change(0.0), extras=())

    assert gains(replace(run, gains=replace(run.gains, architectures=(run.gains.architectures[0], same)))) is None


@pytest.mark.parametrize(
    ("outcome", "gain", "words"),
    [
        ("rejected", -0.5, "; hollow bars: rejected sets."),
        ("unproven", -0.5, "; hollow bars: unproven sets."),
        ("rejected", 0.0, "."),
    ],
)
def test_the_caption_names_the_bars_that_are_there(outcome: Any, gain: float, words: str) -> None:
    """Hollow bars are named after the outcome of their sets, and not at all where their length is 0."""
    run = case.plain_run()
    last = replace(run.gains.architectures[2], outcome=outcome, gain=case.change(gain))
    figure = drawn(gains(replace(run, gains=replace(run.gains, architectures=(*run.gains.architectures[:2], last)))))

    assert f"Filled bars: kept sets{words} Grey" in plain(figure.caption)


def test_sizes_are_compared_with_what_they_reached() -> None:
    """One point per network size: 500 parameters reach 80, twice as many 84, the rejected set 83.5."""
    figure = drawn(architecture(case.plain_run()))

    assert plain(figure.caption).startswith("From 80.00 with 500 parameters to 84.00 with 2.0 times as many.")
    assert {"no dendrites 80.00", "1 dendrite set 84.00", "2 sets 83.50, rejected", "test 83.00"} <= set(labels(figure))
    assert cells(figure)[:2] == [["no dendrites", "500", "80.00", "79.00"], ["1 dendrite set", "1,000", "84.00", "83.00"]]


def test_an_unproven_set_is_told_from_a_kept_one() -> None:
    """A set that the run stopped in is a ring and called unproven everywhere; the solid line ends before it."""
    run = case.plain_run()
    last = replace(run.gains.architectures[2], outcome="unproven", tries=None)
    figure = drawn(architecture(replace(run, gains=replace(run.gains, architectures=(*run.gains.architectures[:2], last)))))
    solid = [path for path in parsed(figure).iter(f"{SVG}path") if path.get("stroke-width") == "1.5"]

    assert "2 sets 83.50, unproven" in labels(figure)
    assert "; 2 sets, unproven: 83.50 with" in figure.alt
    assert cells(figure)[2][0] == "2 sets, unproven"
    assert "The dark ring is unproven" in plain(figure.caption)
    assert [path.get("d", "").count("L") for path in solid] == [1]


def test_no_label_lies_on_a_line_of_the_grid() -> None:
    """A set that fell almost to the lowest line of the grid has its label where no line runs through the words."""
    run = case.plain_run()
    rows = [replace(row, best=best, extras=()) for row, best in zip(run.gains.architectures, (55.8, 58.1, 46.3), strict=True)]
    figure = drawn(architecture(replace(run, gains=replace(run.gains, architectures=tuple(rows)))))
    texts = {element.text: element for element in parsed(figure).iter(f"{SVG}text")}
    grid = [float(element.attrib["y"]) - 0.36 * 6.8 for words, element in texts.items() if words in {"45", "50", "55"}]
    baselines = [float(element.attrib["y"]) for words, element in texts.items() if words and "set" in words]

    assert (len(grid), len(baselines)) == (3, 2)
    assert [y for line in grid for y in baselines if y - 0.5 * 7.2 < line < y] == []


def test_sizes_of_an_old_library_are_called_too_high() -> None:
    """Versions that count the base network twice make every size, and each ratio of two, wrong (the library's file formats)."""
    figure = drawn(architecture(case.plain_run(efficiency=case.efficiency(doubled_base=True))))

    assert plain(figure.caption).startswith("From 80.00 with no dendrites to 84.00 with 1 dendrite set.")
    assert "counts the base network twice" in plain(figure.caption)
    assert figure.alt.endswith("The sizes are too high: the base network is counted twice.")
    assert "times" not in plain(figure.caption)


def test_learning_rate_names_the_changes_that_mattered() -> None:
    """The drop followed by 3 points and the restart are named; the scale is logarithmic over 0.1 to 0.001."""
    figure = drawn(learning_rate(case.plain_run()))

    assert {"+3.00 points", "from 0.1", "0.001", "0.01", "0.1"} <= set(labels(figure))
    assert "Logarithmic scale" in plain(figure.caption)


def test_learning_rate_tells_kept_epochs_from_rolled_back_ones() -> None:
    """Recorded: 0.1, 0.01, 0.1, 0.001 are three changes. Where the rate stood still, only the tails at 0.001 went lower."""
    run = case.plain_run()
    still = replace(run, track=case.track(learning_rate=(0.1,) * 20))

    assert drawn(learning_rate(run)).alt == (
        "Learning rate of the recorded epochs from 0.1 to 0.001, between 0.1 and 0.001, 3 changes; "
        "epochs that were rolled back at 0.001."
    )
    assert (
        drawn(learning_rate(still)).alt == "Learning rate of the recorded epochs at 0.1; epochs that were rolled back at 0.001."
    )
    caption = plain(drawn(learning_rate(still)).caption)
    assert caption.startswith("The learning rate stays at 0.1 in the recorded epochs.")
    assert "Faint: epochs that were trained and then rolled back, at 0.001." in caption


def test_learning_rate_within_ten_times_is_linear() -> None:
    """A logarithmic scale needs a factor of ten, rolled-back epochs included: theirs went down to 0.001."""
    run = case.plain_run(track=case.track(learning_rate=(0.1,) * 10 + (0.05,) * 10))
    kept = replace(run, phases=tuple(replace(phase, learning_rate=None) for phase in run.phases))

    assert "Logarithmic" in plain(drawn(learning_rate(run)).caption)
    assert "Logarithmic" not in plain(drawn(learning_rate(kept)).caption)


def test_a_loss_that_would_hide_the_gains_is_cut() -> None:
    """A set that lost 60 points beside gains of 4 is drawn as an arrow; the number stands beside it."""
    run = case.plain_run()
    worse = replace(run.gains.architectures[2], gain=case.change(-60.0))
    figure = drawn(gains(replace(run, gains=replace(run.gains, architectures=(*run.gains.architectures[:2], worse)))))

    assert any(label.startswith("\u221260.00 points") for label in labels(figure))
    assert "An arrow: the bar goes on to the value named." in plain(figure.caption)
    assert "arrow" not in plain(drawn(gains(run)).caption)


def test_gap_is_named_at_the_best_epochs() -> None:
    """Training is 6 points above validation at both network sizes; the column's own name stands as a name."""
    figure = drawn(gap(case.plain_run()))

    assert plain(figure.caption).startswith("The gap is 6.00 points with no dendrites and 6.00 points with 1 dendrite set.")
    assert labels(figure).count("6.00 points") == 2
    assert [span.text for span in figure.caption if span.style == "name"] == ["Train"]


def test_budget_adds_up() -> None:
    """50 epochs: 20 kept, 4 waiting, 6 search, 20 rejected, so that 26 of 50 are search and rejected sets."""
    figure = drawn(budget(case.plain_run()))

    assert [row[1] for row in cells(figure)] == ["20", "4", "6", "20"]
    assert "50 epochs were trained, 52.0 % of them in learning-rate search" in plain(figure.caption)
    assert {"kept in the run", "waiting for a plateau", "learning-rate search", "rejected dendrite sets"} <= set(labels(figure))


def test_modules_are_ranked() -> None:
    """The highest score stands first; names stay names in the table."""
    run = case.plain_run(modules=case.with_modules(case.module(".low", 0.005), case.module(".high", 0.05, 1)))
    figure = drawn(modules(run, Limits()))

    assert [row[0] for row in cells(figure)] == [".high", ".low"]
    assert figure.table is not None
    assert figure.table.rows[0][0][0].style == "name"
    assert plain(figure.caption).startswith("Low or not learning: 1 of 2 scored modules.")


def test_long_ranking_shows_both_ends() -> None:
    """Of 45 modules the 15 highest and the 15 lowest are drawn and 15 are said to be missing; the table has all."""
    figure = drawn(modules(case.extreme("modules"), Limits()))

    assert "15 more in between" in labels(figure)
    assert "15 highest and the 15 lowest" in plain(figure.caption)
    assert len(cells(figure)) == 45


def test_times_name_the_median_per_network_size() -> None:
    """One second without dendrites, two with."""
    figure = drawn(times(case.plain_run()))

    assert "1.0 s with no dendrites; 2.0 s with 1 dendrite set" in plain(figure.caption)


def test_times_keep_the_unit_of_the_axis() -> None:
    """An axis in seconds: a median of 125.7 s is 126 s there, not 2 min."""
    figure = drawn(times(case.plain_run(track=case.track(epoch_seconds=(27.3,) * 10 + (125.7,) * 10))))

    assert "27 s with no dendrites; 126 s with 1 dendrite set" in plain(figure.caption)
    assert "126 s with 1 dendrite set" in figure.alt


def test_pictures_without_data_are_left_out() -> None:
    """A run that recorded one epoch and nothing else has no picture."""
    run = case.plain_run()
    unknown = replace(run.lifecycle.budget, trained=None, committed=None, patience=None, lr_search=None, rejected=None)
    bare = replace(
        run,
        track=case.track(validation=(50.0,), running=None, extras=(), learning_rate=None, epoch_seconds=None),
        phases=(case.phase(0, last=0, series=(50.0,), learning_rate=None, train=None, test=None),),
        gains=replace(run.gains, architectures=run.gains.architectures[:1], best_sets=0, best_epoch=0),
        generalization=None,
        lifecycle=case.lifecycle(budget=unknown),
    )

    assert every(bare) == ()


@pytest.mark.parametrize("missing", ["validation", "seconds", "rates"])
def test_series_without_any_number_have_no_picture(missing: str) -> None:
    """A column of empty cells is not a picture."""
    nothing = (None,) * 20
    recorded = {
        "validation": case.track(validation=nothing, extras=(), recorded_gaps=tuple(range(20))),
        "seconds": case.track(epoch_seconds=nothing),
        "rates": case.track(learning_rate=nothing),
    }[missing]
    run = case.plain_run(track=recorded, generalization=None)
    gone = {"validation": "scores", "seconds": "times", "rates": "learning-rate"}[missing]

    assert gone not in {figure.id for figure in every(run)}


def test_long_tables_are_thinned_and_say_so() -> None:
    """A table behind a picture has at most 61 rows on a page, the first and the last among them."""
    table = drawn(scores(case.long_run(20_000))).table

    assert table is not None
    assert table.shown_of == 20_000
    assert len(table.rows) <= 61
    assert [plain(table.rows[0][0]), plain(table.rows[-1][0])] == ["0", "19,999"]
