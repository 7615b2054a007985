"""What the index says of a run: the answer, the gain, the size and the epochs in short."""

from pai_report.advice.phrases import count, percent, points, score, times
from pai_report.advice.words import metric_change, way
from pai_report.analysis.model import Analysis
from pai_report.batch.model import Flaw, Told
from pai_report.batch.sketch import sketch
from pai_report.pipeline import Study
from pai_report.report.contract import contract
from pai_report.report.text import NBSP, quantity_text


def told(studied: Study) -> Told:
    """The short form of a report; numbers as in `report.json`."""
    analysis = studied.analysis
    held = contract(analysis, studied.judgement)
    gain, size, budget = analysis.gains.gain, analysis.efficiency, analysis.lifecycle.budget
    return Told(
        verdict=held.verdict.code,
        answer=held.verdict.answer,
        direction=held.run.direction,
        baseline=held.scores.baseline,
        best=held.scores.best,
        gain=held.scores.gain,
        gain_class=held.scores.gain_class,
        points=gain.points if gain else None,
        relative=gain.relative if gain else None,
        scores_text=_scores(analysis),
        gain_text=_gain(analysis),
        parameters=size.best or size.baseline,
        growth=None if size.doubled_base else size.growth,
        parameters_text=_parameters(analysis),
        epochs=budget.recorded if budget.trained is None else budget.trained,
        epochs_text=quantity_text(count(budget.recorded if budget.trained is None else budget.trained)),
        flaws=tuple(
            Flaw(code=finding.code, slug=finding.slug, severity=finding.severity, title=finding.title)
            for finding in held.findings
        ),
        sketch=sketch(analysis),
    )


def _scores(analysis: Analysis) -> str:
    """Best score without and with dendrites, or the one there is."""
    gains = analysis.gains
    if gains.baseline is None:
        return ""
    if gains.gain is None or not gains.best_sets:
        return quantity_text(score(gains.baseline))
    return f"{quantity_text(score(gains.baseline))} → {quantity_text(score(gains.best))}"


def _gain(analysis: Analysis) -> str:
    """The dendrites' effect as the change of the metric, and whether it is better; the share that orders runs comes first."""
    gain = analysis.gains.gain
    if gain is None:
        return ""
    judged = way(analysis, gain).rpartition(", ")[2]
    shown = metric_change(analysis, gain)
    if shown.relative is None:
        return f"{quantity_text(score(shown.absolute, signed=True))}, {judged}"
    share = quantity_text(percent(shown.relative, signed=True))
    return f"{share if shown.points is None else f'{share}, {quantity_text(points(shown.points, signed=True))}'}, {judged}"


def _parameters(analysis: Analysis) -> str:
    size = analysis.efficiency
    if size.baseline is None:
        return ""
    held = quantity_text(count(size.best or size.baseline))
    if size.doubled_base or not size.growth:
        return held
    return f"{held}, {quantity_text(times(1 + size.growth)).replace(f'{NBSP}times', ' ×')}"
