"""Which values the options take."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.options import parse
from app.cli.parameters import NAMES, parameters
from app.cli.routes import BadUsage
from app.cli.treating import require_within, treatment_of
from app.domain.errors import InputRefused
from app.domain.geometry import Box, Point
from app.domain.picture import Detail, Picture
from app.domain.region import RegionSend, Treatment
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


def test_places_in_a_picture_are_four_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = ["--region", "1,2,30,40", "--region", "5,5,5.5,5", "--redact", "0,0,9,9", "--regions", "crop"]
    options = parse(["describe", "a.png", *drawn])
    treatment = treatment_of(options)
    assert [region.points for region in treatment.regions] == [
        (Point(1, 2), Point(31, 42)),
        (Point(5, 5), Point(10.5, 10)),
    ]
    assert len({region.id for region in treatment.regions}) == 2
    assert (treatment.sends, treatment.detail) == (RegionSend.CROP, None)
    assert [redaction.points for redaction in treatment.redactions] == [(Point(0, 0), Point(9, 9))]
    for wrong in ("1,2,3", "1,2,0,4", "1,2,3,-4", "a,b,c,d", "1,2,nan,4", "1,2,inf,4", ""):
        with pytest.raises(SystemExit, match="2"):
            parse(["describe", "a.png", "--redact", wrong])
    assert "X,Y,W,H in pixels" in capsys.readouterr().err


def test_places_may_begin_left_of_the_picture_or_above_it(capsys: pytest.CaptureFixture[str]) -> None:
    options = parse(["describe", "a.png", "--region", "-50,-50,60,60", "--redact", "-.5,0,9,9"])
    assert options.region == [Box(left=-50, top=-50, right=10, bottom=10)]
    assert options.redact == [Box(left=-0.5, top=0, right=8.5, bottom=9)]
    assert parse(["describe", "--", "--region", "-5,0,9,9"]).image == ["--region", "-5,0,9,9"]
    for wrong, words in (("-5,0,9", "X,Y,W,H in pixels, not -5,0,9"), ("-v", "expected one argument")):
        with pytest.raises(SystemExit, match="2"):
            parse(["describe", "a.png", "--region", wrong])
        assert words in capsys.readouterr().err


def test_places_need_one_picture_and_a_way_needs_a_place() -> None:
    for wrong in (
        ["describe", "a.png", "b.png", "--redact", "1,2,3,4"],
        ["ask", "What?", "--region", "1,2,3,4"],
        ["describe", "a.png", "--regions", "marked"],
    ):
        with pytest.raises(BadUsage):
            treatment_of(parse(wrong))
    assert treatment_of(parse(["describe", "a.png", "b.png"])) == Treatment()


def test_places_outside_of_the_picture_are_refused() -> None:
    picture = Picture(sha256="", format="png", width=600, height=400, byte_count=1)
    for place in ("600,0,5,5", "0,400,5,5", "-10,0,10,5"):
        treatment = treatment_of(parse(["describe", "a.png", f"--redact={place}"]))
        with pytest.raises(InputRefused, match="lies outside its 600 x 400 pixels"):
            require_within(treatment, picture, "a.png")
    require_within(treatment_of(parse(["describe", "a.png", "--redact=-5,390,10,50"])), picture, "a.png")
