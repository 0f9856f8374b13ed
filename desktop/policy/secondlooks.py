"""Which decisions go to a second reviewer: a keyed hash says it, so nobody can steer it and the store can show it."""

from __future__ import annotations

import hmac

from db.records import Action

DRAWN_AMONG = frozenset({Action.APPROVE, Action.REFUSE, Action.REJECT})
"""The decisions of which a share is drawn, and what a second look can say."""


def drawn(secret: bytes, reference: str, number: int, percent: int) -> bool:
    """Whether the decision of this number in its case (1 for its first, of any kind) is drawn, where so many of a
    hundred are to be: by the first 8 bytes of HMAC-SHA256 over the reference and the number, as a part of the largest
    that they can be.

    The same always for the same secret; whoever has not got it cannot tell. What is drawn at a share is drawn at any
    larger one too: none at 0, and all at 100.
    """
    mark = int.from_bytes(hmac.digest(secret, f"{reference}\n{number}".encode(), "sha256")[:8])
    return mark * 100 < percent << 64
