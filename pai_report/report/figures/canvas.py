"""A matplotlib figure measured in points from its lower left corner: the one place where matplotlib is set up."""

import io
import math
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Literal, ParamSpec, TypeVar

from pai_report.report import assets
from pai_report.report.clean import clean
from pai_report.report.figures.layout import Box, Obstacles
from pai_report.report.figures.palette import MM, PAPER, REMARK, WIDTH, Lettering, Pen
from pai_report.report.figures.svg import Label, tidy
from pai_report.report.isolation import isolated

with isolated():
    import matplotlib as mpl
    from matplotlib.artist import Artist
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font, LoadFlags
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator
    from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

    from pai_report.report.figures.style import settings

PNG_SCALE = 3  # pixels to the point: sharp at twice the width of a comment on a ticket
WASHES, GRID, FRONT = -3.0, -2.0, 1.0  # layers of fills and lines; the data of a panel lies on layer 0

Place = tuple[float, float]
_BREAK: Place = (math.nan, math.nan)
Align = Literal["left", "center", "right"]
P = ParamSpec("P")
R = TypeVar("R")


_in_style = ContextVar("_in_style", default=False)


def drawn(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` draw in the style of the reports."""

    @wraps(function)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> R:
        if _in_style.get():
            return function(*args, **kwargs)
        token = _in_style.set(True)
        try:
            with mpl.rc_context(settings(assets.find("styles", "figures.mplstyle"))):
                return function(*args, **kwargs)
        finally:
            _in_style.reset(token)

    return in_style


@cache
def _font(*, bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name))
    font.set_size(1000, 72)
    return font


@cache
def _advance(character: str, *, bold: bool) -> float:
    """Width of one character as a share of the font's size; one the font has not is taken to be as wide as it is high."""
    font = _font(bold=bold)
    index = font.get_char_index(ord(character))
    if not index:
        return 1.0
    glyph = font.load_glyph(index, flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536 / 1000


def text_width(words: str, lettering: Lettering = REMARK) -> float:
    """Width of one line of `words` in points, without kerning."""
    return lettering.size * sum(_advance(character, bold=lettering.bold) for character in clean(words))


def text_box(x: float, y: float, words: str, lettering: Lettering = REMARK, ha: Align = "left") -> Box:
    """The room that one line of text with its baseline at `y` takes."""
    width = text_width(words, lettering)
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * width
    return Box(left=left, bottom=y - 0.22 * lettering.size, right=left + width, top=y + 0.76 * lettering.size)


def round_numbers(low: float, high: float, count: int, *, whole: bool) -> list[float]:
    """About `count` round numbers around `low` to `high`, whole ones only if asked for."""
    locator = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10], integer=whole)
    return [float(number) for number in locator.tick_values(low, high)]


class Canvas:
    """A picture 170 mm wide. Coordinates are points from the lower left; `obstacles` is what labels keep clear of."""

    def __init__(self, height: float) -> None:
        """`height` in millimetres."""
        self.height = height * MM
        self.figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72, frameon=False)
        self.obstacles = Obstacles(self.height)
        self._points = Affine2D()  # a point is a pixel, until a PNG is drawn
        self._labels: list[Label] = []

    def add(self, artist: Artist, layer: float, within: Box | None = None) -> None:
        """Something that matplotlib draws at places of the canvas, cut off at the edges of a box."""
        artist.set(transform=self._points, zorder=layer)
        if within is not None:
            artist.set_clip_box(
                TransformedBbox(Bbox.from_extents(within.left, within.bottom, within.right, within.top), self._points)
            )
        self.figure.add_artist(artist)

    def text(self, x: float, y: float, words: str, lettering: Lettering = REMARK, ha: Align = "left") -> None:
        """One line of text with its baseline at `y`, written straight into the SVG: matplotlib's layout costs the most time."""
        anchor = {"left": "start", "center": "middle", "right": "end"}[ha]
        self._labels.append(Label(x=x, y=self.height - y, words=clean(words), lettering=lettering, anchor=anchor))

    def rules(self, lines: Sequence[Sequence[Place]], pen: Pen, *, layer: float = GRID) -> None:
        """Lines through places of the canvas, drawn as one."""
        places = [place for line in lines for place in (*line, _BREAK)]
        if places:
            x, y = zip(*places, strict=True)
            self.add(Line2D(x, y, color=pen.colour, linewidth=pen.width, linestyle=pen.dash or "solid"), layer)

    def fill(self, box: Box, colour: str, *, outline: str | None = None, layer: float = WASHES) -> None:
        """A filled rectangle, with a thin line around it if `outline` names its colour."""
        patch = Rectangle(
            (box.left, box.bottom), box.width, box.height, facecolor=colour, edgecolor=outline or colour,
            linewidth=0.9 if outline else 0.0,
        )  # fmt: skip
        self.add(patch, layer)

    def svg(self, figure_id: str, title: str) -> str:
        """The picture as one SVG element titled `title`, its ids starting with `figure_id`."""
        target = io.StringIO()
        FigureCanvasSVG(self.figure).print_svg(target, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
        return tidy(target.getvalue(), self._labels, figure_id, clean(title))

    def png(self) -> bytes:
        """The picture as a PNG on white, for places that show no SVG; drawn last, for it enlarges the canvas."""
        self._points.scale(PNG_SCALE)
        self.figure.set(dpi=72 * PNG_SCALE, frameon=True, facecolor=PAPER)
        for label in self._labels:
            lettering, ha = label.lettering, {"start": "left", "middle": "center", "end": "right"}[label.anchor]
            self.figure.text(
                label.x / WIDTH, 1 - label.y / self.height, label.words, fontsize=lettering.size, color=lettering.colour,
                fontweight="bold" if lettering.bold else "normal", ha=ha, va="baseline", parse_math=False,
            )  # fmt: skip
        target = io.BytesIO()
        FigureCanvasAgg(self.figure).print_png(target, metadata={"Software": None})  # type: ignore[no-untyped-call]
        return target.getvalue()
