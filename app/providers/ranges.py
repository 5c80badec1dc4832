"""Parameters against what a model is documented to take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.domain.errors import RequestRefused
from app.domain.model import ParameterSpec
from app.domain.request import Parameters


def check_ranges(parameters: Parameters, specs: Sequence[ParameterSpec], endpoint: str) -> None:
    """Raise RequestRefused, with the range, for the first value outside of what `specs` allow."""
    given = parameters.given()
    for spec in specs:
        value = given.get(spec.name)
        if isinstance(value, int | float) and not isinstance(value, bool) and not _within(value, spec):
            raise RequestRefused(endpoint=endpoint, thing=f"{spec.name} {value}", reason=_range(spec))


def taken(parameters: Parameters, specs: Sequence[ParameterSpec]) -> dict[str, Any]:
    """The parameters that were set and that `specs` name."""
    names = {spec.name for spec in specs}
    return {name: value for name, value in parameters.given().items() if name in names}


def _within(value: float, spec: ParameterSpec) -> bool:
    least = -math.inf if spec.least is None else spec.least
    most = math.inf if spec.most is None else spec.most
    return math.isfinite(value) and least <= value <= most


def _range(spec: ParameterSpec) -> str:
    if spec.most is None:
        return f"it begins at {_number(spec.least or 0)}"
    if spec.least is None:
        return f"it ends at {_number(spec.most)}"
    return f"it goes from {_number(spec.least)} to {_number(spec.most)}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"
