"""The endpoints, how each is reached, and whose key goes where."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from app.credentials import SERVICE, Credentials, KeyPlace
from app.domain.errors import FoveaError, InputRefused, KeyMissing, KeyNotRead
from app.domain.model import EndpointConfig, KeyGroup
from app.net.address import parse
from app.net.gate import Gate
from app.paths import resource
from app.providers.registry import Registry, UnknownEndpoint, built_in, own_group
from app.settings import Settings
from tests.memory_keyring import MemoryKeyring
from tests.servers.fault_server import Answer, FaultServer

OURS = ("quick-look", "local")
REMOTE = ("nugen", "nugen-legacy", "nvidia", "openrouter", "gemini", "openai")
BESIDE = ("llamacpp", "ollama", "lmstudio", "vllm", "sglang")
ALL = (*OURS, "nugen", "nugen-legacy", "nvidia", *BESIDE, "openrouter", "gemini", "openai")
KEYS = {"NUGEN_API_KEY": "shell-nugen", "NVIDIA_API_KEY": "shell-nvidia", "FOVEA_API_KEY": "shell-any"}
STORED = "stored-0123456789"
NO_CHOICES = Settings()


class Desk(NamedTuple):
    """A registry and what it stands on."""

    registry: Registry
    keys: Credentials
    ring: MemoryKeyring

    async def key(self, endpoint_id: str) -> tuple[tuple[str, ...], str] | None:
        """The origins and the value of the key that an endpoint would send."""
        config = self.registry.config(endpoint_id)
        assert config is not None
        key = await self.registry._key(config)
        return key and (key.origins, key.value)


@asynccontextmanager
async def opened(
    home: Path,
    settings: Settings = NO_CHOICES,
    *,
    base_url: str = "",
    named: str = "",
    shell: Mapping[str, str] = {},
    ring: MemoryKeyring | None = None,
) -> AsyncGenerator[Desk, None]:
    ring = ring or MemoryKeyring()
    keys, gate = Credentials(ring, environment=shell), Gate()
    registry = Registry(gate, home, keys, settings, base_url=base_url, named=named)
    try:
        yield Desk(registry, keys, ring)
    finally:
        await registry.aclose()
        await gate.aclose()
        await keys.aclose()


def filled_ring() -> MemoryKeyring:
    """A keyring that holds a key for every built-in endpoint."""
    ring = MemoryKeyring()
    for config in built_in().values():
        ring.entries[SERVICE, " ".join(config.key.origins)] = STORED
    return ring


def mine(base_url: str, **changes: object) -> EndpointConfig:
    group = KeyGroup(origins=(parse(base_url).origin,))
    config = EndpointConfig(id="mine", name="Mine", kind="custom", base_url=base_url, key=group)
    return config.replace(**changes)


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("endpoint_id", ALL)
def test_every_endpoint_can_be_built_and_shows_itself(home: Path, endpoint_id: str) -> None:
    async def scene() -> None:
        async with opened(home) as desk:
            provider = desk.registry.provider(endpoint_id)
            assert provider is desk.registry.provider(endpoint_id)
            shown, config = provider.endpoint, desk.registry.config(endpoint_id)
            assert shown.id == endpoint_id
            assert shown.on_this_computer == (endpoint_id not in REMOTE)
            assert shown.needs_key == (endpoint_id in REMOTE)
            assert (config is None) == (endpoint_id in OURS)
            if config is not None:
                assert (shown.name, shown.note) == (config.name, config.note)
                assert shown.host == parse(config.base_url).authority
                assert config.key.needed == shown.needs_key

    asyncio.run(scene())


def test_all_endpoints_are_there_in_order_and_an_unknown_one_is_told_which(home: Path) -> None:
    async def scene() -> None:
        async with opened(home) as desk:
            assert desk.registry.ids == ALL
            assert tuple(provider.endpoint.id for provider in desk.registry.providers) == ALL
            assert tuple(config.id for config in desk.registry.configs) == ALL[2:]
            for look in (desk.registry.provider, desk.registry.config):
                with pytest.raises(UnknownEndpoint, match=r"“nugget”.*quick-look, local, nugen,"):
                    look("nugget")

    asyncio.run(scene())


def test_the_table_holds_no_address_without_tls_but_on_this_computer() -> None:
    for config in built_in().values():
        assert config.id in (*REMOTE, *BESIDE)
        assert parse(config.base_url).origin in config.key.origins
        assert not config.base_url.endswith("/")
        assert re.fullmatch(r"[A-Z][^\n]+\.", config.note)
        for origin in config.key.origins:
            address = parse(origin)
            assert address.origin == origin
            assert (address.scheme == "https") != address.on_this_computer


def test_keys_are_shared_by_the_hosts_of_one_provider_only() -> None:
    groups = {config.id: config.key for config in built_in().values()}
    assert groups["nugen"] == groups["nugen-legacy"]
    assert len(set(groups.values())) == len(groups) - 1
    hosts = [origin for group in set(groups.values()) for origin in group.origins]
    assert len(hosts) == len(set(hosts))
    variables = {name: groups[name].variable for name in ("nugen", "nvidia")}
    assert variables == {"nugen": "NUGEN_API_KEY", "nvidia": "NVIDIA_API_KEY"}
    assert {groups[name].variable for name in groups if "nugen" not in name and name != "nvidia"} == {""}


def test_a_registry_costs_nothing_until_it_is_asked() -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from app.credentials import Credentials
        from app.net.gate import Gate
        from app.providers.registry import Registry, built_in
        registry = Registry(Gate(), Path("x"), Credentials())
        late = {"keyring", "secretstorage", "httpx2", "httpcore2"}
        late |= {"app.providers." + name for name in ("nugen", "nvidia", "openai_compatible")}
        print(sorted(late & set(sys.modules)))
        print(built_in.cache_info().currsize)
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n0\n"


def test_the_table_is_shipped() -> None:
    assert resource("providers.toml").is_file()


# ---------------------------------------------------------------- the user's own endpoints


def test_own_endpoints_come_after_the_others_and_replace_those_of_the_same_name(home: Path) -> None:
    own = mine("https://models.example/v1/")
    elsewhere = mine("http://127.0.0.1:9999/v1", id="ollama", name="The other Ollama", kind="ollama")
    reserved = mine("https://evil.example/v1", id="quick-look")

    async def scene() -> None:
        async with opened(home, Settings(endpoints=(own, elsewhere, reserved))) as desk:
            assert desk.registry.ids == (*ALL, "mine")
            assert desk.registry.provider("ollama").endpoint.name == "The other Ollama"
            assert desk.registry.provider("mine").endpoint.host == "models.example"
            assert desk.registry.config("quick-look") is None
            config = desk.registry.config("mine")
            assert config is not None
            assert config.base_url == "https://models.example/v1"

    asyncio.run(scene())


@pytest.mark.parametrize(
    "broken",
    [
        EndpointConfig(id="mine", name="Mine", kind="custom", base_url="", key=KeyGroup(origins=())),
        mine("https://a.example").replace(base_url="ftp://a.example"),
        mine("https://a.example").replace(base_url="https://user:word@a.example/v1"),
        mine("https://a.example").replace(base_url="https://a.example/v1?api-version=3"),
        mine("https://a.example").replace(base_url="https://a.example/v1#chat"),
        mine("https://a.example").replace(base_url="https://a.example/v1?"),
        mine("https://a.example", kind="a kind of the future"),
    ],
)
def test_an_own_endpoint_that_cannot_be_used_costs_only_itself(home: Path, broken: EndpointConfig) -> None:
    async def scene() -> None:
        async with opened(home, Settings(endpoints=(broken,))) as desk:
            assert tuple(provider.endpoint.id for provider in desk.registry.providers) == ALL
            assert desk.registry.config("mine") is not None
            with pytest.raises(InputRefused):
                desk.registry.provider("mine")

    asyncio.run(scene())


def test_what_a_provider_needs_is_imported_beside_the_window() -> None:
    code = """
