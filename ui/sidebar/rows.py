"""What the sidebar is told about endpoints and models."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_ENGINE = "local"
"""The id of the endpoint whose model is a file of the user's."""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """Somewhere a question can go; `note` is one plain line about it."""

    id: str
    name: str
    on_this_computer: bool
    note: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether its model is chosen as a file rather than from a list."""
        return self.id == LOCAL_ENGINE


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model an endpoint offers; `detail` is one plain line about it."""

    id: str
    name: str
    detail: str = ""
