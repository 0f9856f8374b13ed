"""On which line of a TOML file each key stands. The text has been parsed before: only positions are read here."""

from __future__ import annotations

from collections.abc import Mapping

Path = tuple[str | int, ...]

_BARE_END = " \t\r\n=.]},#"


def line_of(positions: Mapping[Path, int], path: Path) -> int:
    """The line of this path or, where it is not written, of the nearest table that would hold it; 0 for none."""
    while path:
        if path in positions:
            return positions[path]
        path = path[:-1]
    return 0


def lines(text: str) -> Mapping[Path, int]:
    """Every key's path, such as ("sections", 2, "fields", 0, "kind"), and its line from 1. Needs valid TOML."""
    scan = _Scan(text)
    scan.document()
    return scan.found


class _Scan:
    """One pass over valid TOML, noting where each key and each element of an array begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def document(self) -> None:
        """Read it all."""
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()

    def _header(self) -> Path:
        line = self.line
        double = self.text.startswith("[[", self.at)
        self._take(2 if double else 1)
        self._blank()
        parts = self._key()
        self._take(2 if double else 1)
        path: Path = ()
        for part in parts[:-1]:
            path = self._latest((*path, part))
        path = (*path, parts[-1])
        if double:
            index = self._counts.get(path, 0)
            self._counts[path] = index + 1
            self.found.setdefault(path, line)
            path = (*path, index)
        self.found[path] = line
        return path

    def _latest(self, path: Path) -> Path:
        """A table's path, or that of the last element of an array of tables."""
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = table
        for part in self._key():
            path = (*path, part)
            self.found.setdefault(path, line)
        self._take(1)
        self._value(path)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._blank()
            if self._peek() in "\"'":
                quote, start = self._peek(), self.at + 1
                self._string()
                parts.append(self.text[start : self.at - len(quote)])
            else:
                start = self.at
                while self.at < len(self.text) and self._peek() not in _BARE_END:
                    self._take(1)
                parts.append(self.text[start : self.at])
            self._blank()
            if self._peek() != ".":
                return parts
            self._take(1)

    def _value(self, path: Path) -> None:
        self._blank()
        match self._peek():
            case '"' | "'":
                self._string()
            case "[":
                self._array(path)
            case "{":
                self._inline(path)
            case _:
                while self.at < len(self.text) and self._peek() not in "\n,]}#":
                    self._take(1)

    def _array(self, path: Path) -> None:
        self._take(1)
        self._blank()
        index = 0
        while self._peek() != "]":
            self.found[(*path, index)] = self.line
            self._value((*path, index))
            self._comma()
            index += 1
        self._take(1)

    def _inline(self, path: Path) -> None:
        self._take(1)
        self._blank()
        while self._peek() != "}":
            self._pair(path)
            self._comma()
        self._take(1)

    def _comma(self) -> None:
        self._blank()
        if self._peek() == ",":
            self._take(1)
            self._blank()

    def _string(self) -> None:
        quote = self._peek()
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self._take(len(mark))
        while not self.text.startswith(mark, self.at):
            self._take(2 if quote == '"' and self._peek() == "\\" else 1)
        self._take(len(mark))
        # A multi-line string may end with one or two quotes of its own before the mark.
        while len(mark) == 3 and self._peek() == quote:
            self._take(1)

    def _blank(self) -> None:
        while self.at < len(self.text) and self._peek() in " \t\r\n#":
            if self._peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self._take(1)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1] or "\0"

    def _take(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count
