"""How an exported page looks: the window's themes as a style sheet."""

from __future__ import annotations

from app.paths import resource

_ROLES = (
    "window",
    "surface",
    "surface_raised",
    "text",
    "text_muted",
    "accent",
    "positive",
    "warning",
    "danger",
)
_FAINT = ("separator", "outline")


def theme_colours(name: str) -> dict[str, str]:
    """The colours of a theme by role, as style sheets write them. Raises OSError."""
    text = resource("themes", f"{name}.toml").read_text("utf-8")
    lines = (line.partition(" = ") for line in text.splitlines() if not line.startswith(("#", "[")))
    values = {key: value.strip('"') for key, equals, value in lines if equals}
    return {role: _written(values[role]) for role in (*_ROLES, *_FAINT)}


def style_sheet() -> str:
    """The style sheet of a page, light and dark. Raises OSError."""
    light, dark = (_variables(theme_colours(name), dark=name == "dark") for name in ("light", "dark"))
    rules = resource("export", "page.css").read_text("utf-8")
    dark_too = f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f":root {{ color-scheme: light dark; {light} }}\n{dark_too}\n{rules}"


def _variables(colours: dict[str, str], *, dark: bool) -> str:
    colours = colours | {"card": colours["surface_raised" if dark else "window"]}
    return "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in colours.items())


def _written(colour: str) -> str:
    """Qt writes how much shines through first, style sheets last."""
    return f"#{colour[3:]}{colour[1:3]}" if len(colour) == 9 else colour
