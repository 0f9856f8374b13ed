"""What a PDF carries beside its pages: programs and other files. It is looked at as bytes, and nothing of it is run.

Objects stand in the file itself or packed in object streams (ISO 32000-1, 7.5.7); a name may be written with
figures for its letters (7.3.5). What is locked with a password is not looked into.
"""

from __future__ import annotations

import re
import zlib

_MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of object streams, unpacked, beyond which no more are looked at."""
_LONGEST_HEAD = 4096
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)(?![A-Za-z])")


def carries_active(content: bytes) -> bool:
    """Whether a PDF carries JavaScript, starts a program, or has other files in it."""
    return any(_ACTIVE.search(_plain(part)) for part in _parts(content))


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _parts(content: bytes) -> list[bytes]:
    """The file without its streams, and each object stream unpacked."""
    parts: list[bytes] = []
    at, left = 0, _MOST_UNPACKED
    for found in _STREAM.finditer(content):
        if found.start() < at:
            continue
        parts.append(content[at : found.end()])
        end = content.find(b"endstream", found.end())
        at = end if end >= 0 else len(content)
        head = content[max(0, found.start() - _LONGEST_HEAD) : found.start()].rpartition(b"obj")[2]
        if b"/ObjStm" in _plain(head) and left > 0:
            unpacked = _unpacked(content[found.end() : at], left)
            left -= len(unpacked)
            parts.append(unpacked)
    return [*parts, content[at:]]


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        # Not packed, or in another way: looked at as it stands.
        return packed
