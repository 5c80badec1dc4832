"""`fovea endpoints`: list them, test one, give it a key."""

from __future__ import annotations

import argparse
import getpass
import sys

from app.chat.vision_test import test_vision
from app.cli.output import Output
from app.cli.routes import BadUsage
from app.credentials import Credentials, KeyPlace
from app.domain.errors import KeyNotKept
from app.providers.provider import KeepsSecrets, ReportsUsage
from app.providers.registry import Registry, built_in
from app.settings import Settings

DONE = 0


async def endpoints(
    options: argparse.Namespace, registry: Registry, credentials: Credentials, output: Output
) -> int:
    """Do what `options.action` says. Raises BadUsage, UnknownEndpoint and FoveaError."""
    if options.action == "list":
        return await _list(registry, credentials, output)
    if not options.endpoint:
        raise BadUsage(f"Say which endpoint: fovea endpoints {options.action} NAME")
    if options.action == "test":
        return await _test(options, registry, output)
    if options.action == "usage":
        return await _usage(options, registry, output)
    return await _change_key(options, registry, credentials, output)


async def _list(registry: Registry, credentials: Credentials, output: Output) -> int:
    for provider in registry.providers:
        config = registry.config(provider.endpoint.id)
        place = ""
        if config is not None:
            await credentials.find(config.key, quiet=True)
            place = credentials.place(config.key).value
        output.endpoint(provider.endpoint, place)
    return DONE


async def _test(options: argparse.Namespace, registry: Registry, output: Output) -> int:
    provider = registry.provider(options.endpoint)
    output.said(await provider.test())
    if isinstance(provider, KeepsSecrets):
        for sentence in provider.not_published:
            output.said(sentence)
    if options.model:
        output.vision(options.model, await test_vision(provider, options.model))
    return DONE


async def _usage(options: argparse.Namespace, registry: Registry, output: Output) -> int:
    provider = registry.provider(options.endpoint)
    if not isinstance(provider, ReportsUsage):
        raise BadUsage(f"{provider.endpoint.name} does not tell what was used.")
    output.account_usage(await provider.usage())
    return DONE


async def _change_key(
    options: argparse.Namespace, registry: Registry, credentials: Credentials, output: Output
) -> int:
    config = registry.config(options.endpoint)
    if config is None:
        raise BadUsage(f"{registry.provider(options.endpoint).endpoint.name} needs no key.")
    if options.action == "forget-key":
        if left := await credentials.forget(config.key):
            raise KeyNotKept(reason=left)
        output.said(f"The key for {config.name} is removed.")
        return DONE
    kept = await credentials.keep(config.key, options.value)
    if kept.place is not KeyPlace.KEYRING:
        raise KeyNotKept(reason=kept.why)
    output.said(kept.sentence)
    return DONE


def asked_for_key(options: argparse.Namespace, chosen: Settings) -> str:
    """The key, from the terminal without showing it, or the first line of a pipe.

    This waits for a person, so it comes before the event loop. Raises BadUsage for no key and for
    an endpoint that there is not.
    """
    if not options.endpoint:
        raise BadUsage("Say whose key: fovea endpoints key NAME")
    if options.endpoint not in {*built_in(), *(config.id for config in chosen.endpoints)}:
        raise BadUsage(f"There is no endpoint “{options.endpoint}” that takes a key: see fovea endpoints")
    if sys.stdin is not None and sys.stdin.isatty():
        value = getpass.getpass(f"Key for {options.endpoint} (not shown): ")
    else:
        value = sys.stdin.readline() if sys.stdin is not None else ""
    if not value.strip():
        raise BadUsage("No key was given.")
    return value.strip()
