"""The endpoints Fovea knows, by name: two of its own, those of providers.toml, and the user's."""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from app.credentials import Credentials
from app.domain.errors import FoveaError, InputRefused, KeyMissing, KeyNotRead
from app.domain.model import EndpointConfig, KeyGroup
from app.net.address import parse
from app.net.gate import Gate
from app.net.key import Key
from app.paths import resource
from app.providers.provider import Provider
from app.providers.quick_look import QuickLookProvider
from app.providers.site import Patience, Site
from app.settings import Settings

log = logging.getLogger(__name__)

ANY_KEY = "FOVEA_API_KEY"
"""The variable that may hold the key of any endpoint for one run, the one that is named for it."""

_NAME_IT = ", and name the endpoint with -e"


class UnknownEndpoint(LookupError):
    """No endpoint has that name; the text lists those there are."""


Make = Callable[[Site, EndpointConfig, Path], Provider]
MakeOurs = Callable[[Gate, Path], Provider]


@runtime_checkable
class Tidies(Protocol):
    """A provider that may have left something of the user's at its endpoint."""

    async def tidy(self) -> None:
        """Remove it. Raises a FoveaError where that failed, to be tried again later."""
        ...


# Each imports its provider when it is called: the window starts with quick look's alone.


def _quick_look() -> MakeOurs:
    return lambda gate, home: QuickLookProvider()


def _local_engine() -> MakeOurs:
    from app.providers.local_engine import LocalEngineProvider

    return lambda gate, home: LocalEngineProvider(gate, home / "models")


def _nugen() -> Make:
    from app.providers.nugen import NugenProvider

    return lambda site, config, home: NugenProvider(site, config)


def _nugen_legacy() -> Make:
    from app.providers.nugen_legacy import NugenLegacyProvider

    return lambda site, config, home: NugenLegacyProvider(site, config)


def _nvidia() -> Make:
    from app.providers.nvidia import NvidiaProvider

    return NvidiaProvider


def _openai_compatible() -> Make:
    from app.providers.openai_compatible import OpenAiCompatibleProvider

    return lambda site, config, home: OpenAiCompatibleProvider(site, config)


_KINDS: dict[str, Callable[[], Make]] = {
    "nugen": _nugen,
    "nugen-legacy": _nugen_legacy,
    "nvidia": _nvidia,
    "llamacpp": _openai_compatible,
    "ollama": _openai_compatible,
    "lmstudio": _openai_compatible,
    "vllm": _openai_compatible,
    "sglang": _openai_compatible,
    "openrouter": _openai_compatible,
    "gemini": _openai_compatible,
    "openai": _openai_compatible,
    "custom": _openai_compatible,
}
_OURS: dict[str, Callable[[], MakeOurs]] = {"quick-look": _quick_look, "local": _local_engine}
_OUR_NAMES = {"quick-look": "Quick look", "local": "Local engine"}
_LEFT_BEHIND = {"nvidia": "uploads"}
"""By kind, the folder in the user's data that notes what is left at the endpoint."""

_NO_CHOICES = Settings()


@cache
def built_in() -> Mapping[str, EndpointConfig]:
    """The endpoints of providers.toml by id."""
    table = tomllib.loads(resource("providers.toml").read_text("utf-8"))
    configs = map(EndpointConfig.from_plain, table["endpoint"])
    return MappingProxyType({config.id: config for config in configs})


def own_group(base_url: str, *, needed: bool) -> KeyGroup:
    """The key group of an endpoint that the user set up at `base_url`.

    The address of a built-in endpoint has that one's group. Raises InputRefused for no address.
    """
    origin = parse(base_url).origin
    known = (config.key for config in built_in().values() if origin in config.key.origins)
    return next(known, KeyGroup(origins=(origin,), variable="", needed=needed))


