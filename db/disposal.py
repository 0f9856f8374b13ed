"""Cases that are due to go: what keeps them, and the runs in which they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text

from db.migrations.conditions_0025 import fresh
from db.migrations.conditions_0032 import due_of, timers
from db.migrations.conditions_0043 import open_beside
from db.migrations.conditions_0044 import held
from db.records import Outcome, State
from db.schema import cases, user
from db.schema_disposal import (
    destruction_certificate,
    disposal_item,
    disposal_result,
    disposal_run,
    disposal_transfer,
    disposal_verdict,
    transfer_package,
)
from db.timers import COULD_BE_DUE
from db.times import moment_text

_ON_RUN = (
    "EXISTS (SELECT 1 FROM disposal_item AS item LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = item.run_id"
    " WHERE item.case_id = cases.id AND COALESCE(verdict.approved, 1) AND NOT EXISTS (SELECT 1 FROM disposal_result"
    " WHERE disposal_result.run_id = item.run_id AND disposal_result.case_id = cases.id))"
)
_AUTHOR = "EXISTS (SELECT 1 FROM case_author WHERE case_author.case_id = cases.id AND user_id = :who)"
_KEPT_BY = text(f"""
SELECT {held("cases")} AS held, {open_beside("cases")} AS beside, {fresh("cases", ":moment")} AS fresh,
       {_AUTHOR} AS author, {due_of("cases.id")} AS due_on, state
  FROM cases WHERE id = :case_id
""")
_DUE = f"""
SELECT cases.id, cases.reference, cases.agreement_id, cases.outcome, cases.closed_on, cases.version,
       timer.due_on, timer.rule,
       {held("cases")} AS held, {open_beside("cases")} AS beside, {fresh("cases", ":moment")} AS fresh,
       {_ON_RUN} AS on_run, {_AUTHOR} AS author
  FROM ({timers(COULD_BE_DUE)}) AS timer
  JOIN cases ON cases.id = timer.case_id
 WHERE cases.state IN ('issued', 'withdrawn') AND timer.due_on <= :on
 ORDER BY timer.due_on, cases.id LIMIT :most
"""
KEEPERS = ("held", "beside", "fresh", "author")
"""What can keep a case from being destroyed by somebody, as the lists name it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed case whose date has come, what keeps it (names of ``KEEPERS``), and whether it is on a run."""

    case_id: int
    reference: str
    agreement_id: str
    outcome: Outcome
    closed_on: date | None
    due_on: date
    rule: str
    kept_by: tuple[str, ...]
    on_run: bool

    @property
    def against(self) -> tuple[str, ...]:
        """Why it can be put on no run now: what keeps it, and "on_run"; none where it can."""
        return (*self.kept_by, *(("on_run",) if self.on_run else ()))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another records officer said to a run."""

    approved: bool
    reasons: str
    by_id: int
    by: str
    at: datetime
    not_before: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run, how far it is, and its certificate's number once it is done."""

    id: int
    because: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    verdict: Verdict | None
    total: int
    destroyed: int
    kept: int
    certificate: int | None
    transfer_to: str
    """To whom its cases are handed over before they go; "" for a run that only destroys."""
    done_by: str
    """Who carried it out, so far; "" for nobody."""


@dataclass(frozen=True, slots=True)
class RunItem:
    """A case of a run: what it was, and what became of it; ``destroyed`` is None while nothing did."""

    case_id: int
    reference: str
    agreement_id: str
    agreement_version: int
    outcome: Outcome
    received_on: date | None
    closed_on: date | None
    due_on: date
    rule: str
    destroyed: bool | None
    why: str
    done_at: datetime | None
    done_by: str
    package: str
    """The SHA-256 of the sealed package in which it was handed over; "" for none."""


def candidates(tx: Connection, on: date, at: datetime, who: int, most: int = 10_000) -> tuple[Candidate, ...]:
    """The closed cases whose date has come by this day, the longest due first. ``who``: whose run it would be."""
    rows = tx.execute(text(_DUE), {"on": on.isoformat(), "moment": moment_text(at), "who": who, "most": most})
    return tuple(
        Candidate(
            row.id,
            row.reference,
            row.agreement_id,
            Outcome(row.outcome),
            _day(row.closed_on),
            date.fromisoformat(row.due_on),
            row.rule,
            tuple(name for name in KEEPERS if getattr(row, name)),
            bool(row.on_run),
        )
        for row in rows
    )


