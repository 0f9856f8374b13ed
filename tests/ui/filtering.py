"""Saved filters of the register, and what they are shown in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from db.records import Outcome
from db.records_views import RegisterFilter
from desktop.casework.savedfilters import SaveFilter, save_filter, saved_filters
from desktop.ui.savedfilters import filters
from desktop.ui.savedviews import SavedViewsDialog
from desktop.ui.session import Session
from tests.fixtures import Office


def many_filters(office: Office, session: Session) -> Callable[[QWidget], SavedViewsDialog[RegisterFilter]]:
    """The dialog of a dozen saved filters with long names."""
    wanted = RegisterFilter(open_only=True, agreement_id="law-enforcement-tracing", outcome=Outcome.MORE_THAN_ONE)
    for at in range(12):
        save_filter(office.caseworker, SaveFilter(name=f"one of twelve with a long name, {at}", wanted=wanted))
    saved = saved_filters(office.caseworker)
    said = "State: Open, Agreement: Law enforcement tracing, Outcome: More than one possible"
    return lambda owner: SavedViewsDialog(session, owner, saved, filters(lambda _wanted: said))
