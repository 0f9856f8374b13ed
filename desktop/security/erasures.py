"""The list of erasures: which cases were destroyed, for whoever brings a backup back, and for nobody else.

A line holds a keyed hash of a case's reference, and a code that binds it to the line before. The key comes from the
store's own, so the list works with every backup of that store and says nothing to anyone without it. A line that was
changed, put in, taken out or moved is noticed, and so is an end that was cut off; what the other lines say counts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.security.files import write_private

FILE_NAME = "erasures.list"
_HEAD = "Tracing Desk erasures 1"
_HEX = hashlib.sha256().digest_size * 2


@dataclass(frozen=True, slots=True)
class Erasures:
    """What a list says, and what is wrong with it, in sentences."""

    hashes: frozenset[str]
    faults: tuple[str, ...]


def erasure_key(store_key: bytes) -> bytes:
    """The key of the list, from the store's."""
    return hmac.digest(store_key, b"tracing-desk erasures", "sha256")


def erasure_hash(key: bytes, reference: str) -> str:
    """What stands in the list for a case."""
    return hmac.digest(key, f"case {reference}".encode(), "sha256").hex()


def write_erasures(path: Path, key: bytes, hashes: Iterable[str]) -> None:
    """Writes the list whole, sorted, in the place of what was there. Raises OSError; then it is as it was."""
    lines, code = [_HEAD], ""
    for one in sorted(set(hashes)):
        code = _code(key, code, one)
        lines.append(f"{one} {code}")
    lines.append(f"end {len(lines) - 1} {_code(key, code, 'end')}")
    write_private(path, ("\n".join(lines) + "\n").encode())


def read_erasures(path: Path, key: bytes) -> Erasures:
    """Reads a list; an empty one where there is none. Raises OSError where it is there and cannot be read."""
    try:
        text = path.read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        return Erasures(frozenset(), ())
    lines = text.removesuffix("\n").split("\n")
    faults = [] if lines[0] == _HEAD and text.endswith("\n") else ["its first line was changed"]
    found: set[str] = set()
    code = ""
    for number, line in enumerate(lines[1:], start=2):
        one, _, given = line.partition(" ")
        if one == "end":
            if line != f"end {number - 2} {_code(key, code, 'end')}" or number != len(lines):
                faults.append("its end is not as it was written")
            return Erasures(frozenset(found), tuple(faults))
        if len(one) == _HEX and given == _code(key, code, one):
            found.add(one)
        else:
            faults.append(f"line {number} was changed, or another was put in or taken out before it")
            found |= {one} if len(one) == _HEX else set()
        code = given
    return Erasures(frozenset(found), (*faults, "its end was cut off"))


def _code(key: bytes, before: str, one: str) -> str:
    return hmac.digest(key, f"{before} {one}".encode(), "sha256").hex()[:32]
