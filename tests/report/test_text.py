"""The one formatter: numbers, units, nouns and markup."""

import math
import re
from typing import get_args

import pytest

from pai_report.advice.phrases import (
    Quantity,
    Unit,
    code,
    correlation,
    count,
    epochs,
    name,
    percent,
    points,
    rate,
    say,
    score,
    seconds,
    times,
)
from pai_report.report.document import Span
from pai_report.report.text import difference_text, phrase_text, plain_text, quantity_text, shortened


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (score(91.638797), "91.64"),
        (score(0.31718), "0.3172"),
        (score(100.0), "100.0"),
        (score(-67.5), "−67.50"),
        (score(0.0), "0"),
        (score(12345678.0), "12,345,678"),
        (points(0.66889, signed=True), "+0.67 points"),
        (points(0.0012), "0.0012 points"),
        (percent(0.0801), "8.0 %"),
        (percent(2.219), "222 %"),
        (percent(0.0055), "0.55 %"),
        (times(3.2191), "3.2 times"),
        (times(1000.0), "1,000 times"),
        (times(562_949_953_421_312.0), "over 1,000 times"),
        (count(1, "try|tries"), "1 try"),
        (count(2, "try|tries"), "2 tries"),
        (count(0, "dendrite set"), "0 dendrite sets"),
        (count(63799765), "63,799,765"),
        (count(4.0000001, signed=True), "+4"),
        (seconds(9.2), "9.2 s"),
        (seconds(754.0), "13 min"),
        (seconds(12000.0), "3.3 h"),
        (correlation(0.0039111), "0.00391"),
        (rate(0.001), "0.001"),
        (epochs((3, 3)), "epoch 3"),
        (epochs((3, 9)), "epochs 3–9"),
        (score(None), "not known"),
        (name("<b>|`"), "<b>|`"),
    ],
)
def test_quantities(quantity: Quantity, shown: str) -> None:
    """Four significant digits for scores, two decimals for points, thousands separated, nouns counted."""
    assert shown == quantity_text(quantity).replace("\u00a0", " ")


def test_markup_becomes_style() -> None:
    """Stars are strong, backticks are code, untrusted names keep a style of their own."""
    spans = phrase_text(
        say("**Stop at {n}**: `set_{s}({v})` for {m}", n=count(2, "set"), s=code("x"), v=code("2"), m=name("**a**"))
    )
    assert spans == (
        Span(text="Stop at 2\u00a0sets", style="strong"),
        Span(text=": "),
        Span(text="set_x(2)", style="code"),
        Span(text=" for "),
        Span(text="**a**", style="name"),
    )


def test_plain_text_has_ordinary_spaces() -> None:
    """JSON titles and terminals get no non-breaking spaces."""
    assert plain_text(say("{g} more", g=points(1.5))) == "1.50 points more"


def test_long_names_lose_their_middle() -> None:
    """Beginning and end of a name say what it is; a name that is short enough stays whole."""
    assert shortened("abcdefghij", 10) == "abcdefghij"
    assert shortened("abcdefghijk", 10) == "abcd\u2026ghijk"


@pytest.mark.parametrize("unit", get_args(Unit))
@pytest.mark.parametrize("number", [1e15, -1e20, 2.5e91, 1e300, 5e-324, -1e-310, 999_999_999_999_999.0])
def test_no_number_has_more_than_fifteen_digits(number: float, unit: Unit) -> None:
    """Longer ones are written with an exponent, in every unit."""
    digits = re.findall(r"[\d,.]+", quantity_text(Quantity(value=number, unit=unit)).partition("e")[0])

    assert all(len(re.sub(r"[,.]", "", held)) <= 15 for held in digits)
    assert len(re.sub(r"\D", "", difference_text(number, 1.234e-5).partition("e")[0])) <= 15


def test_counts_of_fifteen_digits_are_written_out() -> None:
    """The last number without an exponent, and the first with one."""
    assert quantity_text(count(999_999_999_999_999)) == "999,999,999,999,999"
    assert quantity_text(count(10**15)) == "1.000e+15"
    assert quantity_text(percent(1e20)) == "1.000e+22\u00a0%"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_not_known(number: float) -> None:
    """No sentence says nan or inf, whatever a division came to."""
    assert {quantity_text(Quantity(value=number, unit=unit)) for unit in get_args(Unit)} == {"not known"}
    assert difference_text(number, 1.0) == "not known"
