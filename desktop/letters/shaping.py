"""Names in every script: which face prints each character, in which shape, and in which order on a line.

Latin, Greek and Cyrillic that the base face has letter by letter are drawn by ReportLab as they are. Everything else is
put in order (Unicode's bidirectional algorithm, in a left-to-right letter) and shaped by HarfBuzz. Each cluster, the
least that can be shaped by itself, becomes one glyph of the face with one code in the page's text, and the font's own
ToUnicode map says which characters it stands for: so the text reads back right with and without the tags. What this
takes of ReportLab's private parts is here and in ``writing``.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb
from bidi import get_display
from bidi.mirror import MIRRORED
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from desktop.letters import faces
from desktop.letters.faces import Ink
from resources import resource

WEIGHTS: Final = ("Regular", "Bold")

JOINERS: Final = "\u200c\u200d"
"""Zero width non-joiner and joiner: they choose the shape of the letters beside them."""
INSIDE: Final = "\u061c"
"""Arabic letter mark, at both sides of a line's end inside right-to-left text: each line is put in order by itself, and
this tells it what goes on beyond its end. ``printable`` lets none through from outside."""
_UNKNOWN: Final = "\ufffd"
_PRIVATE: Final = 0xF0000
"""The first of the code points by which ReportLab is asked for a glyph of ours. None is ever written to a file."""
_TALLEST: Final = 500
"""How far a mark is moved up or down, in thousandths of an em: a tower of marks stays near its line."""
_SLIVER: Final = 20
"""The width of a character that has no glyph of its own, in thousandths of an em: readers pass over what has none."""
_MOST: Final = 30
"""Glyphs that one code may stand for. No language stacks as many marks; what does is drawn by several codes."""

_Parts = tuple[tuple[int, int, int], ...]
"""Glyphs that are drawn as one: the number of each, and how far it is moved right and up, in the face's own units."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Characters that are drawn as one: where in the text they begin, and how far they move the pen, in thousandths of
    an em.
    """

    start: int
    text: str
    parts: _Parts
    advance: int


@dataclass(frozen=True, slots=True)
class Run:
    """Clusters of one face and direction, from left to right."""

    face: Face
    rtl: bool
    clusters: tuple[Cluster, ...]

    @property
    def start(self) -> int:
        """Where in the text it begins."""
        return min(cluster.start for cluster in self.clusters)

    @property
    def advance(self) -> int:
        """How far it moves the pen, in thousandths of an em."""
        return sum(cluster.advance for cluster in self.clusters)

    def codes(self) -> str:
        """The run as ReportLab is asked for it, from left to right. Readers turn what they find in right-to-left text,
        one code after the other, and each bracket with it: there a code stands for one character, a bracket for the one
        that it looks like, and the others of a cluster, which have no glyph of their own, are slivers at its left edge.
        """
        made = []
        for cluster in self.clusters:
            others = cluster.text[1:] if self.rtl else ""
            sliver = min(_SLIVER, cluster.advance // (len(others) + 1))
            made += [self.face.code((), sliver, char) for char in reversed(others)]
            back = len(others) * sliver
            text = MIRRORED.get(cluster.text[:1], cluster.text[:1]) if self.rtl else cluster.text
            parts = tuple((glyph, right - self.face.units(back), up) for glyph, right, up in cluster.parts)
            made.append(self.face.code(parts, cluster.advance - back, text))
        return "".join(made)


class Face(TTFont):  # type: ignore[misc]  # ReportLab has no types
    """A TrueType face in one weight. ``covers`` is the code points that it has a glyph for."""

    def __init__(self, name: str, data: bytes) -> None:
        # The base face keeps ASCII readable in the file; the others embed nothing that is not drawn.
        super().__init__(name, io.BytesIO(data), asciiReadable=name.startswith(f"{faces.BASE}-"))
        self._straight: Callable[..., float] = super().stringWidth
        self.covers = frozenset(self.face.charToGlyph)
        self._shaper = hb.Font(hb.Face(hb.Blob(data)))
        self._codes: dict[tuple[_Parts, int, str], str] = {}
        self._texts: dict[int, str] = {}
        self._make_room(data)

    def _make_room(self, data: bytes) -> None:
        """Move the outlines to the end of the font's data, where more can follow, and say that those may be large."""
        outlines, maxima = self.face.table["glyf"], self.face.table["maxp"]["offset"]
        grown = bytearray(data) + data[outlines["offset"] : outlines["offset"] + outlines["length"]]
        outlines["offset"] = len(data)
        struct.pack_into(">HH", grown, maxima + 10, 4096, 512)  # Points and contours of a glyph of several parts,
        struct.pack_into(">HH", grown, maxima + 28, 64, 8)  # the parts, and how deep they lie in one another.
        self.face._ttf_data = grown

    @cached_property
    def _plain(self) -> frozenset[str]:
        """The characters that print one glyph each, from left to right, whatever stands beside them."""
        return frozenset(
            char
            for char in map(chr, self.covers)
            if unicodedata.category(char)[0] != "M" and unicodedata.bidirectional(char) not in ("R", "AL", "AN")
        )

    def is_plain(self, text: str) -> bool:
        """Whether ReportLab can draw the text in this face as it is."""
        return text.isascii() or self._plain.issuperset(text)

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """How wide the text is once it is shaped, in points. ReportLab asks each face for it."""
        straight = self._straight
        if text.isascii() or self._plain.issuperset(text):
            return straight(text, size, encoding)
        return sum(
            straight(piece, size) if isinstance(piece, str) else sum(run.advance for run in piece) * size / 1000
            for piece in pieces_of(text, self)
        )

    def shape(self, text: str, *, rtl: bool, start: int = 0) -> Run:
        """Text of one script and direction, which begins at ``start``, as it is drawn."""
        buffer = hb.Buffer()
        buffer.flags = hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE | hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        buffer.add_str(text)
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = "und"  # Never the computer's: the same facts give the same bytes.
        buffer.guess_segment_properties()
        hb.shape(self._shaper, buffer)
        shaped = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        begins = sorted({info.cluster for info, _ in shaped})
        ends = dict(zip(begins, [*begins[1:], len(text)], strict=True))
        made: list[Cluster] = []
        for begin, group in groupby(shaped, key=lambda one: one[0].cluster):
            glyphs = list(group)
            chars = text[begin if begin != begins[0] else 0 : ends[begin]]
            pieces = [glyphs[n : n + _MOST] for n in range(0, len(glyphs), _MOST)]
            shares = _shared(chars, len(pieces))
            for piece, (offset, share) in zip(pieces, reversed(shares) if rtl else shares, strict=True):
                made.append(self._cluster(start + begin + offset, share, piece))
        return Run(self, rtl, tuple(made))

    def _cluster(self, start: int, text: str, glyphs: list[tuple[Any, Any]]) -> Cluster:
        parts, pen, most = [], 0, self.units(_TALLEST)
        for info, place in glyphs:
            parts.append((info.codepoint, pen + place.x_offset, max(-most, min(most, place.y_offset))))
            pen += place.x_advance
        return Cluster(start, text, tuple(parts), round(pen * 1000 / self.face.unitsPerEm))

    def units(self, thousandths: int) -> int:
        """Thousandths of an em in the face's own units."""
        return round(thousandths * int(self.face.unitsPerEm) / 1000)

    def code(self, parts: _Parts, advance: int, text: str) -> str:
        """The character by which ReportLab is asked for these glyphs, as one that is so wide and stands for the text.
        A glyph that is drawn as it is, for its own character, keeps that.
        """
        key = (parts, advance, text)
        if key not in self._codes:
            glyphs, widths = self.face.charToGlyph, self.face.charWidths
            own = ord(text) if len(text) == 1 else None
            if own in glyphs and parts == ((glyphs[own], 0, 0),) and round(widths[own]) == advance:
                self._codes[key] = text
            else:
                code = _PRIVATE + len(self._texts)
                self._texts[code] = text
                self._codes[key] = chr(code)
                widths[code] = advance
                glyphs[code] = self._compose(parts, self.units(advance))
        return self._codes[key]

    def _compose(self, parts: _Parts, advance: int) -> int:
        """Add a glyph that is put together from others (OpenType's composite glyph), and give its number."""
        face = self.face
        drawn = self._drawn(parts)
        outline, low = b"", [0, 0]
        if drawn:
            boxes = [self._box(*part) for part in drawn]
            low, high = [min(box[n] for box in boxes) for n in (0, 1)], [max(box[n] for box in boxes) for n in (2, 3)]
            outline = struct.pack(">5h", -1, *low, *high)
            for n, (glyph, right, up) in enumerate(drawn):
                more = 0x20 if n + 1 < len(drawn) else 0
                outline += struct.pack(">HHhh", 0x3 | more, glyph, right, up)
        # Between two glyphs of ours one number stays unused: each has its own beginning and end.
        number = len(face.glyphPos)
        begin = face.table["glyf"]["length"]
        face.glyphPos += [begin, begin + len(outline)]
        face.hmetrics += [(0, 0)] * (number - len(face.hmetrics)) + [(advance, low[0] & 0xFFFF)]
        face.table["glyf"]["length"] += len(outline)
        face._ttf_data += outline
        return number

    def inks(self, line: str) -> list[Ink]:
        """What each glyph of a line leaves on the page, from left to right."""
        found: list[Ink] = []
        pen = 0.0
        for piece in pieces_of(line, self):
            if isinstance(piece, str):
                for char in piece:
                    glyph = self.face.charToGlyph.get(ord(char))
                    found += [] if glyph is None else self._ink(((glyph, 0, 0),), pen)
                    pen += self._straight(char, 1000)
                continue
            for run in piece:
                for cluster in run.clusters:
                    found += run.face._ink(cluster.parts, pen)
                    pen += cluster.advance
        return found

    def _drawn(self, parts: _Parts) -> _Parts:
        return tuple(part for part in parts if self.face.glyphPos[part[0]] < self.face.glyphPos[part[0] + 1])

    def _ink(self, parts: _Parts, pen: float) -> list[Ink]:
        """What these glyphs cover where they are drawn at `pen`."""
        scale = 1000 / int(self.face.unitsPerEm)
        boxes = [self._box(*part) for part in self._drawn(parts)]
        return [
            Ink(pen + left * scale, low * scale, pen + right * scale, top * scale) for left, low, right, top in boxes
        ]

    def _box(self, glyph: int, right: int, up: int) -> tuple[int, int, int, int]:
        """What the glyph covers once it is moved: left, bottom, right, top."""
        place = self.face.table["glyf"]["offset"] + self.face.glyphPos[glyph]
        left, bottom, far, top = struct.unpack_from(">4h", self.face._ttf_data, place + 2)
        return left + right, bottom + up, far + right, top + up

    def addObjects(self, doc: Any) -> None:
        """Embed what was drawn, and say which characters each code stands for."""
        super().addObjects(doc)
        for name, made in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                made.content = re.sub(r"> <([0-9A-F]{5,6})>", self._as_utf16, made.content)

    def _as_utf16(self, found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return f"> <{self._texts.get(code, chr(code)).encode('utf-16-be').hex().upper()}>"


def _shared(text: str, pieces: int) -> list[tuple[int, str]]:
    """The text in so many pieces, each with where it begins."""
    ends = [len(text) * n // pieces for n in range(pieces + 1)]
    return [(begin, text[begin:end]) for begin, end in pairwise(ends)]


@cache
def shipped(family: str, weight: str) -> Face:
    """A shipped face, read when it is first needed."""
    name = f"{family}-{weight}"
    return Face(name, resource("fonts", faces.BASE, f"{name}.ttf").read_bytes())


@cache
def _of_file(path: Path) -> Face | None:
    """The face in a file of the system's, or nothing where it may not or cannot be embedded."""
    try:
        return Face(str(path), path.read_bytes())
    except (OSError, TTFError, struct.error):
        return None  # Damaged, or its licence forbids it: as if it were not there.


@cache
def _of_system(folders: tuple[Path, ...], weight: str) -> tuple[Face, ...]:
    return tuple(filter(None, map(_of_file, faces.system_files(folders, bold=weight == "Bold"))))


def east_asian(weight: str = "Regular", folders: Sequence[Path] | None = None) -> tuple[Face, ...]:
    """The system's faces for Chinese, Japanese and Korean. ``folders`` are those of its fonts, if not the usual."""
    return _of_system(tuple(faces.system_folders() if folders is None else folders), weight)


def _face_for(char: str, weight: str, folders: Sequence[Path] | None = None) -> Face | None:
    """The face that prints the character."""
    if ord(char) in shipped(faces.BASE, weight).covers:
        return shipped(faces.BASE, weight)
    if family := faces.shipped_family(char):
        asked: tuple[Face, ...] = (shipped(family, weight),)
    else:
        asked = east_asian(weight, folders) if faces.is_east_asian(char) else ()
    return next((face for face in asked if ord(char) in face.covers), None)


def missing(text: str, folders: Sequence[Path] | None = None) -> tuple[str, ...]:
    """The characters that cannot be printed, in regular or in bold, once each, in order of appearance."""
    return tuple(
        char
        for char in dict.fromkeys(text)
        if char == _UNKNOWN or (char not in JOINERS and not all(_face_for(char, weight, folders) for weight in WEIGHTS))
    )


@lru_cache(maxsize=2048)
def pieces_of(line: str, base: Face) -> tuple[str | list[Run], ...]:
    """A line in pieces, in reading order: what ReportLab draws as it is, and the runs, from left to right, of shaped
    words and of each stretch of right-to-left text. A letter is laid out several times, and asks for them each time.
    """
    levels, found = levels_of(line), list[str | list[Run]]()
    start = 0
    for turned, group in groupby(levels, key=bool):
        end = start + len(list(group))
        if turned:
            found.append(_turned(line[start:end], levels[start:end], base))
        else:
            found += _words(line[start:end], start, base)
        start = end
    return tuple(found)


def _words(text: str, start: int, base: Face) -> Iterator[str | list[Run]]:
    """Left-to-right text in pieces. Spaces stay with the word before: pdfium passes over those that stand alone."""
    words = [(start + found.start(), found[0]) for found in re.finditer(r"[^ ]+ *| +", text)]
    for plain, group in groupby(words, key=lambda word: base.is_plain(word[1])):
        together = list(group)
        if plain:
            yield "".join(word for _, word in together)
        else:
            yield [run for place, word in together for run in _shaped(word, base, start=place)]


def levels_of(line: str) -> list[int]:
    """The embedding level of each character, in a paragraph from left to right (UAX #9): 0 is as the letter runs, odd
    is from right to left.
    """
    if all(unicodedata.bidirectional(char) not in ("R", "AL", "AN") for char in line):
        return [0] * len(line)
    told = re.findall(r"Level\(\s*(\d+)", str(get_display(line, base_dir="L", debug=True)))
    # One for each byte of UTF-8, and one for the paragraph at the end.
    ends = list(accumulate(len(char.encode()) for char in line))
    of_bytes = told[-ends[-1] - 1 : -1]
    return [int(of_bytes[end - 1]) for end in ends]


def _turned(text: str, levels: list[int], base: Face) -> list[Run]:
    """The runs of a stretch that holds right-to-left text, from left to right (UAX #9, L2)."""
    runs: list[tuple[int, Run]] = []
    start = 0
    for level, group in groupby(levels):
        end = start + len(list(group))
        runs += [(level, run) for run in _shaped(text[start:end], base, rtl=bool(level % 2), start=start)]
        start = end
    for least in range(max(levels), 0, -1):
        grouped = [(high, list(group)) for high, group in groupby(runs, key=partial(_reaches, least))]
        runs = [run for high, group in grouped for run in (reversed(group) if high else group)]
    return [run for _, run in runs]


def _reaches(least: int, run: tuple[int, Run]) -> bool:
    return run[0] >= least


def _shaped(text: str, base: Face, *, rtl: bool = False, start: int = 0) -> list[Run]:
    """The text in runs of one face each, in reading order, shaped. A mark or a space stays with what it follows where
    that face has it; what no face has prints as the mark of replacement.
    """
    runs: list[tuple[Face, int, str]] = []
    for place, char in enumerate(text, start):
        if char == INSIDE:
            continue
        follows = char == " " or unicodedata.category(char)[0] == "M"
        joined = runs and (char in JOINERS or (follows and ord(char) in runs[-1][0].covers))
        face = runs[-1][0] if joined else _face_for(char, base.fontName.rpartition("-")[2])
        shown = char if face or char in JOINERS else _UNKNOWN
        if runs and runs[-1][0] is (face or base):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + shown)
        else:
            runs.append((face or base, place, shown))
    return [face.shape(run, rtl=rtl, start=place) for face, place, run in runs]


def cuts(word: str, base: Face) -> list[int]:
    """The places in a word, its start left out, at which it can be cut without cutting a letter from its marks."""
    if base.is_plain(word):
        return list(range(1, len(word)))
    return sorted({cluster.start for run in _shaped(word, base) for cluster in run.clusters} - {0})
