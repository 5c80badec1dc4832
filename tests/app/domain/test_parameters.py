"""Parameters as the run card keeps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.request import Parameters, Reasoning

NUMBERS = st.none() | st.floats(0, 2, allow_nan=False)
WHOLE = st.none() | st.integers(-1, 2**31)
SWITCHES = st.none() | st.booleans()
REASONING = st.builds(
    Reasoning,
    effort=st.sampled_from([None, "none", "high"]),
    max_tokens=WHOLE,
    exclude=SWITCHES,
    enabled=SWITCHES,
)


@given(
    st.builds(
        Parameters,
        temperature=NUMBERS,
        top_p=NUMBERS,
        top_k=WHOLE,
        seed=WHOLE,
        n=WHOLE,
        tool_choice=st.sampled_from([None, "auto", "none", "zoom"]),
        reasoning=st.none() | REASONING.filter(lambda reasoning: reasoning != Reasoning()),
    )
)
def test_what_is_written_down_is_read_again(parameters: Parameters) -> None:
    assert Parameters.from_named(parameters.named()) == parameters


@pytest.mark.parametrize("named", [{"temperature": "warm"}, {"colour": "1"}, {"reasoning.effort.more": "1"}])
def test_what_are_no_parameters_is_refused(named: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Parameters.from_named(named)
