"""What counts as new content of a case, as SQL, since revision 0025: also what a restore carried over.

What else keeps a case is as it was: see ``conditions_0016`` and ``conditions_0018``.
"""

from __future__ import annotations

from db.migrations import conditions_0016
from db.migrations.conditions_0016 import QUIET_DAYS

NEWS = "'collection', 'alteration', 'disclosure', 'combination', 'decision'"
"""The headings of entries that say of something new."""


def fresh(case: str, moment: str) -> str:
    """SQL: whether the case got something new in the quiet days before this moment.

    An entry that a restore carried over has what it was, and when, in its data; within that again where it was carried
    more than once. Those around it are of the heading "system".
    """
    when = f"date(json_extract(carried.data, part.path || '.at')) > date({moment}, '-{QUIET_DAYS} days')"
    return (
        f"({conditions_0016.fresh(case, moment)}"
        " OR EXISTS (SELECT 1 FROM journal AS carried, json_tree(carried.data) AS part"
        f" WHERE carried.case_id = {case}.id AND carried.action = 'carried'"
        f" AND part.key = 'heading' AND part.value IN ({NEWS}) AND {when}))"
    )
