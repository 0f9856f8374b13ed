"""What each piece of a page is: the tree that a screen reader follows, gathered while the pages are drawn.

ISO 14289-1 (PDF/UA-1), 7.1: whatever stands on a page is either real content, tagged with what it is, or an artifact
that is passed over. The only module that writes marks into ReportLab's page code; ``archive`` writes the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Element:
    """A piece of the letter by its meaning, under its standard name: "H1", "P", "L", "TD"."""

    kind: str
    parent: Element | None = None
    kids: list[Element | Content] = field(default_factory=list)
    alt: str = ""
    """What a picture shows, for whoever cannot see it."""
    scope: str = ""
    """Of a table's head cell: "Column" or "Row"."""
    columns: int = 1
    """How many columns a table's cell spans."""
    box: tuple[float, float, float, float] | None = None
    """Of a picture: where it stands on its page, in points."""
    language: str = ""
    """Where it is not the document's own."""

    def add(self, kind: str, **more: Any) -> Element:
        """A new element under this one."""
        made = Element(kind, self, **more)
        self.kids.append(made)
        return made

    @property
    def root(self) -> Element:
        """The uppermost element that it stands under, or itself."""
        return self if self.parent is None else self.parent.root


@dataclass(frozen=True, slots=True)
class Content:
    """A marked piece of a page: the page, counted from 0, and its number on that page."""

    page: int
    mcid: int


class Tags:
    """The tree of one document, and which element each numbered mark of each page belongs to."""

    def __init__(self) -> None:
        self.document = Element("Document")
        self._under = self.document
        self.pages: list[list[Element]] = [[]]
        self.page = 0
        """The page that is being drawn."""

    def next_page(self) -> None:
        """What follows stands on a further page."""
        self.pages.append([])
        self.page = len(self.pages) - 1

    def begin(self, language: str) -> None:
        """What follows is a section of its own, in this language."""
        self._under = self.document.add("Sect", language=language)

    def place(self, element: Element) -> None:
        """Puts what is drawn for the first time at the end of the document; items of a list join the list before."""
        root = element.root
        if root is self.document:
            return
        parent = self._under
        if root.kind == "LI":
            last = parent.kids[-1] if parent.kids else None
            parent = last if isinstance(last, Element) and last.kind == "L" else parent.add("L")
        root.parent = parent
        parent.kids.append(root)

    def first(self, kind: str) -> Element:
        """A new element before everything else."""
        made = Element(kind, self.document)
        self.document.kids.insert(0, made)
        return made

    def number(self, element: Element) -> int:
        """The number of a new mark of this element on the page that is being drawn."""
        self.place(element)
        marks = self.pages[self.page]
        marks.append(element)
        element.kids.append(Content(self.page, len(marks) - 1))
        return len(marks) - 1


@contextmanager
def tagged(canvas: Any, element: Element) -> Iterator[None]:
    """What is drawn within is real content, and is this. ``canvas`` is a canvas of ours: it has ``tags``."""
    canvas.addLiteral(f"/{element.kind} <</MCID {canvas.tags.number(element)}>> BDC")
    yield
    canvas.addLiteral("EMC")


@contextmanager
def artifact(canvas: Any, kind: str = "Layout") -> Iterator[None]:
    """What is drawn within stands for nothing, or is furniture that repeats ("Pagination")."""
    canvas.addLiteral(f"/Artifact <</Type /{kind}>> BDC")
    yield
    canvas.addLiteral("EMC")


def rules_of_table(table: Any, event: str, *_more: Any) -> None:
    """For a table's ``renderCB``: its rules and grounds are artifacts, each cell tags itself."""
    if event in ("startBG", "startLines"):
        table.canv.addLiteral("/Artifact <</Type /Layout>> BDC")
    elif event in ("endBG", "endLines"):
        table.canv.addLiteral("EMC")
