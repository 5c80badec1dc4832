"""What is known of families of models, laid over what an endpoint takes."""

from __future__ import annotations

from app.domain.model import Limits


def fitted(limits: Limits, model: str) -> Limits:
    """The limits of an endpoint, with what is known of the model; the smaller one of two counts."""
    from app.pictures.families import family_of  # the table is not needed before a model is chosen

    family = family_of(model)
    if family is None:
        return limits
    return limits.replace(
        tile=limits.tile or family.tile,
        multiple=family.multiple,
        longest_side=_least(limits.longest_side, family.longest_side) or limits.longest_side,
        most_pixels=_least(limits.most_pixels, family.most_pixels),
        most_bytes=_least(limits.most_bytes, family.most_bytes),
        least_side=family.least_side,
        most_ratio=family.most_ratio,
    )


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)
