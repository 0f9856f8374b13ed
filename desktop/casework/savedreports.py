"""Reports under a name, to be counted again: one's own, and those that an administrator saves for everyone."""

from __future__ import annotations

from dataclasses import dataclass

from db.records_views import ViewKind
from db.store import Tx
from desktop.casework import savedviews
from desktop.casework.desk import Desk, Refused, changing
from desktop.casework.reporting import known_agreements
from desktop.casework.savedviews import RenameView, Saved
from desktop.policy.savedreports import WantedReport, decoded, encoded

_KIND = ViewKind.REPORT
GONE = "No agreement counts in its table any more."
"""Why a saved report can be counted no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReport:
    """A report to save under a name, for oneself or for everyone."""

    name: str
    wanted: WantedReport
    everyones: bool = False


def saved_reports(desk: Desk) -> tuple[Saved[WantedReport], ...]:
    """This person's saved reports by name, then those of everyone. One of a table in which no agreement counts any more
    shows nothing.
    """
    today = desk.today()
    with desk.store.read() as tx:
        tables = _tables(desk, tx)
        return savedviews.listed(desk, tx, _KIND, lambda choices: decoded(choices, today, tables))


def saved_report(desk: Desk, name: str) -> WantedReport:
    """What is saved under a name, of one's own before everyone's. Raises Refused where it cannot be counted."""
    key = savedviews.name_key(name)
    found = next((one for one in saved_reports(desk) if savedviews.name_key(one.name) == key), None)
    if found is None:
        raise Refused("There is no saved report of this name.")
    if found.wanted is None:
        raise Refused(GONE)
    return found.wanted


def save_report(desk: Desk, command: SaveReport) -> int:
    """Saves a report; returns its number. Raises Refused for a table that there is not, Invalid beside "name"."""
    wanted = command.wanted
    with changing(desk) as tx:
        if wanted.table and wanted.table not in _tables(desk, tx):
            raise Refused(GONE)
        return savedviews.add(desk, tx, _KIND, command.name, command.everyones, "", encoded(wanted))


def rename_report(desk: Desk, command: RenameView) -> None:
    """Gives a saved report another name. Raises Invalid beside "name", or Refused."""
    with changing(desk) as tx:
        savedviews.rename(desk, tx, _KIND, command)


def delete_report(desk: Desk, report_id: int) -> None:
    """Takes a saved report away. Raises Refused."""
    with changing(desk) as tx:
        savedviews.delete(desk, tx, _KIND, report_id)


def _tables(desk: Desk, tx: Tx) -> frozenset[str]:
    """The titles of the tables in which agreements count."""
    return frozenset(agreement.statistics.table for agreement in known_agreements(desk, tx).values())
