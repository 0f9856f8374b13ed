"""Gets ready what a page is made of before it is wanted, so that no window waits while it is imported.

Qt's classes and those that inherit from them are made on the thread of the windows alone: made on another, they crash
the desk now and then while a window is painted. So the store's thread imports the rest, and says which modules of
windows are left, in an order in which each can be imported by itself, between two events.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import CodeType
from typing import Any

from PySide6.QtCore import QObject, QTimer

_OURS = ("desktop.", "db")
_WINDOWS = "desktop.ui"
_QT = ("PySide6", "shiboken6")


def left_to_import(names: Iterable[str]) -> list[str]:
    """Imports these modules and all that they import, but for windows: their names, each after those that it needs."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name in sys.modules or name.startswith(_QT):
            return
        seen.add(name)
        if not name.startswith(_WINDOWS):
            import_module(name)
            return
        for one in imported_by(_code_of(name)):
            visit(one)
        order.append(name)

    for name in names:
        visit(name)
    return order


def import_each(names: Iterator[str], owner: QObject, then: Callable[[], object]) -> None:
    """Imports the first of these modules, and the next once what happened meanwhile is answered; then calls `then`."""
    if name := next(names, ""):
        import_module(name)
        QTimer.singleShot(0, owner, partial(import_each, names, owner, then))
    else:
        then()


def imported_by(code: CodeType) -> Iterator[str]:
    """The modules that a piece of code imports by itself: not what its functions do, nor what is for types alone."""
    name, before, beyond = "", "", 0
    for step in dis.get_instructions(code):
        if before == "TYPE_CHECKING" and step.opname.startswith("POP_JUMP"):
            beyond = step.argval
        before = step.argval
        if step.offset < beyond:
            continue
        if step.opname == "IMPORT_NAME":
            name = str(step.argval)
            yield name
        elif step.opname == "IMPORT_FROM" and _is_folder(name) and find_spec(f"{name}.{step.argval}"):
            yield f"{name}.{step.argval}"


def _is_folder(name: str) -> bool:
    """Whether this is a folder of ours. To look for a module imports what it is in, which must be one."""
    spec = find_spec(name) if name.startswith(_OURS) else None
    return spec is not None and spec.submodule_search_locations is not None


def _code_of(name: str) -> CodeType:
    spec = find_spec(name)
    loader: Any = spec.loader if spec else None
    code: CodeType = loader.get_code(name)
    return code
