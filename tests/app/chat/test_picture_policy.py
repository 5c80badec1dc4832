"""Which pictures of a branch go along, and why others do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from app.chat.picture_policy import Claim, Ruling, in_turn, note_of, rulings
from app.chat.plan import Cause, Fate, Why
from app.domain.geometry import Point
from app.domain.message import Message, PicturePart, Role, Status
from app.domain.model import Limits
from app.domain.region import PictureChoices, PictureRule, Redaction, RedactionKind, Treatment

LIMITS = Limits(longest_side=64, most_pictures=16)
HEARS_ONE = LIMITS.replace(single_turn=True)
RULES = {"a0": PictureRule.PIN, "a1": PictureRule.DROP, "b0": PictureRule.DESCRIBE}


def said(name: str, pictures: int) -> Message:
    """A message of which the pictures are called after it: a0, a1 ..."""
    return Message(
        id=name,
        parent_id=None,
        seq=1,
        role=Role.USER,
        status=Status.DONE,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        parts=tuple(PicturePart(sha256=f"{name}{i}", name=f"{name}{i}.png") for i in range(pictures)),
    )


def ruled(
    showing: Sequence[Message],
    choices: PictureChoices | None = None,
    limits: Limits = LIMITS,
    sees: bool | None = None,
) -> tuple[Ruling, ...]:
    return rulings(showing, showing[-1].id, choices or PictureChoices(), limits, sees)


def going(found: Sequence[Ruling]) -> list[str]:
    """What goes, first the one that comes first."""
    return [found[place].part.sha256 for place in in_turn(found)]


def left(found: Sequence[Ruling]) -> dict[str, tuple[Fate, Cause | None]]:
    return {r.part.sha256: (r.fate, r.cause) for r in found if r.fate is not Fate.GOES}


def test_the_newest_come_first_and_the_question_s_own_before_all() -> None:
    assert going(ruled([said("a", 2), said("b", 2)])) == ["b1", "b0", "a1", "a0"]


def test_a_pinned_picture_comes_before_newer_ones_but_not_before_those_of_the_question() -> None:
    found = ruled([said("a", 1), said("b", 1), said("c", 1)], PictureChoices(rules=RULES))
    assert going(found) == ["c0", "a0"]
    assert [r.claim for r in found if r.fate is Fate.GOES] == [Claim.PINNED, Claim.OWN]


def test_rules_hold_for_the_questions_after_a_picture_s_own() -> None:
    every = PictureChoices(rules=dict.fromkeys(("a0", "b0"), PictureRule.DROP))
    assert going(ruled([said("a", 1), said("b", 1)], every)) == ["b0"]
    assert left(ruled([said("a", 1), said("b", 1)], every)) == {"a0": (Fate.DROPPED, Cause(Why.LEFT_OUT))}
    assert note_of(Cause(Why.LEFT_OUT), ["a0.png"]) is None


def test_a_description_stands_in_for_a_picture_and_one_without_any_is_left_out() -> None:
    described = PictureChoices(rules=RULES, descriptions={"b0": " A red cup. "})
    (_, _, ruling, _) = ruled([said("a", 2), said("b", 1), said("c", 1)], described)
    assert (ruling.fate, ruling.words) == (Fate.DESCRIBED, "A red cup.")
    found = ruled([said("b", 1), said("c", 1)], PictureChoices(rules=RULES))
    assert found[0].cause is not None
    note = note_of(found[0].cause, ["b0.png"])
    assert note is not None
    assert note.sentence == "b0.png did not go along: there is no description yet to stand in for that."


def test_words_from_before_a_cover_do_not_go() -> None:
    covers = tuple(
        Redaction(kind=RedactionKind.BOX, points=(Point(0, 0), Point(side, side))) for side in (5, 9)
    )
    part = PicturePart(sha256="b0", name="b0.png", treatment=Treatment(redactions=covers))
    covered = said("b", 1).replace(parts=(part,))
    open_to_all = PictureChoices(rules=RULES, descriptions={"b0": "The badge says 4711."})
    knows_one = open_to_all.replace(covers={"b0": (covers[0].digest,)})
    knows_more = open_to_all.replace(covers={"b0": ("", covers[1].digest, covers[0].digest)})
    for branch in ([covered, said("c", 1)], [said("b", 1), covered, said("c", 1)]):
        for choices in (open_to_all, knows_one):
            found = left(ruled(branch, choices))
            assert found == {"b0": (Fate.DROPPED, Cause(Why.COVERED_SINCE))}
            assert not any(ruling.words for ruling in ruled(branch, choices, sees=False))
        assert left(ruled(branch, knows_more)) == {"b0": (Fate.DESCRIBED, None)}
        went = rulings(branch, "c", open_to_all, LIMITS, None, then=True)
        assert left(went) == {"b0": (Fate.DESCRIBED, None)}
    note = note_of(Cause(Why.COVERED_SINCE), ["b0.png"])
    assert note is not None and note.sentence.endswith("written before something was covered.")


@pytest.mark.parametrize(
    ("last", "goes", "cause"),
    [
        (0, ["c0", "a0"], Cause(Why.NO_EARLIER)),
        (1, ["c0", "a0"], Cause(Why.NOT_AMONG_THE_NEWEST, 1)),
        (2, ["c0", "a0", "b1"], Cause(Why.NOT_AMONG_THE_NEWEST, 2)),
        (3, ["c0", "a0", "b1", "b0"], None),
    ],
)
def test_only_the_last_go_pinned_ones_apart(last: int, goes: list[str], cause: Cause | None) -> None:
    choices = PictureChoices(last=last, rules={"a0": PictureRule.PIN})
    found = ruled([said("a", 1), said("b", 2), said("c", 1)], choices)
    assert going(found) == goes
    assert {reason for _, reason in left(found).values()} == ({cause} if cause else set())


def test_what_is_said_once_is_told_to_one_that_hears_a_single_turn() -> None:
    branch = [said("a", 2), said("b", 1), said("c", 0)]
    assert going(ruled(branch, limits=HEARS_ONE)) == ["b0"]
    assert going(ruled(branch, PictureChoices(rules={"a1": PictureRule.PIN}), HEARS_ONE)) == ["a1", "a0"]
    assert left(ruled(branch, limits=HEARS_ONE))["a1"][0] is Fate.NO_ROOM
    described = PictureChoices(rules=RULES, descriptions={"b0": "A cup."})
    assert left(ruled(branch, described, HEARS_ONE))["b0"][0] is Fate.DROPPED


def test_a_model_that_sees_nothing_is_told_descriptions_also_of_the_question_s_own_pictures() -> None:
    choices = PictureChoices(rules=RULES, descriptions={"b0": "A cup."})
    found = ruled([said("a", 2), said("b", 1)], choices, sees=False)
    assert [r.fate for r in found] == [Fate.UNSEEN, Fate.DROPPED, Fate.DESCRIBED]


def test_of_many_names_the_first_are_told() -> None:
    names = [f"{n}.png" for n in range(9)]
    for some, said in (
        ([*names[:2], names[0]], "0.png, 1.png"),
        (names[:6], ", ".join(names[:6])),
        (names, "0.png, 1.png, 2.png, 3.png, 4.png and 4 more"),
    ):
        note = note_of(Cause(Why.AS_BEFORE), some)
        assert note is not None and note.sentence == f"{said} did not go along, as before."


@pytest.mark.parametrize(
    ("cause", "facts", "said"),
    [
        (Cause(Why.TOO_MANY, 1), {"most": "1"}, "This model looks at no more than 1 picture: a.png"),
        (Cause(Why.TOO_MANY, 3), {"most": "3"}, "This model looks at no more than 3 pictures: a.png"),
        (
            Cause(Why.TOO_HEAVY, 20_000_000),
            {"megabytes": "20"},
            "A question to this model may weigh 20 MB: a",
        ),
    ],
)
def test_the_facts_of_a_note_are_names_and_numbers(cause: Cause, facts: dict[str, str], said: str) -> None:
    note = note_of(cause, ["a.png"])
    assert note is not None and note.facts == {"names": "a.png", **facts}
    assert note.sentence.startswith(said)


def test_a_picture_of_several_messages_counts_once_among_the_newest() -> None:
    again = said("b", 1).replace(id="c")
    found = ruled([said("a", 1), said("b", 1), again], PictureChoices(last=2))
    assert going(found) == ["b0", "b0", "a0"]
    assert going(ruled([said("b", 1), again], PictureChoices(last=0))) == ["b0"]
