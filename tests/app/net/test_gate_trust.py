"""Certificates that prove nothing: the cause is named, nothing is sent, and there is no way round."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from app.domain.errors import EndpointFailed, NotTrusted, Unreachable
from app.net.gate import Gate
from app.net.key import Key
from tests.servers.certificates import Authority, server_side
from tests.servers.fault_server import Answer, FaultServer, event

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

PAST = "20210101000000Z"
FUTURE = "20970101000000Z"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    return authority


def refusal(certificate: Path) -> tuple[EndpointFailed, FaultServer]:
    async def run() -> tuple[EndpointFailed, FaultServer]:
        door = Gate()
        async with FaultServer([Answer([b"secret"])], tls=server_side(certificate)) as server:
            with pytest.raises(EndpointFailed) as caught:
                await door.fetch(
                    "POST", server.url, endpoint="Box", json=b"{}", key=Key((server.url,), "sekret")
                )
            assert caught.value.facts["host"] == f"127.0.0.1:{server.port}"
            assert door.ledger[0].outcome == "not-trusted"
            assert door.ledger[0].bytes_sent == 0
            await asyncio.wait_for(server.wait_until_idle(), 30)
        return caught.value, server

    error, server = asyncio.run(run())
    assert type(error) is NotTrusted
    assert not error.retryable
    assert server.requests == []
    assert "Nothing was sent" in error.sentence
    return error, server


def reason(certificate: Path) -> str:
    return refusal(certificate)[0].facts["reason"]


def test_b22_a_self_signed_certificate_is_named_as_the_cause(authority: Authority) -> None:
    assert "signed by itself" in reason(authority.certificate(self_signed=True))


def test_b22_an_authority_nobody_here_knows_is_named_as_the_cause(authority: Authority) -> None:
    assert "nobody whom this computer trusts" in reason(authority.certificate())


def test_b22_an_expired_certificate_is_named_as_the_cause_or_the_clock(trusted: Authority) -> None:
    said = reason(trusted.certificate(ends=PAST))
    assert "expired" in said
    assert "clock of this computer" in said


def test_b22_a_certificate_from_the_future_is_named_as_the_cause_or_the_clock(trusted: Authority) -> None:
    said = reason(trusted.certificate(begins=FUTURE))
    assert "not valid yet" in said
    assert "clock of this computer" in said


@pytest.mark.parametrize("name", ["DNS:elsewhere.example", "IP:192.0.2.7"])
def test_b22_a_certificate_of_another_host_is_named_as_the_cause(trusted: Authority, name: str) -> None:
    assert "belongs to another address" in reason(trusted.certificate(name))


def test_b22_each_cause_has_a_sentence_of_its_own(trusted: Authority) -> None:
    bad = [
        trusted.certificate(self_signed=True),
        trusted.certificate(ends=PAST),
        trusted.certificate(begins=FUTURE),
        trusted.certificate("DNS:elsewhere.example"),
    ]
    assert len({reason(certificate) for certificate in bad}) == len(bad)


def test_b22_the_gate_has_no_way_to_trust_regardless() -> None:
    words = " ".join([*Gate.__init__.__annotations__, *Gate.stream.__wrapped__.__annotations__])  # type: ignore[attr-defined]
    assert not any(word in words.lower() for word in ("verify", "trust", "insecure", "ssl", "certificate"))


def test_a_trusted_server_is_read_to_its_end(trusted: Authority) -> None:
    pieces = [event(str(n)) for n in range(2000)]

    async def run() -> None:
        tls = server_side(trusted.certificate())
        async with FaultServer([Answer(pieces, framing="chunked")], tls=tls) as server:
            answer = await Gate().fetch("GET", server.url, endpoint="Box", key=Key((server.url,), "sekret"))
            assert answer.body == b"".join(pieces)
            assert server.requests[0].headers["authorization"] == "Bearer sekret"
            await server.wait_until_idle()

    asyncio.run(run())


def test_not_being_trusted_is_a_way_of_not_being_reached() -> None:
    assert issubclass(NotTrusted, Unreachable)
