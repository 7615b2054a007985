"""The report as GitHub-flavoured Markdown, with its pictures as files beside it."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from pai_report.report.document import Block, Document, Figure, Picture, Section
from pai_report.report.drawings import svg_file
from pai_report.report.gfm_text import slugs
from pai_report.report.html import original
from pai_report.report.rendition import Assets, Rendered
from pai_report.report.templates import rendered
from pai_report.report.ticket.spelling import defused


def gfm_page(document: Document, assets: Assets, stem: str) -> Rendered:
    """`document` as Markdown with its pictures in the folder `{stem}_files`, the library's byte for byte.

    Nothing from the run becomes a link or a mention: reports are committed to repositories and pasted into tickets as well.
    """
    folder, document = f"{stem}_files", defused(document)
    links = {block.id: quote(f"{folder}/{_name(block)}") for block in _pictures(document)}
    anchors = slugs(tuple(section.title for section in document.sections))
    contents = tuple(zip(document.sections, anchors, strict=True))
    text = rendered("report.md.j2", document=document, links=links, contents=contents)
    files = tuple((f"{folder}/{_name(block)}", _data(block, assets)) for block in _pictures(document))
    return Rendered(main=f"{text.strip()}\n".encode(), files=files)


def _pictures(document: Document) -> Iterator[Figure | Picture]:
    for block in (*document.front, *_blocks(document.sections)):
        if isinstance(block, Figure | Picture):
            yield block


def _blocks(sections: tuple[Section, ...]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from _blocks(section.sections)


def _name(block: Figure | Picture) -> str:
    """A file name that needs no quoting anywhere. A picture's own name may hold anything."""
    if isinstance(block, Figure):
        return f"{block.id}.svg"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", PurePath(block.name).name).lstrip(".") or f"{block.id}.png"


def _data(block: Figure | Picture, assets: Assets) -> bytes:
    return svg_file(block) if isinstance(block, Figure) else original(block, assets)
