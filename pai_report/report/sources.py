"""The files of a run inside its PDF, and back: each whole, or from where it leaves the history that another one shows.

Every snapshot repeats the epochs before it, so that attaching all of them whole would repeat the run many times over. Tables
of scores are stacks of blocks (the library's file formats): of each block only the rows are kept that differ from the same
block of an earlier file of the same kind. `sources.json` says how to put them together again; a test holds that the bytes
are the same.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from pai_report.errors import ExpectedError
from pai_report.run.model import Content, Kind
from pai_report.values import value

MANIFEST = "sources.json"
SCHEMA_VERSION = 1
MOST = 2**30  # bytes of all files that a report carries: what the files of a run may have
AGAIN = "Only a PDF that was made from the run folder carries them: write it again from there."


@value
class Stored:
    """One source file. `attachment` names what holds its own rows, None where it has none.

    `after` names the source file whose rows it repeats, None where it stands alone; `pieces` counts, block by block, the
    lines taken from there and the lines of its own.
    """

    name: str
    sha256: str
    size: int
    attachment: str | None
    after: str | None = None
    pieces: tuple[tuple[int, int], ...] = ()


@value
class Manifest:
    """`sources.json`: every source file, each after those it is put together from."""

    schema_version: int
    files: tuple[Stored, ...]


Named = tuple[str, bytes]


def pack(contents: Sequence[Content]) -> tuple[Named, ...]:
    """Attachments for the files of a run, `sources.json` first; none for a run without files.

    `contents` in the order of writing: a file is compared with the first and with the last one of its kind before it.
    """
    if not contents:
        return ()
    packed = tuple(_packed(contents))
    manifest = Manifest(schema_version=SCHEMA_VERSION, files=tuple(stored for stored, _ in packed))
    held = ((stored.attachment, data) for stored, data in packed if stored.attachment is not None)
    return ((MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"), *held)


def unpack(attachments: Mapping[str, bytes]) -> tuple[Named, ...]:
    """The source files that `pack` made `attachments` from, byte for byte, in its order.

    Raises ExpectedError: "no-sources" where there are none, "damaged-report" where they do not fit together.
    """
    if MANIFEST not in attachments:
        raise ExpectedError("no-sources", "The report holds none of the files it was made from.", AGAIN)
    try:
        manifest = msgspec.json.decode(attachments[MANIFEST], type=Manifest)
        files: dict[str, bytes] = {}
        for stored in manifest.files:
            files[stored.name] = _restored(stored, attachments, files)
            if sum(map(len, files.values())) > MOST:
                raise _damaged(MANIFEST)
    except (msgspec.MsgspecError, LookupError, ValueError, RecursionError) as error:
        raise _damaged(MANIFEST) from error
    return tuple(files.items())


def _damaged(name: str) -> ExpectedError:
    sentence = f"{name} in the report is damaged: it does not fit its digest or the files beside it."
    return ExpectedError("damaged-report", sentence, "Write the report again from the run folder.")


def _packed(contents: Iterable[Content]) -> Iterator[tuple[Stored, bytes]]:
    first: dict[Kind, tuple[str, list[list[bytes]]]] = {}
    last: dict[Kind, tuple[str, list[list[bytes]]]] = {}
    taken = {MANIFEST, "report.json"}
    for content in contents:
        blocks = _blocks(content.data)
        earlier = [held[content.kind] for held in (first, last) if content.kind in held]
        after, pieces = max(((name, _pieces(blocks, base)) for name, base in earlier), key=_shared, default=(None, ()))
        if not any(shared for shared, _ in pieces):
            after, pieces = None, ()
        own = content.data if after is None else _own(blocks, pieces)
        attachment = _free_name(content.name, taken) if own or after is None else None
        stored = Stored(
            name=content.name,
            sha256=hashlib.sha256(content.data).hexdigest(),
            size=len(content.data),
            attachment=attachment,
            after=after,
            pieces=pieces,
        )
        yield stored, own
        first.setdefault(content.kind, (content.name, blocks))
        last[content.kind] = (content.name, blocks)


def _shared(offer: tuple[str, tuple[tuple[int, int], ...]]) -> int:
    return sum(shared for shared, _ in offer[1])


def attachment_name(name: str) -> str:
    """The name of an attachment: that of the file, with "_" for whatever is not plain ASCII.

    Writers and readers of PDFs disagree about other letters in the names of attachments (WeasyPrint 70 with pypdf 7: the
    names come back as other words); the file's own name stands in the manifest.
    """
    return "".join(letter if " " <= letter <= "~" else "_" for letter in name)


def _free_name(name: str, taken: set[str]) -> str:
    """A name for an attachment that no other has."""
    wanted = attachment_name(name)
    while wanted in taken:
        wanted = f"_{wanted}"
    taken.add(wanted)
    return wanted


def _blocks(data: bytes) -> list[list[bytes]]:
    """Lines in blocks: the header, then the stacked tables, each as far as its first cell, the epoch, rises."""
    lines = data.splitlines(keepends=True)
    blocks, before = [lines[:1], []], -1
    for line in lines[1:]:
        epoch = _epoch(line, before + 1)
        if epoch <= before:
            blocks.append([])
        blocks[-1].append(line)
        before = epoch
    return blocks


def _epoch(line: bytes, otherwise: int) -> int:
    cell = line.partition(b",")[0]
    return int(cell) if cell.isdigit() and len(cell) < 10 else otherwise


def _pieces(blocks: list[list[bytes]], base: list[list[bytes]]) -> tuple[tuple[int, int], ...]:
    """Per block, the lines at its beginning that the same block of `base` begins with, and the lines after them."""
    padded = [*base, *([[]] * len(blocks))]
    return tuple((shared := _common(block, other), len(block) - shared) for block, other in zip(blocks, padded, strict=False))


def _common(block: list[bytes], other: list[bytes]) -> int:
    return next((place for place, (a, b) in enumerate(zip(block, other, strict=False)) if a != b), min(len(block), len(other)))


def _own(blocks: list[list[bytes]], pieces: tuple[tuple[int, int], ...]) -> bytes:
    """The lines that are not shared, under the header where there are any, so that the attachment can be opened by itself."""
    rows = b"".join(line for block, (shared, _) in zip(blocks[1:], pieces[1:], strict=True) for line in block[shared:])
    return b"".join(blocks[0]) + rows if rows or pieces[0][1] else b""


def _restored(stored: Stored, attachments: Mapping[str, bytes], made: Mapping[str, bytes]) -> bytes:
    own = attachments[stored.attachment] if stored.attachment is not None else b""
    data = own if stored.after is None else b"".join(_joined(stored, own, _blocks(made[stored.after])))
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise _damaged(stored.name)
    return data


def _joined(stored: Stored, own: bytes, base: list[list[bytes]]) -> Iterator[bytes]:
    lines = own.splitlines(keepends=True)
    header = stored.pieces[0]
    yield from lines[:1] if lines else base[0][: header[0]]
    place = 1
    for number, (shared, fresh) in enumerate(stored.pieces[1:], start=1):
        yield from base[number][:shared] if number < len(base) else ()
        yield from lines[place : place + fresh]
        place += fresh
