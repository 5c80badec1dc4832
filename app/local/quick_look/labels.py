"""Which of a thousand kinds of things a picture shows. Runs in the child only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from app.local.quick_look.findings import Label
from app.paths import resource

INPUT_SIDE = 224
SHOWN_SHARE = 224 / 256
"""The model was trained on the middle of pictures: this share of the shorter side."""
LABELS_TOLD = 5

FAMILIES = (
    ("fish", 0, 6),
    ("bird", 7, 24),
    ("lizard", 38, 48),
    ("snake", 52, 68),
    ("spider", 72, 77),
    ("bird", 80, 100),
    ("bird", 127, 146),
    ("dog", 151, 268),
    ("fox", 277, 280),
    ("cat", 281, 285),
    ("bear", 294, 297),
    ("beetle", 300, 307),
    ("butterfly", 321, 326),
    ("monkey", 369, 382),
    ("fish", 389, 397),
    ("mushroom", 992, 997),
)
"""Families whose members follow each other among the classes: word, first and last number."""


class Labeller:
    """Loads the model once and labels pictures with it. `threads` bounds the processors used."""

    def __init__(self, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            resource("models", "efficientnet-lite0.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._names = label_names()

    def label(self, rgb: npt.NDArray[np.uint8]) -> tuple[list[Label], list[Label]]:
        """The likeliest labels and families of a picture (height, width, 3), likeliest first."""
        (probabilities,) = self._session.run(None, {"image": _input(rgb)})
        return _labels(self._names, probabilities[0]), _families(probabilities[0])


def label_names(path: Path | None = None) -> list[str]:
    """The names of the classes, in the order of the model's output."""
    return (path or resource("models", "imagenet-labels.txt")).read_text(encoding="utf-8").splitlines()


def family_of(number: int) -> str:
    """The family of class `number`, or an empty string."""
    return next((family for family, first, last in FAMILIES if first <= number <= last), "")


def _input(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The middle square of the picture as the model takes it."""
    height, width = rgb.shape[:2]
    side = max(1, round(min(height, width) * SHOWN_SHARE))
    top, left = (height - side) // 2, (width - side) // 2
    middle = rgb[top : top + side, left : left + side]
    shrinks = side > INPUT_SIDE
    resized: npt.NDArray[Any] = cv2.resize(
        middle, (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    scaled = (resized.astype(np.float32) - 127) / 128
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[np.newaxis])


def _labels(names: list[str], probabilities: npt.NDArray[Any]) -> list[Label]:
    best = np.argsort(-probabilities)[:LABELS_TOLD]
    return [Label(names[n], round(float(probabilities[n]), 4), family_of(int(n))) for n in best]


def _families(probabilities: npt.NDArray[Any]) -> list[Label]:
    sums: dict[str, float] = {}
    for family, first, last in FAMILIES:
        sums[family] = sums.get(family, 0.0) + float(probabilities[first : last + 1].sum())
    best = sorted(sums.items(), key=lambda item: -item[1])[:2]
    return [Label(family, round(probability, 4)) for family, probability in best]
