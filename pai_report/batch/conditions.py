"""What decides, beside the files of a run, whether its reports are still good."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from pai_report import __version__
from pai_report.report.assets import KINDS, folders
from pai_report.settings import Settings


def look_digest() -> str:
    """Digest of the templates and styles, by names and contents, those of the user's own included."""
    total = hashlib.sha256()
    for path in (path for kind in KINDS for place in folders(kind) for path in sorted(place.rglob("*")) if path.is_file()):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def conditions(settings: Settings, formats: Sequence[str], environment: Mapping[str, str]) -> str:
    """Version, settings, formats, look, and the date of a PDF. What is known and quiet shows in no report."""
    dated = environment.get("SOURCE_DATE_EPOCH", "") if "pdf" in formats else ""
    return digest_of(__version__, replace(settings, known=()), sorted(formats), look_digest(), dated)


def digest_of(*parts: object) -> str:
    """Digest of values that JSON can hold."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
