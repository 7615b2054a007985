"""Every limit at its edge: just inside the thing happens, just outside it does not.

A limit without its two rows fails `test_every_limit_stands_here`. The expected sides follow from the definitions by hand;
where a sum is not obvious, it stands beside the row.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from advice_cases import addition, case, improved_run, modules, with_gain
from advice_firing import FIRES
from analysis_builders import free, lifecycle, measure, network, phase, structure, track

from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.model import Finding
from pai_report.advice.optimization.efficiency import _last_set_poor
from pai_report.advice.optimization.generalization import _turns_over
from pai_report.advice.rule import Case
from pai_report.advice.troubleshooting.unstable import _confidence
from pai_report.analysis.additions import Dip, _cause, _is_spike
from pai_report.analysis.convergence import Stretch, convergence
from pai_report.analysis.direction_check import _worsens, dendrite_phase_broken, wrong_direction
from pai_report.analysis.generalization import diverging, level
from pai_report.analysis.identity import _every_epoch
from pai_report.analysis.learning_rate import RatedPhase, change_places, dropped_too_quickly, lr_changes, still_high
from pai_report.analysis.model import Analysis, GapPoint, LrChange, NoiseTest, Scores, Stability
from pai_report.analysis.modules import tier
from pai_report.analysis.noise import Sample, gain_class, null, tail
from pai_report.analysis.plateau import plateau, premature, trend, usual_window
from pai_report.analysis.quantum import quantum
from pai_report.analysis.scale import mismatch, same_scale
from pai_report.analysis.set_counts import course, optimal_count, rare_but_helpful, too_frequent
from pai_report.analysis.stability import later_epochs, noise_level, spikes
from pai_report.analysis.stability import level as stability_level
from pai_report.analysis.unchanged import never_changes
from pai_report.analysis.windows import windows
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.retelling import _content
from pai_report.run.access import UnreadError
from pai_report.run.folder import Folder
from pai_report.run.model import Recording
from pai_report.settings import Settings

LIMITS = Limits()
FLAT = (80.0,) * 20
HIGH, LOW = 0.01, 0.001
WIDE = (0.0, 1.0, -1.0, 0.5, -0.5, 1.0, -1.0, 0.0, 0.5, -0.5)


def fires(code: str, analysis: Analysis) -> bool:
    """Whether the rule `code` fires on `analysis`."""
    rule = next(rule for rule in CATALOGUE if rule.code == code)
    return isinstance(rule.apply(case(analysis)), Finding)


def with_inversions(length: int, inversions: int) -> tuple[float, ...]:
    """The numbers 0 to length - 1, rising but for so many pairs in the wrong order: Mann-Kendall S = pairs - 2 inversions."""
    numbers, left, order = list(range(length)), inversions, []
    while numbers:
        take = min(left, len(numbers) - 1)
        order.append(float(numbers.pop(take)))
        left -= take
    assert left == 0
    return tuple(order)


def rising_late(rise: float, jump: int = 2) -> bool:
    """Twenty epochs at 80 percent, the last `jump` of them `rise` higher, the very last a little more."""
    goodness = (*FLAT[:-jump], *[80.0 + rise - 0.001] * (jump - 1), 80.0 + rise)
    return premature(goodness, 0, measure(), truncated=False, interval=None).by_last_best


def best_from_the_end(epochs: int) -> bool:
    """A rise of five points whose best score is the epoch so many from the end."""
    after = (84.0,) * (epochs - 1)
    goodness = (*FLAT[: 20 - epochs], 85.0, *after)
    return premature(goodness, 0, measure(), truncated=False, interval=None).by_last_best


def fixed_after(epochs: int) -> bool:
    """A fixed switch after so many epochs."""
    return premature((80.0,) * epochs, 0, measure(), truncated=False, interval=epochs).short_fixed


def gained(sets: int, klass: str) -> object:
    """The row of a kept set with this class."""
    test = replace(_blank_test(), gain_class=klass)  # type: ignore[arg-type]
    return network(80.0 + sets, sets, test=test)


def _blank_test() -> NoiseTest:
    test = improved_run().gains.test
    assert test is not None
    return test


def too_often(noise: int, lengths: tuple[int, ...]) -> bool:
    """Sets 1 to `noise` within noise, the others real, each after a phase of so many epochs; patience 10."""
    rows = [gained(sets, "within-noise" if sets <= noise else "real") for sets in range(1, len(lengths) + 1)]
    phases = [phase((80.0,) * length, sets) for sets, length in enumerate((*lengths, 50))]
    return too_frequent(rows, phases, measure())  # type: ignore[arg-type]


def waited_long(epochs: int) -> bool:
    """One real set after a phase that went on for so many epochs after its best; patience 10."""
    phases = (phase((70.0, 80.0, *[79.0] * epochs)), phase((85.0,), 1))
    run = structure(phases, lifecycle=lifecycle(ended_by="rejected"))
    return rare_but_helpful([network(80.0), gained(1, "real")], run, measure())  # type: ignore[list-item]


def one_epoch_phases(sets: int) -> bool:
    """So many sets, one epoch each, and an epoch after the last."""
    rows = tuple(epoch for epoch in range(sets) for _ in range(2))
    recording = Recording(infix="", kind="canonical", switch_epochs=rows)
    return _every_epoch(windows(rows, sets + 1, "gd"), recording, LIMITS)


def spiking(
    loss: float, *, place: int = 30, sets: int = 1, sigma: float = 1.0, best: float = 80.0, step: float | None = None
) -> bool:
    """Fifty epochs at `best` with one that loses so much."""
    goodness = (*[best] * place, best - loss, *[best] * (49 - place))
    return bool(spikes(goodness, 0, sets, sigma, free(quantum=step)))


def dipping(depth: float, best: float, step: float) -> bool:
    """A fall after an addition; the phase before it is constant, so that its noise is the rounding of one step, q / sqrt 12."""
    before = phase((best,) * 20)
    return _is_spike(Dip(previous_best=best, depth=depth, recovered=True), before, free(quantum=step))


def rated(goodness: Scores, rates: Scores, sigma: float = 0.1) -> RatedPhase:
    """The first phase of a run."""
    return RatedPhase(
        goodness=goodness,
        rates=rates,
        places=change_places(rates),
        sigma=sigma,
        tolerance=0.1,
        first=0,
        before=(),
        rate_before=None,
    )


def jumps(after: Scores, new: float = LOW, sigma: float = 0.1) -> bool:
    """Five epochs at 80 percent, then `after` at the new rate."""
    goodness = (*FLAT[:5], *after)
    (change,) = lr_changes(rated(goodness, (*[HIGH] * 5, *[new] * len(after)), sigma), measure())
    return change.immediate_jump


def best_before_a_drop(distance: int) -> bool:
    """Whether a score that stands so many epochs before a drop is compared with what follows."""
    goodness = (*[80.0] * (10 - distance), 81.0, *[80.0] * (distance - 1), *[80.0] * 5)
    (change,) = lr_changes(rated(goodness, (*[HIGH] * 10, *[LOW] * 5)), measure())
    return change.best_before == 81.0


def ended_the_rise(ratio: float) -> bool:
    """A first drop while the score was rising, after which it rose at `ratio` of the earlier rate."""
    (drop,) = lr_changes(rated(FLAT, (*[HIGH] * 10, *[LOW] * 10)), measure())
    return dropped_too_quickly(rated(FLAT, (HIGH,) * 20), (_rising(drop, ratio),), LIMITS)


def _rising(drop: LrChange, ratio: float) -> LrChange:
    return replace(drop, improving_before=True, gain_rate_ratio=ratio)


def exhausted(rate: float, epochs: int) -> bool:
    """Twenty epochs with the best one first, the last `epochs` of them at `rate` times the first learning rate."""
    goodness = (85.0, *[80.0] * 19)
    return dropped_too_quickly(rated(goodness, (*[1.0] * (20 - epochs), *[rate] * epochs)), (), LIMITS)


def noisy_plateau(sigma: float) -> bool:
    """A best score of 100 and twenty epochs after it without a drop of the rate."""
    return still_high(rated((100.0, *[90.0] * 20), (HIGH,) * 21, sigma), measure())


def changes_told(number: int) -> bool:
    """Whether a phase with so many changes of the rate is told change by change."""
    rates = tuple(0.9**place for place in range(number + 1))
    return bool(lr_changes(rated((80.0,) * len(rates), rates), measure()))


def stretch(places: tuple[int, ...], length: int) -> Stretch:
    """A phase of `length` epochs that improved by a point at each of `places`."""
    level_at = [80.0 + sum(place <= epoch for place in places) for epoch in range(length)]
    return Stretch(goodness=tuple(level_at), first=0, sets=0, file="PAIScores.csv", truncated=False)


def converges_early(best: int, length: int) -> bool:
    """Whether a phase with its best epoch there converged early; patience 50, longest wait 1."""
    part = stretch(tuple(range(best + 1)), length)
    return convergence(part, [part], measure(n_epochs_to_switch=50), history=True, scheduler_patience=None).converged_early


def patience_beyond(wait: int) -> bool:
    """Whether a patience of 10 is longer than needed where the longest wait was so many epochs."""
    part = stretch((0, wait), 3 * wait)
    return convergence(part, [part], measure(), history=True, scheduler_patience=None).converged_early


def lowered_beside(scheduler: int) -> bool:
    """Whether a patience of 10 can be lowered beside a scheduler's; the longest wait is one epoch."""
    part = stretch((0, 1), 20)
    return convergence(part, [part], measure(), history=True, scheduler_patience=scheduler).could_lower_to is not None