import asyncio, sys, threading
from pathlib import Path
from app.credentials import Credentials
from app.net.gate import Gate
from app.providers.registry import Registry

async def scene():
    gate = Gate()
    registry = Registry(gate, Path("/nowhere"), Credentials())
    for name, module in (("nvidia", "nvidia"), ("ollama", "openai_compatible"), ("local", "local_engine")):
        assert not registry.prepared(name) and f"app.providers.{module}" not in sys.modules
        await registry.prepare(name)
        assert registry.prepared(name)
        before = set(sys.modules)
        registry.provider(name)
        assert not {one for one in set(sys.modules) - before if one.startswith("app.")}
    assert registry.prepared("quick-look") and registry.prepared("vllm") and not registry.prepared("nugen")
    await registry.aclose()
    await gate.aclose()

asyncio.run(scene())
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_endpoints_that_were_changed_are_built_anew(home: Path) -> None:
    class Closing:
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    async def scene() -> None:
        own = mine("https://models.example/v1")
        other = mine("https://other.example/v1", id="other")
        async with opened(home, Settings(endpoints=(own, other))) as desk:
            registry, before = desk.registry, {}
            for name in ("quick-look", "nugen", "mine", "other"):
                before[name] = registry.provider(name)
            registry._providers["mine"] = closing = Closing()  # type: ignore[assignment]
            moved = own.replace(base_url="https://elsewhere.example/v1")
            await registry.replace(Settings(endpoints=(moved, other)))
            assert closing.closed == 1
            assert registry.provider("mine").endpoint.host == "elsewhere.example"
            for name in ("quick-look", "nugen", "other"):
                assert registry.provider(name) is before[name]
            await registry.replace(Settings(endpoints=(moved,)))
            assert "other" not in registry.ids
            with pytest.raises(UnknownEndpoint):
                registry.provider("other")

    asyncio.run(scene())


