"""Makes resources/letters/sRGB.icc: the colour space of IEC 61966-2-1 as a small profile of version 2.

python -m tests.make_profile
"""

from __future__ import annotations

import struct
from pathlib import Path

ROOT = Path(__file__).parents[1]
_COLOURS = {
    "wtpt": (0.9642, 1.0, 0.8249),
    "rXYZ": (0.43607, 0.22249, 0.01392),
    "gXYZ": (0.38515, 0.71687, 0.09708),
    "bXYZ": (0.14307, 0.06061, 0.7141),
}
"""The white point of the connection space, and the primaries of sRGB adapted to it (D50)."""
_STEPS = 1024


def profile() -> bytes:
    """The profile: header, table of tags, and what they point to (ICC.1:2001-04)."""
    parts = {name: b"XYZ \0\0\0\0" + struct.pack(">3i", *map(_fixed, values)) for name, values in _COLOURS.items()}
    parts["desc"] = _described("sRGB IEC61966-2.1")
    parts["cprt"] = b"text\0\0\0\0No copyright, use freely\0"
    curve = b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *(_light(n / (_STEPS - 1)) for n in range(_STEPS)))
    at = 128 + 4 + 12 * (len(parts) + 3)
    table, data = [], b""
    for name, part in [*parts.items(), ("rTRC", curve)]:
        names = ("rTRC", "gTRC", "bTRC") if name == "rTRC" else (name,)
        table += [struct.pack(">4sII", one.encode(), at + len(data), len(part)) for one in names]
        data += part + b"\0" * (-len(part) % 4)
    size = at + len(data)
    header = struct.pack(">I4sI4s4s4s6H4s", size, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ",
                         2026, 1, 1, 0, 0, 0, b"acsp")  # fmt: skip
    header += b"\0" * 28 + struct.pack(">3i", *map(_fixed, _COLOURS["wtpt"]))
    return header.ljust(128, b"\0") + struct.pack(">I", len(table)) + b"".join(table) + data


def _fixed(value: float) -> int:
    return round(value * 65536)


def _light(value: float) -> int:
    """IEC 61966-2-1: how much light a value stands for, of 65,535."""
    return round(65535 * (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4))


def _described(words: str) -> bytes:
    text = words.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * (4 + 4 + 2 + 1 + 67)


if __name__ == "__main__":
    (ROOT / "resources" / "letters" / "sRGB.icc").write_bytes(profile())
