"""Where a question goes."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.request import Parameters
from app.providers.provider import Provider


class Route(NamedTuple):
    """Who answers, and how."""

    provider: Provider
    model: str
    projector: str | None = None
    parameters: Parameters = Parameters()
