"""One start, in a process of its own: of the desk or of the bare window beside it. Prints what was measured as JSON.

python -m tests.bench.start floor FOLDER    a bare window that imports what it must and opens the same store
python -m tests.bench.start desk FOLDER     the desk: sign-in window, then My work
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

STARTED = time.perf_counter()
"""After the interpreter's own start, which is the same for both."""


KEY = bytes(range(32))
"""As tests.fixtures has it; to import that would be no bare start."""


def resident() -> float:
    """The memory that this process has now, in MiB; where the system does not tell, what it had at most."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def told(figures: dict[str, float]) -> None:
    """Says the figures, with the memory."""
    figures["mib"] = resident()
    sys.stdout.write(json.dumps(figures) + "\n")


def since(start: float) -> float:
    """Milliseconds since then."""
    return (time.perf_counter() - start) * 1000


def floor(folder: Path) -> None:
    """SQLAlchemy, the engine, a window, and the first 100 rows read and painted."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
    from sqlalchemy import create_engine, select
    from sqlcipher3 import dbapi2

    from db.engine import connect
    from db.schema import cases

    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connect(folder / "desk.db", KEY))
    app = QApplication([])
    window = QMainWindow()
    window.resize(1366, 768)
    figures: dict[str, float] = {}
    begun: list[float] = []

    class Painted(QObject):
        """Calls on the first paint."""

        def __init__(self, parent: QObject, then: Callable[[], None]) -> None:
            super().__init__(parent)
            self.then = then

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                watched.removeEventFilter(self)
                self.then()
            return False

    def rows_painted() -> None:
        figures["work"] = since(begun[0])
        app.quit()

    def window_painted() -> None:
        figures["start"] = since(STARTED)
        begun.append(time.perf_counter())
        model = QStandardItemModel(window)
        with engine.connect() as connection:
            for row in connection.execute(rows):
                model.appendRow([QStandardItem(str(value)) for value in row])
        table = QTableView()
        table.setModel(model)
        table.viewport().installEventFilter(Painted(table, rows_painted))
        window.setCentralWidget(table)

    columns = (cases.c.reference, cases.c.family_name, cases.c.requester, cases.c.state, cases.c.due_on)
    rows = select(*columns).order_by(cases.c.due_on).limit(100)
    with engine.connect() as connection:
        connection.execute(select(cases.c.id).limit(1)).first()
    window.installEventFilter(Painted(window, window_painted))
    window.show()
    app.exec()
    engine.dispose()
    told(figures)


def desk(folder: Path) -> None:
    """The desk itself, from its first line to My work."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QListView, QWidget

    from desktop.app import DeskApp
    from desktop.settings import Settings

    app = QApplication([])
    made = DeskApp(app, Settings(folder))
    # As large as the bare window, whatever the screen.
    made.window.resize(1366, 768)
    figures: dict[str, float] = {}
    begun: list[float] = []

    def has_rows(view: QObject | None) -> bool:
        model = view.model() if isinstance(view, QListView) else None
        return model is not None and model.rowCount() > 0

    class Watch(QObject):
        """Sees the sign-in painted, and then My work with its rows."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                page = made.startup.sign_in
                within = isinstance(watched, QWidget) and (watched is page or page.isAncestorOf(watched))
                if "start" not in figures and within:
                    figures["start"] = since(STARTED)
                if made.main is not None and "work" not in figures and has_rows(watched.parent()):
                    figures["work"] = since(begun[0])
                    QTimer.singleShot(0, app.quit)
            return False

    watch = Watch()
    app.installEventFilter(watch)
    accepted = made._signed_in

    def enter(signed_in: object) -> None:
        begun.append(time.perf_counter())
        accepted(signed_in)  # type: ignore[arg-type]

    made._signed_in = enter  # type: ignore[method-assign, assignment]
    # A person takes at least this long to type a password.
    made.startup.opened.connect(
        lambda opened: QTimer.singleShot(1500, lambda: made._sign_in("ruth.adeyemi", opened.password))
    )
    made.start()
    app.exec()
    made.stop()
    told(figures)


if __name__ == "__main__":
    {"floor": floor, "desk": desk}[sys.argv[1]](Path(sys.argv[2]))
