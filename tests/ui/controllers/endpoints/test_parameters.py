from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.model import ParameterKind, ParameterSpec
from app.domain.request import Parameters, Reasoning
from ui.controllers.endpoints.parameters import Value, fitting, values_of, with_value

SPECS = (
    ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=1),
    ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=2048),
    ParameterSpec(name="reasoning.effort", kind=ParameterKind.CHOICE, choices=("high", "low")),
    ParameterSpec(name="reasoning.enabled", kind=ParameterKind.SWITCH),
)


def test_each_is_set_and_taken_back_under_its_dotted_name() -> None:
    given_now = Parameters()
    for name, value in (("temperature", 0.0), ("reasoning.effort", "low"), ("reasoning.enabled", False)):
        given_now = with_value(given_now, name, value)
    assert values_of(given_now) == {
        "temperature": 0.0,
        "reasoning.effort": "low",
        "reasoning.enabled": False,
    }
    for name in ("temperature", "reasoning.effort", "reasoning.enabled"):
        given_now = with_value(given_now, name, None)
    assert given_now == Parameters() and given_now.reasoning is None


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("temperature", 1.8, 1),
        ("temperature", 0.0, 0.0),
        ("max_tokens", 100_000, 2048),
        ("max_tokens", 5, 5),
        ("top_k", 40, None),
        ("reasoning.effort", "xhigh", None),
        ("reasoning.effort", "low", "low"),
        ("reasoning.enabled", False, False),
    ],
)
def test_a_model_gets_what_it_takes_in_its_own_range(name: str, value: Value, fits: Value) -> None:
    fitted = values_of(fitting(with_value(Parameters(), name, value), SPECS))
    assert fitted == ({} if fits is None else {name: fits})


@given(
    st.builds(
        Parameters,
        temperature=st.none() | st.floats(-10, 10),
        max_tokens=st.none() | st.integers(-5, 10_000),
        seed=st.none() | st.integers(),
        reasoning=st.none() | st.builds(Reasoning, effort=st.none() | st.sampled_from(["high", "none"])),
    )
)
def test_what_fits_fits_again(parameters: Parameters) -> None:
    fits = fitting(parameters, SPECS)
    assert fitting(fits, SPECS) == fits
    assert set(values_of(fits)) <= {spec.name for spec in SPECS}
