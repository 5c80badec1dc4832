"""The theme files as they are on disk."""

from __future__ import annotations

from app.paths import resource

SYSTEM = "system"
THEMES = ("light", "dark", "high_contrast")


def read_theme(name: str) -> dict[str, str]:
    """The keys and values of the theme `name`, one of THEMES, sections left out. Raises OSError.

    It is plain TOML of one value a line. tomllib reads it the same (a test says so), but
    importing that takes a twentieth of the time to the first paint.
    """
    text = resource("themes", f"{name}.toml").read_text("utf-8")
    lines = (line.partition(" = ") for line in text.splitlines() if not line.startswith(("#", "[")))
    return {key: value.strip('"') for key, equals, value in lines if equals}
