"""The short answer for the terminal: what page one says, without its picture."""

from textwrap import wrap

from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.report.clean import clean
from pai_report.report.document import KeyFigure, Text
from pai_report.report.front import actions, key_figures, kicker, lead
from pai_report.report.text import NBSP, phrase_text

WIDTH = 88  # characters, so that a narrow terminal and a ticket show the same lines
SHOWN_FINDINGS = 5


def short_answer(analysis: Analysis, judgement: Judgement) -> str:
    """The answer, the key figures, the actions and the first findings as plain text, ending in a newline."""
    parts = (
        _wrapped(_plain(kicker(analysis))),
        _wrapped(_plain(phrase_text(judgement.verdict.answer))),
        _wrapped(_plain(lead(judgement).text)),
        [line for figure in key_figures(analysis).figures for line in _figure(figure)],
        _listed("Do next", [(f"{place}.", _plain(item)) for place, item in enumerate(actions(judgement).items, start=1)]),
        _findings(judgement),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _plain(text: Text) -> str:
    return clean("".join(span.text for span in text)).replace(NBSP, " ")


def _wrapped(words: str, first: str = "", others: str = "") -> list[str]:
    return wrap(words, WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False)


def _figure(figure: KeyFigure) -> list[str]:
    shown = f"{figure.value} {figure.unit}".strip()
    return _wrapped(_plain(figure.caption), f"  {shown:>14}  ", " " * 18)


def _listed(heading: str, items: list[tuple[str, str]]) -> list[str]:
    """`heading` over its items, each with its mark in a column of its own; nothing for no items."""
    width = max((len(mark) for mark, _ in items), default=0)
    lines = [line for mark, words in items for line in _wrapped(words, f"  {mark:<{width}} ", " " * (width + 3))]
    return [heading, *lines] if lines else []


def _findings(judgement: Judgement) -> list[str]:
    shown, more = judgement.findings[:SHOWN_FINDINGS], len(judgement.findings) - SHOWN_FINDINGS
    items = [(f"{held.code} {held.severity}", _plain(phrase_text(held.title))) for held in shown]
    listed = _listed("Findings", items)
    return [*listed, f"  and {more} more"] if more > 0 else listed
