"""Second looks: the share that is drawn, what was drawn, and what was said. SQLite alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from db.migrations.conditions_0030 import DECIDING, FACT, over, saw, worked
from db.people import fact, put_fact
from db.records import Action
from db.schema import decision
from db.schema_secondlooks import second_look, second_look_draw, second_look_share
from db.times import moment_text


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision that was drawn, as one person meets it."""

    decision_id: int
    case_id: int
    decided_at: datetime
    over: bool
    """Whether no second look is asked for any more."""
    looked: bool
    """Whether somebody took it."""
    worked: bool
    """Whether this person had a part in the case."""
    saw: bool
    """Whether this person opened the case since, and so knows what was decided."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A decision that might have been drawn, and whether it was."""

    reference: str
    number: int
    """Its place among the decisions of its case, from 1."""
    percent: int
    """The share that was set when it was made."""
    drawn: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions under one agreement were drawn, and stand so."""

    agreement_id: str
    standing: str
    """One of "agreed", "differed", "waiting" and "over"."""
    many: int


def secret_of(tx: Connection) -> bytes:
    """The secret that decisions are drawn by; b"" before a share was ever set."""
    return bytes.fromhex(fact(tx, FACT))


def keep_secret(tx: Connection, secret: bytes) -> None:
    """Keeps the secret, once for good."""
    put_fact(tx, FACT, secret.hex())


def percent_of(tx: Connection) -> int:
    """The share that is drawn now, of a hundred; 0 before one was ever set."""
    query = select(second_look_share.c.percent).order_by(second_look_share.c.id.desc()).limit(1)
    return int(tx.execute(query).scalar() or 0)


def add_share(tx: Connection, percent: int, by: int, at: datetime) -> None:
    """Sets the share for the decisions to come."""
    last = tx.execute(select(func.coalesce(func.max(decision.c.id), 0))).scalar_one()
    tx.execute(insert(second_look_share).values(percent=percent, after_decision=last, set_by=by, set_at=at))


def add_draw(tx: Connection, decision_id: int, case_id: int) -> None:
    """That a decision goes to a second look."""
    tx.execute(insert(second_look_draw).values(decision_id=decision_id, case_id=case_id))


def add_look(tx: Connection, found: Drawn, action: Action, by: int, at: datetime, reasons: str) -> None:
    """What a second person said. The database refuses one who had a part in the case or knows the decision."""
    values = {"decision_id": found.decision_id, "case_id": found.case_id, "action": action.value, "reasons": reasons}
    tx.execute(insert(second_look).values(looked_by=by, looked_at=at, **values))


_DRAWN = f"""
SELECT draw.decision_id, draw.case_id,
       (SELECT decided_at FROM decision WHERE id = draw.decision_id) AS decided_at,
       {over("draw.case_id", "draw.decision_id")} AS over,
       EXISTS (SELECT 1 FROM second_look WHERE second_look.decision_id = draw.decision_id) AS looked,
       {worked("draw.case_id", ":who")} AS worked, {saw("draw.case_id", "draw.decision_id", ":who")} AS saw
  FROM second_look_draw AS draw
"""


def drawn_one(tx: Connection, decision_id: int, who: int) -> Drawn | None:
    """A decision as a person meets it; None for one that was not drawn."""
    query = text(f"{_DRAWN} WHERE draw.decision_id = :decision")
    row = tx.execute(query, {"who": who, "decision": decision_id}).first()
    return None if row is None else _drawn(*row)


def waiting_for(tx: Connection, who: int, most: int = -1) -> tuple[Drawn, ...]:
    """The decisions that wait for a second look that this person may take, the oldest first: all, or so many."""
    # What most rows fall by comes first: of what was drawn over the years, nearly all was looked at.
    looked = "SELECT 1 FROM second_look WHERE second_look.decision_id = draw.decision_id"
    open_ = "NOT over AND NOT worked AND NOT saw"
    query = text(
        f"SELECT * FROM ({_DRAWN} WHERE NOT EXISTS ({looked})) AS found WHERE {open_} ORDER BY decision_id LIMIT :most"
    )
    return tuple(_drawn(*row) for row in tx.execute(query, {"who": who, "most": most}))


def blind_to(tx: Connection, who: int, case_ids: Collection[int]) -> dict[int, datetime]:
    """Those of these cases whose decision waits for a second look that this person may take, and when it was made."""
    looked = "SELECT 1 FROM second_look WHERE second_look.decision_id = draw.decision_id"
    ids = "SELECT value FROM json_each(:ids)"
    query = text(
        f"SELECT * FROM ({_DRAWN} WHERE draw.case_id IN ({ids}) AND NOT EXISTS ({looked})) AS found"
        " WHERE NOT over AND NOT worked AND NOT saw"
    )
    found = (_drawn(*row) for row in tx.execute(query, {"who": who, "ids": json.dumps(list(case_ids))}))
    return {one.case_id: one.decided_at for one in found}


def _drawn(decision_id: int, case_id: int, decided_at: str, *marks: int) -> Drawn:
    over, looked, worked, saw = (bool(one) for one in marks)
    return Drawn(decision_id, case_id, datetime.fromisoformat(decided_at), over, looked, worked, saw)


def draws(tx: Connection) -> Iterator[Draw]:
    """Every decision since a share was first set that might have been drawn, and every one that was."""
    if tx.execute(text("SELECT 1 FROM second_look_share UNION ALL SELECT 1 FROM second_look_draw")).first() is None:
        # Most desks never set a share, and need not read every decision to know.
        return
    query = f"""
SELECT cases.reference,
       (SELECT COUNT(*) FROM decision AS before WHERE before.case_id = decision.case_id AND before.id <= decision.id),
       COALESCE((SELECT percent FROM second_look_share AS share WHERE share.after_decision < decision.id
                  ORDER BY share.id DESC LIMIT 1), 0),
       draw.decision_id IS NOT NULL
  FROM decision JOIN cases ON cases.id = decision.case_id
  LEFT JOIN second_look_draw AS draw ON draw.decision_id = decision.id
 WHERE draw.decision_id IS NOT NULL
    OR (decision.id > (SELECT MIN(after_decision) FROM second_look_share) AND decision.action IN {DECIDING})
 ORDER BY decision.id
"""
    for reference, number, percent, drawn in tx.execute(text(query)):
        yield Draw(reference, number, percent, bool(drawn))


def tallies(tx: Connection, since: datetime, until: datetime) -> tuple[Tally, ...]:
    """The decisions of a time that were drawn, counted; ``until`` is the first moment that is too late."""
    query = f"""
SELECT agreement_id, standing, COUNT(*) FROM (
    SELECT cases.agreement_id,
           CASE WHEN look.action = decision.action THEN 'agreed' WHEN look.action IS NOT NULL THEN 'differed'
                WHEN {over("draw.case_id", "draw.decision_id")} THEN 'over' ELSE 'waiting' END AS standing
      FROM second_look_draw AS draw JOIN decision ON decision.id = draw.decision_id
      JOIN cases ON cases.id = draw.case_id LEFT JOIN second_look AS look ON look.decision_id = draw.decision_id
     WHERE decision.decided_at >= :since AND decision.decided_at < :until) AS found
 GROUP BY agreement_id, standing ORDER BY agreement_id, standing
"""
    values = {"since": moment_text(since), "until": moment_text(until)}
    return tuple(Tally(*row) for row in tx.execute(text(query), values))
