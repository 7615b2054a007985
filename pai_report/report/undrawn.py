"""Pictures that failed: each is a mistake of ours, told in its place and counted, and never costs the report."""

from collections.abc import Callable
from typing import TypeVar

from pai_report.errors import ExpectedError
from pai_report.report.clean import clean
from pai_report.report.document import Block, Figure, Paragraph, Remark, Span, Text
from pai_report.report.text import text
from pai_report.values import value

T = TypeVar("T")

_SUBJECTS = {
    "front-scores": "the scores on page one",
    "scores": "the scores",
    "gains": "the gains",
    "architecture": "score against size",
    "gap": "training against validation",
    "learning-rate": "the learning rate",
    "budget": "the epochs trained",
    "modules": "the modules",
    "times": "the epoch times",
}


@value
class Undrawn:
    """A picture that could not be drawn. `id` is the picture's, `error` what went wrong; it may hold names from the run."""

    id: str
    error: str


def attempted(name: str, draw: Callable[[], T]) -> T | Undrawn:
    """What `draw` makes, or why the picture `name` could not be drawn; ExpectedError for what the user can mend."""
    try:
        return draw()
    except ExpectedError:
        raise
    except Exception as error:  # noqa: BLE001 - the report is still written, with the picture named as undrawn
        return Undrawn(id=name, error=f"{type(error).__name__}: {error}")


def in_place(picture: Figure | Undrawn) -> Block:
    """The picture, or the sentence that stands where it would."""
    return picture if isinstance(picture, Figure) else Paragraph(text=_sentence(picture), role="missing")


def sentences(pictures: tuple[Figure | Undrawn, ...]) -> tuple[str, ...]:
    """What to tell of the pictures that failed on a terminal."""
    return tuple(clean("".join(span.text for span in _sentence(held))) for held in pictures if isinstance(held, Undrawn))


def remarks(pictures: tuple[Figure | Undrawn, ...]) -> tuple[Remark, ...]:
    """The pictures that failed, beside the checks that did."""
    return tuple(Remark(text=_sentence(held), tone="caution") for held in pictures if isinstance(held, Undrawn))


def _sentence(picture: Undrawn) -> Text:
    return (*text(f"The picture of {_SUBJECTS[picture.id]} could not be drawn: "), Span(text=picture.error, style="name"))
