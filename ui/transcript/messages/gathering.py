"""What of an answer tells of nothing but places: its blocks, behind one line for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.markdown.block import Gathered
from ui.transcript.span_map import SpanMap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ui.transcript.entry import Fold
    from ui.transcript.markdown.block import Block


def gather(source: str, blocks: Sequence[Block], folds: Iterable[Fold], opened: Collection[int]) -> list[int]:
    """Put the finished blocks of `source` behind lines, those of `folds` and no others; return which of
    them look different. `opened` are the starts of the folds that are unfolded."""
    changed = [number for number, block in enumerate(blocks) if block.gathered is not None]
    for number in changed:
        blocks[number].gathered, blocks[number].leads = None, False
    places = SpanMap()
    ranges = [places.range_of(source, blocks, number) for number in range(len(blocks))] if folds else []
    for fold in folds:
        inside = [number for number, (a, b) in enumerate(ranges) if fold.start <= a <= b <= fold.end]
        gathered = Gathered(fold.start, fold.words, fold.start in opened)
        for number in inside:
            blocks[number].gathered, blocks[number].leads = gathered, number == inside[0]
        changed += inside
    for number in changed:
        blocks[number].version += 1
    return sorted(set(changed))
