"""Answers that point at things, one for each way of writing places, and where that is in the picture.

Each row is an answer as its model writes it about one picture, sent smaller than it is, with the shapes
that it means in pixels of the original.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.domain.message import Message, Role, RunCard, Status, TextPart
from app.domain.picture import Prepared, View
from app.domain.shape import ShapeKind

ORIGINAL = "a" * 64
WIDTH, HEIGHT = 2000, 1500
"""The size of the original in pixels."""


def sent(
    width: int = 1000,
    height: int = 750,
    scale: float = 2.0,
    *,
    left: float = 0.0,
    top: float = 0.0,
    view: View = View.WHOLE,
    number: int = 0,
    original: str = ORIGINAL,
) -> Prepared:
    """A picture as it went along."""
    return Prepared(
        original=original,
        sha256="b" * 64,
        mime="image/jpeg",
        width=width,
        height=height,
        byte_count=1,
        scale_x=scale,
        scale_y=scale,
        left=left,
        top=top,
        view=view,
        number=number,
    )


WHOLE = sent()


def answer(
    text: str,
    model: str = "some-model",
    prepared: Sequence[Prepared] = (WHOLE,),
    *,
    status: Status = Status.DONE,
    entities: str = "",
    finish_reason: str = "stop",
) -> Message:
    """A message of a model that was shown these pictures."""
    run = RunCard(
        endpoint="Somewhere",
        model=model,
        prepared=tuple(prepared),
        entities=entities,
        finish_reason=finish_reason,
    )
    return Message(
        id="1" * 32,
        parent_id="2" * 32,
        seq=2,
        role=Role.ASSISTANT,
        status=status,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        parts=(TextPart(text=text),) if text else (),
        run=run,
    )


class Expected(NamedTuple):
    """A shape: the corners of its box (or of the polygon, or the point) in pixels of the original."""

    label: str
    numbers: tuple[float, ...]
    kind: ShapeKind = ShapeKind.BOX


class Grounded(NamedTuple):
    """An answer and what it points at. `dialect` is its id in DIALECTS; `entities` came beside it."""

    dialect: str
    model: str
    text: str
    expected: tuple[Expected, ...]
    prepared: Prepared = WHOLE
    entities: str = ""

    @property
    def message(self) -> Message:
        """The answer as it is kept."""
        return answer(self.text, self.model, (self.prepared,), entities=self.entities)


def grey_png(width: int, height: int, cells: bytes, depth: int = 8) -> str:
    """A PNG of grey cells as a data address; `cells` are rows of packed samples."""
    stride = (width * depth + 7) // 8
    rows = b"".join(b"\0" + cells[at : at + stride] for at in range(0, len(cells), stride))
    return png_address(struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0), rows)


def png_address(header: bytes, rows: bytes, *extra: tuple[bytes, bytes]) -> str:
    """A PNG of these parts as a data address."""
    parts = ((b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


POINT, POLYGON, MASK = ShapeKind.POINT, ShapeKind.POLYGON, ShapeKind.MASK
LEFT_HALF = grey_png(4, 2, bytes([255, 255, 0, 0] * 2))
"""A mask of which the left half is inside."""

GROUNDED = {
    "paligemma": Grounded(
        "paligemma",
        "google/paligemma",
        "<loc0256><loc0128><loc0768><loc0512> cat ; <loc0000><loc0512><loc0512><loc1023> dog",
        (Expected("cat", (250, 375, 1000, 1125)), Expected("dog", (1000, 0, 1998.046875, 750))),
    ),
    "paligemma-segments": Grounded(
        "paligemma",
        "paligemma-3b-mix-224",
        "<loc0256><loc0128><loc0768><loc0512>" + "".join(f"<seg{n:03}>" for n in range(16)) + " cat",
        (Expected("cat", (250, 375, 1000, 1125)),),
    ),
    "qwen2.5-vl": Grounded(
        "qwen2.5-vl",
        "Qwen/Qwen2.5-VL-7B-Instruct",
        '```json\n[\n\t{"bbox_2d": [112, 84, 448, 336], "label": "cat"},\n'
        '\t{"point_2d": [504, 378], "label": "nose"}\n]\n```',
        (Expected("cat", (200, 150, 800, 600)), Expected("nose", (900, 675), POINT)),
        sent(1120, 840, WIDTH / 1120),
    ),
    "qwen2.5-vl-resized": Grounded(
        "qwen2.5-vl",
        "qwen2.5vl:7b",
        '[{"bbox_2d": [504, 378, 1008, 756], "label": "cat"}]',  # 1000 by 750 becomes 1008 by 756
        (Expected("cat", (1000, 750, 2000, 1500)),),
    ),
    "pixels": Grounded(
        "pixels",
        "some-model",
        '{"bbox": [100, 75, 500, 700], "label": "cat"} {"bbox_xywh": [1, 2, 999, 600], "name": "all"}',
        (Expected("cat", (200, 150, 1000, 1400)), Expected("all", (2, 4, 2000, 1204))),
    ),
    "qwen2-vl": Grounded(
        "qwen2-vl",
        "Qwen2-VL-2B-Instruct",
        "<|object_ref_start|>the cat<|object_ref_end|><|box_start|>(100,200),(500,600)<|box_end|>",
        (Expected("the cat", (200, 300, 1000, 900)),),
    ),
    "qwen3-vl": Grounded(
        "qwen3-vl",
        "qwen3-vl-30b",
        'The cat sleeps.\n```json\n[\n    {"bbox_2d": [100, 200, 500, 600], "label": "cat"},\n'
        '    {"point_2d": [250, 500], "label": "left eye"}\n]\n```',
        (Expected("cat", (200, 300, 1000, 900)), Expected("left eye", (500, 750), POINT)),
    ),
    "glm-v": Grounded(
        "glm-v",
        "zai-org/GLM-4.6V",
        '```json\n[{"label": "cat", "bbox_2d": [100, 200, 500, 600]}]\n```',
        (Expected("cat", (200, 300, 1000, 900)),),
    ),
    "glm-v-marked": Grounded(
        "glm-v",
        "glm-4.5v",
        "The cat and all: <|begin_of_box|>[[100,200,500,600], [0,0,1000,1000]]<|end_of_box|>",
        (Expected("", (200, 300, 1000, 900)), Expected("", (0, 0, 2000, 1500))),
    ),
    "glm-v-bare": Grounded(
        "glm-v",
        "GLM-4.5V",
        "The cat [[100,200,500,600]] and all of it: [[0, 0, 1000, 1000], [500,500,750,1000]].",
        (
            Expected("", (200, 300, 1000, 900)),
            Expected("", (0, 0, 2000, 1500)),
            Expected("", (1000, 750, 1500, 1500)),
        ),
    ),
    "gemini": Grounded(
        "gemini",
        "gemini-3.5-flash",
        '```json\n[\n  {"box_2d": [200, 100, 600, 500], "label": "cat"},\n'
        '  {"point": [500, 250], "label": "left eye"}\n]\n```',
        (Expected("cat", (200, 300, 1000, 900)), Expected("left eye", (500, 750), POINT)),
    ),
    "gemini-mask": Grounded(
        "gemini",
        "google/gemini-2.5-pro",
        f'```json\n[{{"box_2d": [200, 100, 600, 500], "mask": "{LEFT_HALF}", "label": "cat"}}]\n```',
        (Expected("cat", (200, 300, 1000, 900), MASK),),
    ),
    "gemini-structured": Grounded(
        "gemini",
        "gemini-3.7-pro",
        '{"boxes": [{"box_2d": [200, 100, 600, 500], "label": "cat", '
        '"mask": [[100, 200], [500, 200], [500, 600]]}]}',
        (Expected("cat", (200, 300, 1000, 300, 1000, 900), POLYGON),),
    ),
    "molmo": Grounded(
        "molmo",
        "allenai/Molmo-7B-D-0924",
        '<point x="61.5" y="40.4" alt="cat">cat</point> and '
        '<points x1="10.0" y1="20.0" x2="30.5" y2="40.0" alt="black dogs">black dogs</points>',
        (
            Expected("cat", (1230, 606), POINT),
            Expected("black dogs", (200, 300), POINT),
            Expected("black dogs", (610, 600), POINT),
        ),
    ),
    "molmo-bare": Grounded(
        "molmo",
        "molmo-72b",
        "Click(61.5, 40.4), then p=100,205",
        (Expected("", (1230, 606), POINT), Expected("", (200, 307.5), POINT)),
    ),
    "molmo-2": Grounded(
        "molmo",
        "allenai/Molmo2-8B",
        '<points coords="1 1 098 629 2 162 629">boats</points>',
        (Expected("boats", (196, 943.5), POINT), Expected("boats", (324, 943.5), POINT)),
    ),
    "florence-2": Grounded(
        "florence-2",
        "microsoft/Florence-2-large",
        "cat<loc_52><loc_332><loc_932><loc_774>green dog<loc_0><loc_0><loc_99><loc_99>"
        "<loc_500><loc_500><loc_599><loc_599>",
        (
            Expected("cat", (105, 498.75, 1865, 1161.75)),
            Expected("green dog", (1, 0.75, 199, 149.25)),
            Expected("green dog", (1001, 750.75, 1199, 899.25)),
        ),
    ),
    "florence-2-quads": Grounded(
        "florence-2",
        "Florence-2-base",
        "EXIT<loc_100><loc_100><loc_300><loc_110><loc_300><loc_200><loc_100><loc_190>",
        (Expected("EXIT", (201, 150.75, 601, 165.75, 601, 300.75, 201, 285.75), POLYGON),),
    ),
    "kosmos-2": Grounded(
        "kosmos-2",
        "kosmos-2-patch14-224",
        "<grounding><phrase> a cat</phrase><object><patch_index_0044><patch_index_0863></object> by "
        "<phrase>two trees</phrase><object><patch_index_0000><patch_index_0033>"
        "</delimiter_of_multi_objects/><patch_index_0064><patch_index_0064></object>",
        (
            Expected("a cat", (781.25, 70.3125, 1968.75, 1242.1875)),
            Expected("two trees", (31.25, 23.4375, 93.75, 70.3125)),
            Expected("two trees", (0, 93.75, 62.5, 140.625)),
        ),
    ),
    "kosmos-2-nim": Grounded(
        "",
        "microsoft/kosmos-2",
        "A cat sits by a tree.",
        (Expected("A cat", (200, 300, 1000, 900)), Expected("a tree", (1000, 0, 2000, 1500))),
        entities='[{"phrase": "A cat", "bboxes": [[0.1, 0.2, 0.5, 0.6]]},'
        ' {"phrase": "a tree", "bboxes": [[0.5, 0.0, 1.0, 1.0]]}]',
    ),
    "moondream": Grounded(
        "moondream",
        "moondream2",
        '{"objects": [{"x_min": 0.1, "y_min": 0.2, "x_max": 0.5, "y_max": 0.6}]}'
        ' {"points": [{"x": 0.25, "y": 0.5}]}',
        (Expected("", (200, 300, 1000, 900)), Expected("", (500, 750), POINT)),
    ),
    "coco": Grounded(
        "coco",
        "some-model",
        '[{"bbox": [100, 200, 50, 60], "category": "cat"}, {"bbox": [10, 20, 300, 400], "category": "dog"}]',
        (Expected("cat", (200, 400, 300, 520)), Expected("dog", (20, 40, 620, 840))),
    ),
    "coco-annotations": Grounded(
        "coco",
        "qwen2.5vl:7b",
        '{"annotations": [{"id": 1, "image_id": 1, "category_id": 17, "bbox": [100.5, 200, 50, 60]},'
        ' {"id": 2, "image_id": 1, "category_id": 18, "bbox": [10, 20, 300, 400], "name": "dog"}]}',
        (Expected("", (201, 400, 301, 520)), Expected("dog", (20, 40, 620, 840))),
    ),
    "coco-thousandths": Grounded(
        "coco-thousandths",
        "some-model",
        '[{"bbox": [100, 800, 50, 100], "category": "cat"},'
        ' {"bbox": [500, 200, 300, 100], "category": "dog"}]',
        (Expected("cat", (200, 1200, 300, 1350)), Expected("dog", (1000, 300, 1600, 450))),
    ),
    "coco-fractions": Grounded(
        "coco-fractions",
        "some-model",
        '{"bbox": [0.5, 0.25, 0.25, 0.5], "category": "cat"}',
        (Expected("cat", (1000, 375, 1500, 1125)),),
    ),
    "fractions": Grounded(
        "fractions",
        "some-model",
        '{"label": "cat", "bbox": [0.1, 0.2, 0.5, 0.6]}',
        (Expected("cat", (200, 300, 1000, 900)),),
    ),
    "internvl": Grounded(
        "internvl",
        "OpenGVLab/InternVL3-8B",
        "<ref>cats</ref><box>[[100, 200, 500, 600], [0, 0, 1000, 1000]]</box>",
        (Expected("cats", (200, 300, 1000, 900)), Expected("cats", (0, 0, 2000, 1500))),
    ),
    "deepseek-vl2": Grounded(
        "deepseek-vl2",
        "deepseek-ai/deepseek-vl2",
        "<|ref|>cat<|/ref|><|det|>[[111, 222, 555, 666]]<|/det|>",
        (Expected("cat", (2000 / 9, 1000 / 3, 10000 / 9, 1000)),),
    ),
    "nemotron-parse": Grounded(
        "nemotron-parse",
        "nvidia/nemotron-parse",
        "<x_0.1><y_0.2># A heading<x_0.5><y_0.25><class_Title>\n"
        "<x_0.1><y_0.3>Words <b>of</b> it.<x_0.9><y_0.5><class_Text>",
        (Expected("Title", (200, 300, 1000, 375)), Expected("Text", (200, 450, 1800, 750))),
    ),
}
"""The answers by name; several may be of one dialect."""
