"""What of an answer tells of nothing but places: its blocks, behind one line for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.markdown.block import Gathered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ui.transcript.entry import Fold
    from ui.transcript.markdown.block import Block


def gather(source: str, blocks: Sequence[Block], folds: Sequence[Fold], opened: Collection[int]) -> list[int]:
    """Put the finished blocks of `source` behind lines, those of `folds` and no others; return which of
    them look different. `opened` are the starts of the folds that are unfolded."""
    changed = [number for number, block in enumerate(blocks) if block.gathered is not None]
    for number in changed:
        blocks[number].gathered, blocks[number].leads = None, False
    ranges = [*_ranges(source, blocks)] if folds else []
    for fold in folds:
        inside = [number for number, (a, b) in enumerate(ranges) if fold.start <= a <= b <= fold.end]
        gathered = Gathered(fold.start, fold.end, fold.words, fold.start in opened)
        for number in inside:
            blocks[number].gathered, blocks[number].leads = gathered, number == inside[0]
        changed += inside
    for number in changed:
        blocks[number].version += 1
    return sorted(set(changed))


def _ranges(source: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """The first character of the source that each block holds, and one past the last."""
    at = 0
    for block in blocks:
        text = block.source
        found = source.find(text, at)
        pieces = [text] if found >= 0 else block.lines
        first = -1
        for piece in pieces:
            found = source.find(piece, at)
            if found >= 0:
                first = found if first < 0 else first
                at = found + len(piece)
        yield max(first, 0), at
