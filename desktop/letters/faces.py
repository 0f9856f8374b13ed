"""Which font is asked for which character: the shipped faces by script, and the system's for Chinese, Japanese and
Korean, which are too large to ship. Knows the files alone; ``shaping`` reads them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

BASE: Final = "NotoSans"
"""The family of every letter's own words: Latin, Greek and Cyrillic."""

_SHIPPED: Final[tuple[tuple[str, tuple[tuple[int, int], ...]], ...]] = (
    ("NotoSansArmenian", ((0x0530, 0x058F), (0xFB13, 0xFB17))),
    ("NotoSansHebrew", ((0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    ("NotoSansArabic", ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    ("NotoSansDevanagari", ((0x0900, 0x097F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF))),
    ("NotoSansBengali", ((0x0980, 0x09FF),)),
    ("NotoSansGurmukhi", ((0x0A00, 0x0A7F),)),
    ("NotoSansGujarati", ((0x0A80, 0x0AFF),)),
    ("NotoSansTamil", ((0x0B80, 0x0BFF),)),
    ("NotoSansTelugu", ((0x0C00, 0x0C7F),)),
    ("NotoSansKannada", ((0x0C80, 0x0CFF),)),
    ("NotoSansMalayalam", ((0x0D00, 0x0D7F),)),
    ("NotoSansSinhala", ((0x0D80, 0x0DFF),)),
    ("NotoSansThai", ((0x0E00, 0x0E7F),)),
    ("NotoSansGeorgian", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F))),
    ("NotoSansEthiopic", ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F))),
)
_EAST_ASIAN: Final = (
    (0x1100, 0x11FF), (0x2E80, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""The blocks of Chinese, Japanese and Korean."""

_SYSTEM: Final = (
    # Debian: fonts-wqy-zenhei has all three languages; the others have one or two.
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
    ("DroidSansFallbackFull.ttf", "DroidSansFallbackFull.ttf"),
    ("NanumGothic.ttf", "NanumGothicBold.ttf"),
    ("ipaexg.ttf", "ipaexg.ttf"),
    ("ipagp.ttf", "ipagp.ttf"),
    ("VL-PGothic-Regular.ttf", "VL-PGothic-Regular.ttf"),
    # Windows: Chinese, Japanese, Korean.
    ("msyh.ttc", "msyhbd.ttc"),
    ("msjh.ttc", "msjhbd.ttc"),
    ("simsun.ttc", "simsun.ttc"),
    ("YuGothR.ttc", "YuGothB.ttc"),
    ("msgothic.ttc", "msgothic.ttc"),
    ("malgun.ttf", "malgunbd.ttf"),
    # macOS: all three, then Chinese, then Korean.
    ("Arial Unicode.ttf", "Arial Unicode.ttf"),
    ("STHeiti Light.ttc", "STHeiti Medium.ttc"),
    ("AppleGothic.ttf", "AppleGothic.ttf"),
)
"""Regular and bold. TrueType outlines only: ReportLab refuses the others, Noto Sans CJK among them."""


class Ink(NamedTuple):
    """What a glyph covers, in thousandths of an em from the line's left end and from its base."""

    left: float
    low: float
    right: float
    top: float


def shipped_family(char: str) -> str:
    """The shipped family that is made for this character's script, or nothing."""
    return next((family for family, blocks in _SHIPPED if _is_in(char, blocks)), "")


def is_east_asian(char: str) -> bool:
    """Whether the character is one of Chinese, Japanese or Korean."""
    return _is_in(char, _EAST_ASIAN)


def _is_in(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(char) <= last for first, last in blocks)


def system_folders() -> tuple[Path, ...]:
    """Where this operating system keeps its fonts, the person's own first."""
    home = Path.home()
    if sys.platform == "win32":
        local, windows = os.environ.get("LOCALAPPDATA", ""), os.environ.get("WINDIR", "C:\\Windows")
        own = (Path(local, "Microsoft", "Windows", "Fonts"),) if local else ()
        return (*own, Path(windows, "Fonts"))
    if sys.platform == "darwin":
        return home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")


def system_files(folders: Iterable[Path], *, bold: bool) -> tuple[Path, ...]:
    """The known fonts for Chinese, Japanese and Korean that are in these folders, the preferred ones first, and each
    once: of two with one name, the person's own.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        there = {path.name: path for path in sorted(folder.rglob("*.tt[cf]"))}
        for names in _SYSTEM:
            if names[bold] in there:
                found.setdefault(names[bold], there[names[bold]])
    return tuple(found.values())


def why_missing(missing: Sequence[str], *, installed: bool, todo: str) -> tuple[str, ...]:
    """Sentences that say what cannot be printed, why, and what to do. ``installed`` tells whether the system has any
    font for Chinese, Japanese and Korean, ``todo`` what to do about what no font has.
    """
    absent = [char for char in missing if is_east_asian(char) and not installed]
    unknown = [char for char in missing if char not in absent]
    said = []
    if absent:
        said.append(
            f"This computer has no font that can print {_listed(absent)}. {_to_install()} Then open the letter again."
        )
    if unknown:
        said.append(f"No font of the desk can print {_listed(unknown)}. {todo}")
    return tuple(said)


def _listed(chars: list[str]) -> str:
    """The characters in quotation marks, with the code points of those that show nothing by themselves."""
    return ", ".join(f"“{char}” (U+{ord(char):04X})" for char in chars[:10])


def _to_install() -> str:
    if sys.platform == "win32":
        return "In Settings, Optional features, add the supplemental fonts for Chinese, Japanese or Korean."
    if sys.platform == "darwin":
        return "In Font Book, add Arial Unicode or STHeiti."
    return "Install a font for Chinese, Japanese and Korean (on Debian and Ubuntu: the package fonts-wqy-zenhei)."
