"""Telegram counts text in UTF-16 code units: an emoji outside the basic plane is two."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Returns how many UTF-16 code units `text` takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Returns the piece of `text` from `offset`, `length` units long, both in UTF-16 code units."""
    data = text.encode("utf-16-le", "surrogatepass")
    return data[offset * 2 : (offset + length) * 2].decode("utf-16-le", "surrogatepass")
