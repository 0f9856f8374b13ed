"""What of a run would stay if it were carried out now, and why: said before anybody confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import disposal
from db.records import Role
from db.store import Tx
from desktop.casework.desk import Desk, need_role
from desktop.policy.disposal import KEPT_WORDS


@dataclass(frozen=True, slots=True)
class Staying:
    """A case of a run that something keeps by now, and what, in sentences."""

    reference: str
    why: str


def would_stay(desk: Desk, run_id: int) -> tuple[Staying, ...]:
    """Of the cases of a run that have no result yet, those that would stay if the signed-in person carried it out."""
    need_role(desk, Role.RECORDS_OFFICER)
    now = desk.clock()
    with desk.store.read() as tx:
        pending = [item for item in disposal.items(tx, run_id) if item.destroyed is None]
        found = [Staying(item.reference, why_kept(tx, desk, item.case_id, now)) for item in pending]
    return tuple(one for one in found if one.why)


def why_kept(tx: Tx, desk: Desk, case_id: int, now: datetime) -> str:
    """Why a run does not destroy a case now, in sentences; "" where nothing keeps it."""
    # Whoever reads it on the certificate is another "you".
    words = {**KEPT_WORDS, "author": f"{desk.user.name} worked on it, so somebody else destroys it."}
    return " ".join(words[name] for name in disposal.kept_by(tx, case_id, desk.today(), now, desk.user.id))