def test_tidying_up_asks_only_the_endpoints_that_may_have_something_left(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tidy:
        tidied = 0

        async def tidy(self) -> None:
            self.tidied += 1
            raise KeyMissing(endpoint="NVIDIA", host="h", variable="v")

        async def aclose(self) -> None:
            pass

    async def scene() -> None:
        async with opened(home) as desk:
            desk.registry._providers["nvidia"] = nvidia = Tidy()  # type: ignore[assignment]
            await desk.registry.tidy()
            assert nvidia.tidied == 0
            (home / "uploads").mkdir(parents=True)
            (home / "uploads" / "a.json").touch()
            await desk.registry.tidy()
            assert nvidia.tidied == 1
            assert list(desk.registry._providers) == ["nvidia"]

    asyncio.run(scene())


# ---------------------------------------------------------------- whose key goes where


def test_a_key_comes_from_the_keyring_and_else_from_the_variable_of_its_group(home: Path) -> None:
    async def scene() -> None:
        async with opened(home, shell=KEYS, ring=filled_ring()) as desk:
            assert await desk.key("nugen") == (("https://api.nugen.in",), STORED)
        async with opened(home, shell=KEYS) as desk:
            assert await desk.key("nugen") == (("https://api.nugen.in",), "shell-nugen")
            assert await desk.key("nugen-legacy") == (("https://api.nugen.in",), "shell-nugen")
            nvidia = built_in()["nvidia"].key.origins
            assert await desk.key("nvidia") == (nvidia, "shell-nvidia")

    asyncio.run(scene())


@pytest.mark.parametrize("base_url", ["", "http://127.0.0.1:9"])
@pytest.mark.parametrize("named", ["", "quick-look", "nugen", "nvidia", "openai", "ollama", "mine"])
def test_the_variable_for_any_key_is_for_the_endpoint_that_is_named(
    home: Path, named: str, base_url: str
) -> None:
    shell = {"FOVEA_API_KEY": "shell-any"}
    settings = Settings(endpoints=(mine("https://models.example/v1"),))

    async def scene() -> None:
        async with opened(home, settings, shell=shell, named=named, base_url=base_url) as desk:
            took = set()
            for config in desk.registry.configs:
                try:
                    found = await desk.key(config.id)
                except KeyMissing as missing:
                    assert "FOVEA_API_KEY" in missing.facts["variable"] or config.key.variable
                    found = None
                if not base_url:
                    has_it = desk.keys.place(config.key) is KeyPlace.ENVIRONMENT
                    assert has_it == (found is not None)
                took |= {config.id} if found else set()
            other = () if base_url else ("nugen", "nvidia", "mine")
            assert took == ({named} - {"", "quick-look", *other})

    asyncio.run(scene())


def test_who_has_no_key_is_told_the_variable_and_to_name_the_endpoint(home: Path) -> None:
    named = "for one run set FOVEA_API_KEY, and name the endpoint with -e."

    async def scene() -> None:
        async with opened(home) as desk:
            with pytest.raises(KeyMissing, match=re.escape(named)):
                await desk.key("openai")
        async with opened(home, named="openai") as desk:
            with pytest.raises(KeyMissing, match=r"for one run set FOVEA_API_KEY\."):
                await desk.key("openai")
        async with opened(home, base_url="http://127.0.0.1:9") as desk:
            with pytest.raises(KeyMissing, match=re.escape(named)):
                await desk.key("openai")

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://127.0.0.1:9/v1", r"are replaced, so write http://127\.0\.0\.1:9 alone\.$"),
        ("https://example.org/v1/", r"it has a path; .* so write https://example\.org alone\.$"),
        ("http://127.0.0.1:9/?a=b", "it has a query; only"),
        ("http://127.0.0.1:9#c", "it has a fragment; only"),
        ("127.0.0.1:9", "it is not a web address"),
    ],
)
def test_a_base_url_of_more_than_an_origin_is_refused(home: Path, base_url: str, words: str) -> None:
    async def scene() -> None:
        keys = Credentials(MemoryKeyring())
        with pytest.raises(InputRefused, match=words):
            Registry(Gate(), home, keys, base_url=base_url)
        Registry(Gate(), home, keys, base_url="http://127.0.0.1:9/")
        await keys.aclose()

    asyncio.run(scene())


