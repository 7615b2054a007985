"""Colours and measures of the pictures; every colour is named here, so that a style sheet can map them for dark screens."""

from pai_report.values import value

INK = "#1b1f24"
SECONDARY = "#5b616b"
SECONDARY_FAINT = "#c0c6ce"
HAIRLINE = "#d5d9de"
WASH = "#f3f5f7"
WASH_DEEP = "#e9edf1"
ACCENT = "#0b5fa5"
ACCENT_FAINT = "#9dbdda"
ACCENT_WASH = "#edf3f9"
ACCENT_SHADE = "#d0e1f0"
PAPER = "#ffffff"

PALETTE = (INK, SECONDARY, SECONDARY_FAINT, HAIRLINE, WASH, WASH_DEEP, ACCENT, ACCENT_FAINT, ACCENT_WASH, ACCENT_SHADE, PAPER)

MM = 72 / 25.4  # points
WIDTH = 170 * MM
RIGHT = 60.0  # points right of a panel for the names of its lines

Dash = tuple[float, tuple[float, ...]] | None
DASHED: Dash = (0, (3.6, 1.8))
DOTTED: Dash = (0, (1.0, 1.5))
DASH_DOTTED: Dash = (0, (5.0, 1.6, 1.0, 1.6))
FINE: Dash = (0, (1.6, 1.6))


@value
class Pen:
    """How a line is drawn. `width` and `dash` in points; no dash is a solid line; `steps` hold each value for its epoch."""

    colour: str = HAIRLINE
    width: float = 0.5
    dash: Dash = None
    steps: bool = False


@value
class Lettering:
    """How a label is written. `size` in points."""

    size: float = 6.8
    colour: str = SECONDARY
    bold: bool = False


REMARK = Lettering()  # axis numbers, small remarks
LABEL = Lettering(size=7.2, colour=INK)
ACCENT_LABEL = Lettering(size=7.2, colour=ACCENT)
STRONG_LABEL = Lettering(size=7.2, colour=ACCENT, bold=True)
