"""What the sidebar is told about endpoints."""

from __future__ import annotations

from typing import NamedTuple

LOCAL_ENGINE = "local"
"""The id of the endpoint whose model is a file of the user's."""


class EndpointRow(NamedTuple):
    """Somewhere a question can go; `note` is one plain line about it."""

    id: str
    name: str
    on_this_computer: bool
    note: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether its model is chosen as a file."""
        return self.id == LOCAL_ENGINE
