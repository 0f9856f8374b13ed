"""The frame around every page: top bar, navigation, and the stack of pages with its line at the corner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QStackedWidget, QWidget

from desktop.ui.kit.navigation import NavigationItem, NavigationPane
from desktop.ui.kit.top_bar import TopBar
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER

RAIL_PAGES = frozenset({"case", "review", "register", "retention", "reports"})
"""Pages that need the width: beside them the navigation is a rail, unless the window is wide or the user chose."""


class MainFrame(QWidget):
    """Top bar, navigation and pages. It knows nothing of cases: it shows what it is given and tells what was asked for.

    A page may have `panes() -> list[QWidget]`: F6 goes round the panes, the navigation and the search field.
    """

    navigate = Signal(str)
    """A key of the navigation: "work", "review", "register", "retention", "reports" or "admin"."""
    search = Signal(str)
    """What stands in the search field, after each keystroke."""
    search_entered = Signal(str)
    """Enter in the search field."""
    lock = Signal()
    person_menu = Signal(object)
    """The person at the top right was pressed; carries the button, for a menu below it."""
    open_case = Signal(int)
    """A recent case was chosen."""
    back = Signal()
    """Alt+Left."""
    new_request = Signal()
    """Ctrl+N."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.setObjectName("main_frame")
        self.top = TopBar()
        self.navigation = NavigationPane()
        self.stack = _Stack()
        self._pages: dict[str, QWidget] = {}
        self._by_key: dict[str, str] = {}
        self._wide: bool | None = None
        """What the user chose with Ctrl+B; None until then."""
        self._build()
        self._connect()
        self._arrange()

    def add_page(self, key: str, page: QWidget) -> None:
        """Puts a page into the stack under a key."""
        self._pages[key] = page
        self.stack.addWidget(page)

    def page(self, key: str) -> QWidget | None:
        """The page under a key, or None."""
        return self._pages.get(key)

    def remove_page(self, key: str) -> None:
        """Takes a page out and deletes it."""
        page = self._pages.pop(key, None)
        if page is not None:
            self.stack.removeWidget(page)
            page.deleteLater()

    def show_page(self, key: str, navigation_key: str = "") -> None:
        """Brings a page to the front; `navigation_key` is what is current in the navigation (else `key`)."""
        self._by_key[key] = navigation_key or key
        self.stack.setCurrentWidget(self._pages[key])
        self.navigation.set_current(self._by_key[key])
        self._arrange()

    def current_key(self) -> str:
        """The key of the page in front, "" where there is none."""
        return next((key for key, page in self._pages.items() if page is self.stack.currentWidget()), "")

    def show_items(self, items: Sequence[NavigationItem]) -> None:
        """The pages of whoever signed in, each with its Ctrl+number."""
        self.navigation.show_items(items)
        for item in items:
            self._key(f"Ctrl+{item.number}", partial(self.navigate.emit, item.key))

    def show_person(self, name: str, role: str) -> None:
        """Who is signed in, and as what."""
        self.top.show_person(name, role)

    def show_sample(self, sample: bool) -> None:
        """Whether this is a store of invented cases."""
        self.top.show_sample(sample)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Counts beside the items of the navigation, by key."""
        self.navigation.show_counts(counts)

    def show_recent(self, cases: Sequence[tuple[int, str]]) -> None:
        """Recent cases: (id, reference), the last one first."""
        self.navigation.show_recent(cases)

    def show_saved(self, words: str, icon: str = "circle-check") -> None:
        """Whether everything is saved, at the foot: "All changes saved", "Saving…"."""
        self.navigation.show_saved(words, icon)

    def show_organisation(self, name: str) -> None:
        """The organisation's name, at the foot."""
        self.navigation.show_organisation(name)

    def focus_search(self) -> None:
        """Puts the keyboard in the search field, with what stands there selected."""
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def toggle_navigation(self) -> None:
        """Wide or narrow, until it is chosen otherwise."""
        self._wide = self.navigation.narrow
        self._arrange()

    def next_pane(self, step: int = 1) -> None:
        """Puts the keyboard into the next pane (or, with -1, the one before)."""
        panes = [pane for pane in self._panes() if pane.isVisibleTo(self)]
        focused = QApplication.focusWidget()
        before = -1 if step > 0 else 0
        at = next((i for i, pane in enumerate(panes) if pane is focused or _holds(pane, focused)), before)
        for offset in range(1, len(panes) + 1):
            target = _first_stop(panes[(at + offset * step) % len(panes)])
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows and large text get the rail."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills the frame's ground."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("chrome"))

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top, 0, 0, 1, 2)
        grid.addWidget(self.navigation, 1, 0)
        grid.addWidget(self.stack, 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def _connect(self) -> None:
        self.top.search.textEdited.connect(self.search)
        self.top.search.returnPressed.connect(lambda: self.search_entered.emit(self.top.search.text()))
        self.top.lock.triggered.connect(self.lock)
        self.top.person.clicked.connect(lambda: self.person_menu.emit(self.top.person))
        self.navigation.navigate.connect(self.navigate)
        self.navigation.open_case.connect(self.open_case)
        self._theme.changed.connect(self._arrange)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.focus_search,
            "Ctrl+B": self.toggle_navigation,
            "F6": self.next_pane,
            "Shift+F6": lambda: self.next_pane(-1),
            "Alt+Left": self.back.emit,
            "Ctrl+N": self.new_request.emit,
        }
        for keys_words, then in keys.items():
            self._key(keys_words, then)

    def _key(self, keys: str, then: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(then)

    def _panes(self) -> list[QWidget]:
        page = self.stack.currentWidget()
        panes = getattr(page, "panes", None)
        inner: list[QWidget] = panes() if callable(panes) else [page] if page is not None else []
        return [self.top, self.navigation, *inner]

    def _arrange(self) -> None:
        effective = self.width() * 100 / self._theme.text_scale
        small = effective < 1024
        in_rail = self._by_key.get(self.current_key(), "") in RAIL_PAGES or self.current_key() in RAIL_PAGES
        wide = effective >= 1600 or not in_rail
        if self._wide is not None:
            wide = self._wide
        self.navigation.set_narrow(small or not wide, small)
        self.top.set_small(small)


class _Stack(QStackedWidget):
    """The pages, under a line that is rounded at the top left corner."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pages")
        self._theme = current_theme()
        self._edge = _Edge(self)
        self.currentChanged.connect(lambda _index: self._edge.raise_())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the line over the pages."""
        super().resizeEvent(event)
        self._edge.setGeometry(self.rect())
        self._edge.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills the page's ground, while there is no page."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("canvas"))


class _Edge(QWidget):
    """Draws the frame's corner and line over whatever page is in front."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("page_edge")
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Comes back above a page that was just added."""
        if event.type() == QEvent.Type.ChildAdded:
            self.raise_()
        return False

    def sizeHint(self) -> QSize:
        """Asks for no room of its own."""
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the corner in the frame's ground, then the line round it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._theme.px(CORNER)
        corner = QPainterPath()
        corner.moveTo(0, 0)
        corner.lineTo(radius, 0)
        corner.arcTo(QRectF(0, 0, 2 * radius, 2 * radius), 90, 90)
        corner.closeSubpath()
        painter.fillPath(corner, self._theme.colour("chrome"))
        line = QPainterPath()
        line.moveTo(0.5, self.height())
        line.lineTo(0.5, radius)
        line.arcTo(QRectF(0.5, 0.5, 2 * radius, 2 * radius), 180, -90)
        line.lineTo(self.width(), 0.5)
        painter.setPen(self._theme.colour("line"))
        painter.drawPath(line)


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and pane.isAncestorOf(widget)


def _first_stop(pane: QWidget) -> QWidget | None:
    """Where the keyboard goes in a pane: the pane itself if it takes the focus, else its first control that does."""
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isEnabled():
        return pane
    widget = pane.nextInFocusChain()
    while widget is not None and widget is not pane:
        fits = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
        if fits and widget.isVisible() and pane.isAncestorOf(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None
