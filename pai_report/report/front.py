"""The first page: the answer, four key figures, the picture that shows it, three actions, what was found."""

from pai_report.advice.model import Judgement
from pai_report.advice.phrases import Phrase, count, percent, points, say, score, times, word
from pai_report.advice.words import best_with_sets, metric_change, way
from pai_report.analysis.model import Analysis, Change
from pai_report.report.document import Actions, Block, KeyFigure, KeyFigures, Noted, Overview, Paragraph, Span, Text
from pai_report.report.insights.baseline import EXTRAPOLATED
from pai_report.report.rows import kept_words
from pai_report.report.text import NBSP, join, named, phrase_text, quantity_text, shortened, text

NAME_LENGTH = 32  # characters of a save name above the headline; the foot and the provenance hold all of it
NOTED = 5  # findings that page one names
ENDINGS = {
    "rejected": "finished: the last set tried was rejected",
    "max-reached": "finished: the maximum of sets was reached",
    "stopped": "stopped before the library was done",
    "unknown": "not known to be finished",
}


def kicker(analysis: Analysis) -> Text:
    """The small line above the headline: what this is, of which run, and how it ended."""
    ending = ENDINGS[analysis.lifecycle.ended_by]
    name = shortened(analysis.identity.save_name, NAME_LENGTH)
    return (Span(text="PerforatedAI run report · "), *named(name), Span(text=f" · {ending}"))


def lead(judgement: Judgement) -> Paragraph:
    """The sentences under the headline."""
    return Paragraph(text=join(tuple(phrase_text(held) for held in judgement.verdict.context)), role="lead")


def actions(judgement: Judgement) -> Actions:
    """What to do next, the first is tomorrow's."""
    return Actions(items=tuple(phrase_text(held) for held in judgement.actions))


def overview(judgement: Judgement) -> Overview:
    """The first findings, each in one line; their cards follow in the body."""
    noted = tuple(
        Noted(target=held.code.lower(), severity=held.severity, title=phrase_text(held.title))
        for held in judgement.findings[:NOTED]
    )
    return Overview(findings=noted, more=len(judgement.findings) - len(noted))


def key_figures(analysis: Analysis) -> KeyFigures:
    """Four figures: the effect, what it removed or how far to trust it, the size, the epochs."""
    gain = analysis.gains.gain
    if gain is not None:
        first: tuple[KeyFigure, ...] = (_gain(analysis, gain), _second(analysis, gain))
    else:
        first = (*_best(analysis), _sets(analysis))
    return KeyFigures(figures=(*first, _parameters(analysis), _epochs(analysis)))


def front(analysis: Analysis, judgement: Judgement, picture: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks of page one, in reading order."""
    held, found = actions(judgement), overview(judgement)
    ends: tuple[Block, ...] = (*((held,) if held.items else ()), *((found,) if found.findings else ()))
    return (lead(judgement), key_figures(analysis), *picture, *ends)


def _figure(shown: str, caption: Phrase) -> KeyFigure:
    """Split "0.67 points" at its last space, so that the unit can be set smaller."""
    main, _, unit = shown.partition(NBSP)
    return KeyFigure(value=main, unit=unit, caption=phrase_text(caption))


def _gain(analysis: Analysis, gain: Change) -> KeyFigure:
    gains, best = analysis.gains, best_with_sets(analysis)
    shown = metric_change(analysis, gain)
    return _figure(
        quantity_text(percent(shown.relative, signed=True) if shown.points is None else points(shown.points, signed=True)),
        say(
            f"{{a}} → {{b}}, best score without and with dendrites: {way(analysis, gain)}",
            a=score(gains.baseline),
            b=score(gains.best if best is None else best.best),
        ),
    )


def _second(analysis: Analysis, gain: Change) -> KeyFigure:
    gains, validation = analysis.gains, analysis.identity.n_validation
    if gains.gain_class == "confounded" and analysis.phases:
        first = analysis.phases[0]
        caption = say("before the first set was added; the network was still learning then")
        return _figure(quantity_text(count(first.last - first.first + 1, "epoch")), caption)
    if gains.error_removed is not None and gain.absolute > 0:
        return _figure(quantity_text(percent(gains.error_removed)), say("of the remaining error removed"))
    if gain.samples is not None and validation is not None:
        caption = say("net validation samples of {n}", n=count(validation))
        return _figure(quantity_text(count(metric_change(analysis, gain).samples, signed=True)), caption)
    floor = gains.test.floor if gains.test else None
    if floor is not None and gains.baseline:
        caption = say("is what a gain must exceed to stand out from this run's noise")
        return _figure(quantity_text(percent(floor / abs(gains.baseline))), caption)
    return _sets(analysis)


def _sets(analysis: Analysis) -> KeyFigure:
    lifecycle = analysis.lifecycle
    kept, _, words = kept_words(lifecycle, "dendrite set").partition(NBSP)
    tried = say("{w}; how many were tried is not known", w=word(words))
    if lifecycle.tried is not None:
        tried = say("{w}, {t} tried", w=word(words), t=count(lifecycle.tried))
    return KeyFigure(value=kept, unit="", caption=phrase_text(tried))


def _best(analysis: Analysis) -> tuple[KeyFigure, ...]:
    """The best score without dendrites; nothing where none can be named."""
    baseline = analysis.gains.baseline
    return (
        () if baseline is None else (_figure(quantity_text(score(baseline)), say("best validation score without dendrites")),)
    )


def _parameters(analysis: Analysis) -> KeyFigure:
    held = analysis.efficiency
    if held.baseline is None:
        return KeyFigure(value="–", unit="", caption=text("parameters were not recorded"))
    if held.doubled_base:
        caption = say("parameters as recorded; this library version counts the base network twice")
        return _figure(quantity_text(count(held.best or held.baseline)), caption)
    if analysis.identity.direction == "undecided" and held.final is not None:
        return _figure(
            quantity_text(count(held.final)), say("parameters at the end, {b} without dendrites", b=count(held.baseline))
        )
    if held.growth is None or held.best is None or held.best == held.baseline:
        return _figure(quantity_text(count(held.baseline)), say("parameters"))
    caption = say("parameters, {x} the {b} before", x=times(1 + held.growth), b=count(held.baseline))
    if held.gain_per_growth is not None and analysis.identity.points_per_unit is not None and held.growth >= EXTRAPOLATED:
        caption = say(
            "parameters, {x} the {b} before; {r} per +100 %",
            x=times(1 + held.growth),
            b=count(held.baseline),
            r=points(held.gain_per_growth),
        )
    return _figure(quantity_text(count(held.best)), caption)


def _epochs(analysis: Analysis) -> KeyFigure:
    budget = analysis.lifecycle.budget
    if not analysis.track.file:
        return KeyFigure(value="–", unit="", caption=text("epochs were not recorded"))
    if budget.trained is None:
        more = budget.at_least > budget.recorded
        caption = (
            say("epochs recorded; at least {n} were trained", n=count(budget.at_least)) if more else say("epochs recorded")
        )
        return _figure(quantity_text(count(budget.recorded)), caption)
    every = budget.recorded == budget.trained
    parts = [say("epochs trained, all recorded" if every else "epochs trained, {n} recorded", n=count(budget.recorded))]
    if budget.rejected:
        parts.append(say("{n} in rejected tries", n=count(budget.rejected)))
    if budget.lr_search:
        parts.append(say("{n} in learning-rate search", n=count(budget.lr_search)))
    told = join(tuple(phrase_text(part) for part in parts), "; ")
    return KeyFigure(value=quantity_text(count(budget.trained)), unit="", caption=told)
