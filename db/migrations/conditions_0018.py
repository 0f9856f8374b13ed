"""Which cases a hold stands over, as SQL, since revision 0018: bodies are compared as ``db.engine.folded`` has them.

What else keeps a case is as it was: see ``conditions_0016``.
"""

from __future__ import annotations

from db.migrations import conditions_0016


def held(case: str) -> str:
    """SQL: whether a hold stands over the case that the alias names."""
    return f"EXISTS (SELECT 1 FROM hold WHERE {stands_over(case)})"


def stands_over(case: str) -> str:
    """SQL: whether the ``hold`` of the row stands over the case that the alias names."""
    ascii_only = f"lower(trim(hold.requester)) = lower(trim({case}.requester))"
    return conditions_0016.stands_over(case).replace(ascii_only, f"folded(hold.requester) = folded({case}.requester)")
