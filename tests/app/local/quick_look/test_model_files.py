"""The files in resources/models are the ones described there."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from app.local.quick_look.labels import FAMILIES, family_of, label_names
from app.local.quick_look.sentence import NO_ARTICLE
from app.paths import resource


def test_the_model_has_the_recorded_hash() -> None:
    recorded, name = resource("models", "efficientnet-lite0.onnx.sha256").read_text("ascii").split()
    assert name == "efficientnet-lite0.onnx"
    assert hashlib.sha256(resource("models", name).read_bytes()).hexdigest() == recorded


def test_the_model_comes_with_its_licences() -> None:
    assert "Apache License" in resource("models", "efficientnet-lite0.LICENSE.txt").read_text("utf-8")
    assert "BSD 3-Clause" in resource("models", "imagenet-labels.LICENSE.txt").read_text("utf-8")


def test_there_are_a_thousand_labels_with_a_name_each() -> None:
    names = label_names()
    assert len(names) == 1000
    assert all(name == name.strip() and name for name in names)
    assert len(set(names)) == 1000


def test_labels_without_an_article_exist() -> None:
    assert set(label_names()) >= NO_ARTICLE


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("tench", "fish"),
        ("great grey owl", "bird"),
        ("European fire salamander", ""),
        ("boa constrictor", "snake"),
        ("black grouse", "bird"),
        ("albatross", "bird"),
        ("Chihuahua", "dog"),
        ("Mexican hairless", "dog"),
        ("timber wolf", ""),
        ("tabby", "cat"),
        ("Egyptian cat", "cat"),
        ("cougar", ""),
        ("ice bear", "bear"),
        ("ladybug", "beetle"),
        ("weevil", "beetle"),
        ("monarch", "butterfly"),
        ("lycaenid", "butterfly"),
        ("guenon", "monkey"),
        ("squirrel monkey", "monkey"),
        ("puffer", "fish"),
        ("abacus", ""),
        ("agaric", "mushroom"),
        ("bolete", "mushroom"),
        ("espresso", ""),
    ],
)
def test_a_family_begins_and_ends_with_its_members(name: str, family: str) -> None:
    assert family_of(label_names().index(name)) == family


def test_families_do_not_overlap() -> None:
    ranges = sorted((first, last) for _, first, last in FAMILIES)
    assert all(last < first for (_, last), (first, _) in pairwise(ranges))
