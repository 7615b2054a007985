"""The styles: readable colours, and nothing that a page would have to fetch."""

import re
from itertools import product

import pytest

from pai_report.report.assets import style
from pai_report.report.figures.palette import PALETTE, REMARK, WIDTH
from pai_report.report.fonts import font

TEXT = ("ink", "secondary", "accent", "severe", "medium", "low")
GROUND = ("ground", "wash")


def colours(css: str) -> dict[str, str]:
    """The custom properties of `css` that are colours."""
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", css))


def schemes() -> tuple[str, str]:
    """The colours for light screens and paper, and those for dark screens."""
    light, _, dark = style("tokens.css").partition("@media (prefers-color-scheme: dark)")
    return light, dark


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white() -> None:
    """The measure itself: black on white is 21 to 1."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize(("scheme", "text", "ground"), list(product(("light", "dark"), TEXT, GROUND)))
def test_text_contrast(scheme: str, text: str, ground: str) -> None:
    """Every colour of text has at least 4.5 to 1 on every ground, in both schemes (WCAG 2.1, 1.4.3)."""
    light, dark = map(colours, schemes())
    held = light | (dark if scheme == "dark" else {})

    assert contrast(held[text], held[ground]) >= 4.5


@pytest.mark.parametrize("colour", PALETTE)
def test_drawings_take_the_colours_of_the_page(colour: str) -> None:
    """Every colour of the drawings stands for one of the page's, as a fill and as a stroke, in light, dark and print."""
    everywhere = style("screen.css").partition("Our drawings")[2].partition("@media")[0]
    names = {
        name
        for place in ("fill", "stroke")
        for name in re.findall(rf'\.paper \[{place}="{colour}"\] {{ {place}: var\(--([a-z-]+)\); }}', everywhere)
    }

    assert len(names) == 1
    assert f"--{names.pop()}: " in schemes()[0]


def test_a_critical_word_is_printed_with_its_ground() -> None:
    """Pale letters need their dark ground, which browsers leave out of print unless told."""
    printed = style("screen.css").partition("@media print")[2]

    assert re.search(r"\.critical \.severity, \.invalid \.severity \{[^}]*print-color-adjust: exact;", printed)


def test_figures_can_be_read_on_every_screen() -> None:
    """The smallest text of a drawing has at least 9 pixels; where there is no room for that, it scrolls in its box."""
    width = re.search(r"\.paper svg \{ min-width: (\d+)rem; \}", style("screen.css"))

    assert width
    assert REMARK.size * int(width[1]) * 16 / WIDTH >= 9


def test_styles_fetch_nothing_but_fonts() -> None:
    """Only the style for WeasyPrint names files, and these are the report's own fonts."""
    named = {
        name: re.findall(r"url\(([^)]*)\)|(@import)", style(name))
        for name in ("tokens.css", "base.css", "screen.css", "print.css")
    }
    fonts = re.findall(r"url\(([^)]*)\)", style("fonts.css"))

    assert {name: [] for name in named} == named
    assert fonts
    assert all(font(url)[:4] == b"\x00\x01\x00\x00" for url in fonts)  # TrueType


@pytest.mark.parametrize(
    "url", ["font:../../../../matplotlibrc", "font:/etc/hostname", "font:cmr10.ttf", "file:///etc/hostname"]
)
def test_no_other_file_is_a_font(url: str) -> None:
    """The font scheme opens the report's fonts and no other file."""
    with pytest.raises(ValueError, match="not one of the report's fonts"):
        font(url)
