"""Makes a page of the desk when it is first wanted: what is not looked at is not made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.ui.ahead import imported_by, left_to_import
from desktop.ui.session import Session

Maker = Callable[[Session], QWidget]


def make_page(key: str, session: Session) -> QWidget:
    """The page with this key: "review", "register", "retention", "reports", "figure", "admin", "case" or "letter"."""
    return _MAKERS[key]()(session)


def left_of_page(key: str) -> list[str]:
    """The modules of windows that are left to import for a page; see ``left_to_import``."""
    return left_to_import(imported_by(_MAKERS[key].__code__))


def _review() -> Maker:
    from desktop.ui.review.view import ReviewView

    return ReviewView


def _register() -> Maker:
    from desktop.ui.register import RegisterView

    return RegisterView


def _retention() -> Maker:
    from desktop.ui.retention import RetentionView

    return RetentionView


def _reports() -> Maker:
    from desktop.ui.reports.view import ReportsPage

    return ReportsPage


def _figure() -> Maker:
    from desktop.ui.reports.figure import FigureView

    return FigureView


def _admin() -> Maker:
    from desktop.ui.admin.view import AdminPage

    return AdminPage


def _case() -> Maker:
    from desktop.ui.case.view import CaseView

    return CaseView


def _letter() -> Maker:
    from desktop.ui.letter.view import LetterView

    return LetterView


_MAKERS = {
    "review": _review,
    "register": _register,
    "retention": _retention,
    "reports": _reports,
    "figure": _figure,
    "admin": _admin,
    "case": _case,
    "letter": _letter,
}
