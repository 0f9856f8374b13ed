"""Whether the write-ahead log that a crash left is whole. SQLite alone.

SQLite reads a log as far as its checksums hold and passes over the rest without a word: that is how it undoes what a
crash cut short. A byte that is damaged later looks the same to it, and takes with it every change that was written
after. What stands behind the first wrong frame tells the two apart: a change that was finished.
"""

from __future__ import annotations

import struct
from itertools import islice
from pathlib import Path

_HEADER, _FRAME, _PAGE = 32, 24, 4096
_LITTLE, _BIG = 0x377F0682, 0x377F0683
"""The first word of a log, by the order of the bytes that its checksums are of."""

Sums = tuple[int, int]


def lost_changes(log: Path) -> int:
    """How many finished changes of a log SQLite will not find, because the log is damaged before or in them.

    The format is that of https://sqlite.org/fileformat2.html#walformat. 0 where there is no log.
    """
    try:
        data = log.read_bytes()
    except FileNotFoundError:
        return 0
    starts = range(_HEADER, len(data) - _FRAME - _PAGE + 1, _FRAME + _PAGE)
    if not starts:
        return 0
    magic, *_, first, second, c1, c2 = struct.unpack_from(">8I", data)
    order = {_LITTLE: "<", _BIG: ">"}.get(magic, "")
    sums = _sums(order or ">", data[:24], (0, 0))
    whole = bool(order) and sums == (c1, c2)
    if not whole:
        # The log is not read at all. Its own frames tell which belong together.
        first, second = struct.unpack_from(">8x2I", data, _HEADER)
    lost = 0
    for at in starts:
        size, one, other, c1, c2 = struct.unpack_from(">4x5I", data, at)
        if whole:
            found = _sums(order, data[at : at + 8], sums)
            found = _sums(order, data[at + _FRAME : at + _FRAME + _PAGE], found)
            whole = (one, other) == (first, second) and found == (c1, c2)
            sums = found
        # The last frame of a change has the size of the file then; frames of an earlier log have both other salts.
        lost += not whole and size > 0 and (one == first or other == second)
    return lost


def _sums(order: str, data: bytes, before: Sums) -> Sums:
    """SQLite's checksum of a log, going on from the one before."""
    one, other = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(islice(words, 0, None, 2), islice(words, 1, None, 2), strict=True):
        one = (one + even + other) & 0xFFFFFFFF
        other = (other + odd + one) & 0xFFFFFFFF
    return one, other
