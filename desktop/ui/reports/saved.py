"""Saved reports: what the chip of them says and does."""

from __future__ import annotations

from operator import eq
from typing import Final

from desktop.casework.desk import Desk
from desktop.casework.savedreports import (
    GONE,
    SaveReport,
    delete_report,
    rename_report,
    save_report,
    saved_reports,
)
from desktop.policy.savedreports import WantedReport
from desktop.ui.savedviews import Sort


def _why_not(_desk: Desk, _wanted: WantedReport) -> str:
    """Whatever can be counted can be saved."""
    return ""


def _save(desk: Desk, name: str, wanted: WantedReport, everyones: bool) -> int:
    return save_report(desk, SaveReport(name=name, wanted=wanted, everyones=everyones))


REPORTS: Final = Sort(
    one="report",
    these="this report",
    none="Save one of the Reports page to have it here.",
    gone=GONE,
    nothing="It is asked for nothing that could be saved.",
    words=lambda wanted: wanted.said,
    same=eq,
    saved=saved_reports,
    why_not=_why_not,
    save=_save,
    rename=rename_report,
    delete=delete_report,
)
