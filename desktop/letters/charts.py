"""Charts of a report: bars with their figures, drawn in one way for the window (SVG) and for the page (PDF).

Nothing is told by colour alone: each series has a pattern of its own, each bar its figure, each chart its words. Bars
stand where their categories fit under them, and lie where they do not. All measures are at the text of 12 points that
``scale`` makes larger or smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Line, Path, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.letters.parts import printable, register_fonts
from desktop.letters.styles import REGULAR
from desktop.policy.reports import Chart
from desktop.policy.wording import figures

_SIZE: Final = 12
_LEADING: Final = 16
PLOT: Final = 112
"""How high the tallest of standing bars is, if nobody says otherwise."""
_THICK: Final = 14
_WIDEST: Final = 44
"""How thick a lying bar is, and a standing one at most."""
_GAP: Final = 8
_SWATCH: Final = 12
_SIDE: Final = 0.38
"""How much of the width the categories beside lying bars take at most."""
_MOST_LINES: Final = 4
"""Lines of a category beside its bars; what is longer ends in an ellipsis, and stands whole in the table."""
_WIDER: Final = 1.1
"""How much wider the window's Inter is than the page's Noto Sans, at most."""
_HATCHES: Final = 6
_ASKED: Final = 64
"""Of so many charts and widths it is known how high they are: a layout asks for each of them again and again."""


@dataclass(frozen=True, slots=True)
class ChartColours:
    """What a chart is drawn in, each as "#RRGGBB"."""

    text: str
    second: str
    """Of categories and names."""
    edge: str
    """The line that the bars stand on."""
    fill: str
    """The bars."""
    ground: str
    """What is under them all."""


def chart_svg(chart: Chart, colours: ChartColours, width: int, height: int, scale: float) -> bytes:
    """The chart as SVG of this size; ``height`` is at least ``chart_height``."""
    made = drawing(chart, colours, width, height, scale)
    for one in made.contents:
        if isinstance(one, String):
            # The font is another than the one that was measured: whoever draws the text places it.
            one._svgAttrs = {"text-anchor": one.textAnchor}  # noqa: SLF001  # so ReportLab passes attributes on
            one.textAnchor = "start"
    font = {REGULAR: {"family": "Inter", "weight": "400"}}
    # A path to clip by would be painted: Qt reads SVG Tiny, which has none.
    return str(renderSVG.drawToString(made, fontHacks=font, useClip=True)).encode()


@lru_cache(_ASKED)
def chart_height(chart: Chart, width: float, scale: float, plot: int = PLOT) -> int:
    """How high the chart wants to be at this width."""
    return round(_Plan(chart, width, scale, plot).height)


def chart_parts(chart: Chart, width: float, height: float, scale: float) -> tuple[Chart, ...]:
    """The chart, or its categories in several charts of which none is higher than this."""
    many = len(chart.categories)
    if many < 2 or _Plan(chart, width, scale).height <= height:
        return (chart,)
    halves = slice(0, many // 2), slice(many // 2, many)
    return tuple(
        part
        for half in halves
        for part in chart_parts(
            replace(
                chart,
                categories=chart.categories[half],
                short=chart.short[half],
                series=tuple((name, counts[half]) for name, counts in chart.series),
            ),
            width,
            height,
            scale,
        )
    )


def most_of(chart: Chart) -> int:
    """The figure of the longest bar, which is at least 1."""
    every = [counts for _, counts in chart.series]
    bars = [sum(one) for one in zip(*every, strict=True)] if chart.stacked else [one for each in every for one in each]
    return max((1, *bars))


def drawing(
    chart: Chart, colours: ChartColours, width: float, height: float, scale: float, most: int | None = None
) -> Drawing:
    """The chart for ReportLab. ``most`` is the figure of a bar of full length, if not the chart's own largest."""
    plan = _Plan(chart, width, scale)
    pen = _Pen(colours, width, height, scale)
    pen.legend(chart, plan.legend)
    top = len(plan.legend) * (_LEADING + 2) * scale + (_GAP * scale if plan.legend else 0)
    most = most_of(chart) if most is None else most
    if plan.upright:
        _stand(pen, plan, chart, top, most)
    else:
        _lie(pen, plan, chart, top, most)
    return pen.drawing