def diverges(noise: float) -> bool:
    """Training rises for 25 epochs, validation falls by 0.1 an epoch beside a swing of `noise` up and down.

    Its Theil-Sen fall is 2.4. The variance of the fall is 0.01 · (25² - 1) / 12 = 0.52, that of the swing noise², so that the
    deviation is sqrt((0.52 + noise²) · 25 / 24): 2.4 is 2.04 deviations at a noise of 0.9 and 1.97 at 0.95.
    """
    validation = tuple(-0.1 * epoch + noise * (-1) ** epoch for epoch in range(25))
    train = tuple(float(epoch) for epoch in range(25))
    return diverging(phase(validation, train=train), measure())


def gap_points(*gaps: float) -> tuple[GapPoint, ...]:
    """Gaps with 0, 1, … sets."""
    return tuple(
        GapPoint(sets=k, train=80 + gap, validation=80, test=None, gap=gap, points=gap, test_gap=None, file="f.csv", epoch=None)
        for k, gap in enumerate(gaps)
    )


def turns_over(first: float) -> bool:
    """Training was behind validation by -`first` without sets and is ten points ahead with one."""
    gap = improved_run().generalization
    assert gap is not None
    return _turns_over(_plain(), replace(gap, points=gap_points(first, 10.0)))


def _plain() -> Case:
    return case(improved_run())


