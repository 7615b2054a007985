"""Reports that somebody changed: one seeded change of a `report.json` each, of every kind that a hand or a program makes."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

Path = tuple[Any, ...]
HUGE: tuple[Any, ...] = (10**18, -1, 10**40, 1e308, -1e308, 1e-320, 0)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    "",
    "x",
    "PAI999",
    "\x1b[31m",
    "{a} %s",
    "\ud800",
    "x" * 300,
    "../x",
    3,
    -7,
    2.5,
    [],
    [1],
    {},
    {"a": 1},
)


def places(content: Any, start: Path = ()) -> Iterator[Path]:
    """Every key and index of a decoded report, by the way that leads there."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, below in inside:
        yield (*start, key)
        yield from places(below, (*start, key))


def tampered(data: bytes, chance: Random) -> bytes:
    """`data` with one change; most are of a value somewhere, some of the text as a whole."""
    content = json.loads(data)
    if chance.random() < 0.12:
        return chance.choice(WHOLE)(data, content, chance)
    changed = deepcopy(content)
    *way, key = _place(changed, chance)
    owner = changed
    for step in way:
        owner = owner[step]
    chance.choice(CHANGES)(owner, key, chance)
    return json.dumps(changed).encode()


def _place(content: Any, chance: Random) -> Path:
    """Some place: long tables count as much as single values."""
    alike: dict[Path, list[Path]] = {}
    for place in places(content):
        alike.setdefault(tuple("*" if isinstance(step, int) else step for step in place), []).append(place)
    return chance.choice(alike[chance.choice(list(alike))])


def _drop(owner: Any, key: Any, _: Random) -> None:
    del owner[key]


def _other(owner: Any, key: Any, chance: Random) -> None:
    owner[key] = chance.choice(OTHERS)


def _huge(owner: Any, key: Any, chance: Random) -> None:
    owner[key] = chance.choice(HUGE)


def _same_kind(owner: Any, key: Any, chance: Random) -> None:
    """A value of the same type: what no schema notices."""
    value = owner[key]
    if isinstance(value, bool):
        owner[key] = not value
    elif isinstance(value, int):
        owner[key] = chance.choice((value + 1, value - 1, -value, 0, 999, 10**9))
    elif isinstance(value, float):
        owner[key] = chance.choice((-value, value * 1e6, 0.0, value + 1, 1e300))
    elif isinstance(value, str):
        owner[key] = chance.choice((value + "x", value[:-1], "", "PAI101", "{a}", "%s", "{", value.upper()))
    elif isinstance(value, list):
        owner[key] = chance.choice(([], value + value, value[:-1], value[::-1]))
    elif isinstance(value, dict):
        owner[key] = dict(list(value.items())[:-1])


def _swap(owner: Any, key: Any, chance: Random) -> None:
    other = chance.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    owner[key], owner[other] = owner[other], owner[key]


CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (_drop, _other, _huge, _same_kind, _same_kind, _same_kind, _swap)


def _nested(data: bytes, _: Any, chance: Random) -> bytes:
    return data.rstrip()[:-1] + b', "more": ' + b"[" * chance.choice((70, 5000, 200_000)) + b"}"


def _digits(data: bytes, _: Any, chance: Random) -> bytes:
    return data.rstrip()[:-1] + b', "more": ' + b"9" * chance.choice((400, 2000, 100_000)) + b"}"


def _no_number(_: bytes, content: Any, chance: Random) -> bytes:
    content["scores"]["best"] = chance.choice((float("nan"), float("inf"), -float("inf")))
    return json.dumps(content).encode()


def _overflow(data: bytes, _: Any, __: Random) -> bytes:
    return data.rstrip()[:-1] + b', "more": 1e999}'


def _twice(data: bytes, _: Any, __: Random) -> bytes:
    return data.rstrip()[:-1] + b', "analysis": {}}'


def _cut(data: bytes, _: Any, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _encoded(data: bytes, _: Any, chance: Random) -> bytes:
    return data.decode().encode(chance.choice(("utf-16", "utf-8-sig", "utf-32-le", "utf-16-be")))


def _bytes(data: bytes, _: Any, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _version(_: bytes, content: Any, chance: Random) -> bytes:
    content["schema_version"] = chance.choice((0, -1, 1, 2, 4, 10**30, True, "3", None, 3.0))
    return json.dumps(content).encode()


WHOLE: tuple[Callable[[bytes, Any, Random], bytes], ...] = (
    _nested, _digits, _no_number, _overflow, _twice, _cut, _encoded, _bytes, _version,
)  # fmt: skip
