"""The report as one HTML file: no script, nothing fetched, readable without its style."""

from base64 import b64encode
from typing import Protocol

from markupsafe import Markup

from pai_report import __version__
from pai_report.png import png_size
from pai_report.report.assets import style
from pai_report.report.document import Document, Figure, Picture
from pai_report.report.drawings import inline_svg
from pai_report.report.rendition import Assets
from pai_report.report.templates import rendered
from pai_report.values import value

_STYLES = ("tokens.css", "base.css", "screen.css", "print.css")


@value
class Image:
    """A picture ready to be shown: where its bytes are, and its size in pixels."""

    source: str
    width: int
    height: int


class Page(Protocol):
    """What differs between a page on a screen and one on paper."""

    @property
    def folds(self) -> bool:
        """Whether parts can be folded away; paper shows them, except the tables behind figures."""

    def drawing(self, figure: Figure) -> Markup:
        """The element that shows `figure`."""

    def picture(self, picture: Picture) -> Image | None:
        """The library's own picture, None where its bytes are no picture."""


@value
class Screen:
    """A page in a browser: drawings are part of it, the library's picture is the original, byte for byte."""

    assets: Assets
    folds: bool = True

    def drawing(self, figure: Figure) -> Markup:
        """The SVG itself."""
        return inline_svg(figure)

    def picture(self, picture: Picture) -> Image | None:
        """The original bytes as a data URI."""
        data = original(picture, self.assets)
        size = png_size(data)
        return Image(source=data_uri("image/png", data), width=size[0], height=size[1]) if size else None


def html_page(document: Document, assets: Assets) -> str:
    """`document` for a browser."""
    return page_source(document, Screen(assets=assets), "\n".join(style(name) for name in _STYLES))


def page_source(document: Document, page: Page, css: str = "", created: str | None = None) -> str:
    """`document` as HTML in the manner of `page`; `created` is its date in ISO 8601."""
    return rendered("report.html.j2", document=document, page=page, style=Markup(css), version=__version__, created=created)  # noqa: S704


def original(picture: Picture, assets: Assets) -> bytes:
    """The bytes of `picture` as the library wrote them; a document that shows it without them is a mistake of ours."""
    if assets.picture is None:
        raise ValueError(f"the document shows {picture.name}, but its bytes were not given")
    return assets.picture[1]


def data_uri(media_type: str, data: bytes) -> str:
    """`data` as a URI that needs nothing fetched (RFC 2397)."""
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"
