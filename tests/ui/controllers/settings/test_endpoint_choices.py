from __future__ import annotations

import pytest

from app.domain.errors import InputRefused
from app.domain.model import Capability, EndpointConfig
from app.providers.registry import built_in
from app.settings import Settings
from ui.controllers.settings import endpoint_choices as choices

SEES = Capability(True, "the server says so")


def added(settings: Settings, name: str = "Big box", url: str = "http://127.0.0.1:9000/v1") -> Settings:
    return choices.add(settings, "custom", name, url, set(built_in()))[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://a.example/v1/ ", "https://a.example/v1"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1"),
        ("https://a.example/v1/completions//", "https://a.example/v1"),
        ("https://a.example", "https://a.example"),
        ("", ""),
    ],
)
def test_what_is_pasted_along_is_left_out(typed: str, kept: str) -> None:
    assert choices.tidy_address(typed) == kept


@pytest.mark.parametrize(
    ("name", "endpoint_id"),
    [("Big box", "big-box"), ("Ollama", "ollama-2"), ("Café 2!", "cafe-2"), ("東京", "server")],
)
def test_a_new_endpoint_gets_an_id_that_nothing_else_has(name: str, endpoint_id: str) -> None:
    settings, made = choices.add(Settings(), "custom", name, "http://127.0.0.1:9000", set(built_in()))
    assert made == endpoint_id
    assert settings.endpoints[0].id == made and settings.shown[-1] == made


def test_what_is_left_of_a_removed_endpoint_is_not_taken_over() -> None:
    settings = Settings(models={"big-box": "eye"})
    assert choices.add(settings, "custom", "Big box", "http://127.0.0.1:9000", set())[1] == "big-box-2"


def test_what_is_known_of_a_removed_endpoint_is_not_taken_over() -> None:
    settings = Settings(vision={"big-box eye": SEES})
    assert choices.add(settings, "custom", "Big box", "http://127.0.0.1:9000", set())[1] == "big-box-2"


@pytest.mark.parametrize(
    ("kind", "name", "url", "stays"),
    [
        ("custom", "Other", "http://127.0.0.1:9000/v1", True),
        ("vllm", "Big box", "http://127.0.0.1:9000/v1", False),
        ("custom", "Big box", "http://127.0.0.1:9001/v1", False),
    ],
)
def test_another_server_is_not_known_to_see(kind: str, name: str, url: str, stays: bool) -> None:
    known = {"big-box eye 7b": SEES, "big-box-2 eye": SEES}
    settings = added(Settings()).replace(vision=known)
    after = choices.change(settings, settings.endpoints[0], kind, name, url)
    assert set(after.vision) == (set(known) if stays else {"big-box-2 eye"})


def test_a_known_server_that_comes_back_to_its_address_is_not_known_to_see() -> None:
    ollama = built_in()["ollama"]
    there = choices.change(Settings(), ollama, "ollama", "Ollama", "http://127.0.0.1:9/v1")
    there = there.replace(vision={"ollama eye": SEES})
    assert choices.reset(there, "ollama").vision == {}
    named = choices.change(Settings(), ollama, "ollama", "Mine", ollama.base_url)
    named = named.replace(vision={"ollama eye": SEES})
    assert choices.reset(named, "ollama").vision == named.vision


def test_another_server_has_another_key_and_no_variable() -> None:
    nugen = built_in()["nugen"]
    settings = choices.change(Settings(), nugen, nugen.kind, "Mine", "https://example.com")
    (config,) = settings.endpoints
    assert config.key.origins == ("https://example.com",)
    assert config.key.variable == "" and config.key.needed


def test_another_path_of_the_same_server_keeps_its_key() -> None:
    nvidia = built_in()["nvidia"]
    settings = choices.change(Settings(), nvidia, nvidia.kind, "NVIDIA", f"{nvidia.base_url}/beta")
    assert settings.endpoints[0].key == nvidia.key


def test_a_known_server_that_is_as_it_was_is_no_longer_the_users() -> None:
    nugen = built_in()["nugen"]
    moved = choices.change(Settings(), nugen, nugen.kind, nugen.name, "https://example.com")
    back = choices.change(moved, moved.endpoints[0], nugen.kind, nugen.name, nugen.base_url)
    assert back == Settings()
    assert choices.reset(moved, "nugen") == Settings()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InputRefused):
        choices.change(Settings(), built_in()["nugen"], "nugen", "Nugen", "nowhere")
    with pytest.raises(InputRefused):
        added(Settings(), url="ftp://a.example")


def test_a_removal_can_be_undone_in_full() -> None:
    before = added(added(Settings(), "A"), "B").replace(endpoint="a")
    without, removed = choices.remove(before, "a")
    assert removed is not None
    assert [config.id for config in without.endpoints] == ["b"]
    assert without.endpoint == "quick-look" and "a" not in without.shown
    back = choices.put_back(without, removed)
    assert back.replace(shown=before.shown) == before and set(back.shown) == set(before.shown)
    assert choices.remove(without, "a") == (without, None)


def test_only_a_server_of_the_users_can_come_to_need_a_key() -> None:
    settings = added(Settings())
    needs = choices.need_key(settings, "big-box", True)
    assert needs.endpoints[0].key.needed
    assert choices.need_key(needs, "big-box", False) == settings
    assert choices.need_key(settings, "ollama", True) == settings


def test_every_dialect_can_be_added() -> None:
    kinds = {config.kind for config in choices.dialects()}
    assert {"llamacpp", "ollama", "lmstudio", "vllm", "sglang", "openrouter", "openai", "gemini"} == kinds
    assert choices.needs_key("openai") and not choices.needs_key("ollama")
    assert not choices.needs_key(choices.CUSTOM)


def test_an_unusable_address_has_no_place() -> None:
    config: EndpointConfig = built_in()["nugen"].replace(base_url="nowhere")
    assert choices.address_of(config) is None
