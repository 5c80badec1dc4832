"""What of a message can be folded: long code, and what tells of nothing but places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.messages.stack import Stack

if TYPE_CHECKING:
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Entry, Fold


class FoldingStack(Stack):
    """Blocks of an `entry`, of which `text_blocks` show the text."""

    entry: Entry
    text_blocks: range

    def __init__(self, style: TranscriptStyle, width: int, opened: frozenset[int]) -> None:
        super().__init__(style, width)
        self._opened = set(opened)
        """Where in the text begins what is unfolded of places."""
        self._folds: tuple[Fold, ...] = ()
        """What of the blocks is behind a line about places."""

    @property
    def unfinished(self) -> bool:
        """Whether text waits to be cut into blocks."""
        raise NotImplementedError

    def fold(self, index: int) -> None:
        """Unfold a block of code that is folded, and the other way round."""
        if self.blocks is not None:
            block = self.blocks[index]
            block.folded = -block.folded
            block.version += 1
            self._measured[index] = False

    def fold_places(self, index: int) -> None:
        """Unfold what is folded with a block since it tells of nothing but places, or fold it again."""
        blocks = self.blocks or []
        if (gathered := blocks[index].gathered) is not None:
            gathered.open = not gathered.open
            self._opened ^= {gathered.start}
            together = [number for number, block in enumerate(blocks) if block.gathered is gathered]
            for number in together:
                blocks[number].version += 1
            self._estimate(together)

    def _gather(self) -> int:
        """Fold what tells of nothing but places, once all of it is cut; return the first block of it."""
        folds, inside = self.entry.places.folds, self.text_blocks
        if folds == self._folds or self.unfinished or self.entry.running or self.blocks is None:
            return len(self.boxes)
        from ui.transcript.messages.gathering import gather  # hardly any answer has some

        self._folds = folds
        changed = gather(self.entry.text, self.blocks[inside.start : inside.stop], folds, self._opened)
        self._estimate([inside.start + number for number in changed])
        return inside.start + changed[0] if changed else len(self.boxes)
