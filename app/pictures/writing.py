"""How high the smallest writing in a picture is. Runs in the decoder child.

Measured, not read: a few places with the hardest edges are cut out, parted into ink and ground, and
their ink into connected pieces. Pieces that stand on one line like letters are taken for writing; how
high the tall ones of a line are is about the height of a capital letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from PIL import Image

from app.pictures.colours import Box
from app.pictures.edges import edges, neighbour_difference

CELL = 144
"""Side of a place that is looked at, in pixels of the decoded picture."""

_CELLS = 3
_LEAST_CELL = 24  # pixels of the sent picture
_LEAST_EDGES = 4  # mean difference between neighbours, 0..255
_LEAST_CONTRAST = 48
_MOST_INK = 0.45
_MOST_BETWEEN = 0.5  # of the pixels that are not ground: neither ink nor ground
_LEAST_HEIGHT = 3
_LETTERS = 5  # on one line
_IN_LINE = 0.55  # of all letters stand on a line; of a fur's hairs hardly half
_LEAST_SHARPNESS = 0.15  # photographs of anything else have 0.06 and less
_TALL = 0.85  # of the letters of a size are no higher
_ALIKE = 1.3  # lines whose middle letters differ by less are of one size
_RUN = re.compile(rb"\xff+")

Look = Callable[[Box], Image.Image]
"""Cuts out a part of the picture, given in pixels of the sent one, grey and as sharp as it was decoded."""


class _Piece(NamedTuple):
    """A connected piece of ink: its first and last column and row."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1


def smallest_writing(sent: Image.Image, sharper: float = 1.0, look: Look | None = None) -> float | None:
    """How many pixels of `sent` (L) a capital letter of the smallest writing is high; None for none found.

    `sharper`: so many decoded pixels lie beside each other in one sent pixel (1 or more), and `look` shows
    them; without one, the pixels of `sent` are all there are. On drawn pages
    of known fonts it is within a pixel or a sixth of the truth, whichever is more; on photographed ones
    within a quarter. Not found are writing that is sheared or turned, higher than about CELL / 3 decoded
    pixels, or below about 4 of them, and a line of fewer than five letters.
    """
    side = max(_LEAST_CELL, round(CELL / sharper))
    shown = look or partial(_part, sent)
    found = [measured(shown(box)) for box in _places(sent, side)]
    heights = [height for height in found if height is not None]
    return min(heights) / sharper if heights else None


def _part(image: Image.Image, box: Box) -> Image.Image:
    left, top, right, bottom = box
    return image.crop((round(left), round(top), round(right), round(bottom)))