def kept_by(tx: Connection, case_id: int, on: date, at: datetime, who: int) -> tuple[str, ...]:
    """What keeps one case from being destroyed: names of ``KEEPERS``, "early" or "state"."""
    row = tx.execute(_KEPT_BY, {"case_id": case_id, "moment": moment_text(at), "who": who}).one()
    found = [name for name in KEEPERS if getattr(row, name)]
    if row.due_on is None or date.fromisoformat(row.due_on) > on:
        found.append("early")
    if row.state not in (State.ISSUED.value, State.WITHDRAWN.value):
        found.append("state")
    return tuple(found)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def beside_run(tx: Connection, run_id: int) -> tuple[int, ...]:
    """The cases of a run that are not destroyed, and the open requests for information, which may keep some of them."""
    query = (
        "SELECT case_id FROM disposal_item JOIN cases ON id = case_id WHERE run_id = :run AND state <> 'destroyed'"
        " UNION SELECT id FROM cases WHERE kind = 'information' AND state NOT IN ('issued', 'withdrawn', 'destroyed')"
    )
    return tuple(tx.execute(text(query), {"run": run_id}).scalars())


# Runs


def add_run(tx: Connection, values: Mapping[str, Any], items: Iterable[Candidate]) -> None:
    """A proposed run under its number, with its cases. RuleKept where the journal does not say it right before."""
    tx.execute(insert(disposal_run).values(**values))
    rows = [{"run_id": values["id"], "case_id": one.case_id, "due_on": one.due_on, "rule": one.rule} for one in items]
    tx.execute(insert(disposal_item), rows)


def add_transfer(tx: Connection, run_id: int, recipient: str) -> None:
    """That a run hands its cases over, and to whom."""
    tx.execute(insert(disposal_transfer).values(run_id=run_id, recipient=recipient))


def add_package(tx: Connection, values: Mapping[str, Any]) -> None:
    """The package of a case, written and read back."""
    tx.execute(insert(transfer_package).values(**values))


def add_verdict(tx: Connection, values: Mapping[str, Any]) -> None:
    """What another says to a run. The database refuses whoever proposed it."""
    tx.execute(insert(disposal_verdict).values(**values))


_ADD_RESULT = insert(disposal_result)
_HAS_RESULT = select(1).where(
    disposal_result.c.run_id == bindparam("run"), disposal_result.c.case_id == bindparam("of_case")
)


def add_result(tx: Connection, values: Mapping[str, Any]) -> None:
    """What became of a case of an approved run."""
    tx.execute(_ADD_RESULT, values)


def has_result(tx: Connection, run_id: int, case_id: int) -> bool:
    """Whether it is known what became of a case of a run."""
    return tx.execute(_HAS_RESULT, {"run": run_id, "of_case": case_id}).first() is not None


def add_certificate(tx: Connection, values: Mapping[str, Any]) -> None:
    """The certificate of a run that is done."""
    tx.execute(insert(destruction_certificate).values(**values))


def certified_runs(tx: Connection) -> tuple[int, ...]:
    """The numbers of the runs that have a certificate."""
    return tuple(tx.execute(select(destruction_certificate.c.run_id)).scalars())


def certificate(tx: Connection, run_id: int) -> tuple[int, str, bytes] | None:
    """A run's certificate: its number, its content as JSON and its page; None before there is one."""
    query = select(destruction_certificate).where(destruction_certificate.c.run_id == run_id)
    row = tx.execute(query).first()
    return (row.number, row.content, row.pdf) if row else None


_RUNS = """
SELECT disposal_run.id, because, proposed_by, proposed_at, proposer.name AS proposer, verdict.approved,
       verdict.reasons, verdict.decided_by, verdict.decided_at, verdict.not_before, decider.name AS decider,
       (SELECT COUNT(*) FROM disposal_item WHERE run_id = disposal_run.id) AS total,
       (SELECT COUNT(*) FROM disposal_result WHERE run_id = disposal_run.id AND destroyed) AS destroyed,
       (SELECT COUNT(*) FROM disposal_result WHERE run_id = disposal_run.id AND NOT destroyed) AS kept,
       (SELECT number FROM destruction_certificate WHERE run_id = disposal_run.id) AS certificate,
       (SELECT recipient FROM disposal_transfer WHERE run_id = disposal_run.id) AS transfer_to,
       (SELECT group_concat(name, ', ') FROM (SELECT DISTINCT name FROM disposal_result JOIN user ON user.id = done_by
         WHERE run_id = disposal_run.id AND destroyed)) AS done_by
  FROM disposal_run JOIN user AS proposer ON proposer.id = proposed_by
  LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = disposal_run.id
  LEFT JOIN user AS decider ON decider.id = verdict.decided_by
"""


