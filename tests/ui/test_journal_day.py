"""The journal through a day at the desk: the lock, leaving, the new day's anchor, and the one at closing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from db import journal
from desktop.casework.anchors import FILE_NAME
from tests.ui.desk_app import PASSWORD, Hands, hands

__all__ = ["hands"]


def actions(hands: Hands) -> list[str]:
    hands.settle()
    assert hands.desk.entry is not None
    with hands.desk.entry.store.read() as tx:
        return [one.action for one in journal.entries(tx, limit=100_000)]


def test_the_lock_and_leaving_are_kept(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.desk.lock()
    hands.desk._unlock("wrong")
    hands.settle()
    hands.desk._unlock(PASSWORD)
    hands.settle()
    hands.desk.sign_out()
    assert actions(hands)[-4:] == ["lock", "unlock_failed", "unlock", "sign_out"]


def test_a_search_is_kept_once_when_it_is_over(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    edit = hands.main.results._edit
    edit.setFocus(Qt.FocusReason.OtherFocusReason)
    for typed in ("K", "Ko", "Kow"):
        edit.setText(typed)
        hands.main.results._ask()
        hands.settle()
    assert "search" not in actions(hands)
    hands.main.results.close_and_clear()
    hands.main.results.close_and_clear()
    assert actions(hands).count("search") == 1


def test_each_day_and_the_closing_anchor_the_journal(hands: Hands, sample_copy: Path) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.days.changed.emit()
    assert actions(hands)[-1] == "anchor"
    hands.desk.sign_out()
    hands.settle()
    hands.desk.stop()
    assert len((sample_copy / FILE_NAME).read_text("utf-8").splitlines()) == 2
