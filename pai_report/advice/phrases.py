"""Sentences with named quantities: advice words them, `report.text` formats them, once for every format.

A template names its quantities in braces ("a gain of {gain}"), marks settings and code with backticks and strong words with
double asterisks. Text from run folders only ever enters as a `name` quantity, so that every format can escape it.
"""

import re
from typing import Literal

from pai_report.values import value

SLOT = re.compile(r"\{(\w+)\}")  # the place of a quantity in a template

Unit = Literal[
    "score",  # in the metric's own units
    "points",  # hundredths of a bounded score's range
    "percent",  # a share, given as 0.05 for 5 %
    "times",  # a ratio, 3.2 times
    "count",  # plain integer with thousands separators
    "number",  # plain number, four significant digits
    "learning-rate",
    "seconds",
    "correlation",
    "name",  # untrusted text: module, column, file or save name
    "code",  # a setting's value or a snippet, ours or the run's
    "word",  # our own words
    "epochs",  # inclusive range (first, last)
]


@value
class Quantity:
    """A value in a sentence. `signed` shows a plus sign; `value` None shows as "not known".

    `noun` is counted with the value ("dendrite set", "try|tries" where the plural is not formed with s).
    """

    value: float | int | str | tuple[int, int] | None
    unit: Unit
    signed: bool = False
    noun: str = ""


@value
class Phrase:
    """A template and its quantities. `report.text` turns it into spans."""

    template: str
    quantities: tuple[tuple[str, Quantity], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a sentence with a gap: every name in braces has its quantity."""
        if missing := set(SLOT.findall(self.template)) - {name for name, _ in self.quantities}:
            raise ValueError(f"no quantity is called {' or '.join(sorted(missing))}")


def say(template: str, **quantities: Quantity) -> Phrase:
    """Word a sentence: `say("{gap} above validation", gap=points(6.7))`."""
    return Phrase(template=template, quantities=tuple(quantities.items()))


def score(number: float | None, *, signed: bool = False) -> Quantity:
    """A score in the metric's own units."""
    return Quantity(value=number, unit="score", signed=signed)


def points(number: float | None, *, signed: bool = False) -> Quantity:
    """A difference of bounded scores, in points."""
    return Quantity(value=number, unit="points", signed=signed)


def percent(share: float | None, *, signed: bool = False) -> Quantity:
    """A share: 0.05 is 5 %."""
    return Quantity(value=share, unit="percent", signed=signed)


def times(ratio: float | None) -> Quantity:
    """A ratio: 3.2 times."""
    return Quantity(value=ratio, unit="times")


def count(number: float | None, noun: str = "", *, signed: bool = False) -> Quantity:
    """A count with thousands separators, with the noun it counts: `count(1, "try|tries")` is "1 try"."""
    return Quantity(value=number, unit="count", signed=signed, noun=noun)


def number(value: float | None, *, signed: bool = False) -> Quantity:
    """A plain number with four significant digits."""
    return Quantity(value=value, unit="number", signed=signed)


def rate(value: float | None) -> Quantity:
    """A learning rate."""
    return Quantity(value=value, unit="learning-rate")


def seconds(value: float | None) -> Quantity:
    """A duration in seconds, shown in the unit that reads best."""
    return Quantity(value=value, unit="seconds")


def correlation(value: float | None) -> Quantity:
    """A PB correlation score."""
    return Quantity(value=value, unit="correlation")


def name(text: str) -> Quantity:
    """Untrusted text from the run: a module, column, file or save name."""
    return Quantity(value=text, unit="name")


def code(text: str) -> Quantity:
    """A setting's value or a line of code."""
    return Quantity(value=text, unit="code")


def word(text: str) -> Quantity:
    """Our own words, chosen by the data."""
    return Quantity(value=text, unit="word")


def epochs(span: tuple[int, int] | None) -> Quantity:
    """An inclusive range of epochs."""
    return Quantity(value=span, unit="epochs")
