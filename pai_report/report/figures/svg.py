"""matplotlib's SVG made small, inlinable and restylable: attributes instead of styles, so that any style sheet may apply."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from pai_report.report.figures.palette import Lettering
from pai_report.report.fonts import FAMILIES
from pai_report.values import value

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


@value
class Label:
    """One line of text, its baseline starting, centred or ending at (`x`, `y`), points from the upper left."""

    x: float
    y: float
    words: str
    lettering: Lettering
    anchor: str  # start, middle, end


def tidy(drawing: str, labels: Sequence[Label], figure_id: str, title: str) -> str:
    """One `<svg>` element from matplotlib's document and `labels`: no prolog, metadata or styles; ids begin with `figure_id`.

    The title is its accessible name in a PDF. Colours stand in `fill` and `stroke` attributes, which any style sheet overrides.
    """
    root = ET.fromstring(drawing)  # noqa: S314 our own drawing
    for element in list(root.iter()):
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")  # prefixes are a global table that any library may change
        _prune(element)
    _rename(root, figure_id)
    for element in root.iter():
        _restyle(element)
    for definitions in root.iter("defs"):
        definitions[:] = [held for held in definitions if "id" in held.attrib]  # what nothing refers to has lost its id
    for mark in root.iterfind(".//defs/path"):  # style sheets do not reach into a mark: it inherits from where it is used
        mark.attrib = {name: mark.attrib[name] for name in ("id", "d")}
    _flatten(root)
    root.extend(_text(label) for label in labels)
    root.attrib |= {"xmlns": _SVG, "font-family": FAMILIES, "stroke-linejoin": "round"}
    name = ET.Element("title")
    name.text = title
    root.insert(0, name)
    return ET.tostring(root, encoding="unicode")


def _text(label: Label) -> ET.Element:
    style = label.lettering
    attributes = {"x": _short(label.x), "y": _short(label.y), "font-size": f"{style.size:g}", "fill": style.colour}
    element = ET.Element("text", attributes)
    if label.anchor != "start":
        element.set("text-anchor", label.anchor)
    if style.bold:
        element.set("font-weight", "700")
    element.text = label.words
    return element


def _prune(parent: ET.Element) -> None:
    for child in list(parent):
        if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
            parent.remove(child)
        child.tail = None
    parent.text = None


def _rename(root: ET.Element, figure_id: str) -> None:
    """Keep the ids that something refers to, under short names of our own."""
    used: dict[str, str] = {}

    def short(name: str) -> str:
        return used.setdefault(name, f"{figure_id}-{len(used) + 1}")

    for element in root.iter():
        if clip := element.get("clip-path"):
            element.set("clip-path", f"url(#{short(clip[5:-1])})")
        if link := element.attrib.pop(_HREF, None):
            element.set("href", f"#{short(link[1:])}")
    for element in root.iter():
        if (name := element.attrib.pop("id", None)) in used:
            element.set("id", used[name or ""])


def _restyle(element: ET.Element) -> None:
    for declaration in filter(None, (part.strip() for part in element.attrib.pop("style", "").split(";"))):
        name, _, held = (part.strip() for part in declaration.partition(":"))
        element.set(name, held)
    for name in element.attrib.keys() & {"d", "x", "y", "width", "height", "viewBox", "transform"}:
        element.set(name, " ".join(_NUMBER.sub(_rounded, element.attrib[name]).split()))


def _rounded(match: re.Match[str]) -> str:
    return _short(float(match[0]))


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _flatten(parent: ET.Element) -> None:
    """Lift children out of groups that say nothing."""
    kept: list[ET.Element] = []
    for child in parent:
        _flatten(child)
        empty = child.tag in {"g", "defs"} and not len(child)
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
        elif not empty:
            kept.append(child)
    parent[:] = kept
