"""Rules that the database keeps for an organisation's own words: none is changed or forgotten."""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_ADMINISTRATOR = "EXISTS (SELECT 1 FROM user WHERE id = NEW.made_by AND active AND role = 'administrator')"
_OLDER = "EXISTS (SELECT 1 FROM letter_words WHERE NEW.id > 0 AND id >= NEW.id)"
_BLANK = "(NEW.english IS NOT NULL AND length(trim(NEW.english)) = 0)"
_TRIGGERS = {
    "letter_words_no_update": ("UPDATE ON letter_words", "1", "words of a letter are never changed in place"),
    "letter_words_no_delete": ("DELETE ON letter_words", "1", "words of a letter are never forgotten"),
    "letter_words_insert": (
        "INSERT ON letter_words",
        f"NOT {_ADMINISTRATOR} OR length(trim(NEW.because)) = 0 OR {_BLANK} OR {_OLDER}",
        "only an administrator changes the words of a letter, and says why",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())
