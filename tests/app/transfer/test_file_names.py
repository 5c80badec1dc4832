"""Names for files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.transfer.file_names import free_path, safe_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is this?", "What is this"),
        ("a/b\\c:d*e", "a b c d e"),
        ("  ..hidden.. ", "hidden"),
        ("CON", "CON file"),
        ("com1.txt", "com1 file"),
        ("", "Conversation"),
        ("\u202egnp.exe", "gnp.exe"),
        ("???", "Conversation"),
        ("x" * 500, "x" * 80),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
    ],
)
def test_titles_become_names_that_every_system_takes(title: str, name: str) -> None:
    assert safe_name(title) == name


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_title_makes_a_name_within_its_folder(title: str) -> None:
    name = safe_name(title)
    assert name
    assert name not in (".", "..")
    assert not set(name) & set('/\\<>:"|?*\0')
    assert name == name.strip(" .")
    assert len(f"{name}.fovea.zip".encode()) <= 255


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    (tmp_path / "a 2.md").symlink_to("nowhere")
    assert free_path(tmp_path, "a", ".md") == tmp_path / "a 3.md"
