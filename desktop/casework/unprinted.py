"""Characters that no letter of the desk can print: where they come from, and what to do about them."""

from __future__ import annotations

from dataclasses import replace

from desktop.letters.facts import LetterError, LetterFacts
from desktop.letters.words import why_not_in_welsh

PLAIN = "x"
"""Stands for a text that is not being looked at."""


def why_unprinted(facts: LetterFacts) -> tuple[str, ...]:
    """What keeps a letter of these facts from being printed, and what to do: a sentence or two each. Nothing where it
    can be printed.
    """
    from desktop.letters.pages import missing_glyphs, why_missing

    if facts.in_welsh and why_not_in_welsh(facts):
        # It goes in English alone, and says so where it is previewed.
        facts = replace(facts, in_welsh=False)
    try:
        missing = missing_glyphs(facts)
        if not missing:
            return ()
        own = set(missing_glyphs(_without_theirs(_without_ours(facts))))
        ours = [one for one in missing_glyphs(_without_theirs(facts)) if one not in own]
        theirs = [one for one in missing_glyphs(_without_ours(facts)) if one not in own]
    except LetterError as error:
        return (error.message,)
    said: list[str] = []
    if ours:
        said += why_missing(ours, todo="It stands in our record: change the outcome to a spelling that it can print.")
    if theirs:
        todo = "It stands in the requester’s form: ask them for a spelling that it can print."
        said += why_missing(theirs, todo=todo)
    if own:
        said += why_missing(
            [one for one in missing if one in own], todo="It stands in the desk’s own words or details."
        )
    return tuple(said)


def _without_ours(facts: LetterFacts) -> LetterFacts:
    """With nothing of what our records say; in English, for what stands in its place has no Welsh."""
    items = tuple(replace(one, value=PLAIN, recorded_on=PLAIN) for one in facts.items)
    return replace(facts, items=items, status_answer=PLAIN if facts.status_answer else "", in_welsh=False)


def _without_theirs(facts: LetterFacts) -> LetterFacts:
    """With nothing of what the requester's form says; in English, as above."""
    return replace(
        facts,
        in_welsh=False,
        recipient=(PLAIN,),
        their_reference=PLAIN,
        salutation=PLAIN,
        person=PLAIN if facts.person else "",
    )
