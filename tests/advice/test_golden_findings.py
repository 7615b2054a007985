"""What must and must not be found on the real run folders, and first words that their owners would agree with."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from advice_cases import settings_with, with_settings
from advice_firing import FIRES
from conftest import real_run

from pai_report.advice import judge
from pai_report.advice.model import Finding, Judgement
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.limits import Limits
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Settings
from pai_report.values import value

NEVER_ADDED, AT_FIRST_SWITCH, NONE_KEPT, NEAR_MISS, NOISE, WORSE = (
    *("PAI050", "PAI051", "PAI060", "PAI062", "PAI061", "PAI063"),
)
PREMATURE, MORE_SETS, FEWER_SETS, REJECTED_TRIES, GAP = "PAI201", "PAI102", "PAI101", "PAI604", "PAI801"
SELF_TEST, LEFT_OVERS, NOT_A_NUMBER, LATE_TRAIN, DOUBLED, TEST_COPY, RUNNING_MEAN = (
    *("PAI002", "PAI005", "PAI007", "PAI013", "PAI014", "PAI015", "PAI009"),
)
LOW_MODULES = "PAI301"
EARLY = "PAI602"
N1 = "Your dendritic training was successful! Here's what I found worked well and recommendations for optimization."
N3 = "I see some issues in your training results. Let's troubleshoot:"


@value
class Golden:
    """A real run with its verdict, codes that must fire, and codes that must not."""

    folder: str
    inner: str
    verdict: str
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


GOLDEN = (
    Golden(
        folder="digits-329-two-kept",
        inner="PAI",
        verdict="within-noise",
        fires=(NOISE, GAP, REJECTED_TRIES),
        silent=(NEVER_ADDED, NONE_KEPT, PREMATURE, MORE_SETS, WORSE),
    ),
    Golden(
        folder="digits-329-loop-exit",
        inner="early_exit",
        verdict="never-attempted",
        fires=(NEVER_ADDED,),
        silent=(GAP, FEWER_SETS, MORE_SETS, NONE_KEPT),
    ),
    Golden(
        folder="digits-329-premature-once",
        inner="fixed20",
        verdict="confounded",
        fires=(PREMATURE,),
        silent=(NEVER_ADDED, MORE_SETS, FEWER_SETS),
    ),
    Golden(
        folder="digits-329-minimize", inner="minimize", verdict="within-noise", fires=(NOISE, GAP), silent=(WORSE, PREMATURE)
    ),
    Golden(folder="digits-329-overfit", inner="overfit", verdict="improved", fires=(GAP,), silent=(MORE_SETS, NOISE)),
    Golden(
        folder="digits-329-premature-fixed3",
        inner="premature",
        verdict="confounded",
        fires=(PREMATURE,),
        silent=(MORE_SETS, NEVER_ADDED),
    ),
    Golden(
        folder="v2run",
        inner="v2run",
        verdict="tried-none-kept",
        fires=(NONE_KEPT, NEAR_MISS),
        silent=(NEVER_ADDED, AT_FIRST_SWITCH),
    ),
    Golden(
        folder="digits-329-first-failed",
        inner="late_extra",
        verdict="tried-none-kept",
        fires=(NONE_KEPT, LATE_TRAIN),
        silent=(NEVER_ADDED, NEAR_MISS, GAP),
    ),
    Golden(
        folder="digits-329-comma-crash",
        inner="commaname",
        verdict="incomplete",
        fires=(AT_FIRST_SWITCH,),
        silent=(NEVER_ADDED, NONE_KEPT),
    ),
    Golden(
        folder="resnet-pb-killed", inner="PAI", verdict="incomplete", fires=(AT_FIRST_SWITCH,), silent=(NEVER_ADDED, NONE_KEPT)
    ),
    Golden(
        folder="digits-329-nan-loop-exit",
        inner="nan_exit",
        verdict="never-attempted",
        fires=(NOT_A_NUMBER, NEVER_ADDED),
        silent=(NONE_KEPT,),
    ),
    Golden(
        folder="digits-204",
        inner="PAI",
        verdict="within-noise",
        fires=(NOISE, DOUBLED, TEST_COPY),
        silent=(NEVER_ADDED, MORE_SETS),
    ),
    Golden(folder="digits-329-odd-names", inner="uni.name_x", verdict="within-noise", fires=(NOISE,), silent=(NEVER_ADDED,)),
    Golden(
        folder="bank-lead-mixed-runs",
        inner="PAI",
        verdict="within-noise",
        fires=(NOISE, LEFT_OVERS, TEST_COPY),
        silent=(NEVER_ADDED, MORE_SETS),
    ),
    Golden(
        folder="efficientnet-pb-loss",
        inner="PAI",
        verdict="improved",
        fires=(TEST_COPY,),
        silent=(NEVER_ADDED, NONE_KEPT, LOW_MODULES, WORSE, MORE_SETS),
    ),
    Golden(
        folder="yolo-dendrite-100",
        inner="dendrite_100",
        verdict="improved",
        fires=(RUNNING_MEAN,),
        silent=(NEVER_ADDED, NONE_KEPT, WORSE, MORE_SETS),
    ),
    Golden(
        folder="monai-renamed-folder",
        inner="PAI_MONAI_Compressed_dendritic",
        verdict="unstable",
        fires=(NOISE,),
        silent=(NEVER_ADDED, MORE_SETS),
    ),
)
ALONE = (("digits-329-capacity", "capacity"), ("fire-every-epoch", "fire_model"))


@cache
def judged(folder: str, inner: str) -> tuple[Analysis, Judgement]:
    """A real run, analysed and judged with the default settings."""
    analysis = analyse(read_run(real_run(folder, inner)), Settings())
    return analysis, judge(analysis, Settings())


def finding(folder: str, inner: str, code: str) -> Finding:
    """The finding of one rule on a real run."""
    return next(held for held in judged(folder, inner)[1].findings if held.code == code)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.folder)
def test_verdict_and_findings(golden: Golden) -> None:
    """The verdict is the golden one, what must fire fires, and what must not does not."""
    _, judgement = judged(golden.folder, golden.inner)

    assert judgement.verdict.code == golden.verdict
    assert set() == set(golden.fires) - set(judgement.checks.fired)
    assert set() == set(golden.silent) & set(judgement.checks.fired)
    assert judgement.checks.broken == ()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.folder)
def test_no_report_gives_a_name_two_values(golden: Golden) -> None:
    """Learning rate, scheduler and settings: what the snippets of one report set, they set to one value."""
    _, judgement = judged(golden.folder, golden.inner)
    lines = {line for held in judgement.findings for step in held.steps for line in (step.code or "").splitlines()}
    for start in ("lr = ", "schedArgs = ", "GPA.pai_tracker.set_scheduler(", "GPA.pc.set_n_epochs_to_switch("):
        assert len([line for line in lines if line.startswith(start)]) <= 1


@pytest.mark.parametrize(("folder", "inner"), ALONE)
def test_self_tests_find_nothing_else(folder: str, inner: str) -> None:
    """A run with a set in every epoch is given no other finding, and no verdict on its dendrites."""
    _, judgement = judged(folder, inner)

    assert (judgement.verdict.code, judgement.checks.fired) == ("capacity-test", (SELF_TEST,))


def test_a_set_every_epoch_is_not_called_a_self_test() -> None:
    """Twenty sets are more than the self-test adds: the switch mode is to be changed, not the self-test to be switched off."""
    _, judgement = judged("fire-every-epoch", "fire_model")
    held = finding("fire-every-epoch", "fire_model", SELF_TEST)

    assert "every epoch" in plain_text(judgement.verdict.answer)
    assert [step.setting for step in held.steps] == ["switch_mode"]


def test_two_kept_names_gap_and_cost() -> None:
    """The gap is a notice of 6.7 points; the third set cost 108 epochs in two tries; first comes repeating."""
    _, judgement = judged("digits-329-two-kept", "PAI")
    told = [plain_text(action) for action in judgement.actions]

    assert finding("digits-329-two-kept", "PAI", GAP).severity == "medium"
    assert "6.69 points" in plain_text(finding("digits-329-two-kept", "PAI", GAP).title)
    assert finding("digits-329-two-kept", "PAI", REJECTED_TRIES).saves == 108
    assert [words.split(" ")[0] for words in told] == ["Repeat", "Stop", "Watch"]
    assert judgement.verdict.sentence == N3


@pytest.mark.parametrize(
    ("folder", "inner"), [("digits-329-premature-once", "fixed20"), ("digits-329-premature-fixed3", "premature")]
)
def test_fixed_mode_gets_fixed_settings(folder: str, inner: str) -> None:
    """A fixed switch is moved by the fixed settings alone: no finding proposes n_epochs_to_switch, which does nothing there."""
    _, judgement = judged(folder, inner)
    proposed = {step.setting for held in judgement.findings for step in held.steps if step.setting}

    assert "fixed_switch_num" in proposed
    assert "n_epochs_to_switch" not in proposed
    assert judgement.verdict.sentence == N3


def test_the_limit_that_fired_is_the_one_that_is_told() -> None:
    """A rise from 53.51 to 81.94 is 53 %, below a limit of 90 %: then the interval of 8 epochs speaks, less surely."""
    settings = Settings(limits=Limits(premature_rise=0.9), file="pai-report.toml")
    judgement = judge(analyse(read_run(real_run("digits-329-premature-once", "fixed20")), settings), settings)
    held = next(one for one in judgement.findings if one.code == PREMATURE)
    usual = finding("digits-329-premature-once", "fixed20", PREMATURE)

    assert held.limit is not None
    assert usual.limit is not None
    assert plain_text(held.limit) == "rule: a fixed switch after fewer than 10 epochs (own choice)"
    assert "after only 8 epochs" in plain_text(held.title)
    assert "an improvement of 2.0 %" in plain_text(usual.limit)
    assert (held.confidence, usual.confidence) == ("medium", "high")


def test_premature_counts_one_set() -> None:
    """Of four sets the first brought what counts: N* is 1, and nobody says that four helped."""
    analysis, judgement = judged("digits-329-premature-fixed3", "premature")

    assert analysis.gains.optimal == 1
    assert plain_text(judgement.verdict.answer).startswith("Cannot tell")


@pytest.mark.parametrize(
    ("folder", "inner", "samples"),
    [
        ("digits-329-odd-names", "uni.name_x", "at least 1,665 samples"),  # 5 / (0.5017 - 0.2013) points = 1,664.4
        ("digits-329-two-kept", "PAI", "more than 598 samples"),  # noise alone shows 1.11, the gain is 0.67
        ("bank-lead-mixed-runs", "PAI", "more than 2,233 samples"),  # 20 samples, 10 of them by chance
        ("digits-329-minimize", "minimize", "a larger set"),  # a loss counts no samples
        ("monai-renamed-folder", "PAI_MONAI_Compressed_dendritic", "a larger set"),
    ],
)
def test_within_noise_asks_for_seeds_or_more_validation(folder: str, inner: str, samples: str) -> None:
    """T2: three seeds or a larger validation set, with the number of samples where one follows; page one says the same."""
    held = finding(folder, inner, NOISE)
    first = plain_text(held.steps[0].text)

    assert first.startswith(f"Repeat with three seeds, or validate on {samples}, before anything is changed.")
    assert plain_text(judged(folder, inner)[1].actions[0]) == first


def test_within_noise_names_the_layers_after_the_repeats() -> None:
    """T2.1 to T2.3: the three converted modules, then output dimensions; the third set lost in both tries, so no threshold."""
    held = finding("digits-329-two-kept", "PAI", NOISE)
    told = [plain_text(step.text) for step in held.steps]

    assert told[1].startswith("If repeats agree that there is no gain")
    assert told[1].endswith("Perforated modules: .fc1, .fc2, .out.")
    assert "module.set_this_output_dimensions([-1, -1, 0])" in told[2]
    assert len(held.considered) == 1
    assert plain_text(held.considered[0]).endswith("the rejected set did not pass the best score.")


def test_a_doubtful_gap_is_told_with_doubt() -> None:
    """The training loss of the last epoch, 0.011, follows 0.064 and 0.055: no ground for "will not help"."""
    _, judgement = judged("efficientnet-pb-loss", "PAI")
    watch = [plain_text(action) for action in judgement.actions if plain_text(action).startswith("Watch")]

    assert watch == ["Watch the gap: more capacity may not help until it is smaller."]


def test_layer_types_stand_in_for_modules() -> None:
    """Without a file that names modules the layer types of the run's own config are named; the library's defaults are not."""
    told = FIRES["PAI061"], with_settings(FIRES["PAI061"], module_names_to_perforate="['Linear']")
    defaults = replace(told[0], identity=replace(told[0].identity, settings=settings_with("default")))
    named = [next(f for f in judge(run, Settings()).findings if f.code == NOISE) for run in (told[1], defaults)]

    assert plain_text(named[0].steps[1].text).endswith("Perforated layer types: ['Linear'].")
    assert "Perforated" not in plain_text(named[1].steps[1].text)


def test_overfit_is_improved_with_issues() -> None:
    """The gain of 10 samples is real, and the gap of 21 points comes first."""
    _, judgement = judged("digits-329-overfit", "overfit")

    assert (judgement.findings[0].code, judgement.findings[0].severity) == (GAP, "high")
    assert "20.97 points" in plain_text(judgement.findings[0].title)
    assert judgement.verdict.sentence == N3


def test_near_miss_is_answered_with_a_lower_threshold() -> None:
    """The rejected set was 0.58 % better: half of that, rounded down to one digit, is 0.002; two tries, none kept."""
    held = finding("v2run", "v2run", NEAR_MISS)
    step = next(step for step in held.steps if step.setting == "improvement_threshold")

    assert (step.old, step.new) == ("[0.02]", "[0.002]")
    assert "2 tries, none kept" in plain_text(finding("v2run", "v2run", NONE_KEPT).title)


def test_left_overs_are_counted() -> None:
    """Four of the six noImprove snapshots beside this run belong to earlier ones."""
    assert "4 snapshots of earlier runs" in plain_text(finding("bank-lead-mixed-runs", "PAI", LEFT_OVERS).title)


def test_late_training_score_is_counted() -> None:
    """24 of 29 epochs have a training score."""
    assert "24 of 29 epochs" in plain_text(finding("digits-329-first-failed", "late_extra", LATE_TRAIN).title)


def test_modules_of_the_pb_run_have_tiers() -> None:
    """Real scores of 0.004 to 0.011 are low or marginal, never below the library's own limit of learning."""
    analysis, judgement = judged("efficientnet-pb-loss", "PAI")
    held = analysis.modules
    assert held is not None
    scores = [module.score for module in held.modules if module.score is not None]

    assert analysis.lifecycle.kept == 4
    assert scores
    assert all(0.003 < score < 0.012 for score in scores)
    assert {module.tier for module in held.modules} <= {"low", "marginal"}
    assert not [
        held for held in judgement.findings if any("module_ids_to_track" in (step.setting or "") for step in held.steps)
    ]