def grown(growth: float) -> bool:
    """PAI802 at a gap that grew by so many points."""
    run = FIRES["PAI802"]
    assert run.generalization is not None
    return fires("PAI802", replace(run, generalization=replace(run.generalization, growth=growth)))


def opposed(order: tuple[float, ...]) -> bool:
    """Whether a train column in this order is taken for a loss beside a rising score."""
    rising = tuple(1.0 + place / 10 for place in range(len(order)))
    train = tuple(1.0 + rank / 10 for rank in order)
    return mismatch("Train", train, rising, len(order), measure()) == "train-looks-like-a-loss"


def beside_a_loss(start: float) -> str | None:
    """The direction check on a minimised score that rises from 1 and levels off, beside a training loss that falls."""
    rising, falling = (1.0, 1.5, 1.8, 1.9, 1.95, 1.96, 1.97, 1.98), tuple(start - step / 10 for step in range(8))
    base = phase(rising, best=1.0, best_epoch=0, last=0, train=falling)
    whole = structure((base,), free(sign=-1), track=track(rising, extras=(("Train Loss", "train", falling),)))
    return wrong_direction(replace(whole, architectures=(network(1.0, 0, 0),)), free(sign=-1))


def fell(neuron: Scores, dendrite: float, **yard: object) -> bool:
    """A dendrite phase at one level after a neuron phase."""
    phases = (phase(neuron), replace(phase((dendrite,) * 5), kind="dendrite"))
    return dendrite_phase_broken(phases, measure(**yard))


