"""What the renderer of the PDF complains of: never thrown away."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten

from pai_report.errors import ExpectedError

_LOGGERS = ("weasyprint", "fontTools", "PIL")  # the renderer, and those of its libraries that log
# About the code of a library, not about the document: left to Python, whose users ask for them.
_ABOUT_CODE = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
_MOST = 3  # messages in a sentence: one cause can have hundreds
_LONGEST = 160  # characters of a message: some quote a whole picture
_HINT = (
    "Compare the versions installed with those that pai-report asks for; with --styles or --templates, look there for what "
    "the message names. The other formats are not affected."
)


class _Listener(logging.Handler):
    """Keeps what is logged from the level of a warning on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def complaints_refused() -> Iterator[None]:
    """A PDF drawn inside; ExpectedError "renderer-complained" where the renderer logged or raised a warning or worse.

    Such a message means that something is missing or wrong on paper: a picture, a font, a style.
    """
    listener = _Listener()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            for category in _ABOUT_CODE:
                warnings.simplefilter("ignore", category)
            yield
    finally:
        for logger in loggers:
            logger.removeHandler(listener)
    _refuse([*listener.messages, *(str(warning.message) for warning in warned)])


def _refuse(messages: list[str]) -> None:
    different = list(dict.fromkeys(messages))
    if different:
        more = f" (and {len(different) - _MOST} more)" if len(different) > _MOST else ""
        listed = "; ".join(shorten(message.rstrip("."), _LONGEST, placeholder="…") for message in different[:_MOST])
        sentence = f"No PDF was made, because its renderer complained: {listed}{more}."
        raise ExpectedError("renderer-complained", sentence, _HINT)