def test_without_a_key_an_endpoint_that_needs_one_says_for_which_host(home: Path) -> None:
    async def scene() -> None:
        async with opened(home) as desk:
            assert await desk.key("ollama") is None
            with pytest.raises(KeyMissing) as missing:
                await desk.key("nugen")
            assert missing.value.facts == {
                "endpoint": "Nugen", "host": "api.nugen.in", "variable": "NUGEN_API_KEY"
            }  # fmt: skip
            desk.ring.raises["get"] = RuntimeError("no")
            with pytest.raises(KeyNotRead, match="could not be read: the keyring failed"):
                await desk.key("nugen")
            assert await desk.key("vllm") is None

    asyncio.run(scene())


@pytest.mark.parametrize("endpoint_id", [*REMOTE, *BESIDE])
def test_a_base_url_of_the_command_line_never_gets_a_key_of_the_keyring(home: Path, endpoint_id: str) -> None:
    there = ("http://127.0.0.1:9",)
    variable = built_in()[endpoint_id].key.variable or "FOVEA_API_KEY"

    async def scene() -> None:
        async with opened(home, base_url=there[0], named=endpoint_id, ring=filled_ring(), shell=KEYS) as desk:
            assert await desk.key(endpoint_id) == (there, KEYS[variable])
            assert desk.ring.calls == []
        shell = {"FOVEA_API_KEY": "shell-any"}
        async with opened(home, base_url=there[0], named=endpoint_id, shell=shell) as desk:
            assert await desk.key(endpoint_id) == (there, "shell-any")
        async with opened(home, base_url=there[0], ring=filled_ring()) as desk:
            if endpoint_id in BESIDE:
                assert await desk.key(endpoint_id) is None
            else:
                with pytest.raises(KeyMissing, match=variable):
                    await desk.key(endpoint_id)
            assert desk.ring.calls == []

    asyncio.run(scene())