def test_best_network_is_the_best_row() -> None:
    """The third row of four is the best, and the set after it was never proven."""
    analysis, _ = judged("yolo-dendrite-100", "dendrite_100")

    assert (analysis.gains.best_sets, analysis.lifecycle.last_set_proven) == (2, False)
    assert analysis.gains.best == pytest.approx(0.5807, abs=5e-5)


def test_restarted_learning_rates_ask_for_a_control_run() -> None:
    """Where the learning rate restarted with the sets, a gain is confirmed by a control run with the same restarts."""
    _, judgement = judged("yolo-dendrite-100", "dendrite_100")

    assert any("control run" in plain_text(action) for action in judgement.actions)


def test_the_longest_wait_is_shown_where_it_was() -> None:
    """The second phase improves at epochs 10 and 15 and not between; the last phase, epochs 19 to 28, never improves."""
    held = finding("monai-renamed-folder", "PAI_MONAI_Compressed_dendritic", EARLY).evidence[0]

    assert (held.file, held.epochs) == ("PAI_MONAI_Compressed_beforeSwitch_2Scores.csv", (10, 15))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.folder)
def test_no_setting_is_given_two_values(golden: Golden) -> None:
    """Over all findings of a run each setting has one new value, and none equals the old one."""
    values: dict[str, set[Any]] = {}
    for held in judged(golden.folder, golden.inner)[1].findings:
        for step in held.steps:
            if step.setting:
                values.setdefault(step.setting, set()).add(step.new)
                assert step.new != step.old

    assert {setting for setting, found in values.items() if len(found) > 1} == set()
