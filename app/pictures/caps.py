"""What the decoder child lets a picture cost."""

from __future__ import annotations

from app.domain.record import Record


class Caps(Record, frozen=True):
    """Limits for one job, kept by the child; the parent keeps the time by the clock.

    `memory_bytes` is the child's whole address space, counted on POSIX systems only. `seconds` are of
    the processor, so that a busy computer loses no pictures; by the clock it may be `patience` times as
    long. Where a process cannot be timed so (Windows) they are by the clock. `pixels` are such that
    cameras of the 100 megapixel class pass, whose pictures have up to 102. The same of a picture with more
    pixels, which is opened when the user says so, is `large_...`.
    """

    pixels: int = 105_000_000
    file_bytes: int = 256 * 1024 * 1024
    memory_bytes: int = 1536 * 1024 * 1024
    seconds: float = 10.0
    patience: float = 6.0
    large_pixels: int = 250_000_000
    large_memory_bytes: int = 3 * 1024 * 1024 * 1024
    large_seconds: float = 40.0

    def for_large(self) -> Caps:
        """The limits of a job with a large picture."""
        return self.replace(
            pixels=self.large_pixels, memory_bytes=self.large_memory_bytes, seconds=self.large_seconds
        )


class Refused(Exception):
    """The picture cannot be used; the text is a clause for `PictureRefused.reason`."""


class TooLarge(Refused):
    """It has more pixels than it may have without the user's word, but no more than with it."""
