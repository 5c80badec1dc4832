"""Which values the options take."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.options import RANGES, parameters, parse
from app.domain.request import Parameters


@pytest.mark.parametrize(
    "pair",
    [
        *("temperature=nan", "temperature=inf", "temperature=-0.1", "temperature=hot", "temperature="),
        *("top_p=1.1", "top_p=nan", "max_tokens=0", "max_tokens=-5", "max_tokens=1.5", "max_tokens=null"),
        *("seed=-2", "seed=99999999999", "nonsense=1", "temperature"),
    ],
)
def test_a_parameter_that_nobody_can_mean_is_bad_usage(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(["ask", "Hello", "--param", pair])
    assert pair.partition("=")[0] in capsys.readouterr().err


def test_parameters_within_their_range_are_numbers() -> None:
    pairs = ["temperature=0", "top_p=1", "max_tokens=1", "seed=-1", "temperature=0.5"]
    options = parse(["ask", "Hello", *(word for pair in pairs for word in ("--param", pair))])
    assert parameters(options.param) == Parameters(temperature=0.5, top_p=1, max_tokens=1, seed=-1)


def test_every_parameter_has_a_range() -> None:
    assert RANGES.keys() == set(Parameters.__struct_fields__)


def test_a_file_named_like_an_option_is_told_how_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-x.png").touch()
    with pytest.raises(SystemExit, match="2"):
        parse(["describe", "-x.png"])
    assert str(Path("write .", "-x.png")) in capsys.readouterr().err
    assert parse(["describe", "--", "-x.png"]).image == ["-x.png"]