def searched(epochs: int, code: str, part: str) -> bool:
    """A rule on the cost of a part of 100 epochs trained."""
    run = FIRES[code]
    budget = replace(run.lifecycle.budget, trained=100)
    budget = replace(budget, lr_search=epochs) if part == "lr_search" else replace(budget, rejected=epochs)
    return fires(code, replace(run, lifecycle=replace(run.lifecycle, budget=budget)))


def sure_of_spread(epochs: int) -> bool:
    """Whether a spread of 20 % over so many epochs is taken with more than low confidence."""
    held = Stability(
        epochs=(0, epochs - 1), sigma=16.0, deviation=16.0, variance=256.0, relative=0.2, level="unstable", spikes=()
    )
    return _confidence(0.2, held, LIMITS) == "medium"


def useless_growth(growth: float) -> bool:
    """PAI901 for a gain within noise."""
    run = with_gain(improved_run(), 0.4, "within-noise")
    return fires("PAI901", replace(run, efficiency=replace(run.efficiency, growth=growth)))


def phases_in_vain(number: int) -> bool:
    """PAI403 with so many phases whose drops brought nothing."""
    return fires("PAI403", replace(FIRES["PAI403"], phases=FIRES["PAI403"].phases[:number]))


def started_at(rate: float) -> bool:
    """PAI011 where a set started at `rate`; the run began at 0.01."""
    return fires("PAI011", improved_run(additions=(addition(1, lr_after=rate),)))


def sides(epochs: int) -> bool:
    """Whether so many epochs on one side have a distribution under the null."""
    side = Sample(epochs=20, draws=20, tails=(WIDE,), truncated=False)
    return null(side, replace(side, epochs=epochs), None, LIMITS) is not None


Rows = tuple[Callable[[], bool], Callable[[], bool]]
HALVES = (80.0,) * 5 + (90.0,) * 5  # median 85; noise sqrt(10²/9 · 8/9 …) about 2.4, three of them about 7.1

