"""Who answers the next question, read off the settings."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.errors import InputRefused
from app.providers.provider import Provider
from app.providers.registry import Registry, UnknownEndpoint
from app.settings import Settings

QUICK_LOOK = "quick-look"
LOCAL = "local"
WITHOUT_LIST = (QUICK_LOOK, LOCAL)
"""The endpoints whose model is not chosen by name."""


class Chosen(NamedTuple):
    """A provider and its model; an empty `model` where none was chosen yet."""

    provider: Provider
    endpoint_id: str
    model: str
    projector: str | None = None

    @property
    def name(self) -> str:
        """What people call the endpoint."""
        return self.provider.endpoint.name

    @property
    def has_models(self) -> bool:
        """Whether one of its models is chosen by name."""
        return self.endpoint_id not in WITHOUT_LIST

    @property
    def vision_key(self) -> str:
        """Where the settings keep what a test or the user said of the model's eyes."""
        return vision_key(self.endpoint_id, self.model)


def vision_key(endpoint_id: str, model: str) -> str:
    """Where the settings keep what a test or the user said of a model's eyes."""
    return f"{endpoint_id} {model}"


def chosen(settings: Settings, registry: Registry) -> Chosen:
    """Who answers; quick look where the chosen endpoint is not there or cannot be used."""
    endpoint_id = settings.endpoint
    try:
        provider = registry.provider(endpoint_id)
    except (UnknownEndpoint, InputRefused):
        endpoint_id = QUICK_LOOK
        provider = registry.provider(QUICK_LOOK)
    if endpoint_id == LOCAL:
        return Chosen(provider, LOCAL, settings.local_model or "", settings.local_projector)
    if endpoint_id == QUICK_LOOK:
        return Chosen(provider, QUICK_LOOK, QUICK_LOOK)
    return Chosen(provider, endpoint_id, settings.models.get(endpoint_id, ""))
