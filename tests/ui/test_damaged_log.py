"""What the damaged end of the store's log took with it is said: at the start, in the journal, and by the check."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from db.store import FILE
from desktop.casework.setup import open_entry
from desktop.casework.verifying import verify_store
from tests.fixtures import signed_in
from tests.ui.desk_app import running
from tests.ui.page_window import press_in, words_of


def crashed(folder: Path, tmp_path: Path) -> Path:
    """The desk as a crash left it, with a byte changed in the middle of its log."""
    entry = open_entry(folder, str)
    office = signed_in(entry)
    for _ in range(4):
        office.register()
    made = tmp_path / "crashed"
    shutil.copytree(folder, made)
    entry.store.close()
    log = made / f"{FILE}-wal"
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 1
    log.write_bytes(data)
    return made


def test_it_is_said_at_the_start_once_and_the_desk_goes_on(qtbot: QtBot, sample_copy: Path, tmp_path: Path) -> None:
    folder = crashed(sample_copy, tmp_path)
    said: list[str] = []
    timer = QTimer()

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            said.append(dialog.windowTitle() + words_of(dialog))
            press_in(dialog, "close")

    timer.timeout.connect(look)
    timer.start(20)
    with running(qtbot, folder) as hands:
        hands.sign_in("ruth.adeyemi")
        assert hands.main.isVisible()
    with running(qtbot, folder) as hands:
        hands.opened()
    timer.stop()
    (words,) = said
    assert "Some of what was done last is lost" in words
    assert "changes made last cannot be read, and are lost" in words
    assert "Everything before is safe" in words


def test_the_check_says_it_when_the_store_is_opened_and_the_journal_for_good(sample_copy: Path, tmp_path: Path) -> None:
    folder = crashed(sample_copy, tmp_path)
    entry = open_entry(folder, str)
    lost = entry.store.lost
    assert lost > 1
    (said,) = dict(verify_store(entry).checks)["Store"]
    assert said == f"the end of the store's log was damaged: {lost} changes made last cannot be read, and are lost"
    entry.store.close()
    entry = open_entry(folder, str)
    assert dict(verify_store(entry).checks)["Store"] == ()
    with entry.store.read() as tx:
        query = "SELECT data FROM journal WHERE action = 'log_damaged'"
        assert tx.exec_driver_sql(query).scalar_one() == f'{{"changes":{lost}}}'
    entry.store.close()
