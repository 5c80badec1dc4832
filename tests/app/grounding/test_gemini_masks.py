from __future__ import annotations

import base64
import struct
import time
from collections.abc import Iterable
from itertools import accumulate, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.shape import Mask, Shape, ShapeKind
from app.grounding.dialects import shapes_in
from app.grounding.masks import MOST_RUNS_OF_ALL, Masks
from tests.grounded_answers import LEFT_HALF, answer, grey_png, png_address


def mask_of(written: str) -> Mask | None:
    return Masks().mask(written)


def header(width: int, height: int, depth: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    return struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)


def test_a_mask_is_runs_of_cells_brighter_than_the_middle() -> None:
    mask = mask_of(grey_png(4, 2, bytes([0, 128, 255, 127, 128, 0, 0, 0])))
    assert mask == Mask(width=4, height=2, runs=(1, 2, 1, 1, 3))


def test_cells_of_less_than_a_byte_and_palettes_are_read() -> None:
    assert mask_of(grey_png(10, 1, bytes([0b11100000, 0b01000000]), depth=1)) == Mask(
        width=10, height=1, runs=(0, 3, 6, 1)
    )
    palette = (b"PLTE", bytes([0, 0, 0, 250, 250, 250, 200, 0, 0]))
    address = png_address(header(3, 1, 8, 3), b"\0\0\1\2", palette)
    assert mask_of(address) == Mask(width=3, height=1, runs=(1, 1, 1))


def filtered(rows: list[bytes], how: list[int]) -> bytes:
    """The rows as a PNG writes them, with one way to take differences for each."""
    above, made = bytes(len(rows[0])), bytearray()
    for row, kind in zip(rows, how, strict=True):
        lefts, corners = b"\0" + row[:-1], b"\0" + above[:-1]
        made.append(kind)
        for value, left, up, corner in zip(row, lefts, above, corners, strict=True):
            guess = left + up - corner
            paeth = min((abs(guess - each), at, each) for at, each in enumerate((left, up, corner)))[2]
            made.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) % 256)
        above = row
    return bytes(made)


@settings(max_examples=20)
@given(
    st.integers(1, 9).flatmap(
        lambda width: st.lists(
            st.tuples(st.binary(min_size=width, max_size=width) | st.just(bytes(width)), st.integers(0, 4)),
            min_size=1,
            max_size=9,
        )
    )
)
def test_every_filter_gives_the_cells_back(rows: list[tuple[bytes, int]]) -> None:
    cells = [row for row, _ in rows]
    address = png_address(header(len(cells[0]), len(cells)), filtered(cells, [how for _, how in rows]))
    mask = mask_of(address)
    bright = b"".join(bytes(cell > 127 for cell in row) for row in cells)
    if not any(bright):
        assert mask is None
        return
    assert mask is not None
    assert sum(mask.runs) == len(bright)
    edges = list(accumulate(mask.runs, initial=0))
    again = b"".join(bytes([at % 2]) * (edges[at + 1] - edges[at]) for at in range(len(mask.runs)))
    assert again == bright


GOOD = png_address(header(2, 1), b"\0\xff\xff")
PACKED = base64.b64decode(GOOD.partition(",")[2])


NO_MASKS = [
    "",
    "data:image/png;base64,",
    "data:image/jpeg;base64," + GOOD.partition(",")[2],
    base64.b64encode(PACKED[:-20]).decode(),
    base64.b64encode(PACKED[:40] + b"\1" + PACKED[41:]).decode(),
    GOOD + "!",
    png_address(header(2, 1), b"\0\xff"),
    png_address(header(2, 1), b"\0\xff\xff\xff"),
    png_address(header(2, 1), b"\7\xff\xff"),
    png_address(header(1025, 1), b"\0" * 1026),
    png_address(header(0, 1), b""),
    png_address(header(2, 1, 16), b"\0\xff\xff\xff\xff"),
    png_address(header(2, 1, 8, 2), b"\0" + b"\xff" * 6),
    png_address(header(2, 1, interlace=1), b"\0\xff\xff"),
    png_address(header(2, 1, 8, 3), b"\0\xff\xff"),
    png_address(header(2, 1, 1, 3), b"\0\xff", (b"PLTE", b"\0" * 9)),
    png_address(header(2, 1), b"\0\xff\xff", (b"ABCD", b"")),
    png_address(header(2, 1), b"\0\xff\xff", (b"IHDR", header(2, 1))),
    png_address(b"", b"\0\xff\xff"),
    png_address(header(1024, 1024), b"\0" * 9_000_000),
]


