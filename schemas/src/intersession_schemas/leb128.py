"""Numbers and bytes as a change is written in, read with bounds: a cursor over bytes that refuses what is malformed."""

from __future__ import annotations

from collections.abc import Iterable

from intersession_schemas.errors import DocumentError, RefusalCode


def leb128(number: int) -> bytes:
    """A number >= 0 as Automerge writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class ByteReader:
    """A cursor over bytes. Running past the end is an `IndexError`."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def uint(self) -> int:
        """An unsigned LEB128 number."""
        byte = self.data[self.at]
        self.at += 1
        if byte < 0x80:
            return byte
        value, shift = byte & 0x7F, 7
        while True:
            before, byte = byte, self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if not byte and not before & 0x40:  # a signed number may need its last byte for the sign
                    raise bad("a number in it is longer than it need be")
                return value
            shift += 7
            if shift > 63:
                raise bad("a number in it is too long")

    def sint(self) -> int:
        """A signed LEB128 number."""
        byte = self.data[self.at]
        if byte < 0x80:
            self.at += 1
            return byte if byte < 0x40 else byte - 0x80
        start = self.at
        value = self.uint()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) & 1 else value

    def uints(self, count: int) -> Iterable[int]:
        """`count` unsigned numbers."""
        end = self.at + count
        small = self.data[self.at : end]
        if len(small) == count and small.isascii():  # nearly always each is one byte, which is its value
            self.at = end
            return small
        return [self.uint() for _ in range(count)]

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self.at + length
        if end > len(self.data):
            raise IndexError
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def count(self, most: int, what: str) -> int:
        """An unsigned number that may be at most `most`."""
        number = self.uint()
        if number > most:
            raise bad(f"it names {number} {what}; the limit is {most}")
        return number


def bad(why: str) -> DocumentError:
    return DocumentError(
        f"A change is malformed: {why}. The app that wrote it has a defect.", code=RefusalCode.BAD_CHANGE
    )
