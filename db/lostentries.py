"""Entries of a journal that were lost with a damaged page, written again from the rows that tell the same: what a
restore carried over is never without an entry. SQLite alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, text

from db.health import unmade_accounts
from db.journal import append_each
from db.records import Heading, Json
from db.said import JOURNALLED, JOURNALLED_OF_NO_CASE, OF_EITHER, ROWS, SAME_PERSON, SAYS, entries_of, said_of

_SAYS = {
    "disposal_run": "'propose_run'",
    "destruction_certificate": "'certify_run'",
    "transfer_package": "'hand_over'",
    "hold": "'place_hold'",
    "relation_end": "'unlink'",
    "retention_event": "CASE \"trigger\" WHEN 'debt_settled' THEN 'settle' ELSE 'issue' END",
    **{
        table: SAYS[table]
        for table in ("disposal_verdict", "disposal_result", "relation", "hold_step", "retention_change", "link")
    },
}
"""What the entry of a row says that was done, in SQL, for each table whose rows a restore takes over."""
_MORE = {
    "disposal_run": "json_object('cases', (SELECT json_group_array(reference) FROM disposal_item JOIN cases ON"
    " cases.id = disposal_item.case_id WHERE run_id = disposal_run.id))",
    "disposal_verdict": "json_object('not_before', not_before)",
    "link": "json_object('other', (SELECT reference FROM cases WHERE id = other_id))",
    **dict.fromkeys(("destruction_certificate", "transfer_package"), "json_object('sha256', sha256)"),
}
"""What else it says, as JSON."""
_NONE = "'{}'"


def write_lost(tx: Connection, at: datetime) -> int:
    """Writes an entry for each account and each row of these tables that has none; returns how many. Each says what its
    row does: who, when, of which case, run or hold. Where it stood in the journal nobody can tell.
    """
    lost: list[tuple[int | None, Mapping[str, Json]]] = []
    of_cases = (*JOURNALLED.values(), SAME_PERSON)
    for table, verb, actions, number in (*of_cases, *JOURNALLED_OF_NO_CASE.values()):
        if table not in _SAYS:
            continue
        of_case = (table, verb, actions, number) in of_cases
        same = f" AND {OF_EITHER.get(table, f'entry.case_id = {table}.case_id')}" if of_case else ""
        query = (
            f"SELECT {_SAYS[table]} AS action, {verb}_by AS who, {verb}_at AS moment, {number or 'NULL'} AS number,"
            f" {'case_id' if of_case or table == 'hold' else 'NULL'} AS case_id, {_MORE.get(table, _NONE)} AS more"
            f" FROM {ROWS.get(table, table)} AS {table} WHERE NOT EXISTS"
            f" (SELECT 1 FROM journal AS entry WHERE {entries_of(actions)} AND {said_of(table, verb, number)}{same})"
        )
        for row in tx.execute(text(query)).fetchall():
            of: dict[str, Json] = {"hold" if "hold" in table else "run": row.number} if number else {}
            data: dict[str, Json] = {**of, **json.loads(row.more)}
            said: dict[str, Json] = {"action": row.action, "heading": Heading.ERASURE.value, "data": data}
            lost.append((row.case_id, {**said, "at": row.moment, "actor": row.who, "case": row.case_id}))
    if lost:
        append_each(tx, lost, at=at, actor_id=None, action="carried", heading=Heading.SYSTEM)
    made: list[tuple[int | None, Mapping[str, Json]]] = [
        (None, {"user": row.id, "role": row.role, "by": "store"}) for row in unmade_accounts(tx)
    ]
    if made:
        append_each(tx, made, at=at, actor_id=None, action="add_user", heading=Heading.SYSTEM)
    return len(lost) + len(made)
