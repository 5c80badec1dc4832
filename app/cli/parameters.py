"""The parameters that `--param NAME=VALUE` takes, dots for nesting, and which values they can have."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.request import Parameters

RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 10),
    "top_p": (0, 1),
    "top_k": (0, 2**31 - 1),
    "max_tokens": (1, 2**31 - 1),
    "seed": (-(2**63), 2**63 - 1),
    "n": (1, 64),
    "prompt_truncate_len": (1, 2**31 - 1),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
    "reasoning.max_tokens": (1, 2**31 - 1),
}
"""What can make sense anywhere; an endpoint may refuse more. A seed of -1 asks for a random one."""

CHOICES: dict[str, tuple[str, ...]] = {
    "reasoning.effort": ("xhigh", "high", "medium", "low", "minimal", "none"),
    "reasoning.exclude": ("true", "false"),
    "reasoning.enabled": ("true", "false"),
}
FREE = ("tool_choice",)

NAMES = (*RANGES, *CHOICES, *FREE)


def parameters(pairs: Sequence[str]) -> Parameters:
    """The values of NAME=VALUE pairs that `complaint` found nothing wrong with.

    The last for a name counts.
    """
    split = (pair.partition("=") for pair in pairs)
    return Parameters.from_named({name: value for name, _, value in split})


def complaint(pair: str) -> str:
    """What is wrong with a NAME=VALUE pair; empty where nothing is."""
    name, equals, value = pair.partition("=")
    if not equals or name not in NAMES:
        return f"expected NAME=VALUE with NAME one of {', '.join(NAMES)}, not {pair}"
    if name in CHOICES and value not in CHOICES[name]:
        return f"{value} is no {name}, which is one of {', '.join(CHOICES[name])}"
    if name in RANGES and not _in_range(pair):
        least, most = RANGES[name]
        return f"{value} is no {name}, which goes from {least} to {most}"
    return "" if value else f"{name} needs a value"


def _in_range(pair: str) -> bool:
    name = pair.partition("=")[0]
    try:
        number: float = parameters([pair]).flat()[name]
    except (ValueError, KeyError):  # "null" is read as nothing
        return False
    least, most = RANGES[name]
    return least <= number <= most  # "not a number" is in no range
