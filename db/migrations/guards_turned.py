"""Rules that the database keeps for destruction since revision 0040: a case stays while a request for information is
open that may be about its person, in whatever way the names were typed.
"""

from __future__ import annotations

from db.migrations import guards_beside
from db.migrations.conditions_0038 import open_beside as open_beside_0038
from db.migrations.conditions_0040 import open_beside


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    drop, create = guards_beside.statements()
    return drop, create.replace(open_beside_0038("OLD"), open_beside("OLD"))


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return guards_beside.statements()
