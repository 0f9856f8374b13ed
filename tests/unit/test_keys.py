"""The store's key: sealed with a passphrase or a recovery key, whole or refused, and for its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.security import keys
from desktop.security.files import write_private
from desktop.security.keys import (
    KeyDamaged,
    KeyMissing,
    KeyNotSaved,
    KeyringLocked,
    KeyringMissing,
    PassphraseHome,
    PassphraseNeeded,
    WrongPassphrase,
    WrongRecoveryCode,
)
from desktop.security.recovery import ALPHABET, code_secret, new_code
from desktop.security.sealed import Cost

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
KEY = bytes(range(32))
PASSPHRASE = "granite kettle orchard"


class Kept:
    """A keyring in memory, in place of the operating system's."""

    def __init__(self, entries: dict[tuple[str, str], str] | None = None) -> None:
        self.entries = entries if entries is not None else {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        del self.entries[service, username]


def no_keyring() -> Kept:
    raise KeyringMissing


def locked_keyring() -> Kept:
    raise KeyringLocked


def never_asked() -> str:
    raise AssertionError("nobody should be asked for a passphrase")


@pytest.fixture
def home(tmp_path: Path) -> PassphraseHome:
    made = PassphraseHome(tmp_path, secrets.token_bytes, CHEAP)
    made.put(KEY, PASSPHRASE)
    return made


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    yield tmp_path
    tmp_path.chmod(0o700)


def test_a_key_is_256_bits_of_the_source_that_was_given() -> None:
    assert keys.new_key(lambda count: b"k" * count) == b"k" * 32
    assert keys.new_key(secrets.token_bytes) != keys.new_key(secrets.token_bytes)


def test_a_passphrase_gives_the_key_back(home: PassphraseHome) -> None:
    assert home.get(PASSPHRASE) == KEY


def test_an_accent_in_a_passphrase_may_be_typed_composed_or_not(home: PassphraseHome) -> None:
    home.put(KEY, "caf\u00e9 \ud800")
    assert home.get("cafe\u0301 \ud800") == KEY


@pytest.mark.parametrize("typed", ["", "granite kettle Orchard", PASSPHRASE + " ", "x" * 100_000])
def test_another_passphrase_opens_nothing(home: PassphraseHome, typed: str) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        home.get(typed)
    assert caught.value.what == "The passphrase does not open the store."


def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = PassphraseHome(tmp_path, secrets.token_bytes, CHEAP)
        home.put(KEY, PASSPHRASE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["store.key"]


def test_the_key_is_nowhere_in_the_file(home: PassphraseHome) -> None:
    content = home.path.read_bytes()
    assert KEY not in content
    assert KEY.hex().encode() not in content
    assert PASSPHRASE.encode() not in content


def test_the_cost_kept_in_the_file_opens_it_when_todays_differs(home: PassphraseHome, tmp_path: Path) -> None:
    assert PassphraseHome(tmp_path, secrets.token_bytes).get(PASSPHRASE) == KEY


@pytest.mark.parametrize("name", ["memory_kib", "passes", "salt", "nonce", "sealed"])
def test_an_altered_value_opens_nothing(home: PassphraseHome, name: str) -> None:
    head = json.loads(home.path.read_text())
    value = head[name]
    head[name] = value + 8 if isinstance(value, int) else f"{int(value[0], 16) ^ 1:x}{value[1:]}"
    home.path.write_text(json.dumps(head))
    with pytest.raises(WrongPassphrase):
        home.get(PASSPHRASE)


@pytest.mark.parametrize(
    "changed",
    [
        {"memory_kib": 1 << 30},
        {"passes": 10**9},
        {"lanes": 0},
        {"salt": ""},
        {"nonce": "00"},
        {"sealed": "not hex"},
        {"sealed": None},
        {"cipher": "none"},
        {"kdf": "md5"},
        {"version": 0},
        {"version": "1"},
    ],
)
def test_settings_that_the_desk_never_writes_are_refused(home: PassphraseHome, changed: dict[str, object]) -> None:
    home.path.write_text(json.dumps(json.loads(home.path.read_text()) | changed))
    with pytest.raises(KeyDamaged):
        home.get(PASSPHRASE)


def test_a_file_of_a_newer_program_says_so(home: PassphraseHome) -> None:
    home.path.write_text(json.dumps(json.loads(home.path.read_text()) | {"version": 2}))
    with pytest.raises(KeyDamaged, match="newer version"):
        home.get(PASSPHRASE)


def test_a_file_cut_short_anywhere_is_refused(home: PassphraseHome) -> None:
    whole = home.path.read_bytes()
    for size in range(0, len(whole) - 2, 7):
        home.path.write_bytes(whole[:size])
        with pytest.raises(KeyDamaged):
            home.get(PASSPHRASE)


@pytest.mark.parametrize("content", [b"[]", b"null", b"{}", b"\xff\xfe", b"{" * 5000])
def test_what_is_not_a_key_file_is_refused(home: PassphraseHome, content: bytes) -> None:
    home.path.write_bytes(content)
    with pytest.raises(KeyDamaged):
        home.get(PASSPHRASE)


def test_a_folder_that_may_not_be_written_keeps_the_old_file(home: PassphraseHome, read_only: Path) -> None:
    with pytest.raises(KeyNotSaved):
        home.put(bytes(32), "another")
    assert home.get(PASSPHRASE) == KEY


def test_a_folder_that_is_gone_is_a_problem_with_words(tmp_path: Path) -> None:
    with pytest.raises(KeyNotSaved, match="cannot be saved"):
        PassphraseHome(tmp_path / "gone", secrets.token_bytes, CHEAP).put(KEY, PASSPHRASE)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_private(path, b"old")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "taken", b"new")
    assert path.read_bytes() == b"old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept", "taken"]


