"""Pages from a report: PDF/A-2a and PDF/UA-1, by the engine of the letters. It is no letter, and is not signed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from reportlab.graphics import renderPDF
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate

from desktop.letters.archive import About, archival
from desktop.letters.charts import ChartColours, chart_height, chart_parts, drawing, most_of
from desktop.letters.furniture import BODY_BOTTOM, BODY_TOP, HEIGHT, MARGIN, KeptPages, draw_foot
from desktop.letters.grids import LYING, UPRIGHT, Plan, grid_tables, plan
from desktop.letters.parts import Gap, Place, Room, printable, register_fonts, text, texts
from desktop.letters.styles import REGULAR, Styles
from desktop.letters.tagging import Element, Tags, tagged
from desktop.policy.reports import Chart, Grid, Report, chart_words
from desktop.policy.wording import day

_STYLES: Final = Styles(0.85)
_SCALE: Final = 0.8
"""Of a chart's text."""
_FOOT_SIZE: Final = 9
_PAPER: Final = ChartColours(text="#1B1D1F", second="#4A4D4F", edge="#7F7C74", fill="#0B4A5A", ground="#FFFFFF")
_DEEP: Final = {False: BODY_TOP - BODY_BOTTOM, True: A4[0] - (HEIGHT - BODY_TOP) - BODY_BOTTOM}
"""How high the text of a page is, by whether it lies."""
_NOTHING: Final = "There are no figures."
_NAMES: Final = {False: "upright", True: "lying"}


def report_pdf(report: Report, meanwhile: Callable[[], None] = lambda: None) -> bytes:
    """The report as a file that is accessible and archival. The same report gives the same bytes. `meanwhile` is called
    again and again, and stops it by raising.
    """
    register_fonts()
    title = f"{report.title}, {report.days}"
    identity = hashlib.sha256(repr(report).encode()).digest()
    about = About(printable(title), printable(report.organisation), report.made_on, identity, signed=False)
    plans = []
    for grid in report.grids:
        meanwhile()
        plans.append(plan(grid))
    marks = _Bookmarks()
    tags = Tags()
    out = io.BytesIO()
    # ReportLab's own first font would be named in the file and not be in it.
    document = BaseDocTemplate(out, initialFontName=REGULAR, invariant=1)
    lies = plans[0].lies if plans else False
    document.addPageTemplates([_template(which) for which in (lies, not lies)])
    document.build(_story(report, plans, marks, meanwhile), canvasmaker=partial(_Pages, title, marks, tags, meanwhile))
    return archival(out.getvalue(), tags, about, meanwhile)


@dataclass(slots=True)
class _Bookmarks:
    """The headings, and where each came to stand: its page, and how high on it."""

    titles: list[str] = field(default_factory=list)
    places: list[tuple[int, float]] = field(default_factory=list)

    def here(self, title: str) -> Place:
        """Notes the place of a heading."""
        self.titles.append(printable(title).replace("\n", " "))
        return Place(self.places)


