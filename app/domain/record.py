"""The base of every domain record."""

from __future__ import annotations

from typing import Any, Self

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen value: equal by content. What comes from outside goes through `from_plain`.

    msgspec rather than pydantic, because the window makes thirty of these classes at every
    start: with pydantic they took as long as nine tenths of a bare Qt window, and 13 MB.
    """

    def replace(self, **changes: Any) -> Self:
        """The same record with some fields changed."""
        return msgspec.structs.replace(self, **changes)

    def to_plain(self) -> dict[str, Any]:
        """The record as JSON can hold it."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_plain(cls, plain: object, *, from_text: bool = False) -> Self:
        """The record that `to_plain` made. Raises ValueError for anything else.

        `from_text` also takes numbers and truth values written as text.
        """
        try:
            return msgspec.convert(plain, cls, strict=not from_text)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error