EDGES: dict[str, Rows] = {
    # gains and noise. Twenty numbers with k inversions: S = 190 - 2 k, sd 30.82; S = 52 has p 0.049, S = 50 has p 0.056
    "trend_level": (
        lambda: plateau(with_inversions(20, 69), 0, 0.0, measure(), 20).flat is False,
        lambda: plateau(with_inversions(20, 70), 0, 0.0, measure(), 20).flat is False,
    ),
    "real_level": (lambda: gain_class(0.0499, 9, LIMITS) == "real", lambda: gain_class(0.05, 9, LIMITS) == "real"),
    "uncertain_level": (lambda: gain_class(0.199, 9, LIMITS) == "uncertain", lambda: gain_class(0.2, 9, LIMITS) == "uncertain"),
    "samples_needed": (lambda: gain_class(0.01, 5, LIMITS) == "real", lambda: gain_class(0.01, 4.99, LIMITS) == "real"),
    "tail_lead": (
        lambda: tail((*[1.0] * 5, 2.0, *[1.0] * 3, 9.0), LIMITS)[0] == 2.0,
        lambda: tail((*[1.0] * 4, 2.0, *[1.0] * 4, 9.0), LIMITS)[0] == 2.0,
    ),
    "noise_epochs": (lambda: sides(3), lambda: sides(2)),
    "quantum_scores": (
        lambda: quantum([0.1, 0.3, 0.7, 0.8, 0.9], LIMITS) is not None,
        lambda: quantum([0.1, 0.3, 0.7, 0.9], LIMITS) is not None,
    ),
    "most_samples": (
        lambda: quantum([k / 10_000 for k in (1, 3, 7, 5_001, 9_999)], LIMITS) is not None,
        lambda: quantum([k / 10_001 for k in (1, 3, 7, 5_001, 9_999)], LIMITS) is not None,
    ),
    # plateau and timing
    "plateau_window": (
        lambda: usual_window(measure(n_epochs_to_switch=10)) == 10,
        lambda: usual_window(measure(n_epochs_to_switch=11)) == 11,
    ),
    "trend_epochs": (lambda: _has_p((1.0, 2.0, 3.0, 4.0, 5.0)), lambda: _has_p((1.0, 2.0, 3.0, 4.0))),
    "premature_rise": (lambda: rising_late(2.0), lambda: rising_late(1.99)),
    "premature_epochs": (lambda: rising_late(3.0, jump=5), lambda: rising_late(3.0, jump=6)),
    "newest_epochs": (lambda: best_from_the_end(2), lambda: best_from_the_end(3)),
    "early_epochs": (lambda: fixed_after(9), lambda: fixed_after(10)),
    # number of sets
    "diminishing": (
        lambda: optimal_count([10.0, 1.0], (), LIMITS).sets == 1,  # type: ignore[union-attr]
        lambda: optimal_count([10.0, 1.01], (), LIMITS).sets == 1,  # type: ignore[union-attr]
    ),
    "equal_gains": (lambda: course([10, 5], 2, LIMITS) == "equal", lambda: course([10, 4.99], 2, LIMITS) == "equal"),
    "useless_sets": (lambda: too_often(2, (50, 50)), lambda: too_often(1, (50, 50))),
    "short_phase": (lambda: too_often(1, (12,)), lambda: too_often(1, (13,))),
    "short_share": (lambda: too_often(1, (12, 50)), lambda: too_often(1, (12, 50, 50))),
    "long_plateau": (lambda: waited_long(30), lambda: waited_long(29)),
    "every_epoch_sets": (lambda: one_epoch_phases(2), lambda: one_epoch_phases(1)),
    # stability
    "unchanged_epochs": (
        lambda: never_changes(structure((phase((80.0,) * 5),)), LIMITS),
        lambda: never_changes(structure((phase((80.0,) * 4),)), LIMITS),
    ),
    "later_epochs": (lambda: later_epochs(11, LIMITS) == 10, lambda: later_epochs(11, LIMITS) == 11),
    "later_share": (lambda: later_epochs(55, LIMITS) == 11, lambda: later_epochs(56, LIMITS) == 11),
    "early_share": (lambda: spiking(9.0, place=10, sets=0), lambda: spiking(9.0, place=9, sets=0)),
    "settling": (lambda: spiking(9.0, place=5), lambda: spiking(9.0, place=4)),
    "stable": (lambda: stability_level(0.005, LIMITS) == "stable", lambda: stability_level(0.0051, LIMITS) == "stable"),
    "unstable": (lambda: stability_level(0.02, LIMITS) == "unstable", lambda: stability_level(0.0199, LIMITS) == "unstable"),
    "spike_sigmas": (lambda: spiking(5.01), lambda: spiking(4.99)),
    "spike_share": (lambda: spiking(2.01, sigma=0.01, best=100.0), lambda: spiking(1.99, sigma=0.01, best=100.0)),
    "spike_samples": (
        lambda: spiking(3.01, sigma=0.01, best=10.0, step=1.0),
        lambda: spiking(2.99, sigma=0.01, best=10.0, step=1.0),
    ),
    "smallest_noise": (
        lambda: noise_level(FLAT, free()) == pytest.approx(80e-6),
        lambda: noise_level((*FLAT[:-1], 80.01), free()) == pytest.approx(80e-6),
    ),
    "spread_epochs": (lambda: sure_of_spread(10), lambda: sure_of_spread(9)),
    "dip_sigmas": (lambda: dipping(5.01, 1.0, 12**0.5), lambda: dipping(4.99, 1.0, 12**0.5)),
    "spike": (lambda: dipping(4.01, 80.0, 0.1), lambda: dipping(3.99, 80.0, 0.1)),
    # learning rate
    "neighbours": (lambda: best_before_a_drop(5), lambda: best_before_a_drop(6)),
    "lr_restart": (lambda: _by_restart(3.0), lambda: _by_restart(2.99)),
    "lr_lost": (lambda: started_at(0.99e-5), lambda: started_at(1.01e-5)),
    "stopped": (lambda: ended_the_rise(0.249), lambda: ended_the_rise(0.25)),
    "exhausted": (lambda: exhausted(0.0099, 10), lambda: exhausted(0.01, 10)),
    "exhausted_share": (lambda: exhausted(0.001, 10), lambda: exhausted(0.001, 9)),
    "sharp_drop": (lambda: jumps((85.0,) * 5, new=0.5 * HIGH), lambda: jumps((85.0,) * 5, new=0.51 * HIGH)),
    "jump_epochs": (lambda: jumps((80.0, 80.0, 85.0, 85.0)), lambda: jumps((80.0, 80.0, 80.0, 85.0))),
    "jump_sigmas": (lambda: jumps((82.0,) * 5, sigma=1.0), lambda: jumps((81.99,) * 5, sigma=1.0)),
    "overdue_jump": (lambda: jumps((81.0,) * 5), lambda: jumps((80.99,) * 5)),
    "overdue_noise": (lambda: noisy_plateau(1.0), lambda: noisy_plateau(0.99)),
    "phases_alike": (lambda: phases_in_vain(2), lambda: phases_in_vain(1)),
    "most_changes": (lambda: changes_told(100), lambda: changes_told(101)),
    # waiting and search
    "converged_early": (lambda: converges_early(9, 20), lambda: converges_early(10, 20)),
    "wait_margin": (lambda: patience_beyond(6), lambda: patience_beyond(7)),
    "scheduler_margin": (lambda: lowered_beside(7), lambda: lowered_beside(8)),
    "large_share": (lambda: searched(21, "PAI603", "lr_search"), lambda: searched(20, "PAI603", "lr_search")),
    # training against validation
    "gap_notice": (lambda: _gap(5.01) == "notice", lambda: _gap(5.0) == "notice"),
    "gap_overfitting": (lambda: _gap(10.01) == "overfitting", lambda: _gap(10.0) == "overfitting"),
    "loss_gap": (lambda: _loss_gap(0.5) == "notice", lambda: _loss_gap(0.499) == "notice"),
    "growth_overfitting": (lambda: grown(5.01), lambda: grown(5.0)),
    "diverging_sigmas": (lambda: diverges(0.9), lambda: diverges(0.95)),
    "about_as_far": (lambda: turns_over(-5.0), lambda: turns_over(-4.99)),
    "scale_epochs": (lambda: _on_scale(10, 1, 1, 10, 10), lambda: _on_scale(1, 10, 10, 1, 1)),
    "lowest_ratio": (lambda: _on_scale(0.2, 0.2, 0.2), lambda: _on_scale(0.19, 0.19, 0.19)),
    "highest_ratio": (lambda: _on_scale(5.0, 5.0, 5.0), lambda: _on_scale(5.01, 5.01, 5.01)),
    # Spearman of five: 1 - sum d² / 20; sum d² = 32 gives -0.6, 30 gives -0.5
    "opposed": (lambda: opposed((2, 3, 4, 1, 0)), lambda: opposed((2, 3, 4, 0, 1))),
    "opposed_pairs": (lambda: opposed((4, 3, 2, 1, 0)), lambda: opposed((3, 2, 1, 0))),
    # direction. Twenty numbers: S = -74 has p 0.0089, S = -72 has p 0.0106
    "falling_level": (
        lambda: _worsens(with_inversions(20, 58)[::-1], LIMITS),
        lambda: _worsens(with_inversions(20, 59)[::-1], LIMITS),
    ),
    "same_metric": (lambda: beside_a_loss(1.2) is None, lambda: beside_a_loss(1.25) is None),
    "other_metric": (lambda: beside_a_loss(2.05) == "wrong", lambda: beside_a_loss(2.0) == "wrong"),
    "neuron_epochs": (lambda: fell((*[80.0] * 10, *HALVES), 77.5), lambda: fell((*[90.0] * 10, *HALVES), 82.0)),
    "worse_sigmas": (
        lambda: fell(FLAT, 80.0 - 3.01 * 0.5, quantum=0.5 * 12**0.5),
        lambda: fell(FLAT, 80.0 - 2.99 * 0.5, quantum=0.5 * 12**0.5),
    ),
    "worse_share": (lambda: fell(FLAT, 79.49), lambda: fell(FLAT, 79.51)),
    # modules and parameters
    "pb_not_learning": (lambda: tier(0.00099, LIMITS) == "not-learning", lambda: tier(0.001, LIMITS) == "not-learning"),
    "pb_low": (lambda: tier(0.0099, LIMITS) == "low", lambda: tier(0.01, LIMITS) == "low"),
    "pb_good": (lambda: tier(0.0201, LIMITS) == "good", lambda: tier(0.02, LIMITS) == "good"),
    "growth_unproven": (lambda: useless_growth(0.5), lambda: useless_growth(0.49)),
    "poor_return": (lambda: _last_set_poor((10.0, 0.99), LIMITS), lambda: _last_set_poor((10.0, 1.0), LIMITS)),
    # size of files: 10**6 bytes are a megabyte
    "table_size": (lambda: _refused("runScores.csv", 256_000_001), lambda: _refused("runScores.csv", 256_000_000)),
    "small_size": (lambda: _refused("run_config.json", 4_000_001), lambda: _refused("run_config.json", 4_000_000)),
    "picture_size": (lambda: _refused("run.png", 32_000_001), lambda: _refused("run.png", 32_000_000)),
    "run_size": (lambda: _refused_in_all(1_024_000_001), lambda: _refused_in_all(1_024_000_000)),
    "report_size": (lambda: _unreadable_report(256_000_001), lambda: _unreadable_report(256_000_000)),
}