def test_what_is_no_small_plain_png_is_no_mask_and_leaves_its_box() -> None:
    for written in NO_MASKS:
        assert mask_of(written) is None
        text = f'[{{"box_2d": [200, 100, 600, 500], "mask": "{written}", "label": "cat"}}]'
        (cat,) = shapes_in(answer(text, "gemini-2.5-pro"))
        assert (cat.kind, cat.mask) == (ShapeKind.BOX, None)


def laid(box: str, mask: str = LEFT_HALF) -> Shape:
    (cat,) = shapes_in(answer(f'[{{"box_2d": {box}, "mask": "{mask}"}}]', "gemini-2.5-pro"))
    return cat


def test_a_mask_over_a_box_that_is_cut_off_is_cut_with_it() -> None:
    cat = laid("[200, -100, 600, 300]")  # of its four columns, one lies outside
    assert (cat.kind, cat.mask) == (ShapeKind.MASK, Mask(3, 2, (0, 1, 2, 1, 2)))
    assert (cat.pixels.left, cat.pixels.right) == (0, 600)
    assert laid("[-200, 800, 200, 1200]").mask == Mask(2, 1, (0, 2))
    inside = laid("[0, -10, 1000, 30]").mask
    assert inside is not None and sum(inside.runs) == inside.width * inside.height


def test_a_mask_over_a_box_that_sticks_out_by_next_to_nothing_stays_as_it_is() -> None:
    for box in ("[0, 0, 500, 1001]", "[-1, -1, 1001, 1001]"):
        assert laid(box).mask == Mask(4, 2, (0, 2, 2, 2, 2))


def test_a_mask_of_which_nothing_is_left_leaves_its_box() -> None:
    assert (laid("[0, -300, 500, 100]").kind, laid("[0, -300, 500, 100]").mask) == (ShapeKind.BOX, None)


def told(addresses: Iterable[str]) -> list[Shape]:
    places = (f'{{"box_2d": [200, 100, 600, 500], "mask": "{address}"}}' for address in addresses)
    return [*shapes_in(answer(f"[{', '.join(places)}]", "gemini-2.5-pro"))]


def test_masks_stop_where_they_become_too_much_work_and_boxes_go_on() -> None:
    rows = b"".join(bytes([4]) + bytes([1 + at % 7]) * 600 for at in range(600))
    kinds = [shape.kind for shape in told(repeat(png_address(header(600, 600), rows), 9))]
    masks = kinds.count(ShapeKind.MASK)
    assert 0 < masks < 9
    assert kinds == [ShapeKind.MASK] * masks + [ShapeKind.BOX] * (9 - masks)


def striped(side: int, number: int) -> str:
    """A mask of single cells by turns, in few bytes; no two numbers give the same text."""
    rows = b"".join(b"\0" + bytes([0x55 << (row % 2) & 0xFF]) * (side // 8) for row in range(side))
    return png_address(header(side, side, 1), rows, (b"tEXt", b"%d" % number))


def test_small_hostile_masks_take_neither_long_nor_much_memory() -> None:
    large = [striped(1024, number) for number in range(40)]
    shapes = []
    begun = time.process_time()
    for _ in range(2):
        shapes += told(large)
    assert time.process_time() - begun < 0.5
    assert sum(map(len, large)) < 40_000
    assert not any(shape.mask for shape in shapes)


def test_the_runs_of_all_masks_of_an_answer_are_bounded() -> None:
    shapes = told(striped(248, number) for number in range(20))
    runs = [len(shape.mask.runs) for shape in shapes if shape.mask is not None]
    assert len(shapes) == 20
    assert runs[0] > 60_000
    assert MOST_RUNS_OF_ALL - runs[0] < sum(runs) <= MOST_RUNS_OF_ALL


@settings(max_examples=30)
@given(st.binary(max_size=200), st.integers(8, len(PACKED) - 1))
def test_no_bytes_break_the_reader(junk: bytes, at: int) -> None:
    for data in (junk, PACKED[:at] + junk, PACKED[:at] + junk + PACKED[at:]):
        mask_of(base64.b64encode(data).decode())
    mask_of(junk.decode("latin-1"))
