"""One question, asked of several pictures and several models: a table read off a conversation.

Each row is a question, beside the others in the conversation, with the same words and another
picture; each column is a model. So nothing is stored for the table itself: whoever opens the
conversation steps through the same questions and answers one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.message import Message, Role, RunCard
from app.domain.request import Parameters
from app.providers.provider import Provider


class Column(NamedTuple):
    """A model of an endpoint; `endpoint` is the endpoint's name for people."""

    endpoint_id: str
    model: str
    endpoint: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other columns."""
        return self.endpoint_id, self.model


class Table(NamedTuple):
    """`rows` are questions, oldest first; `columns` are those who answered any of them. `cells`
    holds the newest answer by the question's id and the column's key."""

    rows: tuple[Message, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[str, tuple[str, str]], Message]


def table_of(asked: Message, questions: Iterable[Message], answers: Iterable[Message]) -> Table:
    """The questions that say the same as `asked`, which is one of them, with their `answers`."""
    rows = tuple(question for question in _by_age(questions) if question.text == asked.text)
    ids = {question.id for question in rows}
    columns: dict[tuple[str, str], Column] = {}
    cells: dict[tuple[str, tuple[str, str]], Message] = {}
    for answer in _by_age(answers):
        if answer.parent_id in ids and answer.role is Role.ASSISTANT and answer.run is not None:
            column = column_of(answer.run)
            columns.setdefault(column.key, column)
            cells[answer.parent_id, column.key] = answer
    return Table(rows, tuple(columns.values()), cells)


def column_of(run: RunCard) -> Column:
    """Who made an answer."""
    return Column(run.endpoint_id, run.model, run.endpoint)


def with_picture(draft: Draft, sha256: str, name: str) -> Draft:
    """The same question with another first picture; what was drawn on that one goes with it."""
    first = {picture for picture, _ in draft.pictures[:1]}
    return Draft(
        text=draft.text,
        pictures=((sha256, name), *(one for one in draft.pictures[1:] if one[0] != sha256)),
        links={known: link for known, link in draft.links.items() if known not in first},
        treatments={known: done for known, done in draft.treatments.items() if known not in first},
    )


def same_way(run: RunCard | None, provider: Provider, model: str, projector: str | None) -> Route:
    """The route to a model, asked as the answer of `run` was: with its parameters, instructions and
    detail, but for what belongs to that one answer alone.

    Raises ValueError for parameters that cannot be read.
    """
    if run is None:
        return Route(provider, model, projector)
    return Route(
        provider,
        model,
        projector,
        parameters=Parameters.from_named(run.parameters).replace(n=None),
        system=run.system,
        detail=run.detail,
        author=run.author,
    )


def _by_age(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda message: message.seq)
