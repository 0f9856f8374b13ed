"""A keyring that keeps what it is given as it is: what the desk must never use."""

from __future__ import annotations

from typing import ClassVar

from keyring.backend import KeyringBackend


class Keyring(KeyringBackend):
    """Takes everything, hides nothing, and claims to be the best there is."""

    priority: ClassVar[float] = 99
    entries: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]
