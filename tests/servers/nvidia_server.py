"""NVIDIA's three hosts in one on 127.0.0.1: models, later answers and assets, strictly by their pages.

A moved address stands for integrate.api, ai.api and api.nvcf at once, and so does this server. What
the pages forbid is listed in `violations` and refused.

    async with NvidiaServer() as server:
        server.later = Later(polls=2)
        ...  # ask server.url with KEY; then look at server.violations and server.bodies

`in_a_thread` runs one for tests whose client is another process.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.servers.fault_server import (
    DONE,
    SSE,
    Answer,
    FaultServer,
    Hang,
    Raw,
    Received,
    Wait,
    delta,
    finish,
    usage,
)
from tests.servers.nvidia_rules import MAGIC, NANO, Seen, breaches_of

KEY = "nvapi-canary-8e41"
PROBLEM = "application/problem+json"
JSON = "application/json"
REFERENCES = "nvcf-input-asset-references"

INTEGRATE = "/v1/chat/completions"
VLM = "/v1/vlm/"
GR = "/v1/gr/"
ASSETS = "/v2/nvcf/assets"
STATUS = "/v2/nvcf/pexec/status/"
STORAGE = "/storage/"


@dataclass
class Asset:
    """An upload: created, then filled by a PUT, then deleted."""

    content_type: str
    description: str
    data: bytes | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Later:
    """Answer with 202 first, then so many times again; None for ever. `percents` go along in turn."""

    polls: int | None = 2
    percents: Sequence[str] = ("10", "60", "90")
    held_s: float = 0.0


@dataclass
class Pending:
    """A request that is answered later."""

    answer: Answer
    polled: int = 0


@dataclass
class Faults:
    """What is answered instead, once each, to requests that keep the rules."""

    chat: list[Answer | Raw] = field(default_factory=list)
    poll: list[Answer | Raw] = field(default_factory=list)
    create: list[Answer | Raw] = field(default_factory=list)
    put: list[Answer | Raw] = field(default_factory=list)
    delete: list[Answer | Raw] = field(default_factory=list)
    listing: list[Answer | Raw] = field(default_factory=list)
    models: list[Answer | Raw] = field(default_factory=list)


def document(status: int, body: Any, kind: str = JSON, **headers: str) -> Answer:
    """An answer in one piece."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Answer([data], status, {"Content-Type": kind, **headers}, "length")


