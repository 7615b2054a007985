"""Damage done to run folders: what disks, editors, spreadsheets and people do to CSV files."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

CELLS = (
    *("", " ", "nan", "NaN", "inf", "-inf", "-1", "0", "1e999", "-1e308", "1e300", "24.0", "2.5", "tensor(0.93)"),
    *(
        "tensor(nan)",
        "tensor([0.5], device='cuda:0')",
        "None",
        "0,5",
        "1_000",
        "0x10",
        "\uff19",
        "−3",
        "abc",
        '"',
        '""',
        "'",
        "=1+1",
    ),
    *(
        "9" * 30,
        "-" + "9" * 5000,
        "1" * 400,
        "1e400",
        "\0",
        "\ufeff",
        "é" * 50,
        "4294967296",
        "1000000",
        "12,34",
        ";",
        "\t",
        "#",
    ),
)
HEADERS = (
    "",
    "Epochs",
    "epoch,loss",
    "Epochs;Validation Scores",
    "a,b,c,d",
    '"',
    "Epochs,Validation Scores" * 50,
    "\0",
    "\ufeffEpochs,x",
)
NAMES = ("copy.csv", " Scores.csv", "Scores.csv", "run.png", "x_config.json", "_beforeSwitch_9Scores.csv", "PAI_config.json")


class RunCopy:
    """A copy of a run folder, whose files are damaged and put back one run after the other."""

    def __init__(self, source: Path, target: Path) -> None:
        self.folder = target / source.name
        shutil.copytree(source, self.folder)
        for picture in self.folder.glob("*.png"):
            picture.write_bytes(b"\x89PNG")
        self.original = {path.name: path.read_bytes() for path in self.folder.iterdir()}

    @contextmanager
    def damaged(self, random: Random, names: list[str], times: int) -> Iterator[list[str]]:
        """The folder with `times` random damages to files of these names; yields what was done."""
        files = dict(self.original)
        done = [damage(random, files, [name for name in names if name in files] or list(files)) for _ in range(times)]
        changed = {name for name in files.keys() | self.original.keys() if files.get(name) != self.original.get(name)}
        try:
            self._write(files, changed)
            yield done
        finally:
            self._write(self.original, changed)

    def _write(self, files: dict[str, bytes], changed: set[str]) -> None:
        for name in changed:
            if name in files:
                (self.folder / name).write_bytes(files[name])
            else:
                (self.folder / name).unlink()


def damage(random: Random, files: dict[str, bytes], names: list[str]) -> str:
    """Do one random damage to one of the files of these names, in place; says what was done."""
    name = random.choice(names)
    if random.random() < 0.2:
        move = random.choice(FOLDER_CHANGES)
        move(random, files, name)
        return f"{move.__name__} {name}"
    change = random.choice(FILE_CHANGES)
    files[name] = change(random, files[name])
    return f"{change.__name__} {name}"


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n") or [b""]


def _cell(random: Random, data: bytes) -> bytes:
    lines = _lines(data)
    at = random.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[random.randrange(len(cells))] = random.choice(CELLS).encode("utf-8", "replace")
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _drop_row(random: Random, data: bytes) -> bytes:
    lines = _lines(data)
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def _repeat_row(random: Random, data: bytes) -> bytes:
    lines = _lines(data)
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return b"\n".join(lines)


def _swap_rows(random: Random, data: bytes) -> bytes:
    lines = _lines(data)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _header(random: Random, data: bytes) -> bytes:
    return b"\n".join([random.choice(HEADERS).encode(), *_lines(data)[1:]])


def _shuffle_header(random: Random, data: bytes) -> bytes:
    first, *rest = _lines(data)
    names = first.split(b",")
    random.shuffle(names)
    return b"\n".join([b",".join(names), *rest])


def _drop_column(random: Random, data: bytes) -> bytes:
    rows = [line.split(b",") for line in _lines(data)]
    at = random.randrange(max(1, len(rows[0])))
    return b"\n".join(b",".join([*row[:at], *row[at + 1 :]]) for row in rows)


def _truncate(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _header_only(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return _lines(data)[0] + b"\n"


def _empty(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return b""


def _binary(random: Random, data: bytes) -> bytes:
    return random.randbytes(random.choice((1, 40, len(data) + 1)))


def _flip_bytes(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(changed), 5)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _windows(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")


def _other_delimiter(random: Random, data: bytes) -> bytes:
    return data.replace(b",", random.choice((b";", b"\t", b"|", b" ")))


def _quoted(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return b"\n".join(b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in _lines(data))


def _utf_16(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return data.decode("utf-8", "replace").encode("utf-16")


def _with_index(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return b"\n".join((b"" if not at else str(at - 1).encode()) + b"," + line for at, line in enumerate(_lines(data)))


def _numbers(data: bytes, change: Callable[[float], float]) -> bytes:
    """Every number of a table but those of its first column through `change`."""

    def changed(cell: bytes) -> bytes:
        try:
            return repr(change(float(cell))).encode()
        except (ValueError, OverflowError):
            return cell

    rows = [line.split(b",") for line in _lines(data)]
    return b"\n".join(b",".join([row[0], *map(changed, row[1:])]) for row in rows)


def _scaled(random: Random, data: bytes) -> bytes:
    factor = random.choice((-1.0, 0.0, 5e-324, 1e-305, 1e-9, 1e6, 1e91, 1e300))
    return _numbers(data, lambda number: number * factor)


def _level(random: Random, data: bytes) -> bytes:
    level = random.choice((0.0, 0.5, 1e-310, 1e15, -1e100))
    return _numbers(data, lambda _: level)


def _extreme(random: Random, data: bytes) -> bytes:
    """One number of the last columns far from all others."""
    rows = [line.split(b",") for line in _lines(data)]
    row = random.choice(rows)
    filled = [place for place, cell in enumerate(row) if place and cell]
    if filled:
        row[random.choice(filled)] = random.choice(
            (b"1e6", b"-1e6", b"1e91", b"5e-324", b"1e-305", b"1e15", b"1e100", b"-1e100")
        )
    return b"\n".join(map(b",".join, rows))


def _first_rows(random: Random, data: bytes) -> bytes:
    lines = _lines(data)
    return b"\n".join(lines[: random.choice((2, 3, 4, len(lines) // 2))]) + b"\n"


def _drop_file(random: Random, files: dict[str, bytes], name: str) -> None:  # noqa: ARG001 every change takes the same
    del files[name]


def _copy_file(random: Random, files: dict[str, bytes], name: str) -> None:
    files[random.choice(NAMES)] = files[name]


def _swap_files(random: Random, files: dict[str, bytes], name: str) -> None:
    other = random.choice(list(files))
    files[name], files[other] = files[other], files[name]


def _over_file(random: Random, files: dict[str, bytes], name: str) -> None:
    files[name] = files[random.choice(list(files))]


FILE_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_cell, _cell, _cell, _cell, _drop_row, _repeat_row, _swap_rows, _header, _shuffle_header, _drop_column, _truncate),
    *(_scaled, _level, _extreme, _extreme, _first_rows),
    *(_header_only, _empty, _binary, _flip_bytes, _windows, _other_delimiter, _quoted, _utf_16, _with_index),
)


def _padded(random: Random, data: bytes) -> bytes:  # noqa: ARG001 every change takes the same
    return data.replace(b",", b" , ").replace(b"\n", b" \n")


def _separator_line(random: Random, data: bytes) -> bytes:
    sign = random.choice((b",", b";"))
    return b"sep=" + sign + b"\n" + data.replace(b",", sign)


def _comment(random: Random, data: bytes) -> bytes:
    return b"# " + random.randbytes(3).hex().encode() + b"\n\n" + data


def _utf_16_without_mark(random: Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(random.choice(("utf-16-le", "utf-16-be")))


# What changes how a table is written, and not which rows it has.
FORMS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_header, _shuffle_header, _drop_column, _binary, _windows, _other_delimiter, _quoted, _utf_16),
    *(_with_index, _empty, _padded, _separator_line, _comment, _utf_16_without_mark),
)
FOLDER_CHANGES: tuple[Callable[[Random, dict[str, bytes], str], None], ...] = (_drop_file, _copy_file, _swap_files, _over_file)