def _sparse(folder: str, name: str, size: int) -> Path:
    path = Path(folder, name)
    path.touch()
    os.truncate(path, size)
    return path


def _refused(name: str, size: int) -> bool:
    """Whether a file of the run is too large; one of exactly the limit is only looked at from outside."""
    with TemporaryDirectory() as place:
        return _sparse(place, name, size).stat().st_size > Folder(Path(place))._allowed(name).size


def _refused_in_all(size: int) -> bool:
    with TemporaryDirectory() as place, suppress(UnreadError):
        Folder(Path(place))._check_total(size)
        return False
    return True


def _unreadable_report(size: int) -> bool:
    with TemporaryDirectory() as place, suppress(ExpectedError):
        _content(_sparse(place, "report.pdf", size), Settings())
        return False
    return True


def _has_p(values: tuple[float, ...]) -> bool:
    found = trend(values, 0, 10, LIMITS)
    return found is not None and found.p is not None


def _by_restart(ratio: float) -> bool:
    return _cause(ratio, LIMITS.lr_restart) == "learning-rate-restart"


def _gap(points: float) -> str | None:
    return level(points, None, LIMITS, diverging=False)


def _loss_gap(relative: float) -> str | None:
    return level(None, relative, LIMITS, diverging=False)


def _on_scale(*ratios: float) -> bool:
    return same_scale(ratios, (1.0,) * len(ratios), LIMITS)


def test_every_limit_stands_here() -> None:
    """A new limit needs its two rows."""
    assert [limit.name for limit in fields(Limits)] == list(EDGES)


@pytest.mark.parametrize("name", EDGES)
def test_a_limit_decides_at_its_edge(name: str) -> None:
    """Just inside it happens, just outside it does not."""
    inside, outside = EDGES[name]
    assert (inside(), outside()) == (True, False)


def test_the_share_for_rejected_tries_counts_from_its_edge_on() -> None:
    """PAI604 fires at a fifth, PAI603 above it: the definitions say so (D15)."""
    assert [searched(epochs, "PAI604", "rejected") for epochs in (20, 19)] == [True, False]


def test_a_module_set_needs_good_modules_left() -> None:
    """PAI301 leaves nothing out where nothing better would be left (C5)."""
    assert not fires("PAI301", improved_run(modules=modules(0.004, 0.005)))
