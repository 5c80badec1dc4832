"""Parameters against what a model is documented to take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.domain.errors import RequestRefused
from app.domain.model import ParameterSpec
from app.domain.request import Parameters


def check_ranges(parameters: Parameters, specs: Sequence[ParameterSpec], endpoint: str) -> None:
    """Raise RequestRefused, with what is allowed, for the first value outside of what `specs` allow."""
    given = parameters.flat()
    for spec in specs:
        value = given.get(spec.name)
        if value is None or isinstance(value, bool):
            continue
        if spec.choices and value not in spec.choices:
            reason = f"it knows {', '.join(spec.choices)}"
            raise RequestRefused(endpoint=endpoint, thing=f"{spec.name} {value}", reason=reason)
        if isinstance(value, int | float) and not _within(value, spec):
            raise RequestRefused(endpoint=endpoint, thing=f"{spec.name} {value}", reason=_range(spec))


def taken(parameters: Parameters, specs: Sequence[ParameterSpec]) -> dict[str, Any]:
    """The parameters that were set and that `specs` name, nested as they were set."""
    names = {spec.name.partition(".")[0] for spec in specs}
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