def test_a_recovery_key_opens_the_store_however_it_is_typed(tmp_path: Path) -> None:
    code = keys.make_recovery(tmp_path, KEY, secrets.token_bytes, CHEAP)
    assert [len(group) for group in code.split("-")] == [5] * 8
    sloppy = code.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    dashes = "\n" + code.replace("-", " \u2013 ")
    for typed in (code, sloppy, code.replace("-", "").replace("1", "I"), dashes):
        assert keys.open_with_recovery(tmp_path, typed) == KEY
    assert stat.S_IMODE((tmp_path / "store.recovery").stat().st_mode) == 0o600
    assert code.encode() not in (tmp_path / "store.recovery").read_bytes()


def test_a_new_recovery_key_ends_the_old_one(tmp_path: Path) -> None:
    old = keys.make_recovery(tmp_path, KEY, secrets.token_bytes, CHEAP)
    new = keys.make_recovery(tmp_path, KEY, secrets.token_bytes, CHEAP)
    assert keys.open_with_recovery(tmp_path, new) == KEY
    with pytest.raises(WrongRecoveryCode) as caught:
        keys.open_with_recovery(tmp_path, old)
    assert caught.value.group is None


def test_a_recovery_key_has_160_bits_of_the_source() -> None:
    asked: list[int] = []

    def random(count: int) -> bytes:
        asked.append(count)
        return secrets.token_bytes(count)

    new_code(random)
    assert sum(asked) * 5 == 160


@given(st.binary(min_size=32, max_size=32), st.integers(0, 39), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found_and_its_group_named(drawn: bytes, place: int, wrong: str) -> None:
    plain = new_code(lambda _: drawn).replace("-", "")
    if plain[place] == wrong:
        return
    with pytest.raises(WrongRecoveryCode) as caught:
        code_secret(plain[:place] + wrong + plain[place + 1 :])
    assert caught.value.group == place // 5 + 1


@given(st.binary(min_size=32, max_size=32), st.integers(0, 38))
def test_two_neighbours_that_changed_places_are_found(drawn: bytes, place: int) -> None:
    plain = new_code(lambda _: drawn).replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if swapped != plain:
        with pytest.raises(WrongRecoveryCode):
            code_secret(swapped)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 7), st.integers(0, 7))
def test_two_groups_that_changed_places_are_found(drawn: bytes, one: int, other: int) -> None:
    groups = new_code(lambda _: drawn).split("-")
    groups[one], groups[other] = groups[other], groups[one]
    if one != other:
        with pytest.raises(WrongRecoveryCode):
            code_secret("-".join(groups))


@pytest.mark.parametrize("typed", ["", "ABCDE", "U" * 40, "é" * 40, "0" * 41, "x" * 100_000])
def test_what_is_not_a_recovery_key_is_refused(tmp_path: Path, typed: str) -> None:
    with pytest.raises(WrongRecoveryCode):
        keys.open_with_recovery(tmp_path, typed)


def test_a_recovery_key_without_its_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"store\.recovery"):
        keys.open_with_recovery(tmp_path, new_code(secrets.token_bytes))


def test_the_keyring_comes_before_the_passphrase(home: PassphraseHome, tmp_path: Path) -> None:
    kept = Kept({("tracing-desk", "id"): bytes(32).hex()})
    assert keys.open_key(tmp_path, "id", never_asked, lambda: kept) == bytes(32)


@pytest.mark.parametrize("find", [no_keyring, locked_keyring, Kept])
def test_the_passphrase_opens_where_the_keyring_does_not(
    home: PassphraseHome, tmp_path: Path, find: type[Kept]
) -> None:
    assert keys.open_key(tmp_path, "id", lambda: PASSPHRASE, find) == KEY
    with pytest.raises(WrongPassphrase):
        keys.open_key(tmp_path, "id", lambda: "wrong", find)
    with pytest.raises(PassphraseNeeded):
        keys.open_key(tmp_path, "id", None, find)


@pytest.mark.parametrize(
    ("find", "problem"), [(no_keyring, KeyringMissing), (locked_keyring, KeyringLocked), (Kept, KeyMissing)]
)
def test_without_a_passphrase_file_the_keyrings_own_problem_is_told(
    tmp_path: Path, find: type[Kept], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        keys.open_key(tmp_path, "id", never_asked, find)


def test_the_stores_id_is_kept_beside_it(tmp_path: Path) -> None:
    store_id = keys.new_store_id(secrets.token_bytes)
    keys.write_store_id(tmp_path, store_id)
    assert keys.read_store_id(tmp_path) == store_id
    with pytest.raises(KeyMissing):
        keys.read_store_id(tmp_path / "gone")
    with pytest.raises(KeyNotSaved):
        keys.write_store_id(tmp_path / "gone", store_id)


@pytest.mark.parametrize("content", [b"", b"xyz", b"\xff" * 32, b"0" * 31, b"0" * 64])
def test_a_damaged_id_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store.id").write_bytes(content)
    with pytest.raises(KeyDamaged):
        keys.read_store_id(tmp_path)
