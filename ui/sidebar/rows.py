"""What the sidebar is told about endpoints and their models."""

from __future__ import annotations

from typing import NamedTuple

LOCAL_ENGINE = "local"
"""The id of the endpoint whose model is a file of the user's."""


class EndpointRow(NamedTuple):
    """Somewhere a question can go: `host` receives it. `note` is one plain line about it.

    `has_models`: one of its models is chosen by name. `hosts` are all that may receive something,
    where `host` only names what they have in common.
    """

    id: str
    name: str
    on_this_computer: bool
    note: str = ""
    host: str = ""
    has_models: bool = False
    hosts: tuple[str, ...] = ()

    @property
    def takes_files(self) -> bool:
        """Whether its model is chosen as a file."""
        return self.id == LOCAL_ENGINE


class ModelRow(NamedTuple):
    """A model to choose. `vision` is whether it takes pictures, None where nobody has said.

    `typed`: the user wrote its id, so the user can take it out of the list.
    """

    id: str
    name: str = ""
    detail: str = ""
    vision: bool | None = None
    typed: bool = False


class UsageRow(NamedTuple):
    """A figure that an endpoint keeps, in words."""

    label: str
    value: str
