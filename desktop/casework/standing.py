"""How timers stand by what people decided, for those who see retention."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, cast

from db import standing
from desktop.casework.desk import Desk, need_role
from desktop.casework.disposal import SEES

Standing = Literal["held", "proposed", "retained"]


def standings(desk: Desk, ids: Collection[int]) -> Mapping[int, Standing]:
    """Which of these cases are on hold, on a run that waits, or kept longer; a case on hold counts as that alone."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        return cast("dict[int, Standing]", standing.standings(tx, ids))
