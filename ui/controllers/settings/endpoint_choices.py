"""The user's endpoints within the settings: new ones, changes and removals as pure functions."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from app.domain.errors import InputRefused
from app.domain.model import EndpointConfig
from app.net.address import Address, parse
from app.providers.registry import built_in, own_group
from app.settings import Settings

CUSTOM = "custom"
FIRST = "quick-look"
"""Who answers when the one that did was removed."""

_TOO_LONG = re.compile(r"(/chat/completions|/completions)?/*$")
_KINDS_OF_OURS = ("nugen", "nugen-legacy", "nvidia")


class Removed(NamedTuple):
    """What has to be put back to undo a removal."""

    config: EndpointConfig
    place: int
    shown: bool
    answered: bool


def dialects() -> tuple[EndpointConfig, ...]:
    """The known servers of the OpenAI protocol: each is a kind that the user can have more of."""
    return tuple(config for config in built_in().values() if config.kind not in _KINDS_OF_OURS)


def needs_key(kind: str) -> bool:
    """Whether a server of that kind answers to nobody without a key."""
    return any(config.key.needed for config in built_in().values() if config.kind == kind)


def tidy_address(text: str) -> str:
    """The address as it is kept: without the spaces, slashes and paths that get pasted along."""
    return _TOO_LONG.sub("", text.strip())


def address_of(config: EndpointConfig) -> Address | None:
    """Where an endpoint is; None for an address that cannot be used."""
    try:
        return parse(config.base_url)
    except InputRefused:
        return None


def add(settings: Settings, kind: str, name: str, base_url: str, taken: set[str]) -> tuple[Settings, str]:
    """The settings with one more endpoint, shown in the picker, and its id, which none of `taken` is.

    Raises InputRefused for an address that cannot be used.
    """
    left_over = {*settings.models, *settings.typed_models, *settings.parameters, *settings.detail}
    left_over |= {known.partition(" ")[0] for known in settings.vision}
    endpoint_id = _free_id(name, taken | left_over | set(settings.shown))
    config = EndpointConfig(
        id=endpoint_id,
        name=name,
        kind=kind,
        base_url=base_url,
        key=own_group(base_url, needed=needs_key(kind)),
    )
    endpoints = (*settings.endpoints, config)
    return settings.replace(endpoints=endpoints, shown=(*settings.shown, endpoint_id)), endpoint_id


def change(settings: Settings, config: EndpointConfig, kind: str, name: str, base_url: str) -> Settings:
    """The settings with `config` under another kind, name or address.

    Another server has no key until it is asked for, and nothing is known of its models' eyes. A
    built-in endpoint that is again what it was is no longer the user's. Raises InputRefused for an
    address that cannot be used.
    """
    key = config.key
    if parse(base_url).origin not in key.origins:
        key = own_group(base_url, needed=needs_key(kind))
    elif kind != config.kind:
        key = key.replace(needed=needs_key(kind))
    if (kind, base_url) != (config.kind, config.base_url):
        settings = _unseen(settings, config.id)
    return put(settings, config.replace(kind=kind, name=name, base_url=base_url, key=key))


def put(settings: Settings, config: EndpointConfig) -> Settings:
    """The settings with `config` in the place of the endpoint of the same id, or added."""
    if config == built_in().get(config.id):
        return settings.replace(endpoints=tuple(c for c in settings.endpoints if c.id != config.id))
    if any(c.id == config.id for c in settings.endpoints):
        endpoints = tuple(config if c.id == config.id else c for c in settings.endpoints)
    else:
        endpoints = (*settings.endpoints, config)
    return settings.replace(endpoints=endpoints)


def need_key(settings: Settings, endpoint_id: str, needed: bool) -> Settings:
    """The settings where an endpoint that the user added needs a key, or only where its kind does."""
    for config in settings.endpoints:
        if config.id == endpoint_id and config.id not in built_in():
            needed = needed or needs_key(config.kind)
            return put(settings, config.replace(key=config.key.replace(needed=needed)))
    return settings


def reset(settings: Settings, endpoint_id: str) -> Settings:
    """The settings where a built-in endpoint is as it was."""
    ours = built_in().get(endpoint_id)
    for config in settings.endpoints:
        if config.id == endpoint_id and (ours is None or config.base_url != ours.base_url):
            settings = _unseen(settings, endpoint_id)
    return settings.replace(endpoints=tuple(c for c in settings.endpoints if c.id != endpoint_id))


def remove(settings: Settings, endpoint_id: str) -> tuple[Settings, Removed | None]:
    """The settings without an endpoint of the user's, and what undoes that; None where it is gone."""
    ids = [config.id for config in settings.endpoints]
    if endpoint_id not in ids:
        return settings, None
    place = ids.index(endpoint_id)
    removed = Removed(
        settings.endpoints[place],
        place,
        endpoint_id in settings.shown,
        endpoint_id == settings.endpoint,
    )
    without = settings.replace(
        endpoints=tuple(config for config in settings.endpoints if config.id != endpoint_id),
        shown=tuple(one for one in settings.shown if one != endpoint_id),
        endpoint=FIRST if removed.answered else settings.endpoint,
    )
    return without, removed


def put_back(settings: Settings, removed: Removed) -> Settings:
    """The settings as if nothing had been removed."""
    endpoints = list(settings.endpoints)
    endpoints.insert(removed.place, removed.config)
    shown = (*settings.shown, removed.config.id) if removed.shown else settings.shown
    return settings.replace(
        endpoints=tuple(endpoints),
        shown=shown,
        endpoint=removed.config.id if removed.answered else settings.endpoint,
    )


def free_name(name: str, taken: set[str], between: str = " ") -> str:
    """`name`, or with a number behind it where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{between}{number}"
    return free


def _unseen(settings: Settings, endpoint_id: str) -> Settings:
    """The settings without what was said of the eyes of an endpoint's models."""
    kept = {known: said for known, said in settings.vision.items() if not known.startswith(f"{endpoint_id} ")}
    return settings.replace(vision=kept)


def _free_id(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-") or "server"
    return free_name(slug, taken, "-")
