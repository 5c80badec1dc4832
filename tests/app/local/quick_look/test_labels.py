from __future__ import annotations

import numpy as np
import pytest

from app.local.quick_look.labels import Labeller
from tests.photos import photo


@pytest.fixture(scope="module")
def labeller() -> Labeller:
    return Labeller(threads=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chelsea.png", {"tabby", "tiger cat", "Egyptian cat"}),
        ("coffee.png", {"espresso"}),
        ("rocket.jpg", {"missile", "projectile"}),
    ],
)
def test_a_photograph_gets_its_label(labeller: Labeller, name: str, expected: set[str]) -> None:
    labels, _ = labeller.label(np.asarray(photo(name)))
    assert labels[0].name in expected


def test_the_members_of_a_family_add_up(labeller: Labeller) -> None:
    labels, families = labeller.label(np.asarray(photo("chelsea.png")))
    assert families[0].name == "cat"
    assert families[0].probability > 0.8 > labels[0].probability


def test_labels_come_likeliest_first(labeller: Labeller) -> None:
    labels, _ = labeller.label(np.asarray(photo("rocket.jpg")))
    probabilities = [label.probability for label in labels]
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1600, 3), (1600, 1, 3), (2, 3, 3)])
def test_a_picture_of_any_shape_is_labelled(labeller: Labeller, shape: tuple[int, int, int]) -> None:
    labels, families = labeller.label(np.zeros(shape, np.uint8))
    assert len(labels) == 5
    assert len(families) == 2
