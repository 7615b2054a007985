"""The one place that turns quantities and phrases into text, for every format and for titles in JSON."""

import math
import re
from collections.abc import Callable

from pai_report.advice.phrases import SLOT, Phrase, Quantity
from pai_report.report.document import Span, Style, Text

NBSP = "\u00a0"
MOST_TIMES = 1_000  # a ratio beyond it says no more than that (J9)
NOT_KNOWN = "not known"
LONGEST = 1e15  # numbers from here on have more than 15 digits, of which a float is sure
_MARKUP = re.compile(r"(\*\*.+?\*\*|`.+?`)", re.DOTALL)


def quantity_text(quantity: Quantity) -> str:
    """`quantity` as readers see it, unit included: four significant digits for scores, two decimals for points."""
    held = quantity.value
    if isinstance(held, str):
        return held
    if isinstance(held, tuple):
        return epochs_text(held)
    if held is None or not math.isfinite(held):
        return f"an unknown number of {_plural(quantity.noun)}" if quantity.noun else NOT_KNOWN
    return _signed(_number_text(float(held), quantity), float(held), signed=quantity.signed)


def epochs_text(span: tuple[int, int]) -> str:
    """An inclusive range of epochs: "epoch 4" or "epochs 4\u201312"."""
    first, last = span
    return f"epoch{NBSP}{first}" if first == last else f"epochs{NBSP}{first}\u2013{last}"


def significant(number: float, digits: int = 4) -> str:
    """`number` with `digits` significant digits, thousands separated, never in a form that hides its size."""
    if number == 0:
        return "0"
    size = math.floor(math.log10(abs(number)))
    if size >= digits + 5 or size < -5:
        return f"{number:.{digits - 1}e}"
    return f"{number:,.{max(digits - 1 - size, 0)}f}"


def grouped(number: float, places: int = 0) -> str:
    """`number` with `places` decimals, thousands separated; with an exponent where that is more than 15 digits."""
    return f"{number:,.{places}f}" if abs(number) < LONGEST / 10**places else f"{number:.3e}"


def difference_text(difference: float, reference: float | None, *, signed: bool = True) -> str:
    """A difference of two scores with as many decimals as `reference`, one of them, so that they subtract on the page."""
    if not math.isfinite(difference):
        return NOT_KNOWN
    if not reference or not math.isfinite(reference):
        return _signed(significant(difference), difference, signed=signed)
    decimals = len(significant(reference).partition(".")[2])
    return _signed(_decimals(difference, decimals), difference, signed=signed)


def phrase_text(phrase: Phrase) -> Text:
    """The spans of `phrase`: markup becomes style, quantities become text, untrusted names keep a style of their own."""
    spans: list[Span] = []
    for piece in _MARKUP.split(phrase.template):
        if piece.startswith("**"):
            spans += _fill(piece[2:-2], phrase, "strong")
        elif piece.startswith("`"):
            spans.append(Span(text="".join(span.text for span in _fill(piece[1:-1], phrase, "code")), style="code"))
        elif piece:
            spans += _fill(piece, phrase, "plain")
    return _merged(spans)


def plain_text(phrase: Phrase) -> str:
    """`phrase` without any styling, for JSON titles, bookmarks and the terminal."""
    return "".join(span.text for span in phrase_text(phrase)).replace(NBSP, " ")


def text(words: str) -> Text:
    """Plain words as text."""
    return (Span(text=words),)


def named(words: str) -> Text:
    """Untrusted words from the run as text."""
    return (Span(text=words, style="name"),)


def shortened(name: str, longest: int) -> str:
    """`name` with its middle left out where it is longer than `longest` characters."""
    half = longest // 2
    return name if len(name) <= longest else f"{name[: longest - half - 1]}\u2026{name[-half:]}"


def join(parts: tuple[Text, ...], separator: str = " ") -> Text:
    """Several texts as one."""
    spans: list[Span] = []
    for part in parts:
        spans += [Span(text=separator), *part] if spans else part
    return tuple(spans)


def _merged(spans: list[Span]) -> Text:
    """Neighbours of one style as one span; names stay apart, each is a text of its own."""
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].style == span.style != "name":
            merged[-1] = Span(text=merged[-1].text + span.text, style=span.style)
        else:
            merged.append(span)
    return tuple(merged)


def _fill(template: str, phrase: Phrase, style: Style) -> list[Span]:
    quantities = dict(phrase.quantities)
    spans: list[Span] = []
    for position, piece in enumerate(SLOT.split(template)):
        if position % 2:
            quantity = quantities[piece]
            own = {"name": "name", "code": "code"}.get(quantity.unit, style)
            spans.append(Span(text=quantity_text(quantity), style=own))  # type: ignore[arg-type]
        elif piece:
            spans.append(Span(text=piece, style=style))
    return spans


def _number_text(number: float, quantity: Quantity) -> str:
    if quantity.unit == "count":
        return _counted(number, quantity.noun)
    return _FORMATTERS.get(quantity.unit, significant)(number)


def _signed(shown: str, number: float, *, signed: bool) -> str:
    shown = shown.replace("-", "\u2212", 1) if number < 0 else shown
    return f"+{shown}" if signed and number > 0 else shown


def _decimals(number: float, places: int) -> str:
    rounded = grouped(number, places)
    return rounded if number == 0 or float(rounded.replace(",", "")) != 0 else significant(number, 2)


def _share(percent: float) -> str:
    if abs(percent) >= 99.95:
        return grouped(percent)
    return f"{percent:.1f}" if abs(percent) >= 0.995 else _decimals(percent, 2)


def _ratio(number: float) -> str:
    if abs(number) >= 100:
        return grouped(number)
    return _decimals(number, 1 if abs(number) >= 1.2 else 3)


def _counted(number: float, noun: str) -> str:
    shown = grouped(number, 0 if abs(number - round(number)) < 0.05 else 1)
    if not noun:
        return shown
    return f"{shown}{NBSP}{noun.partition('|')[0] if shown in {'1', '-1'} else _plural(noun)}"


def _plural(noun: str) -> str:
    singular, _, plural = noun.partition("|")
    return plural or f"{singular}s"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{grouped(seconds, 1 if seconds < 10 else 0)}{NBSP}s"
    if seconds < 5400:
        return f"{seconds / 60:.0f}{NBSP}min"
    return f"{grouped(seconds / 3600, 1)}{NBSP}h"


_FORMATTERS: dict[str, Callable[[float], str]] = {
    "points": lambda number: f"{_decimals(number, 2)}{NBSP}points",
    "percent": lambda number: f"{_share(number * 100)}{NBSP}%",
    "times": lambda number: f"{_ratio(number) if number <= MOST_TIMES else f'over {MOST_TIMES:,}'}{NBSP}times",
    "number": lambda number: f"{number:.4g}" if abs(number) < 1000 else grouped(number),
    "learning-rate": lambda number: f"{number:.3g}".replace("e-0", "e-"),
    "seconds": _duration,
    "correlation": lambda number: f"{number:.3g}",
}