class _Pages(KeptPages):
    """The pages of a report, with a foot and bookmarks."""

    def __init__(
        self, title: str, marks: _Bookmarks, tags: Tags, meanwhile: Callable[[], None], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(tags, *args, **kwargs)
        self._meanwhile = meanwhile
        self._title, self._marks = printable(title).replace("\n", " "), marks

    def showPage(self) -> None:
        """A page is drawn."""
        self._meanwhile()
        super().showPage()

    def furnish(self, number: int, pages: int) -> None:
        """The foot, and the bookmarks of the headings on the page."""
        self._meanwhile()
        width = self._pagesize[0]
        place = f"Page {number} of {pages}"
        room = width - 2 * MARGIN - stringWidth(place, REGULAR, _FOOT_SIZE) - 20
        draw_foot(self, _shortened(self._title, room), place, _FOOT_SIZE, width)
        for n, (page, high) in enumerate(self._marks.places):
            if page == number:
                self.bookmarkPage(f"t{n}", fit="XYZ", left=0, top=high + _STYLES.heading.leading)
                self.addOutlineEntry(self._marks.titles[n], f"t{n}", 0)


def _shortened(words: str, room: float) -> str:
    """Words in one line: the foot is furniture, and what it names stands in full on the first page."""
    if stringWidth(words, REGULAR, _FOOT_SIZE) <= room:
        return words
    while words and stringWidth(f"{words}…", REGULAR, _FOOT_SIZE) > room:
        words = words[: len(words) * 9 // 10]
    return f"{words}…"


def _template(lies: bool) -> PageTemplate:
    size = landscape(A4) if lies else A4
    padding = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    frame = Frame(MARGIN, BODY_BOTTOM, size[0] - 2 * MARGIN, _DEEP[lies], **padding)
    return PageTemplate(_NAMES[lies], [frame], pagesize=size)


def _story(report: Report, plans: Sequence[Plan], marks: _Bookmarks, meanwhile: Callable[[], None]) -> list[Flowable]:
    """All that is printed."""
    lies = plans[0].lies if plans else False
    story: list[Flowable] = [
        *texts(report.organisation, _STYLES.names[-1]),
        Gap(4),
        *texts(report.title, _STYLES.title),
        *texts(f"{report.days}. Made on {day(report.made_on)}.", _STYLES.text),
    ]
    for number, (grid, of) in enumerate(zip(report.grids, plans, strict=True)):
        meanwhile()
        if of.lies != lies:
            lies = of.lies
            story += [NextPageTemplate(_NAMES[lies]), PageBreak()]
        story += _grid(number, grid, of, [one for one in report.charts if one.grid == number], marks)
    if not report.grids:
        story += texts(_NOTHING, _STYLES.text)
    if report.notes:
        story += [Room(5 * _STYLES.text.leading, _STYLES.section_gap), marks.here("Notes")]
        story.append(text("Notes", _STYLES.heading))
        for note in report.notes:
            story += texts(note, _narrow(_STYLES.bullet, lies))
    return story


def _grid(number: int, grid: Grid, of: Plan, charts: Sequence[Chart], marks: _Bookmarks) -> list[Flowable]:
    """A heading with its charts and its table."""
    width, deep = (LYING, _DEEP[True]) if of.lies else (UPRIGHT, _DEEP[False])
    heading = texts(grid.title, _STYLES.heading)
    over = sum(one.wrap(width, deep)[1] + one.getSpaceAfter() for one in heading)
    named = grid_tables(grid, of) if grid.rows else []
    tables = [table for _said, table in named]
    note = texts(grid.note, _narrow(_STYLES.text, of.lies)) if grid.note else []
    if tables:
        # One of half a page may stand alone.
        under = sum(one.wrap(width, deep)[1] + one.getSpaceAfter() for one in note)
        tables[-1].under = under + tables[-1].spaceAfter if under <= deep / 2 else 0.0
    figures = [figure for chart in charts for figure in _figures(chart, width, deep - over - 40)]
    charted = sum(figure.wrap(width, deep)[1] + 30 for figure in figures)
    whole = charted + sum(table.wrap(width, deep)[1] + table.under for table in tables)
    first = figures[0].wrap(width, deep)[1] + 30 if figures else _opening(tables[0], width, deep) if tables else 0
    if figures and number and over + whole <= deep:
        # But for the first, under which the page's own title would stand alone.
        first = whole
    story: list[Flowable] = [Room(min(over + first, deep), _STYLES.section_gap), marks.here(grid.title), *heading]
    for figure in figures:
        # The heading names a chart of the same title.
        label = texts(figure.title, _STYLES.label) if figure.title != grid.title else []
        high = sum(one.wrap(width, deep)[1] for one in label)
        story += [Room(min(high + figure.wrap(width, deep)[1] + 8, deep), 4), *label, figure]
    if not tables:
        story += texts(_NOTHING, _STYLES.text)
    for said, table in named:
        story.append(Room(min(_opening(table, width, deep) + bool(said) * 20, deep), 0))
        story += [text(said, _STYLES.label), table] if said else [table]
    return story + note


def _opening(table: Any, width: float, deep: float) -> float:
    """How much of a page a table needs to begin on it: all of itself and what is under it, if that is not much."""
    whole = float(table.wrap(width, deep)[1]) + table.under
    return whole if whole <= deep * 2 / 3 else float(table.opening)


def _narrow(style: ParagraphStyle, lies: bool) -> ParagraphStyle:
    """The style for a page that lies, whose lines would be too long to read."""
    if not lies:
        return style
    return ParagraphStyle(style.name, style, rightIndent=style.rightIndent + LYING - UPRIGHT)


def _figures(chart: Chart, width: float, deep: float) -> list[_Figure]:
    """A chart in as many figures as pages need, all to one measure."""
    found = chart_parts(chart, width, deep, _SCALE)
    most = most_of(chart)
    made = []
    for number, part in enumerate(found, start=1):
        title = chart.title if len(found) == 1 else f"{chart.title} ({number} of {len(found)})"
        made.append(_Figure(part, title, most, width))
    return made


class _Figure(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A chart, which whoever cannot see it hears."""

    spaceAfter = 8

    def __init__(self, chart: Chart, title: str, most: int, width: float) -> None:
        super().__init__()
        self.title = title
        self._chart, self._most = chart, most
        self._size = (width, chart_height(chart, width, _SCALE))
        self._element = Element("Figure", alt=printable(f"{title}. {chart_words(chart)}"))

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as the text, and as high as its bars."""
        return self._size

    def draw(self) -> None:
        """The chart."""
        width, height = self._size
        left, low = self.canv.absolutePosition(0, 0)
        self._element.box = (left, low, left + width, low + height)
        made = drawing(self._chart, _PAPER, width, height, _SCALE, self._most)
        with tagged(self.canv, self._element):
            renderPDF.draw(made, self.canv, 0, 0)
