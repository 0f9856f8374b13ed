"""The agreements of before that cases are pinned to, read once each."""

from __future__ import annotations

from functools import lru_cache

from desktop.policy.agreements import Agreement, decode


@lru_cache(maxsize=32)
def decoded(text: str, agreement_id: str) -> Agreement:
    """An agreement of before, which My work asks about again and again: reading one takes some 10 ms."""
    return decode(text, agreement_id, kept=True)
