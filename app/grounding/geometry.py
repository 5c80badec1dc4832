"""From the frame a model thinks in to the pixels of the original."""

from __future__ import annotations

from app.domain.picture import Prepared
from app.domain.geometry import Box


def box_from(left: float, top: float, right: float, bottom: float) -> Box | None:
    """The box of these fractions within the picture; None where nothing of it is left.

    What reaches over an edge is cut there. Corners in the wrong order make no box.
    """
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in (left, top, right, bottom))
    if left < right and top < bottom:
        return Box(left=left, top=top, right=right, bottom=bottom)
    return None


def in_original(box: Box, prepared: Prepared) -> Box:
    """`box`, in fractions of the picture as it was sent, in pixels of the original."""
    across = prepared.width * prepared.scale_x
    down = prepared.height * prepared.scale_y
    return Box(left=box.left * across, top=box.top * down, right=box.right * across, bottom=box.bottom * down)
