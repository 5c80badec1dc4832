"""Parameters one by one, under their dotted names, and what a model takes of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.model import ParameterKind, ParameterSpec
from app.domain.request import Parameters, Reasoning

Value = float | str | bool | None

REASONING = "reasoning."


def values_of(parameters: Parameters) -> dict[str, Value]:
    """Those that were set, by dotted name."""
    flat: dict[str, Value] = {}
    for name, value in parameters.given().items():
        flat |= (
            {f"{name}.{part}": said for part, said in value.items()} if name == "reasoning" else {name: value}
        )
    return flat


def with_value(parameters: Parameters, name: str, value: Value) -> Parameters:
    """The same with one of them set, or not any more (None)."""
    if not name.startswith(REASONING):
        return parameters.replace(**{name: value})
    inner = (parameters.reasoning or Reasoning()).replace(**{name.removeprefix(REASONING): value})
    return parameters.replace(reasoning=None if inner == Reasoning() else inner)


def fitting(parameters: Parameters, specs: Sequence[ParameterSpec]) -> Parameters:
    """What a model takes of `parameters`, each within the model's own range.

    They are kept for an endpoint, and its models differ.
    """
    known = {spec.name: spec for spec in specs}
    fits = Parameters()
    for name, value in values_of(parameters).items():
        if name in known and (value := _within(value, known[name])) is not None:
            fits = with_value(fits, name, value)
    return fits


def _within(value: Value, spec: ParameterSpec) -> Value:
    if spec.kind is ParameterKind.CHOICE:
        return value if isinstance(value, str) and value in spec.choices else None
    if spec.kind is ParameterKind.SWITCH:
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    value = value if spec.least is None else max(value, spec.least)
    value = value if spec.most is None else min(value, spec.most)
    return round(value) if spec.kind is ParameterKind.INTEGER else value
