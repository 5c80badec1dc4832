"""Every odd picture is shown right, or refused by its name with a reason; none stops the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from app.domain.errors import PictureRefused
from app.pictures.decoder import Decoder
from tests.app.pictures.samples import difference
from tests.odd_pictures import OddPicture, odd_pictures

CHILD_FAULTS = ("stopped while it looked", "took longer", "does not start")


async def complaint(decoder: Decoder, path: Path, odd: OddPicture) -> str:
    """What is wrong with how an odd picture is treated; empty for nothing."""
    path.write_bytes(odd.data)
    try:
        picture = await decoder.inspect(path=path, name=odd.name)
        pixels = await decoder.pixels(path, odd.name, 65_535)
    except PictureRefused as refused:
        return complaint_of_refusal(odd, refused)
    if odd.expected is None:
        return f"{odd.name}: shown, though not all of it is there"
    shown = Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.rgb))
    if not shown.size == odd.expected.size == (picture.width, picture.height):
        return f"{odd.name}: {shown.size} instead of {odd.expected.size}"
    same = shown.tobytes() == odd.expected.tobytes()
    off = 0.0 if same else difference(shown, odd.expected)
    return f"{odd.name}: off by {off:.2f}" if off > odd.tolerance else ""


def complaint_of_refusal(odd: OddPicture, refused: PictureRefused) -> str:
    reason = refused.facts["reason"]
    if refused.facts["name"] != odd.name or not reason or any(fault in reason for fault in CHILD_FAULTS):
        return f"{odd.name}: refused as {refused.facts}"
    if odd.expected is not None and not odd.may_refuse:
        return f"{odd.name}: refused, {reason}"
    return ""


def test_d2_d5_every_odd_picture_is_shown_right_or_refused(
    decoding: Callable[..., Any], tmp_path: Path
) -> None:
    odd = list(odd_pictures())
    assert len({each.name for each in odd}) == len(odd) > 150

    async def work(decoder: Decoder) -> list[str]:
        first = decoder.pid
        found = [await complaint(decoder, tmp_path / "odd", each) for each in odd]
        assert decoder.pid == first, "the child was lost on the way"
        return [each for each in found if each]

    complaints = decoding(work)
    assert not complaints, "\n".join(complaints)