def _places(sent: Image.Image, side: int) -> Iterable[Box]:
    """The squares of `side` with the most edges, at most _CELLS."""
    edges = neighbour_difference(sent)
    across, down = -(-sent.width // side), -(-sent.height // side)
    means = edges.resize((across, down), Image.Resampling.BOX, reducing_gap=2.0).tobytes()
    order = sorted(range(len(means)), key=means.__getitem__, reverse=True)
    for cell in order[:_CELLS]:
        if means[cell] >= _LEAST_EDGES:
            row, column = divmod(cell, across)
            left, top = sent.width * column / across, sent.height * row / down
            yield left, top, left + sent.width / across, top + sent.height / down


def measured(cell: Image.Image) -> float | None:
    """How high the tall letters of the lowest line of writing in `cell` (L) are, in its pixels."""
    ink = _ink(cell) if edges(cell).sharpness >= _LEAST_SHARPNESS else None
    if ink is None:
        return None
    pieces = _letters(_pieces(ink), cell.size)
    lines = sorted((_middle(line), line) for line in _lines(pieces))
    if not lines or sum(len(line) for _, line in lines) < _IN_LINE * len(pieces):
        return None
    alike = [height for middle, line in lines if middle <= _ALIKE * lines[0][0] for height in line]
    return float(sorted(alike)[min(len(alike) - 1, int(_TALL * len(alike)))])


def _ink(cell: Image.Image) -> Image.Image | None:
    """What stands out from the ground of `cell`, as 255 over 0; None where it is not two levels."""
    counts = cell.histogram()
    total = sum(counts)
    ground = max(range(256), key=lambda level: sum(counts[max(0, level - 6) : level + 7]))
    darkest, lightest = _level(counts, total * 0.02), _level(counts, total * 0.98)
    dark = ground - darkest >= lightest - ground
    contrast = ground - darkest if dark else lightest - ground
    if contrast < _LEAST_CONTRAST:
        return None
    edge = ground - contrast * 2 // 5 if dark else ground + contrast * 2 // 5
    inked = sum(counts[: edge + 1] if dark else counts[edge:])
    near = sorted((edge, ground - contrast // 5 if dark else ground + contrast // 5))
    between = sum(counts[near[0] + 1 : near[1]])
    if inked > _MOST_INK * total or between > _MOST_BETWEEN * (inked + between):
        return None
    return cell.point([255 if (level <= edge if dark else level >= edge) else 0 for level in range(256)])


def _level(counts: list[int], rank: float) -> int:
    seen = 0
    for level, count in enumerate(counts):
        seen += count
        if seen >= rank:
            return level
    return 255


def _pieces(ink: Image.Image) -> list[_Piece]:
    """The connected pieces of ink, also over corners: runs of a row joined with those above."""
    width, height = ink.size
    rows = ink.tobytes()
    parents: list[int] = []
    runs: list[tuple[int, int, int]] = []  # first and last column, row
    above: list[int] = []
    for row in range(height):
        mine: list[int] = []
        waiting = 0
        for found in _RUN.finditer(rows, row * width, (row + 1) * width):
            first, last = found.start() - row * width, found.end() - 1 - row * width
            me = len(runs)
            runs.append((first, last, row))
            parents.append(me)
            mine.append(me)
            while waiting < len(above) and runs[above[waiting]][1] < first - 1:
                waiting += 1
            at = waiting
            while at < len(above) and runs[above[at]][0] <= last + 1:
                parents[_root(parents, above[at])] = _root(parents, me)
                at += 1
        above = mine
    return _joined(runs, parents)


def _joined(runs: list[tuple[int, int, int]], parents: list[int]) -> list[_Piece]:
    pieces: dict[int, _Piece] = {}
    for me, (first, last, row) in enumerate(runs):
        root = _root(parents, me)
        old = pieces.get(root)
        pieces[root] = (
            _Piece(first, last, row, row)
            if old is None
            else _Piece(min(old.left, first), max(old.right, last), old.top, row)
        )
    return list(pieces.values())


def _root(parents: list[int], me: int) -> int:
    while parents[me] != me:
        parents[me] = parents[parents[me]]
        me = parents[me]
    return me


def _letters(pieces: list[_Piece], size: tuple[int, int]) -> list[_Piece]:
    """Those that may be letters, or words run together: whole, neither dots nor rules."""
    width, height = size
    whole = [
        piece
        for piece in pieces
        if piece.top > 0
        and piece.bottom < height - 1
        and piece.left > 0
        and piece.right < width - 1
        and piece.height >= _LEAST_HEIGHT
        and piece.width <= 8 * piece.height
    ]
    if not whole:
        return []
    usual = sorted(piece.height for piece in whole)[len(whole) // 2]
    return [piece for piece in whole if 0.5 * usual <= piece.height <= 4 * usual]


def _lines(pieces: list[_Piece]) -> Iterable[list[int]]:
    """The heights of letters that stand on one line, in groups of _LETTERS or more."""
    ordered = sorted(pieces, key=lambda piece: piece.bottom)
    line = [piece.height for piece in ordered[:1]]
    for before, piece in pairwise(ordered):
        if piece.bottom - before.bottom > 1:
            if len(line) >= _LETTERS:
                yield line
            line = []
        line.append(piece.height)
    if len(line) >= _LETTERS:
        yield line


def _middle(heights: list[int]) -> int:
    return sorted(heights)[len(heights) // 2]
