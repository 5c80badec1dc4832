"""Where a value stands on a slider, and how a number is written and read."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QLocale

STEPS = 100
WIDE = 200
"""From this ratio on a range is divided by ratio, not by difference: 1 to 8192 tokens."""
LARGEST = 2**63
"""From here on Qt knows no whole numbers; a seed may be one."""
COARSE = 2
"""Digits that count where the slider sets a wide range."""


class Scale(NamedTuple):
    """A range from `least` to `most`, of whole numbers or not."""

    least: float
    most: float
    whole: bool

    @property
    def steps(self) -> int:
        """How many steps the slider has."""
        span = self.most - self.least
        return int(span) if self.whole and span <= STEPS else STEPS

    def place(self, value: float) -> int:
        """The step nearest to `value`."""
        value = min(max(value, self.least), self.most)
        if self.most <= self.least:
            return 0
        if self._by_ratio:
            share = math.log(max(value, 1.0) / self._from) / math.log(self.most / self._from)
        else:
            share = (value - self.least) / (self.most - self.least)
        return round(share * self.steps)

    def value(self, place: int) -> float:
        """The value at a step."""
        if place <= 0:
            return self.least
        if place >= self.steps:
            return self.most
        share = place / self.steps
        if self._by_ratio:
            exact = self._from * (self.most / self._from) ** share
            return self.fitting(_rounded(exact))
        exact = self.least + share * (self.most - self.least)
        return self.fitting(round(exact) if self.whole else round(exact, 4))

    def fitting(self, value: float) -> float:
        """`value`, or the nearest that the range allows."""
        value = min(max(value, self.least), self.most)
        return round(value) if self.whole else value

    @property
    def _by_ratio(self) -> bool:
        return self.whole and self.least >= 0 and self.most / self._from >= WIDE

    @property
    def _from(self) -> float:
        return max(self.least, 1.0)


def written(value: float, whole: bool) -> str:
    """The number as this country writes it, without needless zeros."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    if whole and abs(value) >= LARGEST:
        return str(round(value))
    if whole:
        return locale.toString(round(value))
    return locale.toString(round(value, 4), "g", 6)


def read(text: str, whole: bool) -> float | None:
    """The number that was written, as here or with a point; None where it is none."""
    text = text.strip()
    for locale in (QLocale(), QLocale.c()):
        number, understood = locale.toDouble(text)
        if understood and math.isfinite(number) and (not whole or number == int(number)):
            return number
    return None


def _rounded(value: float) -> float:
    digits = COARSE - 1 - math.floor(math.log10(value))
    return round(value, digits)
