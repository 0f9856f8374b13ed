"""What a review and a second look have in common: the request in tabs, and the pane where something is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.casework.casepage import CasePage, changes_since_sent_back
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.inputs import Combo
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.review.criteria import RequestPart
from desktop.ui.review.decide import WIDTH
from desktop.ui.review.notices import notices
from desktop.ui.review.reading import ReadingPart
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

REQUEST = Tab("request", "Request and criteria")
CHANGES = Tab("changes", "What changed")
INTEREST = Tab("interest", "Public interest")
WHOLE = Tab("whole", "Whole request")
UNLIMITED = 16777215
_READ_OF_INTEREST = ("register", "balance", "safeguarding", "release")
_DONE = object()


class Reader(QWidget):
    """Tabs with what they show, and the pane beside it; in narrow windows the pane is the last of the tabs."""

    def __init__(self, session: Session, tabs: Sequence[Tab], name: str, what: str, parent: QWidget | None) -> None:
        """`tabs`: the last is that of the pane. The names of its parts begin with `name`; they are parts of `what`."""
        super().__init__(parent)
        self.session = session
        self._name = name
        self._keys = [tab.key for tab in tabs]
        self._turn = 0
        self._read: set[str] = set()
        self.request = RequestPart()
        self.reading = {tab.key: ReadingPart() for tab in (CHANGES, INTEREST, WHOLE)}
        self.notice = QVBoxLayout()
        self.parts = QStackedWidget()
        for tab in tabs[:-1]:
            self.parts.addWidget(self.part(tab))
        self._bar = self._build_bar(list(tabs), what)
        self._middle = QVBoxLayout()
        self._across = QHBoxLayout()

    def shown_page(self) -> CasePage | None:
        """The case in front, once it is wholly there."""
        raise NotImplementedError

    def pane_of(self) -> QWidget:
        """Where something is said of the case in front."""
        raise NotImplementedError

    def part(self, tab: Tab) -> QWidget:
        """What a tab shows."""
        scroll = ScrollPane(f"{self._name}_{tab.key}", tab.words, margin=24)
        if tab is REQUEST:
            px = current_theme().px
            scroll.body.setContentsMargins(px(24), px(16), px(24), px(16))
            self.notice.setSpacing(px(8))
            scroll.body.addLayout(self.notice)
            scroll.body.addWidget(self.request)
        else:
            scroll.body.addWidget(self.reading[tab.key])
        return scroll

    def body(self) -> QHBoxLayout:
        """The tabs and what they show, with the pane at the right, for below the header of whoever asks."""
        self._middle.setSpacing(0)
        self._middle.addWidget(self._bar)
        self._middle.addWidget(self.parts, 1)
        self._across.setSpacing(0)
        self._across.addLayout(self._middle, 1)
        self._across.addWidget(self.pane_of())
        return self._across

    def _build_bar(self, tabs: list[Tab], what: str) -> QWidget:
        px = current_theme().px
        bar = Ground("canvas", "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(24), 0, px(24), 0)
        row.setSpacing(px(16))
        self.fold = Button("Queue", QUIET, "list-checks", name=f"{self._name}_fold_queue")
        row.addWidget(self.fold)
        self.tabs = Tabs(tabs, f"Parts of the {what}")
        row.addWidget(self.tabs, 1)
        self.pick = Combo()
        name_widget(self.pick, f"{self._name}_pick_part", f"Part of the {what}")
        for tab in tabs:
            self.pick.addItem(tab.words, tab.key)
        row.addWidget(self.pick, 1)
        self.tabs.changed.connect(self.show_tab)
        self.pick.activated.connect(lambda _at: self.show_tab(str(self.pick.currentData())))
        return bar

    def build(self, steps: Iterator[None]) -> None:
        """Builds what is in front piece by piece, instead of whatever was being built, so that the window answers."""
        self.stop_building()
        self._step(self._turn, steps)

    def stop_building(self) -> None:
        """Nothing more is built of what was to be in front."""
        self._turn += 1

    def _step(self, turn: int, steps: Iterator[None]) -> None:
        if turn == self._turn and next(steps, _DONE) is not _DONE:
            QTimer.singleShot(0, self, partial(self._step, turn, steps))

    def show_notices(self, page: CasePage) -> None:
        """What is to be known before the request is read."""
        changes = len(changes_since_sent_back(page))
        self.tabs.set_count(CHANGES.key, changes or -1)
        clear_layout(self.notice)
        for banner in notices(page, self.session.desk.user.id, self.session.desk.today(), changes):
            banner.followed.connect(partial(self.show_tab, banner.property("tab") or CHANGES.key))
            self.notice.addWidget(banner)

    def read_anew(self) -> None:
        """Another case is in front: what was read of the one before is made anew."""
        self._read.clear()

    def show_tab(self, key: str) -> None:
        """Shows one part; what is only read is made when it is first looked at."""
        page = self.shown_page()
        if page is not None and key not in self._read:
            self._read.add(key)
            if key == CHANGES.key:
                self.reading[key].show_changes(page)
            elif key == INTEREST.key:
                self.reading[key].show_sections(page, _READ_OF_INTEREST)
            elif key == WHOLE.key:
                self.reading[key].show_whole(page, self.session)
        self.tabs.set_current(key)
        if key != self._keys[-1]:
            self.parts.setCurrentIndex(self._keys.index(key))
        self.fit(narrow=not self.fold.isHidden(), small=self.tabs.isHidden())

    def fit(self, *, narrow: bool, small: bool) -> None:
        """Lays the body out: `narrow`, the pane is a tab; `small`, the tabs are a list to choose from."""
        pane, own = self.pane_of(), self._keys[-1]
        self.fold.setVisible(narrow)
        self.tabs.setVisible(not small)
        self.pick.setVisible(small)
        self.tabs.buttons[own].setVisible(narrow)
        if not narrow and self.tabs.current() == own:
            self.tabs.set_current(self._keys[self.parts.currentIndex()])
        self.pick.setCurrentIndex(self.pick.findData(self.tabs.current()))
        if narrow and self._across.indexOf(pane) >= 0:
            self._middle.addWidget(pane, 1)
        elif not narrow and self._across.indexOf(pane) < 0:
            self._across.addWidget(pane)
        wide = current_theme().px(WIDTH)
        pane.setMinimumWidth(0 if narrow else wide)
        pane.setMaximumWidth(UNLIMITED if narrow else wide)
        saying = self.tabs.current() == own
        pane.setVisible(not narrow or saying)
        self.parts.setVisible(not narrow or not saying)
