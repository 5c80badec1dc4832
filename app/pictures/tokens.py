"""About how many tokens a picture counts."""

from __future__ import annotations

from app.pictures.families import family_of
from app.pictures.formulas import Estimate


def estimate(model: str, width: int, height: int) -> Estimate | None:
    """What a picture of `width` by `height` pixels, as it is sent, counts for the model with this id.

    None where nobody has said it of the model's family.
    """
    family = family_of(model)
    if family is None or family.formula is None:
        return None
    return family.formula(max(1, width), max(1, height))