class _Plan:
    """Whether a chart's bars stand or lie, how its words break, and how high that is."""

    def __init__(self, chart: Chart, width: float, scale: float, plot: int = PLOT) -> None:
        register_fonts()
        self.width, self.scale = width, scale
        self.bars = 1 if chart.stacked else max(1, len(chart.series))
        """How many stand beside each other in a category."""
        self.legend = self._legend([name for name, _ in chart.series]) if len(chart.series) > 1 else []
        self.widest = max((self.wide(figures(one)) for one in _labels(chart)), default=0.0)
        """The widest figure at a bar."""
        slot = width / max(1, len(chart.categories))
        self.pitch = min((_WIDEST + _GAP) * scale, slot * 0.84 / self.bars)
        self.words = [self.lines(one, slot - 4 * scale, cut=False) for one in chart.short or chart.categories]
        fit = all(len(one) <= 2 and max(map(self.wide, one)) <= slot - 4 * scale for one in self.words)
        self.upright = fit and self.widest + 3 * scale <= slot / self.bars and self.pitch >= 6 * scale
        if self.upright:
            deep = max((len(one) for one in self.words), default=0) * _LEADING
            body = _LEADING + plot + _GAP / 2 + deep
        else:
            self.side = min(_SIDE * width, max((self.wide(one) for one in chart.categories), default=0.0))
            self.words = [self.lines(one, self.side, cut=True) for one in chart.categories]
            body = sum(self.deep(one) for one in self.words) / scale
        above = len(self.legend) * (_LEADING + 2) + (_GAP if self.legend else 0)
        self.height = (above + body) * scale

    def deep(self, words: Sequence[str]) -> float:
        """How high a category is whose bars lie."""
        return max(len(words) * _LEADING, self.bars * (_THICK + 2)) * self.scale + _GAP * self.scale

    def wide(self, words: str) -> float:
        """How wide words are in whichever font is the wider."""
        return float(stringWidth(printable(words), REGULAR, _SIZE * self.scale)) * _WIDER

    def lines(self, words: str, width: float, *, cut: bool) -> list[str]:
        """Words in lines of this width. ``cut``: what is too long for the lines there are ends in an ellipsis."""
        found = [""]
        for word in words.split():
            line = f"{found[-1]} {word}".strip()
            if self.wide(line) <= width or not found[-1]:
                found[-1] = line
            else:
                found.append(word)
        if not cut:
            return found
        if len(found) > _MOST_LINES:
            found = [*found[: _MOST_LINES - 1], f"{found[_MOST_LINES - 1]}…"]
        return [self.shortened(one, width) for one in found]

    def shortened(self, words: str, width: float) -> str:
        """Words in one line of this width, with an ellipsis where they do not fit."""
        if self.wide(words) <= width:
            return words
        while words and self.wide(f"{words}…") > width:
            words = words[: len(words) * 9 // 10]
        return f"{words}…"

    def _legend(self, names: Sequence[str]) -> list[list[tuple[int, float, str]]]:
        """The names of the series in lines: the number of each, how far from the left it is, and its name."""
        found: list[list[tuple[int, float, str]]] = [[]]
        left = 0.0
        beside = (_SWATCH + 6) * self.scale
        for number, name in enumerate(names):
            shown = self.shortened(name, self.width - beside)
            wide = beside + self.wide(shown)
            if found[-1] and left + wide > self.width:
                found.append([])
                left = 0.0
            found[-1].append((number, left, shown))
            left += wide + 20 * self.scale
        return found


class _Pen:
    """Draws from the top down; ReportLab counts from the bottom up."""

    def __init__(self, colours: ChartColours, width: float, height: float, scale: float) -> None:
        self.drawing = Drawing(width, height)
        self.drawing.initialFontName = REGULAR  # Otherwise the page's code names Times, which is not embedded.
        self.scale = scale
        self._height = height
        self._text, self._second = HexColor(colours.text), HexColor(colours.second)
        self._edge, self._fill = HexColor(colours.edge), HexColor(colours.fill)
        self._ground = HexColor(colours.ground)

    def write(self, words: str, x: float, middle: float, anchor: str = "start", *, second: bool = False) -> None:
        """Words whose middle is so far from the top."""
        size = _SIZE * self.scale
        # Whole points: ReportLab's SVG rounds the place of text.
        base = round(self._height - middle - size * 0.36)
        colour = self._second if second else self._text
        self.drawing.add(
            String(x, base, printable(words), fontName=REGULAR, fontSize=size, fillColor=colour, textAnchor=anchor)
        )

    def within(self, words: str, x: float, middle: float, wide: float, series: int) -> None:
        """A figure within its bar: on the full one in the ground's colour, on a pattern on a piece of ground."""
        if series:
            high = (_SIZE + 1) * self.scale
            self._rect(x - wide / 2 - 2, middle - high / 2, wide + 4, high, self._ground, None)
        self.write(words, x, middle, "middle")
        if not series:
            self.drawing.contents[-1].fillColor = self._ground

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """The line that bars stand on."""
        down = self._height
        self.drawing.add(Line(x1, down - y1, x2, down - y2, strokeColor=self._edge, strokeWidth=self.scale))

    def bar(self, x: float, top: float, wide: float, high: float, series: int) -> None:
        """A bar in the pattern of its series: full, hollow, then hatches, which are closer after the eighth."""
        if wide <= 0 or high <= 0:
            return
        if series == 0:
            self._rect(x, top, wide, high, self._fill, None)
            return
        inset = min(self.scale, wide, high) / 2
        x, top, wide, high = x + inset, top + inset, wide - 2 * inset, high - 2 * inset
        self._rect(x, top, wide, high, self._ground, self._fill)
        if series == 1:
            return
        turn, sort = divmod(series - 2, _HATCHES)
        path = Path(strokeColor=self._fill, strokeWidth=1.2 * self.scale, fillColor=None)
        low = self._height - top - high
        for x1, y1, x2, y2 in _hatch(sort, wide, high, 5 * self.scale / (1 + turn)):
            path.moveTo(x + x1, low + y1)
            path.lineTo(x + x2, low + y2)
        if path.points:
            self.drawing.add(path)

    def legend(self, chart: Chart, lines: Sequence[Sequence[tuple[int, float, str]]]) -> None:
        """The names of the series with their patterns."""
        middle = (_LEADING / 2 + 1) * self.scale
        side = _SWATCH * self.scale
        for line in lines:
            for number, left, name in line:
                self.bar(left, middle - side / 2, side, side, number)
                self.write(name, left + side + 6 * self.scale, middle, second=True)
            middle += (_LEADING + 2) * self.scale

    def _rect(self, x: float, top: float, wide: float, high: float, fill: HexColor, edge: HexColor | None) -> None:
        low = self._height - top - high
        self.drawing.add(Rect(x, low, wide, high, fillColor=fill, strokeColor=edge, strokeWidth=self.scale))


def _hatch(sort: int, wide: float, high: float, pitch: float) -> Iterator[tuple[float, float, float, float]]:
    """The lines of a hatch within a box: rising, level, falling, upright, crossed, and dots."""
    if sort in (0, 4):
        at = pitch - wide
        while at < high:
            left, right = max(0.0, -at), min(wide, high - at)
            yield left, left + at, right, right + at
            at += pitch * 1.4
    if sort in (2, 4):
        at = pitch
        while at < wide + high:
            left, right = max(0.0, at - high), min(wide, at)
            yield left, at - left, right, at - right
            at += pitch * 1.4
    if sort == 1:
        yield from ((0.0, at, wide, at) for at in _steps(high, pitch))
    if sort == 3:
        yield from ((at, 0.0, at, high) for at in _steps(wide, pitch))
    if sort == 5:
        dot = min(pitch / 4, wide / 2)
        yield from ((x, y, min(wide, x + dot), y) for y in _steps(high, pitch) for x in _steps(wide, pitch))


def _steps(length: float, pitch: float) -> Iterator[float]:
    at = pitch / 2
    while at < length:
        yield at
        at += pitch


def _labels(chart: Chart) -> Iterator[int]:
    """Every figure that stands at the end of a bar."""
    every = [counts for _, counts in chart.series]
    if chart.stacked:
        yield from (sum(one) for one in zip(*every, strict=True))
    else:
        for counts in every:
            yield from counts


def _stand(pen: _Pen, plan: _Plan, chart: Chart, top: float, most: int) -> None:
    scale = plan.scale
    slot = plan.width / max(1, len(chart.categories))
    deep = max((len(one) for one in plan.words), default=0) * _LEADING * scale
    base = pen.drawing.height - deep - _GAP / 2 * scale
    room = base - top - _LEADING * scale
    wide = plan.pitch - 3 * scale
    for at, words in enumerate(plan.words):
        middle = slot * (at + 0.5)
        for n in range(plan.bars):
            centre = middle + (n - (plan.bars - 1) / 2) * max(plan.pitch, plan.widest + 3 * scale)
            high, parts = 0.0, _parts(chart, at, n)
            for series, count in parts:
                more = room * count / most
                pen.bar(centre - wide / 2, base - high - more, wide, more, series)
                label = figures(count)
                if len(parts) > 1 and more >= _LEADING * scale and plan.wide(label) + 4 * scale <= wide:
                    pen.within(label, centre, base - high - more / 2, plan.wide(label), series)
                high += more
            total = sum(count for _, count in parts)
            pen.write(figures(total), centre, base - high - _LEADING / 2 * scale, "middle")
        for n, line in enumerate(words):
            pen.write(line, middle, base + (_GAP / 2 + (n + 0.5) * _LEADING) * scale, "middle", second=True)
    pen.line(0, base, plan.width, base)


def _lie(pen: _Pen, plan: _Plan, chart: Chart, top: float, most: int) -> None:
    scale = plan.scale
    left = plan.side + _GAP * scale
    room = plan.width - left - plan.widest - _GAP * scale
    down = top
    for at, words in enumerate(plan.words):
        deep = plan.deep(words)
        middle = down + deep / 2
        for n, line in enumerate(words):
            pen.write(line, plan.side, middle + (n - (len(words) - 1) / 2) * _LEADING * scale, "end", second=True)
        for n in range(plan.bars):
            centre = middle + (n - (plan.bars - 1) / 2) * (_THICK + 2) * scale
            x, parts = left, _parts(chart, at, n)
            for series, count in parts:
                more = room * count / most
                pen.bar(x, centre - _THICK / 2 * scale, more, _THICK * scale, series)
                label = figures(count)
                if len(parts) > 1 and plan.wide(label) + 8 * scale <= more:
                    pen.within(label, x + more / 2, centre, plan.wide(label), series)
                x += more
            pen.write(figures(sum(count for _, count in parts)), x + 5 * scale, centre)
        down += deep
    pen.line(left, top, left, down)


def _parts(chart: Chart, category: int, bar: int) -> list[tuple[int, int]]:
    """What a bar is made of: the number of each series, and its figure."""
    if chart.stacked:
        return [(n, counts[category]) for n, (_, counts) in enumerate(chart.series) if counts[category]]
    return [(n, counts[category]) for n, (_, counts) in enumerate(chart.series) if n == bar]
