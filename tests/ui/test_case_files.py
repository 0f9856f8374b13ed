"""Attachments in the window: added with the dialog or by dropping, looked at inside the desk, copied, taken out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from db.records import Role
from desktop.casework.attachments import Attachment
from desktop.policy.filekinds import DOCX
from desktop.ui.attached.viewer import AttachmentDialog
from desktop.ui.case.attachments import AttachmentsPart
from desktop.ui.kit.notices import Banner
from tests.fixtures import Office
from tests.ui.case_window import Window, make_window, open_dialog, window
from tests.ui.pdfs import pdf_with_script
from tests.ui.test_case_links import press_in_dialog
from tests.unit.test_filekinds import office_file
from tests.unit.test_officetext import package

__all__ = ["make_window", "window"]


def part_of(window: Window) -> AttachmentsPart:
    part = window.view.parts["attachments"]
    assert isinstance(part, AttachmentsPart)
    return part


def held(window: Window) -> tuple[Attachment, ...]:
    assert window.view.page is not None
    return window.view.page.attachments


def add(window: Window, path: Path, content: bytes) -> None:
    """Writes a file and adds it, through the part's own signal."""
    path.write_bytes(content)
    before = len(held(window))
    part_of(window).wanted.emit([path])
    window.until(lambda: len(held(window)) > before)
    window.settle()


def problem(window: Window) -> str:
    found = window.find("file_problem")
    assert isinstance(found, Banner)
    return found.sentence.text()


def test_files_are_chosen_and_listed(
    window: Window, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "request.pdf"
    path.write_bytes(pdf_with_script())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    window.open(office.register(), "attachments")
    assert part_of(window).empty.isVisible()
    window.tab_to("add_file")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: held(window))
    window.settle()
    assert [one.name for one in held(window)] == ["request.pdf"]
    window.tab_to(f"look_file_{held(window)[0].id}")
    window.until(lambda: window.view.sections.rows["attachments"].row.words == "1 file")


