"""The fonts of the PDF: those that matplotlib brings, so that every machine has them and sets the same lines.

No other font is used, also where one is installed: the same run gives the same pages everywhere. A character that these fonts
do not have is printed as its code point, so that nothing is lost: a name in Chinese reads "[U+4F60][U+597D]".
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pai_report.report.isolation import SANS, font_folder, isolated

_TAG = re.compile("(<[^>]*>)")  # attributes hold no bare ">": every value is escaped
FAMILIES = "DejaVu Sans,Verdana,sans-serif"  # of a drawing in a browser; Verdana has nearly the same widths
_SANS = "Report DejaVu Sans"  # as styles/fonts.css calls it
_FOOT = "<header "  # holds the foot of the pages as an attribute
_LABEL = re.compile("(<text[^>]*>)([^<]+)")
_SCRIPTS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # Hebrew to Arabic, and their presentation forms
_RIGHT_TO_LEFT = re.compile(f"[{_SCRIPTS}]+(?:[^0-9A-Za-z{_SCRIPTS}&;]*[{_SCRIPTS}]+)*")
SCHEME = "font:"  # `font:STIXGeneral.ttf` in a style sheet
_FILES = frozenset(
    {
        "STIXGeneral.ttf",
        "STIXGeneralItalic.ttf",
        "STIXGeneralBol.ttf",
        "STIXGeneralBolIta.ttf",
        "DejaVuSans.ttf",
        "DejaVuSans-Oblique.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSansMono.ttf",
        "DejaVuSansMono-Bold.ttf",
    }
)


def font(url: str) -> bytes:
    """The font file that `url` names in `SCHEME`; ValueError for any other than the report's own."""
    name = url.removeprefix(SCHEME)
    if name not in _FILES:
        raise ValueError(f"{url} is not one of the report's fonts")
    return (_folder() / name).read_bytes()


def spelled(html: str) -> str:
    """A page for print: in its text, and in its foot, every character that no font has as its code point.

    Alternative texts, titles and other attributes need no font and keep their characters.
    """
    missing = _missing(html)
    if not missing:
        return html
    points = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
    return "".join(part.translate(points) if printed else part for part, printed in _parts(html))


def _parts(html: str) -> Iterator[tuple[str, bool]]:
    """Tags and the text between them, each with whether it is printed."""
    before = ""
    for place, part in enumerate(_TAG.split(html)):
        yield part, part.startswith(_FOOT) if place % 2 else before != "<title>"
        before = part


def labelled(svg: str) -> str:
    """A drawing for print, where there is no room for code points: in its labels a box for each character no font has.

    WeasyPrint sets the letters of a drawing one by one from left to right; words that run from right to left are turned round.
    """
    boxes = {ord(character): "\u25a1" for character in _missing(svg)}
    ours = svg.replace(f'font-family="{FAMILIES}"', f'font-family="{_SANS}"', 1)
    return _LABEL.sub(lambda found: found[1] + _RIGHT_TO_LEFT.sub(_turned, found[2].translate(boxes)), ours)


def _turned(found: re.Match[str]) -> str:
    return found[0][::-1]


def _missing(text: str) -> set[str]:
    """Characters of `text` that the fonts do not have, but for those that nobody sees."""
    unknown = {character for character in set(text) if ord(character) not in _printable() and not character.isspace()}
    return {character for character in unknown if unicodedata.category(character) not in {"Cf", "Cc", "Mn"}}


@cache
def _printable() -> frozenset[int]:
    """Code points that both cuts of the sans serif have, on which every text falls back."""
    with isolated():
        from matplotlib.ft2font import FT2Font  # noqa: PLC0415 only the PDF needs it

    upright, bold = (FT2Font(str(_folder() / name)).get_charmap() for name in SANS)
    return frozenset(upright.keys() & bold.keys())


def _folder() -> Path:
    with isolated():
        import matplotlib as mpl  # noqa: PLC0415 only the PDF needs it

    return font_folder(mpl)
