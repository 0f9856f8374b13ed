"""Rules that the database keeps for destruction since revision 0038: a case stays while a request for information is
open that may be about its person by name.
"""

from __future__ import annotations

from db.migrations import guards_disposal
from db.migrations.conditions_0016 import open_beside as open_beside_0016
from db.migrations.conditions_0038 import open_beside

_NAME = "cases_beside"


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return f"DROP TRIGGER {_NAME}", _earlier().replace(open_beside_0016("OLD"), open_beside("OLD"))


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return f"DROP TRIGGER {_NAME}", _earlier()


def _earlier() -> str:
    (found,) = (one for one in guards_disposal.statements() if one.startswith(f"CREATE TRIGGER {_NAME} "))
    return found