def test_an_own_endpoint_gets_a_key_by_its_address(home: Path) -> None:
    own = mine("https://models.example/v1")

    async def scene() -> None:
        async with opened(home, Settings(endpoints=(own,)), shell=KEYS) as desk:
            with pytest.raises(KeyMissing, match="for one run set FOVEA_API_KEY and --base-url, and name"):
                await desk.key("mine")
            await desk.keys.keep(own_group(own.base_url, needed=True), STORED)
            assert await desk.key("mine") == (("https://models.example",), STORED)
        same = mine("https://api.openai.com/v1")
        async with opened(home, Settings(endpoints=(same,)), shell=KEYS, named="mine") as desk:
            assert await desk.key("mine") == (("https://api.openai.com",), "shell-any")
            with pytest.raises(KeyMissing):
                await desk.key("openai")

    asyncio.run(scene())


def test_the_group_of_an_address_is_the_one_that_has_it() -> None:
    assert own_group("https://api.nvcf.nvidia.com/v2/", needed=False) == built_in()["nvidia"].key
    own = own_group("HTTPS://Models.Example:443/v1", needed=False)
    assert own == KeyGroup(origins=("https://models.example",), variable="", needed=False)
    with pytest.raises(InputRefused):
        own_group("models.example", needed=True)


@pytest.mark.parametrize("tampered", ["the address", "the address and the group", "the group widened"])
@pytest.mark.parametrize("endpoint_id", [*REMOTE, *BESIDE])
def test_f5_a_changed_base_url_gets_no_key_and_is_asked_for_one(
    home: Path, endpoint_id: str, tampered: str
) -> None:
    """Neither the keyring's key nor any variable goes to an address that the settings were changed to."""

    async def scene() -> None:
        async with FaultServer([Answer([b"{}"], headers={"Content-Type": "application/json"})]) as evil:
            config = built_in()[endpoint_id].replace(base_url=evil.url)
            groups = {
                "the address": config.key,
                "the address and the group": config.key.replace(origins=(evil.url,)),
                "the group widened": config.key.replace(origins=(evil.url, *config.key.origins)),
            }
            changed = config.replace(key=groups[tampered])
            settings = Settings(endpoints=(changed,))
            async with opened(home, settings, shell=KEYS, ring=filled_ring(), named=endpoint_id) as desk:
                provider = desk.registry.provider(endpoint_id)
                if endpoint_id in REMOTE:
                    with pytest.raises(KeyMissing, match=re.escape(f"127.0.0.1:{evil.port}")):
                        await provider.test()
                    assert evil.requests == []
                else:
                    try:
                        await provider.test()
                    except FoveaError as error:
                        assert not isinstance(error, InputRefused)
                    assert evil.requests
                for request in evil.requests:
                    sent = f"{request.path} {dict(request.headers)} {request.body!r}"
                    assert not any(key in sent for key in (STORED, *KEYS.values()))
                    assert "authorization" not in request.headers

    asyncio.run(scene())


def test_f5_after_the_change_the_key_that_is_entered_goes_there_and_only_there(home: Path) -> None:
    async def scene() -> None:
        answer = Answer([b'{"object": "list", "data": []}'], headers={"Content-Type": "application/json"})
        async with FaultServer([answer]) as server:
            changed = built_in()["openai"].replace(base_url=f"{server.url}/v1")
            async with opened(home, Settings(endpoints=(changed,)), ring=filled_ring()) as desk:
                config = desk.registry.config("openai")
                assert config is not None
                await desk.keys.keep(config.key, "entered-anew")
                assert await desk.registry.provider("openai").models() == []
                assert server.requests[-1].headers["authorization"] == "Bearer entered-anew"
                await desk.registry.replace(Settings())
                assert await desk.key("openai") == (("https://api.openai.com",), STORED)

    asyncio.run(scene())