def test_files_are_dropped(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(f"This is {path.name}.")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(part_of(window), enter)
    assert enter.isAccepted()
    QApplication.sendEvent(part_of(window), QDropEvent(QPointF(5, 5), copy, data, left, none))
    window.until(lambda: len(held(window)) == 2)
    window.settle()
    assert [one.name for one in held(window)] == ["a.txt", "b.txt"]


def test_what_is_wrong_with_some_files_is_said_and_the_others_are_added(
    window: Window, office: Office, tmp_path: Path
) -> None:
    window.open(office.register(), "attachments")
    contents = {"evil\u202efdp.pdf": b"MZ" + bytes(50), "good.txt": b"Good.", "empty.txt": b"", "gone.txt": None}
    for name, content in contents.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    part_of(window).wanted.emit([tmp_path / name for name in contents])
    window.until(lambda: held(window) and not window.view.files.busy)
    window.settle()
    assert [one.name for one in held(window)] == ["good.txt"]
    words = problem(window)
    assert "evilfdp.pdf: This is a program for Windows." in words
    assert "empty.txt: The file is empty." in words
    assert "gone.txt: It cannot be read." in words


def test_a_file_never_lands_in_the_case_that_was_opened_meanwhile(
    window: Window, office: Office, tmp_path: Path
) -> None:
    first, second = office.register(), office.register()
    path = tmp_path / "a.txt"
    path.write_text("This belongs to the first.")
    window.open(first, "attachments")
    part = part_of(window)
    window.view.open(second.case_id, "attachments")
    # The other case is on its way; the file is read after it.
    assert window.view.page is not None
    assert window.view.page.case.row.id == first.case_id
    part.wanted.emit([path])
    window.until(lambda: window.view.page and window.view.page.case.row.id == second.case_id and window.view.part)
    window.settle()
    assert held(window) == ()


def test_a_large_file_does_not_stop_the_window(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    path = tmp_path / "large.txt"
    path.write_bytes(b"A line of a long text.\n" * (9 * 1024 * 1024 // 23))
    ticks: list[float] = []
    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    part_of(window).wanted.emit([path])
    window.until(lambda: held(window))
    window.settle()
    timer.stop()
    assert len(ticks) > 5


def test_reading_can_be_cancelled(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (8 * 1024 * 1024))
    part_of(window).wanted.emit([path, path])
    part_of(window).progress.cancelled.emit()
    window.until(lambda: not window.view.files.busy)
    window.settle()
    assert held(window) == ()


def test_a_submitted_request_takes_no_file(window: Window, office: Office) -> None:
    window.open(office.submit(office.register()), "attachments")
    part = part_of(window)
    assert part.add.off_reason.startswith("The files are fixed")
    assert not part.acceptDrops()


def test_a_file_is_taken_out_after_asking(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    add(window, tmp_path / "a.txt", b"Words.")
    QTimer.singleShot(0, lambda: press_in_dialog(window, "cancel"))
    part_of(window).files.removed.emit(held(window)[0])
    window.settle()
    assert len(held(window)) == 1
    QTimer.singleShot(0, lambda: press_in_dialog(window, "yes"))
    part_of(window).files.removed.emit(held(window)[0])
    window.until(lambda: not held(window))
    window.settle()


def test_a_copy_is_saved_after_a_warning_under_the_reference(
    window: Window, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(office.register(), "attachments")
    add(window, tmp_path / "Quillfeather.txt", b"Words.")
    proposed: list[str] = []

    def choose(_owner: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        proposed.append(name)
        return str(tmp_path / "out.txt"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    QTimer.singleShot(0, lambda: press_in_dialog(window, "yes"))
    part_of(window).files.copied.emit(held(window)[0])
    window.until((tmp_path / "out.txt").exists)
    window.settle()
    assert (tmp_path / "out.txt").read_bytes() == b"Words."
    assert "Quillfeather" not in proposed[0]
    assert window.view.page is not None
    assert proposed[0].startswith(window.view.page.case.row.reference)


def look(window: Window) -> AttachmentDialog:
    part_of(window).files.looked.emit(held(window)[-1])
    dialog = open_dialog(window.qtbot, "attachment_viewer")
    assert isinstance(dialog, AttachmentDialog)
    window.settle()
    return dialog


def test_a_pdf_is_drawn_and_its_script_never_runs(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    add(window, tmp_path / "a.pdf", pdf_with_script(pages=2))
    dialog = look(window)
    assert dialog.picture.isVisible()
    assert dialog.place.text() == "Page 1 of 2"
    window.tab_to("next_page")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: dialog.place.text() == "Page 2 of 2")
    window.settle()
    assert dialog.on.off_reason
    # The script would have put other words on the page, or another window on the screen.
    assert len([one for one in QApplication.topLevelWidgets() if one.isVisible()]) == 2
    dialog.accept()


def test_pictures_and_words_are_shown(window: Window, office: Office, tmp_path: Path) -> None:
    window.open(office.register(), "attachments")
    picture = tmp_path / "a.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.save(str(picture))
    add(window, picture, picture.read_bytes())
    dialog = look(window)
    assert dialog.picture.isVisible()
    dialog.accept()
    add(window, tmp_path / "b.txt", ("A line.\n" * 3000).encode())
    dialog = look(window)
    assert dialog.words.isVisible()
    assert str(dialog.words.value()).startswith("A line.")
    assert dialog.place.text() == "Page 1 of 4"
    dialog.accept()
    add(window, tmp_path / "c.docx", office_file("word/document.xml"))
    assert held(window)[-1].media_type == DOCX
    dialog = look(window)
    assert "Words and numbers alone" in str(dialog.words.value())
    dialog.accept()


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 and nothing else",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0" + bytes(40),
        b"II*\0" + bytes(40),
        package(word__document="<x"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + bytes(4),
    ],
)
def test_a_file_that_cannot_be_drawn_says_so(window: Window, office: Office, tmp_path: Path, content: bytes) -> None:
    window.open(office.register(), "attachments")
    add(window, tmp_path / "a", content)
    dialog = look(window)
    assert dialog.cannot.isVisible()
    dialog.accept()


def test_a_reviewer_looks_and_changes_nothing(
    make_window: Callable[..., Window], office: Office, tmp_path: Path
) -> None:
    window = make_window()
    done = office.register()
    window.open(done, "attachments")
    add(window, tmp_path / "a.txt", b"Words.")
    other = make_window(Role.REVIEWER)
    other.open(done, "attachments")
    part = part_of(other)
    assert part.add.off_reason
    number = held(other)[0].id
    assert other.view.findChild(QWidget, f"look_file_{number}") is not None
    assert other.view.findChild(QWidget, f"remove_file_{number}") is None
    dialog = look(other)
    assert str(dialog.words.value()) == "Words."
    dialog.accept()
