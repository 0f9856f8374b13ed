"""The journal's page: filters, what stands out, export, anchors, and the reason that is asked for."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db import journal
from db.records import Heading, Role
from desktop.casework.accounts import organisation, save_organisation
from desktop.casework.anchors import anchors, make_anchor
from desktop.casework.casepage import CasePage, open_case
from desktop.casework.desk import Desk
from desktop.security.certificates import groups
from desktop.ui.admin.journal import AnchorsDialog, JournalPart
from desktop.ui.admin.view import AdminPage
from desktop.ui.opening_case import ReasonDialog, open_with_reason
from desktop.ui.theme import Theme, current_theme
from tests.fixtures import Office
from tests.ui.page_window import Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]


@pytest.fixture
def page(make_page: Make, office: Office) -> Window[Any]:
    """An auditor's page, with a look at a case that was not the looker's own."""
    draft = office.register()
    open_case(office.reviewer, draft.case_id, "complaint")
    return make_page(AdminPage, office, Role.AUDITOR)


def part_of(page: Window[Any]) -> JournalPart:
    part = page.view.part("journal")
    assert isinstance(part, JournalPart)
    return part


def lines(page: Window[Any]) -> list[list[str]]:
    """What the table says, row by row."""
    part = part_of(page)
    rows = range(part.model.rowCount())
    for row in rows:
        part.model.row(row)
    page.settle()
    found = [part.model.row(row) for row in rows]
    return [[column.getter(one) for column in part.model.columns] for one in found if one is not None]


def test_a_restricted_look_stands_out_by_icon_and_words(page: Window[Any]) -> None:
    first = lines(page)[0]
    assert first[3] == "Restricted. Opened a case: “A complaint, a review or an inquiry”"
    row = part_of(page).model.row(0)
    assert row is not None
    icon = part_of(page).model.columns[3].icon
    assert icon is not None
    assert icon(row) == "shield-alert"


def test_the_chosen_entry_is_told_whole(page: Window[Any], office: Office) -> None:
    part = part_of(page)
    part.table.selectRow(0)
    page.settle()
    said = part.whole.text()
    assert said.startswith("Entry ")
    assert "A complaint, a review or an inquiry" in said
    told, bound = said.split("\n")
    assert told.endswith("Why it stands out: not their own case")
    row = part.model.row(0)
    assert row is not None
    assert bound == f"SHA-256 of entry {row.line.entry.seq}: {groups(row.line.entry.hash)}"
    admin = office.desk(Role.ADMINISTRATOR)
    save_organisation(admin, replace(organisation(admin), team="Another team"))
    part.refresh()
    page.settle()
    part.table.selectRow(0)
    page.settle()
    assert part.whole.text().split("\n")[0].endswith("Changed the organisation’s details. Changed: team")
    part.filters.reference.setText("TR-000009-9")
    part.filters.changed.emit()
    page.settle()
    assert part.whole.text() == ""


def test_no_filter_is_cut_off(page: Window[Any]) -> None:
    filters = part_of(page).filters
    for line in (filters.first, filters.last, filters.reference):
        room = line.width() - 2 * line.fontMetrics().horizontalAdvance("0")
        assert line.fontMetrics().horizontalAdvance(line.placeholderText()) <= room
    for box in (filters.heading, filters.actor, filters.action):
        arrow = current_theme().px(44)
        assert box.fontMetrics().horizontalAdvance(box.itemText(0)) <= box.width() - arrow


def test_people_are_called_by_pseudonyms(page: Window[Any]) -> None:
    assert {len(line[6]) for line in lines(page)} == {0, 8}


def test_the_filters_narrow_the_list(page: Window[Any]) -> None:
    part = part_of(page)
    every = part.model.rowCount()
    part.filters.restricted.click()
    page.settle()
    assert [line[4] for line in lines(page)] == ["Consultation"]
    assert part.filters.said.text() == "1 entry found"
    part.filters.restricted.click()
    box = part.filters.heading
    box.setCurrentIndex(box.findData(Heading.COLLECTION.value))
    box.activated.emit(box.currentIndex())
    page.settle()
    assert {line[4] for line in lines(page)} == {"Collection"}
    box.setCurrentIndex(0)
    part.filters.reference.setText("TR-000009-9")
    part.filters.reference.textEdited.emit("")
    page.until(lambda: part.model.rowCount() == 0)
    assert not part.table.isVisible()
    assert "No entry is found" in words_of(part.empty)
    part.empty.button.setFocus()
    page.press(Qt.Key.Key_Return)
    page.settle()
    assert part.model.rowCount() == every
    assert part.table.isVisible()
    assert not part.empty.isVisible()
    assert not part.filters.reference.text()
    for wrong in ("June", "20260601", "2026-W23-1"):
        part.filters.first.setText(wrong)
        part.filters.changed.emit()
        assert part.filters.said.text() == "Write a day as 2026-06-01.", wrong
    part.filters.first.clear()
    part.filters.changed.emit()
    page.settle()
    assert part.model.rowCount() == every


def test_the_report_of_the_check_is_in_sight_at_the_largest_text(page: Window[Any], theme: Theme) -> None:
    theme.set_text_scale(200)
    page.view.resize(1270, 672)
    page.settle()
    part = part_of(page)
    part.check.click()
    page.until(part.report.isVisible)
    page.settle()
    assert part.said.visibleRegion().boundingRect().height() == part.said.height()


def test_an_export_has_the_program_that_checks_it_beside_it(page: Window[Any], tmp_path: Path) -> None:
    out = tmp_path / "journal.jsonl"
    part_of(page).save(out)
    page.settle()
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify_journal.py"), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert lines(page)[0][3] == "Anchored the journal"


def test_an_export_that_cannot_be_written_is_said(page: Window[Any], tmp_path: Path) -> None:
    def close(dialog: Any) -> None:
        assert "cannot be written there" in words_of(dialog)
        press_in(dialog, "close")

    page.in_dialog(close, lambda: part_of(page).save(tmp_path / "none" / "journal.jsonl"))


def test_anchors_are_listed_with_their_check_and_one_is_made(page: Window[Any], office: Office, tmp_path: Path) -> None:
    auditor = office.desk(Role.AUDITOR)

    def look(dialog: Any) -> None:
        assert isinstance(dialog, AnchorsDialog)
        assert "There is none yet." in words_of(dialog)
        dialog.made.click()

    page.in_dialog(look, part_of(page).anchors.click)
    page.until(lambda: "holds" in words_of(QApplication.activeModalWidget() or page.view))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, AnchorsDialog), "it is there again with the new one"
    press_in(shown, "close")
    assert [row.wrong for row in anchors(auditor)] == [""]
    make_anchor(auditor)

    def look_again(dialog: Any) -> None:
        assert words_of(dialog).count("holds") == 2
        for row in anchors(auditor):
            assert row.anchor is not None
            assert groups(row.anchor.hash) in words_of(dialog)
        assert nameless(dialog) == []
        press_in(dialog, "close")

    page.in_dialog(look_again, part_of(page).anchors.click)
    out = tmp_path / "anchor.pdf"
    part_of(page).save_page(out)
    page.settle()
    assert out.read_bytes().startswith(b"%PDF")


def test_every_control_has_a_name(page: Window[Any]) -> None:
    assert nameless(page.view) == []


def actions(desk: Desk, case_id: int) -> list[str]:
    with desk.store.read() as tx:
        return [str(one.data.get("why")) for one in journal.entries(tx, case_id=case_id) if one.action == "open_case"]


def test_a_case_that_is_not_ones_own_asks_why(make_page: Make, office: Office) -> None:
    draft = office.register()
    window = make_page(AdminPage, office, Role.GUARDIAN)
    opened: list[CasePage] = []
    left: list[bool] = []
    window.session.case_left.connect(lambda: left.append(True))

    def ask() -> None:
        open_with_reason(window.session, window.view, draft.case_id, opened.append)

    def without(dialog: Any) -> None:
        assert isinstance(dialog, ReasonDialog)
        assert nameless(dialog) == []
        press_in(dialog, "open")
        assert "Choose why." in words_of(dialog)
        press_in(dialog, "cancel")

    window.in_dialog(without, ask)
    # Back to where it was opened from, such as the list behind a figure.
    assert (opened, left) == ([], [True])

    def choose(dialog: Any) -> None:
        dialog.reason.choose("safety")
        press_in(dialog, "open")

    window.in_dialog(choose, ask)
    window.until(lambda: opened)
    assert actions(office.guardian, draft.case_id) == ["safety"]
