"""Nugen on 127.0.0.1: the v3 and the legacy API as its pages and its notebooks show them.

Every request is held against the pages; what they forbid is listed in `violations` and answered as
FastAPI answers it. Answers have the oddities that were seen: a model's name with a tab, `created`
with a fraction, `object` always "embedding", a first frame without choices, a frame after [DONE],
"stop" although the limit of tokens cut the answer.

    async with NugenServer() as server:
        server.says = Says(texts=("A cat.", "A dog."))
        ...  # ask server.url with KEY; then look at server.violations and server.heard

`in_a_thread` runs one for tests whose client is another process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.servers import nugen_rules as rules
from tests.servers.fault_server import Answer, FaultServer, Hang, Raw, Received
from tests.servers.nugen_answers import ChatAnswer, CompletionAnswer, Says, document, embeddings, said

KEY = "nugen-canary-5f1d0c"
V3 = "/api/v3/inference"

BASE_MODELS: list[dict[str, Any]] = [
    {
        "model_id": "qwen3-vl-30b",
        "model_name": "Qwen3 VL 30B",
        "parameters": "30B",
        "type": "llm",
        "alignment_ready": False,
        "inference_ready": True,
        "available_on_request": False,
    },
    {
        "model_id": "phi-3-vision-128k-instruct",
        "model_name": "Phi 3 Vision",
        "parameters": "4.2B",
        "type": "text-generation",
        "alignment_ready": True,
        "inference_ready": False,
        "available_on_request": True,
    },
]
ALIGNED_MODELS: list[dict[str, Any]] = [
    {
        "id": "aligned-model-01",
        "alignment_id": "alignment-01",
        "name": "Roof damage",
        "base_model": "qwen3-vl-30b",
        "status": "DEPLOYED",
        "deployment_status": "DEPLOYED",
        "endpoint": None,
        "usage_count": 3,
        "conversation_saving_enabled": False,
    },
    {
        "model_id": "aligned-model-02",
        "alignment_id": "alignment-02",
        "name": "Old roofs",
        "base_model": "qwen3-vl-30b",
        "status": "EVALUATED",
        "deployment_status": "UNDEPLOYED",
    },
]
USAGE = {
    "totalUsage": 12,
    "totalTokens": 3400,
    "averageTokensPerRequest": 283.3,
    "mostUsedModel": "qwen3-vl-30b",
    "usageByModel": {"qwen3-vl-30b": 10, "nugen-flash-instruct": 2},
}


@dataclass(frozen=True)
class Heard:
    """A request that kept the rules."""

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    session: str | None = None


class NugenServer(FaultServer):
    """The server. `faults` by path take the place of its next answers to requests that keep the rules.

    A model of `undeployed` never answers, one that nobody lists is a 404.
    """

    def __init__(self, key: str = KEY) -> None:
        super().__init__([self._answer])
        self.key = key
        self.says = Says()
        self.base_models = list(BASE_MODELS)
        self.aligned_models = list(ALIGNED_MODELS)
        self.other_models = {"nugen-flash-instruct", "nugen-flash-embed", "nugen-lvm-legal"}
        self.undeployed = {"aligned-model-02"}
        self.usage: Any = {"data": USAGE}
        self.faults: dict[str, list[Answer | Raw]] = {}
        self.violations: list[str] = []
        self.heard: list[Heard] = []

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests to `path` that kept the rules."""
        return [heard.body for heard in self.heard if heard.path == path]

    @property
    def models(self) -> set[str]:
        """Every id that is known."""
        listed = [*self.base_models, *self.aligned_models]
        return {str(model.get("id") or model.get("model_id")) for model in listed} | self.other_models

    def _answer(self, request: Received) -> Answer | Raw:
        url = urlsplit(request.path)
        refused = self._refused_key(request) or self._refused_address(request, url.path, url.query)
        if refused is not None:
            return refused
        body: dict[str, Any] = {}
        if request.method == "POST":
            parsed, breaches = _read(request, POSTS[url.path])
            if breaches:
                self._broken(request, breaches)
                return said(422, breaches)
            body = parsed
        self.heard.append(Heard(url.path, body, request.headers.get("x-session-id")))
        if self.faults.get(url.path):
            return self.faults[url.path].pop(0)
        return self._fulfil(url.path, body)

    def _refused_key(self, request: Received) -> Answer | None:
        sent = request.headers.get("authorization", "")
        if not sent.startswith("Bearer ") or not sent.removeprefix("Bearer ").strip():
            self._broken(request, [rules.breach(("authorization",), "no bearer key")])
            return said(401, "Not authenticated")
        return None if sent == f"Bearer {self.key}" else said(401, "Invalid API key")

    def _refused_address(self, request: Received, path: str, query: str) -> Answer | None:
        breaches = []
        method = "POST" if path in POSTS else "GET" if path in GETS else ""
        if not method:
            breaches.append(rules.breach(("path",), "Nugen documents no such path"))
        elif request.method != method:
            breaches.append(rules.breach(("method",), f"it is a {method}"))
        elif query and path != "/api/v3/models/base":
            breaches.append(rules.breach(("query",), "no query is documented"))
        if "x-provider" in request.headers:
            breaches.append(rules.breach(("x-provider",), "not for us to choose"))
        session = request.headers.get("x-session-id")
        if session is not None and (path not in SESSIONS or not session):
            breaches.append(rules.breach(("x-session-id",), "no session is documented here"))
        if request.method == "GET" and request.body:
            breaches.append(rules.breach((), "a body where none belongs"))
        if not breaches:
            return None
        self._broken(request, breaches)
        return said(405 if method else 404, "Method Not Allowed" if method else "Not Found")

    def _broken(self, request: Received, breaches: list[rules.Breach]) -> None:
        for one in breaches:
            place = ".".join(str(step) for step in one["loc"])
            self.violations.append(f"{request.method} {request.path}: {place}: {one['msg']}")

    def _fulfil(self, path: str, body: dict[str, Any]) -> Answer | Raw:
        if path in GETS:
            return document(200, getattr(self, GETS[path])())
        model = body["model"]
        if model in self.undeployed:
            return Raw([Hang()])
        if model not in self.models:
            return said(404, f"Model '{model}' not found")
        if path.endswith("/embeddings"):
            return document(200, embeddings(body))
        kind = CompletionAnswer if path.endswith("/completions") and "/chat/" not in path else ChatAnswer
        answer = kind(self.says, body)
        return answer.stream() if body.get("stream") else document(200, answer.whole())

    def list_base(self) -> dict[str, Any]:
        """GET /api/v3/models/base."""
        return {"models": self.base_models}

    def list_aligned(self) -> dict[str, Any]:
        """GET /api/v3/models/aligned."""
        return {"domain_aligned_models": self.aligned_models}

    def list_usage(self) -> Any:
        """GET /api/v3/agents/usage/."""
        return self.usage


GETS = {
    "/api/v3/models/base": "list_base",
    "/api/v3/models/aligned": "list_aligned",
    "/api/v3/agents/usage/": "list_usage",
}
POSTS = {
    f"{V3}/chat/completions": rules.CHAT,
    f"{V3}/completions": rules.COMPLETION,
    f"{V3}/embeddings": rules.EMBEDDING,
    "/inference/chat_vision": rules.CHAT_VISION,
    "/inference/chat_text": rules.CHAT_TEXT,
    "/inference/completions": rules.LEGACY_COMPLETION,
    "/inference/embeddings": rules.EMBEDDING,
}
SESSIONS = {f"{V3}/chat/completions", f"{V3}/completions"}


def _read(request: Received, rule: rules.Rule) -> tuple[dict[str, Any], list[rules.Breach]]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return {}, [rules.breach(("content-type",), "not application/json")]
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice.extend(name for name in set(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        body = json.loads(request.body.decode("utf-8"), object_pairs_hook=once)
    except ValueError:
        return {}, [rules.breach((), "not JSON in UTF-8", "json_invalid")]
    breaches = [rules.breach((name,), "said twice") for name in twice] + list(rule(body, ()))
    return body, breaches or list(rules.named_tools(body))
