"""Addresses: one parse, which refuses what it cannot read for certain."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.domain.errors import InputRefused
from app.net.address import moved, parse


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "ftp://x/", "file:///etc/passwd", "http://", "http:///x", "http:x", "//x/y"),
        *("https://me:pw@example.com/", "http://evil\\@good/", "http://me@x", "http://@x/"),
        *(
            "http://x:99999",
            "http://x:0",
            "http://x:-1",
            "http://x:80a",
            "http://x:８０/",
            "http://[::1",
            "http://[v1.a]/",
        ),
        *("http://a..b/", "http://.a/", "http://a b/", "http://a\\b/", "http://127.0.0.1%2eexample.com/"),
        *("http://[fe80::1%25eth0]/", "http://" + "a" * 64 + ".example", "http://" + "a." * 127 + "example"),
        *(" http://x/", "http://x/\n", "http://x/\ty", "http://x/\x7f", "http://\N{FRACTION SLASH}/"),
        *("http://x/\ud800", "http://\ud800/"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputRefused):
        parse(url)


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("HTTP://EXAMPLE.com", "http://example.com", "/"),
        ("https://x:443/a?b=c#d", "https://x", "/a?b=c"),
        ("https://x:80/", "https://x:80", "/"),
        ("http://x?y", "http://x", "/?y"),
        ("http://x//y/../z", "http://x", "//y/../z"),
        ("http://[0:0::1]:8080/", "http://[::1]:8080", "/"),
        ("http://x/ä b/%2F?q=ö&r=%20", "http://x", "/%C3%A4%20b/%2F?q=%C3%B6&r=%20"),
        ('http://x/a[b]{c}"<>`', "http://x", "/a[b]%7Bc%7D%22%3C%3E%60"),
        ("https://bücher.example/", "https://xn--bcher-kva.example", "/"),
        ("https://faß.example/", "https://xn--fa-hia.example", "/"),
        ("http://a_b.example./", "http://a_b.example.", "/"),
    ],
)
def test_an_address_is_read_in_one_form(url: str, origin: str, target: str) -> None:
    address = parse(url)
    assert (address.origin, address.target.decode()) == (origin, target)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        *[(host, True) for host in ("localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]")],
        *[(host, True) for host in ("[::ffff:127.0.0.1]", "１２７.０.０.１")],
        *[(host, False) for host in ("l\u043ecalhost", "localhost.example", "127.1", "0.0.0.0", "192.0.2.1")],
    ],
)
def test_only_the_loopback_interface_is_this_computer(host: str, here: bool) -> None:
    assert parse(f"http://{host}/").on_this_computer is here


def test_a_path_moves_to_another_base_with_its_query() -> None:
    assert moved("https://api.example/v1/x?a=b%20c", "http://127.0.0.1:81/ignored") == (
        "http://127.0.0.1:81/v1/x?a=b%20c"
    )


def test_the_network_needs_nothing_that_only_the_tests_install() -> None:
    code = """
import asyncio, sys
sys.modules["httpx2"] = None
from app.domain.errors import Unreachable
from app.net.gate import Gate
for scheme in ("http", "https"):
    try:
        asyncio.run(Gate().fetch("GET", f"{scheme}://127.0.0.1:1/", endpoint="Box"))
    except Unreachable:
        print("tried")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["tried", "tried"], ran.stderr
