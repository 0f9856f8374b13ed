"""A mistake in a letter's text is named by file and key."""

from __future__ import annotations

import pytest

from desktop.letters.templates import TemplateError, decode

ALLOWED = frozenset({"received", "reference", "how_to_ask"})
GOOD = """
title = "We have looked"
ending = "End of letter"
[[section]]
heading = "Why"
[[section.part]]
text = "You wrote on {received}."
[[section.part]]
bullet = "{how_to_ask}"
each = "how_to_ask"
"""


def test_a_text_is_read_in_its_order() -> None:
    template = decode(GOOD, "good.toml", ALLOWED)
    assert [(part.role, part.text) for part in template.sections[0].parts] == [
        ("text", "You wrote on {received}."),
        ("bullet", "{how_to_ask}"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("{received}", "{recieved}", "section[1].part[1].text", "no merge field {recieved}"),
        ("{received}", "{}", "section[1].part[1].text", "no merge field {}"),
        ("{received}", "{received", "section[1].part[1].text", "without its partner"),
        ("{received}", "received}", "section[1].part[1].text", "without its partner"),
        ('ending = "End of letter"', "", "ending", "missing"),
        ('title = "We have looked"', 'title = " "', "title", "missing"),
        ('title = "We have looked"', "title = 3", "title", "must be text"),
        ('heading = "Why"', 'headding = "Why"', "section[1].headding", "not a key"),
        ('each = "how_to_ask"', 'each = "received"', "section[1].part[2].each", "must be one of"),
        ('each = "how_to_ask"', 'protected = "yes"', "section[1].part[2].protected", "true or false"),
        ('each = "how_to_ask"', 'text = "x"', "section[1].part[2]", "exactly one"),
        ('bullet = "{how_to_ask}"', 'table = "items"', "section[1].part[2].columns", "do not fit"),
        ('bullet = "{how_to_ask}"', 'table = "other"\ncolumns = ["a"]', "section[1].part[2].columns", "do not fit"),
        ("[[section.part]]", "[[section.parts]]", "section[1].part", "one or more"),
        ('title = "We', 'never_says = [1]\ntitle = "We', "never_says", "list of texts"),
        ('title = "We', "title = ", "(the file)", "line 2"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, key: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(TemplateError) as caught:
        decode(GOOD.replace(old, new), "mine.toml", ALLOWED)
    assert (caught.value.file, caught.value.key) == ("mine.toml", key)
    assert message in caught.value.message


def test_what_protects_a_person_cannot_be_taken_out() -> None:
    whole = (
        GOOD
        + """
[[section]]
[[section.part]]
text = "Give {reference}."
protected = true
[[section]]
heading = "Your right to a review"
after_sign_off = true
[[section.part]]
text = "Write to us."
protected = true
"""
    )
    decode(whole, "refusal.toml", ALLOWED)
    for without in (
        whole.replace("{reference}", "it"),
        whole.replace('{reference}."\nprotected = true', '{reference}."'),
        whole.replace('to us."\nprotected = true', 'to us."'),
        whole.replace("after_sign_off = true\n", ""),
    ):
        with pytest.raises(TemplateError, match="protected"):
            decode(without, "refusal.toml", ALLOWED)
