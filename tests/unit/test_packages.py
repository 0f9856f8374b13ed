"""Packages that a hostile sender made: each is refused in words, and nothing of it is written or obeyed."""

from __future__ import annotations

import io
import json
import secrets
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop.cli import run
from desktop.security.packages import PackageDamaged, open_package, seal_package
from desktop.security.sealed import Cost, bound, stretched

PHRASE = "seven grey herons wade"
QUICK = Cost(memory_kib=64, passes=1, lanes=1)


def sealed(packed: bytes) -> bytes:
    """These bytes in place of the zip that a package holds."""
    made = seal_package({}, {}, bytes(32), PHRASE, secrets.token_bytes, QUICK)
    head: dict[str, Any] = json.loads(made.partition(b"\n")[0])
    lock = stretched(PHRASE.encode(), bytes.fromhex(head["salt"]), QUICK)
    rest = AESGCM(lock).encrypt(bytes.fromhex(head["nonce"]), packed, bound(head))
    return json.dumps(head).encode() + b"\n" + rest


def zipped(*names: str, content: bytes = b"x", how: int = zipfile.ZIP_DEFLATED) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name in names:
            made.writestr(name, content)
    return bytearray(out.getvalue())


def test_a_zip_that_unfolds_to_more_than_it_should_is_not_read() -> None:
    bomb = zipped("a", content=bytes(300 << 20))
    small = bytearray(bomb)
    # It says, in both places, that it holds a byte.
    for at in (small.index(b"PK\3\4") + 22, small.index(b"PK\1\2") + 24):
        small[at : at + 4] = (1).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(PackageDamaged, match="too large"):
        open_package(sealed(bytes(bomb)), PHRASE)
    with pytest.raises(PackageDamaged, match="does not open"):
        open_package(sealed(bytes(small)), PHRASE)
    assert tracemalloc.get_traced_memory()[1] < 32 << 20
    tracemalloc.stop()


def test_whatever_is_wrong_with_the_zip_is_said_in_words() -> None:
    coded = zipped("a")
    coded[coded.index(b"PK\1\2") + 8] |= 1
    newer = zipped("a")
    newer[newer.index(b"PK\3\4") + 4] = 99
    newer[newer.index(b"PK\1\2") + 6] = 99
    torn = zipped("a", content=secrets.token_bytes(100))
    torn[60:80] = bytes(20)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped("a", "a")
    for packed in (b"", b"PK", coded, newer, torn, twice, zipped("a", how=zipfile.ZIP_BZIP2)):
        with pytest.raises(PackageDamaged, match="does not open"):
            open_package(sealed(bytes(packed)), PHRASE)
    for text in ("[" * 4000, '{"version": 1e999}', '{"memory_kib": Infinity, "passes": 1, "lanes": 1}'):
        with pytest.raises(PackageDamaged, match="no package"):
            open_package(text.encode() + b"\n", PHRASE)
    with pytest.raises(PackageDamaged, match="no manifest"):
        open_package(sealed(bytes(zipped("manifest.json", "manifest.sig", content=b"[" * 10_000))), PHRASE)


@pytest.mark.parametrize("name", ["C:x", "a/C:/x", "a:b", "x\n", "\x1b[2J", "a\u202eb", "a\x7f", "a\x9b1m"])
def test_no_file_has_a_name_that_a_system_or_a_terminal_would_obey(name: str) -> None:
    made = seal_package({name: b"x"}, {}, bytes(32), PHRASE, secrets.token_bytes, QUICK)
    with pytest.raises(PackageDamaged, match=r"elsewhere|cannot be written"):
        open_package(made, PHRASE)


def test_a_terminal_is_told_nothing_that_it_would_obey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_PACKAGE_PASSPHRASE", PHRASE)
    file = tmp_path / "a.tdpackage"
    said = {"reference": "\x1b[2JTR-1\x9b\n", "from": ["\u202e"]}
    file.write_bytes(seal_package({"a": b"x"}, said, bytes(32), PHRASE, secrets.token_bytes, QUICK))
    assert run(["open-package", str(file), "--out", str(tmp_path / "one")]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("[2JTR-1, handed over by ")
    assert run(["open-package", str(file), "--out", str(tmp_path / "two"), "--json"]) == 0
    shown += capsys.readouterr().out
    assert not set(shown) & set("\x1b\x9b\u202e")
