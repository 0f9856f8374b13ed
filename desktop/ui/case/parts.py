"""Makes the parts of a case's window, one for each row of the list of sections, and fills them from a page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Action
from desktop.casework.casepage import CasePage
from desktop.policy.life import EDITABLE
from desktop.ui.case.attachments import AttachmentsPart
from desktop.ui.case.check import CheckPart
from desktop.ui.case.form import SectionForm
from desktop.ui.case.letterdeeds import LetterDeeds
from desktop.ui.case.letterspart import LettersPart
from desktop.ui.case.nextpart import NextPart
from desktop.ui.case.notice import fixed_reason
from desktop.ui.case.noticedeeds import NoticeDeeds
from desktop.ui.case.outcome import OutcomePart
from desktop.ui.case.progress import CHECK, FILES, LETTERS, NEXT, OUTCOME

if TYPE_CHECKING:
    from desktop.ui.case.view import CaseView


def make_part(view: CaseView, key: str, page: CasePage) -> QWidget:
    """A new part, its signals connected to the view. Raises KeyError for a key that the case has no part for."""
    if key == FILES:
        return view.files.make_part()
    if key == CHECK:
        check = CheckPart()
        check.change_wanted.connect(view.show_part)
        check.jumped.connect(view.show_field)
        return check
    if key == OUTCOME:
        outcome = OutcomePart(page)
        outcome.figures_wanted.connect(partial(view.deeds.attach_figures, outcome))
        outcome.paused.connect(partial(view.deeds.look_through, outcome))
        return outcome
    if key == NEXT:
        part = NextPart()
        NoticeDeeds(view, part)
        return part
    if key == LETTERS:
        letters = LettersPart()
        LetterDeeds(view, letters)
        return letters
    section = page.agreement.section(key)
    if section is None:
        raise KeyError(key)
    form = SectionForm(section, page.agreement, view.session.desk.today(), view.middle)
    form.fixed = fixed_reason(page, view.unlocked)
    form.hide()
    form.edited.connect(view.edit)
    form.left.connect(view.left)
    form.section_wanted.connect(view.show_part)
    return form


def fill_part(view: CaseView, widget: QWidget, page: CasePage) -> bool:
    """Shows a page in a part. True where there are other controls in it than before."""
    if isinstance(widget, SectionForm):
        widget.arrange(one_column=view.width_step < 1024)
        widget.set_fixed(fixed_reason(page, view.unlocked))
        widget.show_answers(view.answers, but=QApplication.focusWidget())
        widget.show_record(page)
    elif isinstance(widget, CheckPart):
        widget.show_page(page, view.answers, not fixed_reason(page, view.unlocked))
    elif isinstance(widget, OutcomePart):
        widget.show_page(page)
    elif isinstance(widget, NextPart):
        desk = view.session.desk
        return widget.show_page(page, desk.clock(), desk.user.role)
    elif isinstance(widget, LettersPart):
        widget.show_page(page, view.session.desk.clock())
        return True
    elif isinstance(widget, AttachmentsPart):
        return widget.show_page(page, _files_fixed(page), view.session.desk.clock())
    return False


def renew(view: CaseView) -> None:
    """Makes the form in sight anew where the lists that it offers are others now, unless somebody is typing in it."""
    form, focus = view.parts.get(view.part), QApplication.focusWidget()
    if not view.stale or view.page is None or not isinstance(form, SectionForm) or not form.isVisible():
        return
    if view.page.agreement.section(view.part) == form.section:
        return
    if focus is None or not form.isAncestorOf(focus):
        QTimer.singleShot(0, view, partial(view.show_part, view.part, focus=False))


def _files_fixed(page: CasePage) -> str:
    if page.actions[Action.EDIT] or page.case.row.state in EDITABLE:
        return page.actions[Action.EDIT]
    return "The files are fixed with the request. Change the request first, in any of its sections."
