"""Which vision part (mmproj file) belongs to which model file."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.errors import ModelFileRefused
from app.local.gguf import GgufHeader, read_header

_MARK = "mmproj"
_QUANTISATION = re.compile(r"[-_.](i?q\d\w*|b?f16|f32|fp16|mxfp4\w*|nvfp4\w*)(?=[-_.]|$)")
_SAYS_NOTHING = {"", "model"}


def find_projector(model: Path) -> Path | None:
    """The vision part beside `model`, or None when there is none that surely belongs to it.

    It lies in the same folder, has `mmproj` in its name and the width of the model. Of several the
    one whose name shares the longest beginning with the model's is taken, of equals the smallest.
    A name that says nothing (mmproj-F16.gguf) counts only when it is the folder's only one.
    Blocks for some milliseconds. Raises ModelFileRefused when `model` itself cannot be used.
    """
    width = read_header(model).embedding_length
    names = [path for path in _files(model.parent) if _MARK in path.name.lower() and path != model]
    headers = [header for header in map(_readable, names) if header is not None and header.sees_pictures]
    fitting = [header for header in headers if header.projector_width in (width, None)]
    if len(headers) == 1 and fitting and _stem(fitting[0].path) in _SAYS_NOTHING:
        return fitting[0].path
    own = _stem(model)
    related = [(_shared(own, _stem(header.path)), header) for header in fitting]
    related = [(shared, header) for shared, header in related if shared]
    if not related:
        return None
    return min(related, key=lambda found: (-found[0], found[1].file_size, found[1].path.name))[1].path


def check_pair(model: GgufHeader, projector: GgufHeader) -> None:
    """Raise ModelFileRefused unless `projector` can be the vision part of `model`."""
    if not projector.is_projector:
        raise ModelFileRefused(name=projector.path.name, reason="it is no vision part (mmproj file)")
    if not projector.sees_pictures:
        raise ModelFileRefused(name=projector.path.name, reason="it hears but does not see")
    width = projector.projector_width
    if width is not None and model.embedding_length and width != model.embedding_length:
        raise ModelFileRefused(
            name=projector.path.name,
            reason=f"it belongs to another model: its width is {width}, that of {model.path.name} is "
            f"{model.embedding_length}",
        )


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".gguf")
    except OSError:
        return []


def _readable(path: Path) -> GgufHeader | None:
    try:
        return read_header(path)
    except ModelFileRefused:
        return None


def _stem(path: Path) -> str:
    """The name without what every such name has: the mark and the quantisation."""
    name = path.name.lower().removesuffix(".gguf").replace(_MARK, "")
    name = _QUANTISATION.sub("", "-" + name.strip("-_."))
    return re.sub(r"[-_.]+", "-", name).strip("-")


def _shared(one: str, other: str) -> int:
    """How many characters of the beginning are shared; 0 unless that is a whole first word."""
    if one.partition("-")[0] != other.partition("-")[0]:
        return 0
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
