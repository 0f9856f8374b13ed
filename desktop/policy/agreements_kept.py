"""Texts of agreements that a store keeps from before: what files must say since then is filled in, and nothing else.

A case stays with the text of the day on which it was received, so every text that the desk ever took has to be read for
as long as its cases are.
"""

from __future__ import annotations

from typing import Any

from desktop.policy.agreements_countchecks import ENDS, FOUND


def brought_up(raw: dict[str, Any]) -> dict[str, Any]:
    """The table of a kept text as a file of today has it. What is not as expected is left for the decoder to name."""
    try:
        return _filled(raw)
    except (AttributeError, KeyError, TypeError):
        return raw


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    criteria = [_without_words(one) for one in raw["criteria"]]
    refusing = [
        one["id"] for one in criteria if one["leads"] == "refuse" and one["refusal"] and not one.get("versions")
    ]
    by_name = [one for one in refusing if one in ("proportion", "withheld")]
    found = {**raw, "criteria": criteria}
    # Of before there was one paragraph for a refusal for someone's safety alone, by which it could be told.
    found.setdefault("borrowed_refusal", (by_name or refusing)[-1])
    found.setdefault("statistics", _uncounted(raw))
    found["retention"] = {"record": raw["title"], "authority": "Not said in this text", **raw["retention"]}
    return found


def _without_words(criterion: dict[str, Any]) -> dict[str, Any]:
    """A criterion whose tests had lists of clinical words of their own, with the list that took their place."""
    tests = criterion.get("tests", [])
    kept = [one for one in tests if one.get("kind") != "never_says"]
    if len(kept) == len(tests):
        return criterion
    return {**criterion, "tests": kept, "never_says": "clinical"}


def _uncounted(raw: dict[str, Any]) -> dict[str, Any]:
    """A statistics line for a text that has none: figures come from the agreement of today, never from this."""
    ends = [*ENDS, *([one["id"] for one in raw.get("answers", [])] or FOUND)]
    return {
        "table": raw["title"],
        "source": "Not said in this text",
        "columns": {one["id"]: one["title"] for one in raw["requesters"]},
        "rows": [{"title": "Every request", "counts": ends}],
    }