class Registry:
    """Builds every provider when it is first asked for, and ends them together.

    `base_url` moves every host of every endpoint there; the keyring is then left alone, and a key
    comes from the environment only. `idle_s` ends answers that make no progress for so long.
    `named` is the endpoint that the user asked for by its id: FOVEA_API_KEY goes to no other.
    Raises InputRefused for a `base_url` of more than scheme, host and port.
    """

    def __init__(
        self,
        gate: Gate,
        home: Path,
        credentials: Credentials,
        settings: Settings = _NO_CHOICES,
        *,
        base_url: str = "",
        idle_s: float | None = None,
        named: str = "",
    ) -> None:
        if base_url:
            _check_bare(base_url)
        self._gate = gate
        self._home = home
        self._credentials = credentials
        self._own = settings.endpoints
        self._base_url = base_url
        self._named = named
        self._patience = Patience() if idle_s is None else Patience(idle=idle_s)
        self._providers: dict[str, Provider] = {}
        self._loaded: set[Callable[[], object]] = {_quick_look}

    @cached_property
    def _configs(self) -> dict[str, EndpointConfig]:
        ours = built_in()
        groups = frozenset(config.key for config in ours.values())
        own = {config.id: _bound(config, groups) for config in self._own if config.id not in _OURS}
        return {name: self._for_this_run(config) for name, config in (dict(ours) | own).items()}

    def _for_this_run(self, config: EndpointConfig) -> EndpointConfig:
        if config.id != self._named or config.key.variable or config.key.origins not in _origins():
            return config
        return config.replace(key=config.key.replace(variable=ANY_KEY))

    @property
    def configs(self) -> tuple[EndpointConfig, ...]:
        """How every endpoint but Fovea's own two is reached."""
        return tuple(self._configs.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of all endpoints, the default first. Nothing is built for it."""
        return (*_OURS, *self._configs)

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All of them, the default first, but for those that the user set up in no usable way."""
        found: list[Provider] = []
        for endpoint_id in self.ids:
            try:
                found.append(self.provider(endpoint_id))
            except InputRefused as refused:
                log.info("endpoint %s left out: %s", endpoint_id, refused.code)
        return tuple(found)

    def name(self, endpoint_id: str) -> str:
        """What an endpoint is called; nothing is built for it. Raises UnknownEndpoint."""
        config = self.config(endpoint_id)
        return config.name if config else _OUR_NAMES[endpoint_id]

    def config(self, endpoint_id: str) -> EndpointConfig | None:
        """How an endpoint is reached; None for Fovea's own two. Raises UnknownEndpoint."""
        if endpoint_id in _OURS:
            return None
        try:
            return self._configs[endpoint_id]
        except KeyError:
            known = ", ".join(self.ids)
            raise UnknownEndpoint(f"There is no endpoint “{endpoint_id}”. Known: {known}.") from None

    def provider(self, endpoint_id: str) -> Provider:
        """The provider of an endpoint.

        Raises UnknownEndpoint, and InputRefused for one that the user set up in no usable way.
        """
        if endpoint_id not in self._providers:
            config = self.config(endpoint_id)
            if config is None:
                self._providers[endpoint_id] = _OURS[endpoint_id]()(self._gate, self._home)
            else:
                self._providers[endpoint_id] = self._build(config)
        return self._providers[endpoint_id]

    def prepared(self, endpoint_id: str) -> bool:
        """Whether `provider` answers without importing anything."""
        return endpoint_id in self._providers or self._loader(endpoint_id) in self._loaded

    async def prepare(self, endpoint_id: str) -> None:
        """Import in a thread what the provider of an endpoint needs: on the thread of a window it
        would be felt."""
        load = self._loader(endpoint_id)
        if load not in self._loaded:
            await asyncio.to_thread(load)
            self._loaded.add(load)

    def _loader(self, endpoint_id: str) -> Callable[[], object]:
        config = self._configs.get(endpoint_id)
        if config is not None:
            return _KINDS.get(config.kind, _openai_compatible)
        return _OURS.get(endpoint_id, _quick_look)

    async def replace(self, settings: Settings) -> None:
        """Go on with the user's endpoints as they are now; unchanged ones stay as they are."""
        before = self._configs
        self._own = settings.endpoints
        del self._configs
        changed = {name for name in self._providers if before.get(name) != self._configs.get(name)}
        await _end([self._providers.pop(name) for name in changed])

    async def tidy(self) -> None:
        """Remove what earlier runs had to leave at endpoints; what fails is tried at the next start."""
        for config in self.configs:
            folder = _LEFT_BEHIND.get(config.kind)
            if folder is None or not any((self._home / folder).glob("*.json")):
                continue
            try:
                provider = self.provider(config.id)
                if isinstance(provider, Tidies):
                    await provider.tidy()
            except FoveaError as error:
                log.info("%s is not tidied up: %s", config.id, error.code)

    async def aclose(self) -> None:
        """End the child processes and connections of all providers."""
        built, self._providers = self._providers, {}
        await _end(list(built.values()))

    def _build(self, config: EndpointConfig) -> Provider:
        load = _KINDS.get(config.kind)
        if load is None:
            raise InputRefused(name=config.name, reason="it is of a kind that this Fovea does not know")
        parse(config.base_url)
        if "?" in config.base_url or "#" in config.base_url:
            reason = "its address has a “?” or a “#”, and paths have to be put at its end"
            raise InputRefused(name=config.name, reason=reason)
        key = partial(self._key, config)
        site = Site(self._gate, config.name, key, self._base_url, self._patience)
        return load()(site, config, self._home)

    async def _key(self, config: EndpointConfig) -> Key | None:
        """The key for an endpoint, None where none is known and none is needed. Raises KeyMissing."""
        if self._base_url:
            return self._moved_key(config)
        value = await self._credentials.find(config.key)
        if value is not None:
            return Key(config.key.origins, value)
        if not config.key.needed:
            return None
        facts = {
            "endpoint": config.name,
            "host": parse(config.base_url).authority,
            "variable": self._variable(config),
        }
        if trouble := self._credentials.trouble(config.key):
            raise KeyNotRead(reason=trouble, **facts)
        raise KeyMissing(**facts)

    def _moved_key(self, config: EndpointConfig) -> Key | None:
        address = parse(self._base_url)
        for name in (config.key.variable, ANY_KEY if config.id == self._named else ""):
            value = self._credentials.from_environment(name)
            if value is not None:
                return Key((address.origin,), value)
        if config.key.needed:
            facts = {"endpoint": config.name, "host": address.authority}
            raise KeyMissing(variable=self._variable(config), **facts)
        return None

    def _variable(self, config: EndpointConfig) -> str:
        """Where a key for one run can be put, in words."""
        if config.key.variable:
            return config.key.variable
        elsewhere = not self._base_url and config.key.origins not in _origins()
        words = f"{ANY_KEY} and --base-url" if elsewhere else ANY_KEY
        return words if config.id == self._named else words + _NAME_IT


async def _end(providers: list[Provider]) -> None:
    await asyncio.gather(*(provider.aclose() for provider in providers))


def _check_bare(base_url: str) -> None:
    origin = parse(base_url).origin
    parts = urlsplit(base_url)
    more = {"a path": parts.path.strip("/"), "a query": parts.query, "a fragment": parts.fragment}
    for name, text in more.items():
        if text:
            reason = f"it has {name}; only scheme, host and port are replaced, so write {origin} alone"
            raise InputRefused(name="--base-url", reason=reason)


def _origins() -> frozenset[tuple[str, ...]]:
    """Those of each built-in group."""
    return frozenset(config.key.origins for config in built_in().values())


def _bound(config: EndpointConfig, groups: frozenset[KeyGroup]) -> EndpointConfig:
    """The user's endpoint with a key group that its address belongs to.

    An address that was changed has left its group, and with it the key and the variable: an
    environment variable goes to the addresses of providers.toml alone, whatever the settings say.
    """
    base_url = config.base_url.rstrip("/")
    key = config.key
    if not any(base_url == origin or base_url.startswith(origin + "/") for origin in key.origins):
        try:
            key = own_group(base_url, needed=key.needed)
        except InputRefused:  # said when the endpoint is used
            key = key.replace(origins=())
    variables = {group.origins: group.variable for group in groups}
    key = key.replace(variable=variables.get(key.origins, ""))
    return config.replace(base_url=base_url, key=key)
