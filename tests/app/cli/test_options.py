"""Which values the options take."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.options import parse
from app.cli.parameters import NAMES, parameters
from app.domain.picture import Detail
from app.domain.request import Parameters, Reasoning


@pytest.mark.parametrize(
    "pair",
    [
        *("temperature=nan", "temperature=inf", "temperature=-0.1", "temperature=hot", "temperature="),
        *("top_p=1.1", "top_p=nan", "max_tokens=0", "max_tokens=-5", "max_tokens=1.5", "max_tokens=null"),
        *(f"seed={-(2**63) - 1}", f"seed={2**63}", "nonsense=1", "temperature", "n=0", "tool_choice="),
        *("reasoning.effort=huge", "reasoning.exclude=maybe", "reasoning=high", "reasoning.max_tokens=0"),
    ],
)
def test_a_parameter_that_nobody_can_mean_is_bad_usage(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(["ask", "Hello", "--param", pair])
    assert pair.partition("=")[0] in capsys.readouterr().err


def test_parameters_within_their_range_are_what_they_say() -> None:
    pairs = ["temperature=0", "top_p=1", "max_tokens=1", "seed=-1", "temperature=0.5", "tool_choice=auto"]
    pairs += ["reasoning.effort=high", "reasoning.exclude=true", "reasoning.max_tokens=99", "n=3"]
    options = parse(["ask", "Hello", *(word for pair in pairs for word in ("--param", pair))])
    assert parameters(options.param) == Parameters(
        temperature=0.5,
        top_p=1,
        max_tokens=1,
        seed=-1,
        n=3,
        tool_choice="auto",
        reasoning=Reasoning(effort="high", exclude=True, max_tokens=99),
    )


def test_every_parameter_can_be_given() -> None:
    nested = {f"reasoning.{name}" for name in Reasoning.__struct_fields__}
    assert set(NAMES) == set(Parameters.__struct_fields__) - {"reasoning"} | nested


def test_how_pictures_go_and_how_long_to_wait_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    options = parse(["ask", "Hello", "--detail", "asset", "--idle-timeout", "2.5"])
    assert (options.detail, options.idle_timeout) == (Detail.UPLOAD, 2.5)
    for wrong in (["--detail", "huge"], ["--idle-timeout", "0"], ["--idle-timeout", "soon"]):
        with pytest.raises(SystemExit, match="2"):
            parse(["ask", "Hello", *wrong])
    assert "soon is no number of seconds" in capsys.readouterr().err


def test_a_file_named_like_an_option_is_told_how_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-x.png").touch()
    with pytest.raises(SystemExit, match="2"):
        parse(["describe", "-x.png"])
    assert str(Path("write .", "-x.png")) in capsys.readouterr().err
    assert parse(["describe", "--", "-x.png"]).image == ["-x.png"]


def test_another_address_is_for_one_endpoint_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(["models", "--base-url", "https://example.com"])
    assert "name it with -e" in capsys.readouterr().err
    assert parse(["models", "-e", "openai", "--base-url", "https://example.com"]).endpoint == "openai"
