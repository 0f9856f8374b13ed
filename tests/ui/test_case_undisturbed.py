"""A case that is only read, or changed after its approval: nothing is told that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from db.records import Role, State
from desktop.ui.case.nextpart import NextPart
from desktop.ui.case.outcome import OutcomePart
from tests.fixtures import Office
from tests.ui.case_window import Window, make_window, window
from tests.ui.waiting import PATIENCE

__all__ = ["make_window", "window"]


def told(window: Window, part: OutcomePart) -> list[str]:
    """The dialogs that come by themselves until long after the outcome's pause; each is closed."""
    seen: list[str] = []

    def close() -> None:
        for dialog in (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()):
            seen.append(dialog.accessibleName())
            dialog.reject()

    closing, over = QTimer(), QTimer()
    closing.timeout.connect(close)
    closing.start(20)
    over.setSingleShot(True)
    over.start(450)
    with window.qtbot.waitSignal(over.timeout, timeout=PATIENCE):
        window.view.deeds.look_through(part)
    window.settle()
    closing.stop()
    return seen


def test_changing_an_approved_request_tells_nothing_of_its_outcome(window: Window, office: Office) -> None:
    window.open(office.in_state(State.APPROVED))
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    window.view.unlock()
    window.view.show_part("person", "person.nationality")
    window.type("Norwegian")
    window.saved()
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.DRAFT)
    paused: list[bool] = []
    part.paused.connect(lambda: paused.append(True))
    assert told(window, part) == []
    assert not paused


def test_a_reviewer_reads_the_outcome_part_undisturbed(make_window: Callable[..., Window], office: Office) -> None:
    window = make_window(Role.REVIEWER)
    window.open(office.in_state(State.APPROVED))
    window.view.show_part("outcome")
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    paused: list[bool] = []
    part.paused.connect(lambda: paused.append(True))
    assert told(window, part) == []
    assert not paused


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.CASEWORKER, "A reviewer reads it and decides. My work tells you when it is done."),
        (Role.REVIEWER, "It waits in the review queue for someone to decide, as you may."),
        (Role.GUARDIAN, "A reviewer reads it and decides."),
    ],
)
def test_my_work_is_named_to_a_caseworker_alone(
    make_window: Callable[..., Window], office: Office, role: Role, words: str
) -> None:
    window = make_window(role)
    window.open(office.in_state(State.SUBMITTED), "next")
    part = window.view.parts["next"]
    assert isinstance(part, NextPart)
    assert part.words.text() == words
