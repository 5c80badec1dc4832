"""Reads the text in a picture. Runs in the child only."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import rapidocr
from rapidocr.main import RapidOCRError

from app.local.quick_look import LONGEST_SIDE
from app.local.quick_look.sentence import one_line

SMALLEST_SCORE = 0.8
SHORTEST_LINE = 2
LINES_AT_ONCE = 6
SHORTEST_SIDE = 736
"""Small pictures are enlarged to this before lines are looked for, within LONGEST_SIDE."""
PADDED_SIDE = 64
"""Thinner pictures get a border: the engine would enlarge a strip until memory ends."""

_MODELS = Path(rapidocr.__file__).parent / "models"


class Reader:
    """Loads the reading models once. `threads` bounds the processors used.

    The models are named by path, so that none is ever downloaded: a missing one raises.
    """

    def __init__(self, threads: int) -> None:
        cv2.setNumThreads(threads)
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_preprocess_img": False,
                "Det.limit_side_len": PADDED_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
                "Cls.model_path": str(_MODELS / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
                "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
            }
        )
        self._load_models()

    def read(self, rgb: npt.NDArray[np.uint8]) -> Iterator[list[str]]:
        """The lines of a picture (height, width, 3) in reading order, a few at a time.

        First an empty list once the lines have been found, then the text of each group of them.
        """
        image, record = self._engine.preprocess_img(_fitted(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)))
        try:
            crops, _ = self._engine.detect_and_crop(image, record)
        except RapidOCRError:  # there is no text
            return
        yield []
        for first in range(0, len(crops), LINES_AT_ONCE):
            yield self._lines(crops[first : first + LINES_AT_ONCE])

    def _lines(self, crops: list[npt.NDArray[np.uint8]]) -> list[str]:
        upright, _ = self._engine.cls_and_rotate(crops)
        found: Any = self._engine.recognize_txt(upright)
        return readable(zip(found.txts, found.scores, strict=True))

    def _load_models(self) -> None:
        """The engine loads each model when it is first needed: need them all now."""
        blank = np.full((64, 64, 3), 255, np.uint8)
        list(self.read(blank.copy()))
        self._lines([blank])


def _fitted(bgr: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The picture in the size in which its lines are found best, with a border where it is thin."""
    height, width = bgr.shape[:2]
    scale = min(LONGEST_SIDE / max(height, width), max(1.0, SHORTEST_SIDE / min(height, width)))
    if scale != 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    missing = [max(0, PADDED_SIDE - side) for side in bgr.shape[:2]]
    if not any(missing):
        return bgr
    (above, left), (below, right) = zip(*((n // 2, n - n // 2) for n in missing), strict=True)
    return cv2.copyMakeBorder(bgr, above, below, left, right, cv2.BORDER_REPLICATE)


def readable(scored: Iterator[tuple[str, float]] | zip[tuple[str, float]]) -> list[str]:
    """The lines worth telling: surely read, no ghost of one character, no mere punctuation."""
    lines = [(one_line(text), score) for text, score in scored]
    return [
        line
        for line, score in lines
        if score >= SMALLEST_SCORE and len(line) >= SHORTEST_LINE and any(map(str.isalnum, line))
    ]
