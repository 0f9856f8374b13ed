"""Files as they come damaged: cut short, changed in a byte, in another encoding, nested, swollen, doubled."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutate = Callable[[bytes, random.Random], bytes]
_NUMBERS = re.compile(rb"(?<![\w\"'.-])\d+(?![\w\"'.-])")
_WORDS = re.compile(rb'"[^"\n]*"')
_HUGE = (b"9" * 400, b"-1", b"1e400", b"0x" + b"f" * 300, b"9223372036854775808", b"nan", b"inf", b"10000-01-01", b"0")
_STRANGE = (
    b'""', b'"\\u0000"', b"'''\n'''", b"[]", b"{}", b"true", b"2020-02-30", b"2020-13-01", b'"\\uD800"', b'"\\q"',
    b'"' + b"x" * 70_000 + b'"', "\"\u202e\"".encode(), b"[[[[]]]]", b"1979-05-27T07:32:00Z", b"00:00:60", b'"yes"',
)  # fmt: skip


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _flip(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _encode(data: bytes, chance: random.Random) -> bytes:
    name = chance.choice(("utf-16", "utf-32", "utf-8-sig", "utf-16-be", "utf-7", "cp037", "latin-1"))
    return data.decode().encode(name, "replace")


def _nest(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((50, 900, 5_000, 60_000))
    ends = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"{a=", b"}"), (b"[", b"")))
    at = data.index(b"\n", chance.randrange(len(data) // 2)) + 1
    begins = chance.choice((b"x = ", b'"x": ', b"a." * 30 + b"b = ", b""))
    return data[:at] + begins + ends[0] * depth + ends[1] * depth + b"\n" + data[at:]


def _swell(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBERS.finditer(data)) or list(_WORDS.finditer(data))
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_HUGE) + data[one.end() :]


def _replace(data: bytes, chance: random.Random) -> bytes:
    found = list(_WORDS.finditer(data))
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_STRANGE) + data[one.end() :]


def _double(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    start = chance.randrange(len(lines))
    piece = lines[start : start + chance.choice((1, 1, 2, 10, len(lines)))]
    at = chance.randrange(len(lines))
    return b"".join([*lines[:at], *piece, *lines[at:]])


def _drop(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    start = chance.randrange(len(lines))
    return b"".join(lines[:start] + lines[start + chance.choice((1, 1, 2, 30)) :])


def _shuffle(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    first, second = sorted(chance.sample(range(len(lines)), 2))
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _fill(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice((b"\0" * 10, b"\xff\xfe", b"\n" * 2000, b"#" * 1_100_000, b"\r", b"=", b'"""'))


HOW: tuple[Mutate, ...] = (_cut, _flip, _encode, _nest, _swell, _replace, _double, _drop, _shuffle, _fill)


def mutants(files: list[bytes], count: int, seed: int) -> list[bytes]:
    """So many damaged files, the same for a seed, each kind of damage as often as the others."""
    chance = random.Random(seed)
    return [HOW[number % len(HOW)](files[number % len(files)], chance) for number in range(count)]
