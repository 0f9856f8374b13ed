"""Passwords: hashes that open for their password alone, and weak ones refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.security import passwords
from desktop.security.passwords import check_password, hash_password, needs_rehash, password_problem

GOOD = "harbour lantern thistle"


def test_a_password_opens_its_own_hash_alone() -> None:
    hashed = hash_password(GOOD)
    assert check_password(hashed, GOOD)
    assert not check_password(hashed, GOOD + " ")
    assert not check_password(hashed, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_an_unknown_user_costs_the_same_work_and_is_refused() -> None:
    assert not check_password(None, GOOD)
    # The same settings are the same work: comparing times would fail on a busy machine.
    assert not needs_rehash(passwords._NOBODY)


@pytest.mark.parametrize("hashed", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_damaged_hash_opens_for_nobody(hashed: str) -> None:
    assert not check_password(hashed, GOOD)


def test_a_hash_with_older_settings_is_to_be_made_again() -> None:
    assert needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$WEEGfjPCXnNZpOxWFbNhag")
    assert not needs_rehash(hash_password(GOOD))


def test_an_accent_may_be_typed_composed_or_not() -> None:
    assert check_password(hash_password("caf\u00e9 by the river"), "cafe\u0301 by the river")


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_any_text_can_be_hashed_and_checked(text: str) -> None:
    assert check_password(hash_password(text), text)


def test_lone_surrogates_and_long_texts_are_checked_without_an_error() -> None:
    hashed = hash_password("\ud800 lone")
    assert check_password(hashed, "\ud800 lone")
    assert not check_password(hashed, "x" * 100_000)


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("short", "at least 10 characters"),
        ("x" * 1001, "at most 1,000"),
        ("f.oyelaran-x", "user name"),
        ("F.Oyelaran-X", "user name"),
        ("f.oyelaran-x99!", "user name"),
        ("password123", "guessed first"),
        ("P@ssword2017!", "guessed first"),
        ("Welcome12345", "guessed first"),
        ("1234567890", "guessed first"),
        ("0987654321", "guessed first"),
        ("qwertyuiop", "guessed first"),
        ("1q2w3e4r5t", "guessed first"),
        ("!!!!!!!!!!", "guessed first"),
        ("aaaaaaaaaaaa", "differ"),
        ("abababababab", "differ"),
    ],
)
def test_a_weak_password_is_refused_in_words(password: str, part: str) -> None:
    assert part in password_problem(password, "f.oyelaran-x")


@pytest.mark.parametrize("password", [GOOD, "Thistle-44-harbour", "съешь ещё этих булок"])
def test_a_good_password_is_taken(password: str) -> None:
    assert password_problem(password, "f.oyelaran-x") == ""
    assert password_problem(password, "") == ""
