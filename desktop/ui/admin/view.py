"""The Administration page: people, organisation, letters, requesters, agreements and so on, for administrators.

Auditors have the journal of it, guardians the agreements and the requesters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.records import Changed, Role
from desktop.casework.certificates import Certificates, certificates
from desktop.casework.recovery import key_to_keep
from desktop.casework.recoverysheets import SheetState, sheet_state
from desktop.ui.admin.agreements import AgreementsPart
from desktop.ui.admin.backups import BackupsPart
from desktop.ui.admin.certificate import CertificatePart
from desktop.ui.admin.clock import ClockBehind
from desktop.ui.admin.details import OrganisationPart
from desktop.ui.admin.holidays import HolidaysPart
from desktop.ui.admin.journal import JournalPart
from desktop.ui.admin.letters import LettersPart
from desktop.ui.admin.people import PeoplePart
from desktop.ui.admin.recovery import MISSING
from desktop.ui.admin.requesters import RequestersPart
from desktop.ui.admin.storekey import TO_KEEP
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.card import Ground, PageHead
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.tokens import PAGE_MARGIN

_ICONS = {
    "people": "users",
    "organisation": "building-2",
    "certificate": "file-check",
    "letters": "mail",
    "agreements": "book-open",
    "requesters": "stamp",
    "holidays": "calendar-days",
    "backups": "hard-drive",
    "journal": "scroll-text",
}
_SUMMARIES = {
    "people": "Who may sign in, and what they may do.",
    "organisation": "How your organisation stands on its letters, and which share of decisions is looked at twice.",
    "certificate": "With what your letters are signed, and how recipients check one.",
    "letters": "What your letters say, and which parts of them you can put in your own words.",
    "agreements": "How each agreement stands, and what befell it.",
    "requesters": "Which bodies may ask, by which officers, from which addresses, and until when.",
    "holidays": "Which days do not count towards a due date.",
    "backups": "Backups of the store, how one is restored, the recovery sheet and the store’s key.",
    "journal": "What everyone did, newest first. A changed or missing entry shows; people are called by pseudonyms.",
}
_TITLES = {"holidays": "Bank holidays"}
_PARTS: Mapping[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        "people",
        "organisation",
        "certificate",
        "letters",
        "requesters",
        "agreements",
        "holidays",
        "backups",
        "journal",
    ),
    Role.GUARDIAN: ("agreements", "requesters"),
    Role.AUDITOR: ("journal",),
}
"""What each role sees of the page."""
Part = (
    PeoplePart
    | OrganisationPart
    | CertificatePart
    | LettersPart
    | RequestersPart
    | AgreementsPart
    | HolidaysPart
    | BackupsPart
    | JournalPart
)
_MADE: Mapping[str, Callable[[Session], Part]] = {
    "people": PeoplePart,
    "organisation": OrganisationPart,
    "certificate": CertificatePart,
    "letters": LettersPart,
    "requesters": RequestersPart,
    "agreements": AgreementsPart,
    "holidays": HolidaysPart,
    "backups": BackupsPart,
    "journal": JournalPart,
}


_SHOWN = frozenset(
    {"user", "organisation", "agreement", "requester", "certificate", "letter_words", "recovery_sheet", "key"}
)
"""What is shown here: the page is loaded anew when one of them has changed."""


class AdminPage(Ground):
    """One part at a time, chosen by tabs; each is made when it is first shown."""

    key = "admin"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("canvas", parent=parent)
        self._session = session
        self.keys = _PARTS[session.desk.user.role]
        alone = len(self.keys) == 1
        title = self.keys[0].capitalize() if alone else "Administration"
        name_widget(self, "admin_page", title)
        self.head = PageHead(title)
        self._parts: dict[str, Part] = {}
        self._actions: dict[str, QWidget] = {}
        """The button in the head that belongs to a part."""
        tabs = [Tab(key, _TITLES.get(key, key.capitalize()), icon=_ICONS[key]) for key in self.keys]
        self.tabs = Tabs(tabs, "Parts of Administration")
        self._stack = QStackedWidget()
        px = current_theme().px
        page = QVBoxLayout(self)
        page.setContentsMargins(px(PAGE_MARGIN), px(20), px(PAGE_MARGIN), px(20))
        page.setSpacing(px(12))
        page.addWidget(self.head)
        self._warning, self._sheet, self._key = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for told in (self._warning, self._sheet, self._key):
            page.addLayout(told)
        self.clock = ClockBehind(session)
        page.addWidget(self.clock)
        page.addWidget(self.tabs)
        page.addWidget(self._stack, 1)
        self.tabs.setVisible(not alone)
        self.tabs.changed.connect(self.show_part)
        session.changed.connect(self._changed)
        self.show_part(self.keys[0])
        self._look_at_keys()
        if session.desk.user.role is Role.ADMINISTRATOR:
            # Once: it reads the whole journal.
            self.clock.refresh()

    def refresh(self) -> None:
        """Loads the part that is shown."""
        self.part(self.current()).refresh()
        self._look_at_keys()

    def _look_at_keys(self) -> None:
        """Whatever part is shown, an administrator is told when letters cannot be signed, or soon cannot; and while
        nobody has the store's recovery sheet, or the next start may need it.
        """
        if "certificate" in self.keys:
            self._session.run(self, certificates, done=self._warn)
            self._session.run(self, sheet_state, done=self._warn_of_sheet)
            self._session.run(self, key_to_keep, done=self._warn_of_key)

    def _warn_of_sheet(self, found: SheetState) -> None:
        words = MISSING if found is SheetState.MADE else ""
        self._tell(self._sheet, words, "Make a new sheet", lambda: self._show_backups("make"))

    def _warn_of_key(self, wanted: bool) -> None:
        self._tell(self._key, TO_KEEP if wanted else "", "See the key", lambda: self._show_backups("keep"))

    def _warn(self, found: Certificates) -> None:
        kind = "warning" if found.usable else "error"
        self._tell(self._warning, found.matter, "See the certificate", lambda: self.show_part("certificate"), kind)

    def _tell(
        self, where: QVBoxLayout, words: str, link: str, follow: Callable[[], None], kind: str = "warning"
    ) -> None:
        """Shows a banner in its place, or none."""
        clear_layout(where)
        if words:
            banner = Banner(kind, words, link)
            banner.followed.connect(follow)
            where.addWidget(banner)

    def _show_backups(self, button: str) -> None:
        """Shows the part with the store's key, with the keyboard on what is to be done: "make" a sheet, or "keep"."""
        self.show_part("backups")
        part = self.part("backups")
        if isinstance(part, BackupsPart):
            (part.recovery.make if button == "make" else part.keys.keep).setFocus()

    def panes(self) -> list[QWidget]:
        """For F6: the tabs, then the part."""
        part: QWidget = self.part(self.current())
        return [part] if self.tabs.isHidden() else [self.tabs.buttons[self.current()], part]

    def current(self) -> str:
        """The key of the part that is shown."""
        part = self._stack.currentWidget()
        return next(key for key, one in self._parts.items() if one is part)

    def part(self, key: str) -> Part:
        """One of the parts that this role sees."""
        if key not in self._parts:
            made = self._parts[key] = _MADE[key](self._session)
            self._stack.addWidget(made)
            if isinstance(made, PeoplePart | RequestersPart | JournalPart):
                self._actions[key] = made.tools if isinstance(made, JournalPart) else made.add
                self.head.actions.addWidget(self._actions[key])
        return self._parts[key]

    def show_part(self, key: str) -> None:
        """Shows one of the parts that this role sees."""
        part = self.part(key)
        self._stack.setCurrentWidget(part)
        self.tabs.set_current(key)
        self.head.set_summary(_SUMMARIES[key])
        for other, button in self._actions.items():
            button.setVisible(other == key)
        starts_at(self, part)
        part.refresh()

    @property
    def unsaved(self) -> bool:
        """Whether something typed here is not saved."""
        part = self._parts.get("organisation")
        return isinstance(part, OrganisationPart) and part.unsaved

    def _changed(self, changed: Changed) -> None:
        if self.isVisible() and changed.kinds & _SHOWN:
            self.refresh()