def runs(tx: Connection) -> tuple[Run, ...]:
    """Every run, the latest first."""
    return tuple(_run(row) for row in tx.execute(text(f"{_RUNS} ORDER BY disposal_run.id DESC")))


def open_runs(tx: Connection) -> tuple[Run, ...]:
    """The runs that have no certificate yet, the latest first: what others were is not counted for it."""
    done = "SELECT 1 FROM destruction_certificate AS made WHERE made.run_id = disposal_run.id"
    rows = tx.execute(text(f"{_RUNS} WHERE NOT EXISTS ({done}) ORDER BY disposal_run.id DESC"))
    return tuple(_run(row) for row in rows)


def run(tx: Connection, run_id: int) -> Run | None:
    """One run; None where there is none of that number."""
    row = tx.execute(text(f"{_RUNS} WHERE disposal_run.id = :id"), {"id": run_id}).first()
    return _run(row) if row else None


def run_of(tx: Connection, case_id: int) -> Run | None:
    """The run that a case is on, which was not turned down and of which the case has no result yet; None for none."""
    latest = "(SELECT MAX(run_id) FROM disposal_item WHERE case_id = :id)"
    query = f"{_RUNS} WHERE disposal_run.id = {latest} AND EXISTS (SELECT 1 FROM cases WHERE id = :id AND {_ON_RUN})"
    row = tx.execute(text(query), {"id": case_id}).first()
    return _run(row) if row else None


def _run(row: Any) -> Run:
    verdict = None
    if row.approved is not None:
        at = datetime.fromisoformat(row.decided_at)
        verdict = Verdict(bool(row.approved), row.reasons, row.decided_by, row.decider, at, _day(row.not_before))
    return Run(
        row.id,
        row.because,
        row.proposed_by,
        row.proposer,
        datetime.fromisoformat(row.proposed_at),
        verdict,
        row.total,
        row.destroyed,
        row.kept,
        row.certificate,
        row.transfer_to or "",
        row.done_by or "",
    )


def items(tx: Connection, run_id: int) -> tuple[RunItem, ...]:
    """The cases of a run, in the order of their dates."""
    result = disposal_result.alias()
    query = (
        select(
            cases.c.reference, cases.c.agreement_id, cases.c.agreement_version, cases.c.outcome, cases.c.received_on,
            cases.c.closed_on, disposal_item, result.c.destroyed, result.c.why, result.c.done_at, user.c.name,
            transfer_package.c.sha256,
        )
        .join_from(disposal_item, cases, cases.c.id == disposal_item.c.case_id)
        .join(
            result,
            (result.c.run_id == disposal_item.c.run_id) & (result.c.case_id == disposal_item.c.case_id),
            isouter=True,
        )
        .join(user, user.c.id == result.c.done_by, isouter=True)
        .join(
            transfer_package,
            (transfer_package.c.run_id == disposal_item.c.run_id)
            & (transfer_package.c.case_id == disposal_item.c.case_id),
            isouter=True,
        )
        .where(disposal_item.c.run_id == run_id)
        .order_by(disposal_item.c.due_on, disposal_item.c.case_id)
    )  # fmt: skip
    return tuple(
        RunItem(
            row.case_id,
            row.reference,
            row.agreement_id,
            row.agreement_version,
            Outcome(row.outcome),
            row.received_on,
            row.closed_on,
            row.due_on,
            row.rule,
            row.destroyed,
            row.why or "",
            row.done_at,
            row.name or "",
            row.sha256 or "",
        )
        for row in tx.execute(query)
    )


def password_given_since(tx: Connection, action: str, about: tuple[str, int], user_id: int) -> bool:
    """Whether an administrator made an account, or set its password, after the journal's `action` about ("run", 3)."""
    query = (
        "SELECT 1 FROM journal WHERE action IN ('add_user', 'reset_password') AND data ->> 'user' = :user AND seq >"
        " (SELECT MAX(seq) FROM journal WHERE action = :action AND data ->> :what = :which)"
    )
    values = {"user": user_id, "action": action, "what": about[0], "which": about[1]}
    return tx.execute(text(query), values).first() is not None
