from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.tools_file import BadTools, tools_of
from app.domain.message import ToolSpec

SCHEMA = {"type": "object", "properties": {"at": {"type": "string"}}}
FUNCTION = {"name": "weather", "description": "Now", "parameters": SCHEMA, "strict": True}


def written(folder: Path, content: Any) -> Path:
    path = folder / "tools.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("entry", [FUNCTION, {"type": "function", "function": FUNCTION}])
def test_a_tool_is_read_in_both_forms(entry: dict[str, Any], tmp_path: Path) -> None:
    expected = ToolSpec(name="weather", description="Now", parameters=SCHEMA)
    assert tools_of(written(tmp_path, [entry])) == (expected,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('[{"name": "a", "parameters": {"x": NaN}}]', "it is not JSON"),
        ([], "it is not a list of tools"),
        ({"name": "a"}, "it is not a list of tools"),
        (["weather"], "number 1 is no tool"),
        ([{"name": "a"}, {"name": ""}], "number 2 needs a name"),
        ([{"name": "\ud800"}], "number 1 needs a name"),
        ([{"name": "a b"}], "number 1 needs a name"),
        ([{"name": "a"}, {"name": "a"}], "two of them are called a"),
        ([{"name": "a", "parameters": "x"}], "an object as its parameters"),
        ([{"name": "a", "description": "\ud800"}], "a holds half a character"),
    ],
)
def test_what_is_no_tool_is_named(content: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadTools, match=said):
        tools_of(written(tmp_path, content))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTools, match="No such file"):
        tools_of(tmp_path / "none.json")
