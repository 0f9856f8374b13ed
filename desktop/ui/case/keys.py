"""The keys of a case's window. They win over editing keys inside a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from db.records import Met
from desktop.ui.case.form import SectionForm
from desktop.ui.case.progress import distinct

if TYPE_CHECKING:
    from desktop.ui.case.view import CaseView


def install_keys(view: CaseView) -> None:
    """Makes every key of theme "Case" and "Criteria" work while the focus is in the view."""
    deeds = view.deeds
    table: list[tuple[str, Callable[[], object]]] = [
        ("Ctrl+PgUp", lambda: view.step(-1)),
        ("Ctrl+PgDown", lambda: view.step(1)),
        ("Ctrl+Return", view.main),
        ("Ctrl+Enter", view.main),
        ("F8", lambda: next_problem(view, 1)),
        ("Shift+F8", lambda: next_problem(view, -1)),
        ("Ctrl+Shift+D", deeds.show_why),
        ("Ctrl+G", deeds.show_agreement),
        ("Ctrl+R", lambda: show_earlier(view)),
        ("Ctrl+Shift+A", deeds.show_check),
        ("Ctrl+L", deeds.show_letter),
        ("Ctrl+Shift+H", deeds.show_history),
        ("Alt+1", lambda: answer(view, Met.MET)),
        ("Alt+2", lambda: answer(view, Met.NOT_MET)),
        ("Alt+3", lambda: answer(view, Met.NOT_APPLICABLE)),
        ("Alt+4", lambda: answer(view, Met.CANT_TELL)),
        ("F4", lambda: next_unanswered(view)),
    ]
    for keys, function in table:
        shortcut = QShortcut(QKeySequence(keys), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(function)


def next_problem(view: CaseView, by: int) -> None:
    """Goes to the next thing that keeps the case from being submitted, after the last one gone to."""
    if view.page is None:
        return
    keys = [one.field for one in distinct(view.page.problems)]
    if not keys:
        view.session.toasted.emit("There is no problem: the request can be submitted")
        return
    at = keys.index(view.problem_at) + by if view.problem_at in keys else (0 if by > 0 else -1)
    view.problem_at = keys[at % len(keys)]
    view.show_field(view.problem_at)


def show_earlier(view: CaseView) -> None:
    """Puts the keyboard into the earlier requests."""
    view.show_beside()
    if not view.side.focus_earlier():
        view.session.toasted.emit("No earlier request may be about this person")


def answer(view: CaseView, met: Met) -> None:
    """Answers the criterion that is open."""
    form = view.parts.get(view.part)
    if isinstance(form, SectionForm) and form.criteria is not None and not form.fixed:
        form.criteria.answer(met)


def next_unanswered(view: CaseView) -> None:
    """Opens the next criterion without an answer, from anywhere in the case."""
    if view.page is None or view.page.agreement.section("criteria") is None:
        return
    if view.part != "criteria":
        view.show_part("criteria", focus=False)
    form = view.parts.get("criteria")
    if isinstance(form, SectionForm) and form.criteria is not None:
        form.criteria.open_next()
