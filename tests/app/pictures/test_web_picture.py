"""Pictures from the web, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import PictureRefused
from app.domain.picture import Attachment
from app.net.gate import Gate
from app.pictures.caps import Caps
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake, Offer
from app.pictures.web_picture import WebPicture, fetch_picture, host_of
from app.store.database import Store
from tests.app.pictures.samples import encoded, scene
from tests.servers.fault_server import Answer, FaultServer, Forever, Hang, Raw, Received, Reset

PNG = encoded(scene(), "PNG")
HTML = b"<!doctype html><html><body>Sign in</body></html>"


def of(body: bytes, content_type: str = "image/png", status: int = 200, **headers: str) -> Answer:
    return Answer([body], status, {"Content-Type": content_type, **headers}, framing="length")


async def fetched(
    answers: Sequence[Answer | Raw], path: str = "/a/cat%20nap.png?w=2", **options: Any
) -> tuple[WebPicture, list[Received]]:
    async with FaultServer(answers) as server:
        picture = await fetch_picture(Gate(), server.url + path, **options)
        return picture, server.requests


def refused(answer: Answer | Raw, path: str = "/cat.png", **options: Any) -> PictureRefused:
    async def scenario() -> None:
        await fetched([answer], path, **options)

    with pytest.raises(PictureRefused) as caught:
        asyncio.run(scenario())
    return caught.value


def test_a_picture_is_fetched_once_without_a_key_and_named_by_its_path() -> None:
    picture, requests = asyncio.run(fetched([of(PNG, "text/plain")]))
    assert picture == WebPicture("cat nap.png", PNG, "")
    (request,) = requests
    assert (request.method, request.path) == ("GET", "/a/cat%20nap.png?w=2")
    assert not {"authorization", "cookie", "referer"} & set(request.headers)


@pytest.mark.parametrize("path", ["", "/", "/?q=cat.png"])
def test_without_a_path_the_host_is_the_name(path: str) -> None:
    picture, _ = asyncio.run(fetched([of(PNG)], path))
    assert picture.name.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("location", "url", "words"),
    [
        (
            "http://127.0.0.2:81/x.png",
            "http://127.0.0.2:81/x.png",
            "now at http://127.0.0.2:81/x.png, over a connection",
        ),
        ("https://example.org/x.png", "https://example.org/x.png", "now at https://example.org/x.png."),
        ("file:///etc/passwd", "", "leads on to something that is no web address"),
        ("https://", "", "leads on to something that is no web address"),
    ],
)
def test_b15_a_redirect_is_reported_and_not_followed(location: str, url: str, words: str) -> None:
    refusal = refused(of(b"", status=302, Location=location))
    assert refusal.url == url
    assert words in refusal.sentence


def test_b15_a_redirect_within_the_host_has_its_whole_address() -> None:
    refusal = refused(of(b"", status=301, Location="../there.png"))
    assert refusal.url.startswith("http://127.0.0.1:")
    assert refusal.url.endswith("/there.png")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (of(b"x", status=404), "has no such picture"),
        (of(b"x", status=403), "does not give it to Fovea"),
        (of(b"x", status=500), "answered with status 500"),
        (of(b"", status=204), "answered with status 204"),
        (Raw([Reset()]), "did not send it: the connection"),
        (Answer([PNG[:100], Reset()], framing="close"), "did not send it: the connection"),
        (of(PNG, **{"Content-Encoding": "gzip"}), "did not send it: it is compressed"),
    ],
)
def test_what_does_not_come_is_said_with_its_host(answer: Answer | Raw, words: str) -> None:
    sentence = refused(answer).sentence
    assert sentence.startswith("cat.png cannot be opened: 127.0.0.1:")
    assert words in sentence


def test_b9_an_endless_picture_is_cut_off() -> None:
    refusal = refused(Answer([Forever(b"x" * 65536)]), most_bytes=2**20)
    assert "larger than 1 MB" in refusal.sentence


def test_a_picture_that_never_ends_takes_no_longer_than_allowed() -> None:
    refusal = refused(Answer([PNG[:100], Hang()]), most_s=0.05)
    assert "took longer than 0.05 seconds" in refusal.sentence


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/x.png", "it is not a web address"),
        ("https://user:secret@example.org/x.png", "it holds a user name"),
        ("https://[::1/x.png", "it is not a web address"),
        ("nothing", "it is not a web address"),
    ],
)
def test_what_is_no_web_address_is_refused_without_a_connection(url: str, words: str) -> None:
    with pytest.raises(PictureRefused, match=words):
        asyncio.run(fetch_picture(Gate(), url))


def test_offline_nothing_is_fetched() -> None:
    with pytest.raises(PictureRefused, match=r"offline, so it did not connect to example\.org"):
        asyncio.run(fetch_picture(Gate(offline=True), "https://example.org/x.png"))


def test_the_host_is_what_the_user_agrees_to() -> None:
    assert host_of("https://EXAMPLE.org/x?y") == "example.org"
    assert host_of("http://localhost:8080/") == "localhost:8080"
    assert host_of("https://bank.example@evil.example/") == "evil.example"
    assert host_of("file:///etc/passwd") == host_of("https://[") == host_of("https:///x") == ""


# ---------------------------------------------------------------- into the library


@pytest.fixture
def taking(decoding: Callable[..., Any], home: Path) -> Callable[..., Any]:
    def run(answer: Answer, agreed: bool = True) -> list[Attachment | PictureRefused]:
        async def work(decoder: Decoder) -> list[Attachment | PictureRefused]:
            store = await Store.open(home)
            try:
                async with FaultServer([answer]) as server:
                    fetch = partial(fetch_picture, Gate()) if agreed else None
                    offer = Offer(urls=(f"{server.url}/cat.png",))
                    taken = [item async for item in Intake(decoder, store.pictures).take(offer, fetch)]
                    assert len(server.requests) == agreed
                for item in taken:
                    if isinstance(item, Attachment):
                        assert await store.pictures.read(item.picture.sha256) == PNG
                return taken
            finally:
                await store.close()

        result: list[Attachment | PictureRefused] = decoding(work, Caps())
        return result

    return run


def test_a_fetched_picture_is_in_the_library(taking: Callable[..., Any]) -> None:
    (taken,) = taking(of(PNG, "application/x-anything"))
    assert (taken.name, taken.link, taken.picture.format) == ("cat.png", "", "png")


def test_a_web_page_in_place_of_the_picture_is_refused(taking: Callable[..., Any]) -> None:
    (taken,) = taking(of(HTML, "image/png"))
    assert taken.sentence == "cat.png cannot be opened: it is a web page."


def test_without_agreement_nothing_is_asked_and_the_refusal_has_the_address(
    taking: Callable[..., Any],
) -> None:
    (taken,) = taking(of(PNG), agreed=False)
    assert taken.url.endswith("/cat.png")
    assert "nothing is fetched from there without your word" in taken.sentence


def test_the_https_address_goes_with_the_attachment(decoding: Callable[..., Any], home: Path) -> None:
    async def fetch(url: str) -> WebPicture:
        return WebPicture("cat.png", PNG, url)

    async def work(decoder: Decoder) -> list[Attachment | PictureRefused]:
        store = await Store.open(home)
        try:
            offer = Offer(urls=("https://example.org/cat.png",))
            return [item async for item in Intake(decoder, store.pictures).take(offer, fetch)]
        finally:
            await store.close()

    (taken,) = decoding(work, Caps())
    assert taken.link == "https://example.org/cat.png"
