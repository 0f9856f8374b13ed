"""Rules that the database keeps for destruction since revision 0043: what they were, asked in a way that takes as long
among a hundred thousand links as among ten.
"""

from __future__ import annotations

from db.migrations import guards_turned
from db.migrations.conditions_0040 import open_beside as open_beside_0040
from db.migrations.conditions_0043 import open_beside


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    drop, create = guards_turned.statements()
    return drop, create.replace(open_beside_0040("OLD"), open_beside("OLD"))


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return guards_turned.statements()