def problem(status: int, title: str, detail: str, **headers: str) -> Answer:
    """A refusal as NVIDIA's gateway writes it."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return document(status, body, PROBLEM, **headers)


class NvidiaServer(FaultServer):
    """The server. `says` is every answer; `later`, where set, makes it come later. `also` are more
    headers of the answers to questions."""

    def __init__(self, key: str = KEY) -> None:
        super().__init__([self._answer])
        self.key = key
        self.says = "A cat on a mat."
        self.model_ids = [NANO, "meta/llama-4-maverick-17b-128e-instruct", "nvidia/nv-embed-v1"]
        self.later: Later | None = None
        self.also: dict[str, str] = {}
        self.faults = Faults()
        self.assets: dict[str, Asset] = {}
        self.pending: dict[str, Pending] = {}
        self.violations: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.seen: list[list[Seen]] = []

    @property
    def undeleted(self) -> list[str]:
        """The assets that were not deleted yet."""
        return [name for name, asset in self.assets.items() if not asset.deleted]

    def _answer(self, request: Received) -> Answer | Raw:
        path = urlsplit(request.path).path
        if path.startswith(STORAGE):
            return self._store(request, path.removeprefix(STORAGE))
        refused = self._refused_key(request)
        if refused is not None:
            return refused
        if path == INTEGRATE or path.startswith((VLM, GR)):
            return self._chat(request, path)
        if path.startswith(STATUS):
            return self._poll(request, path.removeprefix(STATUS))
        if path == ASSETS or path.startswith(ASSETS + "/"):
            return self._asset(request, path.removeprefix(ASSETS).removeprefix("/"))
        if path == "/v1/models" and request.method == "GET":
            return self._list_models()
        return self._broken(request, "no such path is documented", 404)

    def _broken(self, request: Received, what: str, status: int = 422) -> Answer:
        self.violations.append(f"{request.method} {request.path}: {what}")
        return problem(status, "Not documented", what)

    def _refused_key(self, request: Received) -> Answer | None:
        sent = request.headers.get("authorization", "")
        if not sent.startswith("Bearer "):
            return self._broken(request, "no bearer key", 401)
        return None if sent == f"Bearer {self.key}" else problem(401, "Unauthorized", "Authentication failed")

    # ---------------------------------------------------------------- asking

    def _chat(self, request: Received, path: str) -> Answer | Raw:
        if request.method != "POST" or request.headers.get("content-type") != JSON:
            return self._broken(request, "it is a POST of JSON")
        body = json.loads(request.body)
        model = body.get("model", "") if path == INTEGRATE else path.removeprefix(VLM).removeprefix(GR)
        model = model.removesuffix("/chat/completions")
        if path.startswith(VLM) and "model" in body:
            self._broken(request, "model is named by the address alone")
        if path == INTEGRATE and not model:
            error = {"message": "no model", "type": "invalid_request_error", "param": None}
            self._broken(request, "no model is named")
            return document(400, {"error": error | {"code": "missing_required_field"}})
        seen: list[Seen] = []
        breaches = list(breaches_of(model, body, seen)) + list(self._reference_breaches(request, seen))
        wanted = SSE if body.get("stream") else JSON
        if request.headers.get("accept") != wanted:
            breaches.append(f"Accept is not {wanted}")
        for breach in breaches:
            self._broken(request, breach)
        if breaches:
            return problem(422, "Unprocessable Entity", "; ".join(breaches))
        self.bodies.append(body)
        self.seen.append(seen)
        if self.faults.chat:
            return self.faults.chat.pop(0)
        if path == INTEGRATE and model not in self.model_ids:
            return document(404, "404 page not found", "text/plain")
        return self._fulfil(bool(body.get("stream")))

    def _reference_breaches(self, request: Received, seen: list[Seen]) -> Iterator[str]:
        header = request.headers.get(REFERENCES)
        named = header.split(",") if header else []
        if header is not None and (not header or len(header) > 370):
            yield f"{len(header)} characters of asset references"
        used = [picture for picture in seen if picture.asset]
        if {picture.asset for picture in used} != set(named) or len(set(named)) != len(named):
            yield "the assets in the header are not those in the text"
        for picture in used:
            asset = self.assets.get(picture.asset)
            if asset is None or asset.deleted or asset.data is None:
                yield "an asset that is not there"
            elif asset.content_type != picture.mime or not asset.data.startswith(MAGIC[picture.mime]):
                yield "an asset of another type"

    def _fulfil(self, stream: bool) -> Answer:
        name = str(uuid.uuid4())
        headers = {"NVCF-REQID": name, "NVCF-STATUS": "fulfilled", **self.also}
        answer = self._stream(headers) if stream else self._whole(headers)
        if self.later is None:
            return answer
        self.pending[name] = Pending(answer)
        return self._wait_more(name)

    def _stream(self, headers: dict[str, str]) -> Answer:
        first, *others = self.says.split(" ")
        steps = [delta(first), *(delta(f" {word}") for word in others), finish(), usage(40, 7), DONE]
        return Answer(steps, 200, {"Content-Type": SSE, **headers})

    def _whole(self, headers: dict[str, str]) -> Answer:
        message = {"role": "assistant", "content": self.says}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        counted = {"prompt_tokens": 40, "completion_tokens": 7, "total_tokens": 47}
        body = {"id": "chat-1", "object": "chat.completion", "choices": [choice], "usage": counted}
        return document(200, body, JSON, **headers)

    def _wait_more(self, name: str) -> Answer:
        pending, later = self.pending[name], self.later or Later()
        percent = later.percents[min(pending.polled, len(later.percents) - 1)] if later.percents else None
        headers = {"Content-Type": JSON, "NVCF-REQID": name, "NVCF-STATUS": "in-progress", **self.also}
        headers |= {} if percent is None else {"NVCF-PERCENT-COMPLETE": percent}
        return Answer([], 202, headers, "length")

    def _poll(self, request: Received, name: str) -> Answer | Raw:
        held = request.headers.get("nvcf-poll-seconds", "")
        if request.method != "GET" or request.body:
            return self._broken(request, "it is a GET without a body")
        if not held.isdigit() or not 1 <= int(held) <= 3600:
            return self._broken(request, "NVCF-POLL-SECONDS is not within 1 to 3600", 400)
        if REFERENCES in request.headers:
            return self._broken(request, "assets belong to the first request only")
        if "application/json" not in (accept := request.headers.get("accept", "")) and accept != SSE:
            return self._broken(request, "Accept is neither JSON nor a stream")
        if self.faults.poll:
            return self.faults.poll.pop(0)
        pending = self.pending.get(name)
        if pending is None:
            return problem(404, "Not Found", f"Request {name} is not found")
        later = self.later or Later(polls=0)
        pending.polled += 1
        if later.polls is None or pending.polled <= later.polls:
            answer = self._wait_more(name)
            return Raw([Wait(later.held_s), *_plain(answer)]) if later.held_s else answer
        return self.pending.pop(name).answer

    # ---------------------------------------------------------------- assets

    def _asset(self, request: Received, name: str) -> Answer | Raw:
        if request.method == "GET" and not name:
            return self._next(self.faults.listing) or document(
                200, {"assets": [{"assetId": name} for name in self.undeleted]}
            )
        if request.method == "POST" and not name:
            return self._create(request)
        if request.method == "DELETE" and name:
            return self._next(self.faults.delete) or self._delete(name)
        return self._broken(request, "no such call is documented", 405)

    def _create(self, request: Received) -> Answer | Raw:
        body = json.loads(request.body)
        if set(body) != {"contentType", "description"} or not all(body.values()):
            return self._broken(request, "contentType and description are wanted", 400)
        if body["contentType"] not in MAGIC:
            return self._broken(request, f"a picture of type {body['contentType']}", 400)
        fault = self._next(self.faults.create)
        if fault is not None:
            return fault
        name = str(uuid.uuid4())
        self.assets[name] = Asset(body["contentType"], body["description"])
        upload = f"{self.url}{STORAGE}{name}?X-Amz-Signature={name[:8]}"
        return document(200, {"assetId": name, "uploadUrl": upload, **body})

    def _store(self, request: Received, name: str) -> Answer | Raw:
        asset = self.assets.get(name)
        if request.method != "PUT" or asset is None or asset.data is not None or asset.deleted:
            return self._broken(request, "no upload is waited for here", 403)
        if "authorization" in request.headers or self.key in repr(request.headers):
            return self._broken(request, "the key was sent to the storage", 403)
        if urlsplit(request.path).query != f"X-Amz-Signature={name[:8]}":
            return self._broken(request, "the signature was changed", 403)
        signed = {"content-type": asset.content_type, "x-amz-meta-nvcf-asset-description": asset.description}
        sent = {k: v for k, v in request.headers.items() if k.startswith("x-amz-") or k in signed}
        if sent != signed:
            return self._broken(request, f"the signed headers are {signed}, not {sent}", 403)
        fault = self._next(self.faults.put)
        if fault is not None:
            return fault
        asset.data = request.body
        return Answer([], 200, {}, "length")

    def _delete(self, name: str) -> Answer:
        asset = self.assets.get(name)
        if asset is None or asset.deleted:
            return problem(404, "Not Found", "no such asset")
        asset.deleted = True
        return Answer([], 204, {})

    def _list_models(self) -> Answer | Raw:
        rows = [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in self.model_ids]
        return self._next(self.faults.models) or document(200, {"object": "list", "data": rows})

    @staticmethod
    def _next(faults: list[Answer | Raw]) -> Answer | Raw | None:
        return faults.pop(0) if faults else None


def _plain(answer: Answer) -> list[bytes]:
    """An answer without a body as bare bytes, so that something can come before its head."""
    lines = [f"HTTP/1.1 {answer.status} Accepted", *(f"{k}: {v}" for k, v in answer.headers.items())]
    return ["\r\n".join([*lines, "Content-Length: 0", "Connection: close", "", ""]).encode()]


NEVER = Raw([Hang()])
"""No answer at all."""
