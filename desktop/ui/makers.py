"""Makes a page of the desk when it is first wanted: what is not looked at is not imported."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.ui.session import Session


def make_page(key: str, session: Session) -> QWidget:
    """The page with this key: "review", "register", "retention", "reports", "figure", "admin", "case" or "letter"."""
    return {
        "review": _review,
        "register": _register,
        "retention": _retention,
        "reports": _reports,
        "figure": _figure,
        "admin": _admin,
        "case": _case,
        "letter": _letter,
    }[key](session)


def _review(session: Session) -> QWidget:
    from desktop.ui.review.view import ReviewView

    return ReviewView(session)


def _register(session: Session) -> QWidget:
    from desktop.ui.register import RegisterView

    return RegisterView(session)


def _retention(session: Session) -> QWidget:
    from desktop.ui.retention import RetentionView

    return RetentionView(session)


def _reports(session: Session) -> QWidget:
    from desktop.ui.reports.view import ReportsPage

    return ReportsPage(session)


def _figure(session: Session) -> QWidget:
    from desktop.ui.reports.figure import FigureView

    return FigureView(session)


def _admin(session: Session) -> QWidget:
    from desktop.ui.admin.view import AdminPage

    return AdminPage(session)


def _case(session: Session) -> QWidget:
    from desktop.ui.case.view import CaseView

    return CaseView(session)


def _letter(session: Session) -> QWidget:
    from desktop.ui.letter.view import LetterView

    return LetterView(session)
