"""The report as a PDF for archives: PDF/A-3a, tagged, with its data attached.

WeasyPrint lays out the same HTML as the browser gets, with the print style. Nothing is fetched: the only addresses it may
read are data URIs and the report's own fonts.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from markupsafe import Markup

from pai_report.report.assets import style
from pai_report.report.clean import clean
from pai_report.report.complaints import complaints_refused
from pai_report.report.document import Document, Figure, Picture
from pai_report.report.fonts import SCHEME, font, labelled, spelled
from pai_report.report.html import Image, data_uri, original, page_source
from pai_report.report.pango import import_weasyprint
from pai_report.report.pixels import reduced_jpeg
from pai_report.report.rendition import Assets
from pai_report.report.sources import attachment_name
from pai_report.report.unfinished import temporary_folder
from pai_report.values import value

_STYLES = ("tokens.css", "base.css", "print.css", "fonts.css")
_WBR = "\u200b"  # what WeasyPrint makes of <wbr> in a box of its own, which takes three times as long
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)  # PDF/A-3 wants a date for every attachment


@value
class Paper:
    """A printed page: drawings are images with a text alternative, the library's picture is reduced, nothing folds."""

    assets: Assets
    folds: bool = False

    def drawing(self, figure: Figure) -> Markup:
        """The SVG as an image, which WeasyPrint parses faster than as a part of the page."""
        image = Markup('<img class="drawing" src="{}" alt="{}">')
        return image.format(data_uri("image/svg+xml", labelled(figure.svg).encode()), clean(figure.alt))

    def picture(self, picture: Picture) -> Image | None:
        """A smaller picture; the original is attached."""
        reduced = reduced_jpeg(original(picture, self.assets))
        return Image(source=data_uri("image/jpeg", reduced[0]), width=reduced[1], height=reduced[2]) if reduced else None


def pdf_bytes(document: Document, assets: Assets) -> bytes:
    """`document` as a PDF: the same bytes for the same input, as long as packages and libraries stay the same.

    Raises ExpectedError "pango-missing" where WeasyPrint's libraries are not installed, "renderer-complained" where it warned.
    """
    weasyprint = import_weasyprint()
    created = assets.created.strftime("%Y-%m-%dT%H:%M:%SZ") if assets.created else None
    source = spelled(page_source(document, Paper(assets=assets), created=created)).replace("<wbr>", _WBR)
    with temporary_folder() as place, complaints_refused():
        return _printed(weasyprint, source, _attachments(weasyprint, assets), place)


def _printed(weasyprint: ModuleType, source: str, attachments: list[Any], place: Path) -> bytes:
    """The page `source` on paper; its fonts lie in the folder `place` for as long as that takes."""
    fonts = weasyprint.text.fonts.FontConfiguration()
    fonts._folder = place  # noqa: SLF001 where a folder of its own would outlive a killed process
    reader = fetcher(weasyprint)
    css = weasyprint.CSS(string="\n".join(style(name) for name in _STYLES), url_fetcher=reader, font_config=fonts)
    printed: bytes = weasyprint.HTML(string=source, url_fetcher=reader).write_pdf(
        stylesheets=[css], font_config=fonts, attachments=attachments, pdf_variant="pdf/a-3a", finisher=_listed_once
    )
    return printed


def _listed_once(_: Any, pdf: Any) -> None:
    """List each attachment once in the catalogue, where WeasyPrint lists it as a name and as a file."""
    files = pdf.catalog["AF"]
    files[:] = dict.fromkeys(files)


def fetcher(weasyprint: ModuleType) -> Any:
    """What WeasyPrint may read: data URIs and the report's fonts. Anything else is refused before it is opened."""
    urls = weasyprint.urls

    class Fetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(SCHEME):
                return urls.URLFetcherResponse(url, font(url))
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols=("data",))


def _attachments(weasyprint: ModuleType, assets: Assets) -> list[Any]:
    """The data of the report (report.json), the files it was made from, and the library's picture as it was written."""
    date = assets.created or _UNDATED
    files = [("report.json", assets.report_json, "Data"), *((name, data, "Source") for name, data in assets.attachments)]
    if assets.picture:
        files.append((*assets.picture, "Source"))
    return [
        weasyprint.Attachment(string=data, name=attachment_name(name), created=date, modified=date, relationship=relation)
        for name, data, relation in files
    ]
