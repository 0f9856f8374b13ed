"""Passwords of the people who sign in: their hashes, and what makes one too weak."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 1000

# What guessers try first, without the figures and signs at the end, which they try too.
_COMMONEST = frozenset(
    "abc abcd abcdef abcdefg abcdefgh abcdefghij adidas admin administrator adminadmin asdf asdfgh asdfghjkl baseball "
    "basketball bailey casework caseworker charlie changeme computer correcthorsebatterystaple dragon england facebook "
    "fluffy football google iloveyou jennifer letmein liverpool liverpoolfc login london manchester manchesterunited "
    "master michelle mynoob newcastle nothing oneplus p@ssw0rd p@ssword passw0rd passwd password passwordpassword "
    "passphrase princess qazwsx qazwsxedc qwer qwert qwerty qwertyqwerty qwertyuiop reviewer samsung secret starwars "
    "sunshine superman tottenham tracing tracingdesk trustno welcome welcomewelcome whatever zaqwsx zxcvbn "
    "zxcvbnm 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 123qwe 123qweasd 1234qwer q1w2e3r4 q1w2e3r4t5".split()
)
_ROWS = ("01234567890123456789", "09876543210987654321", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")

# The hash of nobody's password, checked when there is no such user, so that the answer takes as long.
# A test holds its settings equal to those of a new hash.
_NOBODY = "$argon2id$v=19$m=19456,t=4,p=1$N1Qeq7U8/PqjcHyEP0BDPg$L/RccNOf9BSbZmHywKWPEbUMYunSaxCKBh1Bbh5O+SM"


def hash_password(password: str) -> str:
    """The password as the store keeps it: salted Argon2id, some 60 ms of work."""
    return _hasher().hash(_plain(password))


def check_password(hashed: str | None, password: str) -> bool:
    """Whether the password is right. With None (no such user) it does the same work and says no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(_NOBODY if hashed is None else hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def needs_rehash(hashed: str) -> bool:
    """Whether the hash was made with settings other than today's: then hash the password again at the next sign-in."""
    return _hasher().check_needs_rehash(hashed)


def password_problem(password: str, username: str) -> str:
    """Why this person may not have this password, in words for beside the field; "" where they may."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    bare = plain.strip("0123456789!?.,;:-_*#+/'\"£$%&()@ ")
    name = username.strip().casefold()
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three or four words that do not belong together are easy to keep."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST:,} characters."
    if name and name in {plain, bare}:
        return "The password may not be the user name."
    if {plain, bare} & _COMMONEST or any(bit in row for row in _ROWS for bit in (plain, bare) if bit) or not bare:
        return "This is among the passwords that are guessed first. Choose another."
    if len(set(plain)) < 5:
        return "Use more characters that differ."
    return ""


def _hasher() -> PasswordHasher:
    """Twice the passes that OWASP asks for at 19 MiB: guessing is slow, and a sign-in takes little memory."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=4, memory_cost=19456, parallelism=1)


def _plain(password: str) -> bytes:
    """As bytes that do not depend on how a keyboard composes an accent."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
