"""The window of one case: header, sections, form, what the agreement says. What it does is in ``actions``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Action, Changed, Json, Role, State
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Done
from desktop.policy.fields import Problem
from desktop.ui.case.actions import CaseActions
from desktop.ui.case.attachments import AttachmentsPart
from desktop.ui.case.builder import Builder
from desktop.ui.case.check import CheckPart
from desktop.ui.case.draft import Draft
from desktop.ui.case.files import FileDeeds
from desktop.ui.case.form import SectionForm
from desktop.ui.case.frame import CaseFrame
from desktop.ui.case.keys import install_keys
from desktop.ui.case.letterspart import LettersPart
from desktop.ui.case.nextpart import NextPart
from desktop.ui.case.notice import fixed_reason, notice
from desktop.ui.case.outcome import OutcomePart
from desktop.ui.case.parts import fill_part, make_part, renew
from desktop.ui.case.progress import (
    CHECK,
    NEXT,
    OUTCOME,
    Progress,
    every_row,
    order_of,
    progress,
    section_of,
)
from desktop.ui.case.receipt import KEY as RECEIVED
from desktop.ui.case.receipt import Receipt
from desktop.ui.case.ways import show_saved, show_ways
from desktop.ui.opening_case import open_with_reason
from desktop.ui.session import Session


class CaseView(CaseFrame):
    """One case at a time; ``open`` shows another. Everything typed is kept, see ``Draft``."""

    key = "case"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.page: CasePage | None = None
        self.answers: dict[str, Json] = {}
        self.unlocked = False
        self.part = ""
        self.parts: dict[str, QWidget] = {}
        self.draft = Draft(session, self)
        self._builder = Builder(self._make_ahead, self)
        self.deeds = CaseActions(self)
        self.receipt = Receipt(self)
        self.files = FileDeeds(self)
        self._reading = self._again = self.stale = False
        self._saved_at: datetime | None = None
        self.problem_at = ""
        """The field of the problem that F8 went to last."""
        self.goal = ""
        """The part to go to once the step that is being taken is read back."""
        self._rows_timer = QTimer(self, singleShot=True, interval=120)
        self._connect()
        install_keys(self)

    def open(self, case_id: int, part: str = "") -> None:
        """Shows a case: "" for where its work goes on, or "history", "outcome", "check", "next" or a section's id."""

        def opened(left: dict[str, Json], page: CasePage) -> None:
            if self.draft.unsaved() != left:  # Typed while it was on its way: saved first, and the case read again.
                self.open(case_id, part)
                return
            self._start(page)
            self._show_first(self._first_part(page, part))
            if part == "history":
                self.deeds.show_history()

        def again() -> None:  # What cannot be saved is left behind all the same.
            open_with_reason(self.session, self, case_id, partial(opened, dict(self.draft.unsaved())))

        self.flush(partial(self.deeds.leave, case_id, again))

    def refresh(self) -> None:
        """Reads the case again; what is being typed stays."""
        if self.page is None or self._reading:
            self._again = self.page is not None
            return
        self._reading = True
        self.session.run(self, case_page, self.page.case.row.id, done=self._reread, failed=self._read_over)

    def flush(self, done: Callable[[], None]) -> None:
        """Saves what was typed at once; `done` is called when nothing more can be done about it, see ``unsaved``."""
        self.draft.flush(done)

    @property
    def unsaved(self) -> bool:
        """Whether something typed here is not in the store: leaving would lose it."""
        outcome = self.parts.get(OUTCOME)
        return bool(self.draft.unsaved()) or (isinstance(outcome, OutcomePart) and outcome.dirty)

    def order(self) -> list[str]:
        """Every part, in the order of the list."""
        return order_of(self.page) if self.page else []

    def show_part(self, key: str, field: str = "", focus: bool = True) -> None:
        """Shows a section or a later part, and puts the keyboard in its first control, or in `field`."""
        page = self.page
        self.setUpdatesEnabled(True)
        if page is None or key not in self.order():
            return
        if self.stale:
            self._drop_parts()
        self._builder.give_way()
        self.part = key
        widget = self.parts.get(key) or make_part(self, key, page)
        self.parts[key] = widget
        if isinstance(widget, SectionForm):
            widget.finish()
        fill_part(self, widget, page)
        self.middle.show_part(widget)
        self.show_form()
        self._show_frame(page)
        self.order_tabs()
        self.side.fill()
        if not focus:
            return
        if isinstance(widget, SectionForm) and field:
            widget.focus_field(field)
        elif isinstance(widget, SectionForm | OutcomePart | AttachmentsPart | LettersPart):
            widget.focus_first()
        else:
            self.foot.focus_main()

    def step(self, by: int) -> None:
        """Goes to the next or the previous part."""
        order = self.order()
        if self.part in order:
            at = order.index(self.part) + by
            if 0 <= at < len(order):
                self.show_part(order[at])

    def show_field(self, key: str) -> None:
        """Goes to a field wherever it stands."""
        if self.page is not None:
            self.show_part(section_of(self.page.agreement, key) or self.part, key)

    def unlock(self) -> None:
        """Lets a request be changed that is submitted or decided: the first change takes it back to a draft."""
        self.unlocked = True
        if self.page is not None:
            self._show_fixed(self.page)
            self._show_frame(self.page)

    def reload(self) -> None:
        """After a conflict: shows the case as it is now, and keeps what was typed here beside it."""
        page = self.page
        if page is None:
            return
        kept = self.draft.unsaved()
        part = self.part

        def read(fresh: CasePage) -> None:
            self._start(fresh)
            self._show_first(part if part in self.order() else self._first_part(fresh, ""))
            self.middle.kept.show_values(kept, fresh.agreement)

        self.session.run(self, case_page, page.case.row.id, done=read)

    def edit(self, key: str, value: Json, keepable: bool = True) -> None:
        """Takes a changed answer to the store."""
        if self.page is None or fixed_reason(self.page, self.unlocked):
            return
        if key == RECEIVED and keepable and self.receipt.take(value):
            self.answers[key] = value
            self.draft.edit(key, value, keepable=False)
        else:
            self.keep(key, value, keepable)

    def keep(self, key: str, value: Json, keepable: bool = True) -> None:
        """Takes a changed answer to the store without asking anything."""
        self.answers[key] = value
        self.draft.edit(key, value, keepable)
        self._rows_timer.start()

    def left(self, key: str) -> None:
        """A field was left."""
        if key == RECEIVED:
            self.receipt.leave()

    def _connect(self) -> None:
        deeds = self.deeds
        self.header.history_wanted.connect(deeds.show_history)
        self.header.why_wanted.connect(deeds.show_why)
        self.header.check_pressed.connect(lambda: self.show_part(CHECK))
        self.header.step_wanted.connect(deeds.take_step)
        self.header.concern_wanted.connect(deeds.ask_concern)
        self.sections.chosen.connect(self.show_part)
        self.middle.notice_followed.connect(deeds.take_step)
        self.middle.change_followed.connect(deeds.take_in)
        self.middle.look_again.connect(self.reload)
        self.middle.kept.put_back.connect(self._put_back)
        self.foot.back_pressed.connect(lambda: self.step(-1))
        self.foot.main_pressed.connect(self.main)
        self.foot.retry_pressed.connect(self.draft.flush)
        self.side.agreement_wanted.connect(deeds.show_agreement)
        self.side.case_wanted.connect(lambda case_id: self.session.case_wanted.emit(case_id, ""))
        self.side.decided.connect(deeds.link)
        linked = self.side.linked
        linked.case_wanted.connect(lambda case_id: self.session.case_wanted.emit(case_id, ""))
        linked.link_wanted.connect(deeds.ask_link)
        linked.unlink_wanted.connect(deeds.unlink)
        linked.close_wanted.connect(deeds.close_duplicate)
        self.side.take_out_wanted.connect(lambda: self.show_part("release"))
        self.tabs.changed.connect(lambda _key: renew(self))
        self.draft.saved.connect(self._saved)
        self.draft.moved.connect(self._show_saved)
        self.draft.conflicted.connect(self.middle.show_conflict)
        self.draft.refused.connect(self._refused)
        self.session.changed.connect(self._changed)
        self._rows_timer.timeout.connect(self._show_rows)

    def main(self) -> None:
        """Does what the main button says."""
        widget = self.parts.get(self.part)
        if self.foot.main.off_reason or self.foot.main.isHidden():
            return
        if isinstance(widget, CheckPart):
            self.deeds.submit()
        elif isinstance(widget, OutcomePart):
            self.deeds.record(widget)
        elif isinstance(widget, NextPart):
            self.deeds.go_on()
        else:
            self.step(1)

    def _start(self, page: CasePage) -> None:
        """Begins with a case, or with one that was changed elsewhere."""
        self.unlocked = False
        self.part = ""
        self._saved_at = None
        self.page = page
        self.answers = dict(page.case.answers)
        self.draft.start(page.case.row.id, page.case.row.version)
        self.middle.clear_conflict()
        self.middle.kept.show_values({}, None)
        self._drop_parts()
        self._take(page)

    def _show_first(self, part: str) -> None:
        """Shows a part as soon as it is made, and then makes the others ready. Nothing is painted without it."""
        self.setUpdatesEnabled(False)
        self._builder.start(part, self.order(), lambda: self.show_part(part))

    def _make_ahead(self, key: str) -> SectionForm | None:
        page = self.page
        if page is None or key in self.parts or page.agreement.section(key) is None:
            return None
        form = self.parts[key] = make_part(self, key, page)
        return form if isinstance(form, SectionForm) else None

    def _drop_parts(self) -> None:
        self._builder.stop()
        self.stale = False
        for widget in self.parts.values():
            self.middle.drop(widget)
        self.parts = {}

    def _first_part(self, page: CasePage, wanted: str) -> str:
        order = self.order()
        if wanted in order:
            return wanted
        if page.case.row.state is State.APPROVED and not page.actions[Action.RECORD]:
            return OUTCOME
        if NEXT in order:
            return NEXT
        rows = progress(page.agreement, self.answers, self.session.desk.today())
        return next((row.key for row in rows if not row.done), CHECK)

    def _take(self, page: CasePage) -> None:
        """Shows what the store says now, around the form and in the parts that are not typed in."""
        before = self.page
        self.page = page
        self.receipt.follow(page)
        changed = before is not None and (
            before.case.row.agreement_version != page.case.row.agreement_version
            or before.case.row.received_on != page.case.row.received_on
            or before.agreement.sections != page.agreement.sections
        )
        # The agreement's lists may be others now. The form being typed in stays until it is left.
        self.stale = self.stale or changed
        desk = self.session.desk
        self.header.show_page(page, desk.calendars[page.agreement.clock.calendar], desk.today())
        caseworker = desk.user.role is Role.CASEWORKER
        beside = self.side.show_page(page, self.answers, not page.actions[Action.EDIT], caseworker)
        if self.part:
            self.side.fill()
        self._show_fixed(page)
        for widget in self.parts.values():
            if isinstance(widget, SectionForm):
                widget.show_record(page)
            else:
                beside = fill_part(self, widget, page) or beside
        self._show_frame(page)
        self._show_saved()
        if beside:
            self.order_tabs()
        renew(self)

    def _reread(self, page: CasePage) -> None:
        current = self.page
        if current is not None and current.case.row.id == page.case.row.id:
            self._compare(current, page)
        self._read_over()

    def _compare(self, current: CasePage, page: CasePage) -> None:
        elsewhere = page.case.row.version > self.draft.version and not self.draft.busy
        waiting = self.draft.unsaved()
        if elsewhere and not waiting:
            self.draft.start(page.case.row.id, page.case.row.version)
        if page.case.row.version >= self.draft.version:
            self.answers = {**page.case.answers, **waiting}
        moved = current.case.row.state is not page.case.row.state
        self.unlocked = self.unlocked and not moved
        self._take(page)
        if elsewhere and not waiting:
            for widget in self.parts.values():
                if isinstance(widget, SectionForm) and widget.made:
                    widget.show_answers(self.answers, but=QApplication.focusWidget())
        goal, self.goal = self.goal, ""
        # In a tick of its own: what was taken and the part to show would together keep the window waiting.
        if goal in self.order():
            QTimer.singleShot(0, self, partial(self.show_part, goal))
        elif moved and (goal or self.part not in self.order()):
            QTimer.singleShot(0, self, partial(self.show_part, self._first_part(page, "")))

    def _read_over(self, error: Exception | None = None) -> None:
        self._reading = False
        if error is not None:
            self.session.show_trouble(self, error)
        if self._again:
            self._again = False
            self.refresh()

    def _saved(self, done: Done) -> None:
        self._saved_at = self.session.desk.clock()

    def _changed(self, changed: Changed) -> None:
        if self.page is not None and self.page.case.row.id in changed.cases:
            self.refresh()

    def _refused(self, problems: tuple[Problem, ...]) -> None:
        for widget in self.parts.values():
            if isinstance(widget, SectionForm):
                widget.show_refused(problems)

    def _put_back(self, key: str, value: Json) -> None:
        self.show_field(key)
        self.edit(key, value)
        form = self.parts.get(self.part)
        if isinstance(form, SectionForm):
            form.show_answers(self.answers)

    def _show_rows(self) -> list[Progress]:
        rows = every_row(self.page, self.answers, self.session.desk.today()) if self.page else []
        self.sections.show_rows(rows, self.part)
        return rows

    def _show_fixed(self, page: CasePage) -> None:
        # The other forms are told when they are shown.
        form = self.parts.get(self.part)
        if isinstance(form, SectionForm) and form.made:
            form.set_fixed(fixed_reason(page, self.unlocked))
        self.middle.show_notice(notice(page, self.unlocked, self.session.desk.clock()))

    def _show_frame(self, page: CasePage) -> None:
        """The list of sections, the side pane and the buttons, for the part that is shown."""
        rows = self._show_rows()
        section = page.agreement.section(self.part)
        self.side.show_section(section, section is None or section.group == "assessment")
        editable = not fixed_reason(page, self.unlocked)
        self.header.show_main(editable and self.part != CHECK)
        show_ways(self.foot, page, self.part, rows, self.session.desk.user.role, self.draft.held)

    def _show_saved(self) -> None:
        page = self.page
        if page is not None:
            if self.receipt.waits:
                self.foot.show_not_saved("The date of receipt is not saved yet", retry=False)
                return
            fixed = bool(fixed_reason(page, self.unlocked)) or self.part in (OUTCOME, NEXT)
            show_saved(self.foot, self.draft, fixed=fixed, at=self._saved_at or page.case.row.changed_at)
