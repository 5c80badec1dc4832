"""Who answers a command, and how, out of its options and the settings."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.chat.route import Route
from app.cli.parameters import parameters
from app.cli.tools_file import BadTools, tools_of
from app.domain.errors import NoModel
from app.domain.message import ToolSpec
from app.domain.model import Endpoint
from app.domain.request import Parameters
from app.providers import quick_look
from app.providers.provider import Provider
from app.settings import Settings

LOCAL = "local"


class BadUsage(Exception):
    """Options that do not go together; the text says what to do instead."""


def route(options: argparse.Namespace, chosen: Settings, provider: Provider) -> Route:
    """Where the question of `options` goes.

    Raises BadUsage for options that the endpoint has no use for, NoModel where none is known.
    """
    endpoint = provider.endpoint
    if options.session and not endpoint.keeps_sessions:
        raise BadUsage(f"{endpoint.name} keeps no conversations, so it takes no --session.")
    if options.as_link and not endpoint.takes_links:
        raise BadUsage(f"{endpoint.name} fetches no pictures itself, so it takes no --as-link.")
    if options.as_link and not any(image.startswith("https://") for image in options.image):
        raise BadUsage("--as-link is for pictures given as an https address.")
    model, projector = _model(options, chosen, provider)
    return Route(
        provider=provider,
        model=model,
        projector=projector,
        parameters=_parameters(options),
        system=options.system,
        prefill=options.prefill,
        session=options.session,
        tools=_tools(options.tools),
        author=options.name,
        detail=options.detail,
        stream=not options.no_stream,
    )


def _tools(path: str | None) -> tuple[ToolSpec, ...]:
    if path is None:
        return ()
    try:
        return tools_of(Path(path))
    except BadTools as error:
        raise BadUsage(f"The tools in {path} cannot be used: {error}.") from error


def _parameters(options: argparse.Namespace) -> Parameters:
    values = parameters(options.param)
    return values if options.n is None else values.replace(n=options.n)


def _model(options: argparse.Namespace, chosen: Settings, provider: Provider) -> tuple[str, str | None]:
    """The model and, of a local one, its vision part."""
    endpoint = provider.endpoint
    if endpoint.id == LOCAL:
        projector = options.mmproj or (None if options.model else chosen.local_projector)
        return options.model or chosen.local_model or "", projector
    if options.mmproj:
        raise BadUsage(f"{endpoint.name} uses no vision part. For a model file add: -e local -m MODEL.gguf")
    if endpoint.id == quick_look.QuickLookProvider.endpoint.id:
        if options.model not in (None, quick_look.MODEL):
            raise BadUsage(
                f"Quick look has no model “{options.model}”. For a model file add: -e local -m MODEL.gguf"
            )
        return quick_look.MODEL, None
    return model_of(options, chosen, endpoint), None


def model_of(options: argparse.Namespace, chosen: Settings, endpoint: Endpoint) -> str:
    """The model named, or the one chosen last. Raises NoModel."""
    model: str | None = options.model or chosen.models.get(endpoint.id)
    if not model:
        raise NoModel(endpoint=endpoint.name)
    return model
