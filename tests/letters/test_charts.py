"""A chart tells what its table does: every figure stands at its bar, nothing by colour alone, nothing over the edge."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.letters.charts import ChartColours, chart_height, chart_parts, chart_svg, drawing, most_of
from desktop.policy.reports import Chart, chart_words

PAPER = ChartColours("#000000", "#333333", "#777777", "#0B4A5A", "#FFFFFF")
MONTHS = ("January", "February", "March")
RECEIVED = ("Received", (3, 0, 1204))
ANSWERED = ("Answered", (1, 2, 600))


def chart(*series: tuple[str, tuple[int, ...]], stacked: bool = False) -> Chart:
    return Chart("Requests", MONTHS, series, grid=0, stacked=stacked)


def near(one: QColor, other: QColor) -> bool:
    """Whether two colours are the same: ReportLab's SVG has them in whole per cent."""
    apart = (one.red() - other.red(), one.green() - other.green(), one.blue() - other.blue())
    return max(map(abs, apart)) <= 3


def strings(made: Drawing) -> list[String]:
    return [one for one in made.contents if isinstance(one, String)]


def boxes(made: Drawing) -> list[tuple[float, float, float, float]]:
    """What each text covers."""
    found = []
    for one in strings(made):
        wide = stringWidth(one.text, one.fontName, one.fontSize)
        left = one.x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.textAnchor]
        found.append((left, one.y, left + wide, one.y + one.fontSize * 0.72))
    return found


def test_a_chart_is_read_as_its_figures() -> None:
    assert chart_words(chart(RECEIVED)) == "January: 3; February: 0; March: 1,204."
    assert chart_words(chart(RECEIVED, ANSWERED)).startswith("January: Received 3, Answered 1; February: Received 0")
    assert chart_words(chart(RECEIVED, ANSWERED, stacked=True)).startswith("January: 4 (Received 3, Answered 1); ")
    assert chart_words(Chart("Requests", (), (), 0)) == "There are no figures."


def test_every_figure_and_category_is_written() -> None:
    for one in (chart(RECEIVED), chart(RECEIVED, ANSWERED)):
        for width in (160, 600):
            said = [text.text for text in strings(drawing(one, PAPER, width, chart_height(one, width, 1), 1))]
            figures = [f"{count:,}" for _, counts in one.series for count in counts]
            names = [name for name, _ in one.series] if len(one.series) > 1 else []
            assert sorted(said) == sorted([*MONTHS, *figures, *names])


def test_a_category_in_few_letters_stands_under_its_bar_and_in_full_beside_it() -> None:
    one = Chart("Requests", MONTHS * 4, (("Received", (3, 0, 1204) * 4),), 0, short=("Jan", "Feb", "Mar") * 4)
    assert "Jan" in [text.text for text in strings(drawing(one, PAPER, 600, 200, 1))]
    assert "January" in [text.text for text in strings(drawing(one, PAPER, 200, 400, 1))]


def test_a_bar_is_as_long_as_its_figure() -> None:
    for width, side in ((600, "height"), (120, "width")):
        one = Chart("Requests", ("A long name of a first category", "B"), (("Requests", (30, 10)),), 0)
        bars = [getattr(bar, side) for bar in drawing(one, PAPER, width, 200, 1).contents if isinstance(bar, Rect)]
        assert bars[0] == pytest.approx(3 * bars[1]), side


@pytest.mark.usefixtures("qapp")
def test_series_are_told_apart_without_colour() -> None:
    one = Chart("Sorts", ("All",), tuple((f"S{n}", (9,)) for n in range(12)), 0)
    height = chart_height(one, 1200, 1)
    bars = _picture(chart_svg(one, PAPER, 1200, height, 1), 1200, height)
    seen = []
    for n in range(12):
        left, top = round(600 + (n - 5.5) * 52) - 12, height - 82
        seen.append([bars.pixelColor(left + x, top + y).lightness() for x in range(24) for y in range(24)])
    for first, second in combinations(range(12), 2):
        unlike = sum(abs(a - b) > 40 for a, b in zip(seen[first], seen[second], strict=True))
        assert unlike > 24, (first, second)


def _picture(svg: bytes, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    return image


@pytest.mark.usefixtures("qapp")
def test_the_svg_leaves_its_ground_alone() -> None:
    """Qt fills what ReportLab means to clip by."""
    picture = _picture(chart_svg(chart(RECEIVED), PAPER, 300, 200, 1), 300, 200)
    assert picture.pixelColor(2, 2) == QColor("white")
    assert any(near(picture.pixelColor(x, 170), QColor(PAPER.fill)) for x in range(300))


def test_what_is_typed_is_no_markup() -> None:
    one = Chart("Requests", ("<b>&", "]]>"), (("a<b", (1, 2)), ("c", (3, 4))), 0)
    root = ET.fromstring(chart_svg(one, PAPER, 300, 200, 1))  # noqa: S314  # our own
    said = {"".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"<b>&", "]]>", "a<b"} <= said


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=60)
counts = st.one_of(st.integers(0, 3), st.integers(0, 10**7))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    categories = tuple(draw(st.lists(words, max_size=9)))
    figures = st.lists(counts, min_size=len(categories), max_size=len(categories)).map(tuple)
    series = tuple((draw(words), draw(figures)) for _ in range(draw(st.integers(1, 9))))
    return Chart("Requests", categories, series, 0, stacked=draw(st.booleans()))


@given(charts(), st.integers(240, 1400), st.sampled_from([0.8, 1.0, 1.5, 2.0]))
@settings(max_examples=150, deadline=None)
def test_nothing_stands_over_the_edge_or_over_another(one: Chart, width: int, scale: float) -> None:
    width = round(width * scale)
    height = chart_height(one, width, scale)
    made = drawing(one, PAPER, width, height, scale)
    for left, low, right, top in boxes(made):
        assert left >= -1, "over the left edge"
        assert right <= width + 1
        assert low >= -1
        assert top <= height + 1
    for bar in (bar for bar in made.contents if isinstance(bar, Rect)):
        assert bar.width >= 0
        assert bar.height >= 0
        assert bar.x >= -1
        assert bar.x + bar.width <= width + 1
        assert bar.y >= -1
        assert bar.y + bar.height <= height + 1
    for (left, low, right, top), (left2, low2, right2, top2) in combinations(boxes(made), 2):
        assert not (left < right2 - 1 and left2 < right - 1 and low < top2 - 1 and low2 < top - 1)


@given(charts(), st.integers(90, 400))
@settings(max_examples=50, deadline=None)
def test_a_chart_of_many_categories_goes_on_in_further_ones(one: Chart, height: int) -> None:
    parts = chart_parts(one, 482, height, 0.8)
    assert sum((part.categories for part in parts), ()) == one.categories
    for n, (name, figures) in enumerate(one.series):
        assert sum((part.series[n][1] for part in parts), ()) == figures
        assert {part.series[n][0] for part in parts} == {name}
    assert all(len(part.categories) == 1 or chart_height(part, 482, 0.8) <= height for part in parts if one.categories)
    assert max(most_of(part) for part in parts) == most_of(one)
