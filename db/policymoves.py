"""What befell the agreements, and which open cases stand under one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from db.caserows import case_row, case_rows
from db.records import CaseRow, State
from db.schema import agreement_text, cases, user
from db.schema_policy import policy_change

_OPEN = [one.value for one in State if one not in (State.ISSUED, State.WITHDRAWN, State.DESTROYED)]


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One thing that befell an agreement."""

    id: int
    agreement_id: str
    kind: str
    takes_effect: date
    because: str
    decided_by: str
    decided_at: datetime


def add_change(tx: Connection, values: Mapping[str, Any]) -> None:
    """Writes a change under its number. RuleKept where the journal does not say it right before."""
    tx.execute(insert(policy_change).values(**values))


def changes(tx: Connection) -> tuple[PolicyChange, ...]:
    """Every change, the latest first."""
    query = (
        select(policy_change, user.c.name)
        .join_from(policy_change, user, user.c.id == policy_change.c.decided_by)
        .order_by(policy_change.c.id.desc())
    )
    return tuple(
        PolicyChange(row.id, row.agreement_id, row.kind, row.takes_effect, row.because, row.name, row.decided_at)
        for row in tx.execute(query)
    )


_TEXTS_SINCE = (
    select(policy_change.c.id, policy_change.c.agreement_id, agreement_text.c.text)
    .join_from(policy_change, agreement_text, agreement_text.c.hash == policy_change.c.agreement_hash)
    .where(
        policy_change.c.id.in_(
            select(func.max(policy_change.c.id))
            .where(policy_change.c.id > bindparam("last"))
            .group_by(policy_change.c.agreement_id)
        )
    )
    .order_by(policy_change.c.id)
)


def texts_since(tx: Connection, last: int) -> list[tuple[int, str, str]]:
    """The newest text of each agreement that changed after the change `last`: (change, agreement, text)."""
    return [(int(row[0]), str(row[1]), str(row[2])) for row in tx.execute(_TEXTS_SINCE, {"last": last})]


def open_under(tx: Connection, agreement_id: str, but_hash: str = "") -> tuple[CaseRow, ...]:
    """Open cases of an agreement in the order of their references; those pinned to another text than `but_hash`."""
    query = (
        case_rows()
        .where(cases.c.agreement_id == agreement_id, cases.c.state.in_(_OPEN), cases.c.agreement_hash != but_hash)
        .order_by(cases.c.id)
    )
    return tuple(case_row(row) for row in tx.execute(query))


def pinned_in(tx: Connection, ids: Collection[int]) -> dict[int, str]:
    """The hash of the text that each of these cases is pinned to."""
    query = select(cases.c.id, cases.c.agreement_hash).where(cases.c.id.in_(ids))
    return {row.id: row.agreement_hash for row in tx.execute(query)}
