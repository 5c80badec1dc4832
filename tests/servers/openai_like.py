"""The OpenAI-compatible servers on 127.0.0.1, each with its own paths, lists of models and habits.

Every request is held against the server's pages; what they do not allow is listed in `violations`
and answered as the server would.

    async with OpenAiLike("ollama") as server:
        server.says = Says(texts=("A cat.",))
        ...  # ask server.base_url; then look at server.violations and server.heard

`in_a_thread` runs one for tests whose client is another process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.servers.fault_server import Answer, FaultServer, Raw, Received, Step, Wait
from tests.servers.openai_answers import JSON, Says, Writer, refused
from tests.servers.openai_rules import RULES, breaches

KEY = "sk-canary-9c41aa72e0b35f18"
VARIANTS = tuple(RULES)
SEEING, BLIND = "sees-7b", "blind-1b"
"""The two models of every server; the names say it for people, the app must not listen to them."""


def document(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    data = json.dumps(content).encode()
    return Answer([data], status, {**JSON, **(headers or {})}, "length")


class OpenAiLike(FaultServer):
    """The server. `faults` take the place of its next chat answers.

    `says_who_sees` False makes it as old as builds that did not say. `loading`: llama.cpp has not
    loaded its model. `most_images` is how many pictures a request may hold.
    """

    def __init__(self, variant: str, key: str = "") -> None:
        super().__init__([self._answer])
        self.variant = variant
        self.rules = RULES[variant]
        self.key = key or (KEY if self.rules.key else "")
        self.says = Says()
        self.says_who_sees = True
        self.loading = False
        self.most_images = 100
        self.faults: list[Answer | Raw] = []
        self.violations: list[str] = []
        self.heard: list[dict[str, Any]] = []
        self._signed = False

    @property
    def base_url(self) -> str:
        """What a user enters as the address."""
        return self.url + self.rules.base

    def _answer(self, request: Received) -> Answer | Raw:
        path = urlsplit(request.path).path
        if path not in PUBLIC.get(self.variant, ()) and not self._has_key(request):
            return self._refuse(401, "Invalid API Key")
        if (request.method, path) == ("POST", f"{self.rules.base}/chat/completions"):
            return self._chat(request)
        answer = LISTS.get((self.variant, request.method, path))
        if answer is not None:
            return answer(self, request)
        if self.variant == "lmstudio":
            return document({"error": f"Unexpected endpoint or method. ({request.method} {path})"})
        return Answer([b"404 page not found"], 404, {"Content-Type": "text/plain"}, "length")

    def _has_key(self, request: Received) -> bool:
        return not self.key or request.headers.get("authorization") == f"Bearer {self.key}"

    def _refuse(self, status: int, message: str) -> Answer:
        return document(refused(self.variant, status, message), status)

    def _chat(self, request: Received) -> Answer | Raw:
        body = request.json
        found = list(breaches(self.rules, body))
        wanted = "text/event-stream" if body.get("stream") else "application/json"
        if request.headers.get("accept") != wanted:
            found.append(f"accept is {request.headers.get('accept')!r}, not {wanted!r}")
        if request.headers.get("content-type") != "application/json":
            found.append("the content type is not application/json")
        if self._signed and not self._signatures_are_back(body):
            found.append("the thought signature did not come back")
        if found:
            self.violations += found
            return self._refuse(400, "; ".join(found))
        self.heard.append(body)
        if self.faults:
            return self.faults.pop(0)
        if self.loading:
            return self._refuse(503, "Loading model")
        if body["model"] not in (SEEING, BLIND):
            return self._refuse(404, f"model '{body['model']}' not found")
        pictures = sum(part.get("type") == "image_url" for part in _parts(body))
        if pictures > self.most_images:
            return self._refuse(400, f"At most {self.most_images} image(s) may be provided in one prompt.")
        self._signed = self._signed or (self.variant == "gemini" and bool(self.says.calls))
        writer = Writer(self.variant, self.says, body)
        headers = {"X-Generation-Id": "gen-openrouter"} if self.variant == "openrouter" else {}
        if not body["stream"]:
            return Answer([writer.document()], 200, {**JSON, **headers}, "length")
        first, *others = writer.parts()
        steps: list[Step] = [*first]
        for part in others:
            steps += [Wait(self.says.pause_s), *part]
        return Answer(steps, 200, {"Content-Type": "text/event-stream", **headers}, "chunked")

    def _signatures_are_back(self, body: dict[str, Any]) -> bool:
        calls = [call for message in body["messages"] for call in message.get("tool_calls", ())]
        return all("extra_content" in call for call in calls)


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    contents = [message.get("content") for message in body["messages"]]
    return [part for content in contents if isinstance(content, list) for part in content]


# ---------------------------------------------------------------- the lists of models


def _plain(server: OpenAiLike, request: Received) -> Answer:
    """OpenAI's list: ids and nothing else."""
    data = [{"id": name, "object": "model", "created": 1, "owned_by": "me"} for name in (SEEING, BLIND)]
    if server.variant == "vllm":
        data = [row | {"max_model_len": 8192} for row in data]
    return document({"object": "list", "data": data})


def _modalities(server: OpenAiLike, request: Received) -> Answer:
    """llama.cpp's router and OpenRouter say what goes in."""
    if server.loading:
        return server._refuse(503, "Loading model")
    rows = []
    for name, inputs in ((SEEING, ["text", "image"]), (BLIND, ["text"])):
        row: dict[str, Any] = {"id": name, "object": "model", "name": f"The {name}", "context_length": 4096}
        if server.says_who_sees:
            row["architecture"] = {"input_modalities": inputs, "output_modalities": ["text"]}
        if server.variant == "llamacpp":
            row = {**row, "meta": {"n_ctx": 4096}} if server.says_who_sees else {**row, "meta": None}
            row["status"] = {"value": "loaded" if name == SEEING else "unloaded"}
        rows.append(row)
    return document({"object": "list", "data": rows})


def _props(server: OpenAiLike, request: Received) -> Answer:
    query = urlsplit(request.path).query
    if query not in ("", f"model={SEEING}"):
        server.violations.append(f"/props would load a model: {query}")
    return document({"total_slots": 1, "modalities": {"vision": True, "audio": False}})


def _tags(server: OpenAiLike, request: Received) -> Answer:
    rows = []
    for name, able in ABILITIES.items():
        row: dict[str, Any] = {"name": name, "model": name, "size": 1, "digest": "0" * 64}
        row["details"] = {"family": "x", "parameter_size": "7.2B", "quantization_level": "Q4_K_M"}
        rows.append(row | ({"capabilities": able} if server.says_who_sees else {}))
    return document({"models": rows})


def _show(server: OpenAiLike, request: Received) -> Answer:
    able = ABILITIES.get(request.json.get("model"))
    if able is None:
        return document({"error": f"model '{request.json.get('model')}' not found"}, 404)
    return document({"details": {"family": "x"}, "capabilities": able, "model_info": {}})


def _studio_1(server: OpenAiLike, request: Received) -> Answer:
    if not server.says_who_sees:
        return document({"error": "Unexpected endpoint or method. (GET /api/v1/models)"})
    rows: list[dict[str, Any]] = [{"type": "embedding", "key": "embeds", "display_name": "Embeds"}]
    for name, sees in ((SEEING, True), (BLIND, False)):
        row = {"type": "llm", "key": name, "display_name": f"The {name}", "params_string": "7B"}
        rows.append(row | {"loaded_instances": [{"id": name}] if sees else [], "max_context_length": 4096})
        rows[-1]["capabilities"] = {"vision": sees, "trained_for_tool_use": True}
    return document({"models": rows})


def _studio_0(server: OpenAiLike, request: Received) -> Answer:
    kinds = ((SEEING, "vlm", "loaded"), (BLIND, "llm", "not-loaded"), ("embeds", "embeddings", "loaded"))
    rows = [{"id": name, "object": "model", "type": kind, "state": state} for name, kind, state in kinds]
    return document({"object": "list", "data": rows})


def _key(server: OpenAiLike, request: Received) -> Answer:
    return document({"data": {"label": "sk-or-...", "usage": 0}})


ABILITIES = {
    SEEING: ["completion", "vision", "tools"],
    BLIND: ["completion", "tools"],
    "embeds": ["embedding"],
    "paints": ["image"],
}
LISTS: dict[tuple[str, str, str], Callable[[OpenAiLike, Received], Answer]] = {
    ("llamacpp", "GET", "/v1/models"): _modalities,
    ("llamacpp", "GET", "/props"): _props,
    ("ollama", "GET", "/v1/models"): _plain,
    ("ollama", "GET", "/api/tags"): _tags,
    ("ollama", "POST", "/api/show"): _show,
    ("lmstudio", "GET", "/v1/models"): _plain,
    ("lmstudio", "GET", "/api/v1/models"): _studio_1,
    ("lmstudio", "GET", "/api/v0/models"): _studio_0,
    ("vllm", "GET", "/v1/models"): _plain,
    ("sglang", "GET", "/v1/models"): _plain,
    ("openrouter", "GET", "/api/v1/models"): _modalities,
    ("openrouter", "GET", "/api/v1/key"): _key,
    ("openai", "GET", "/v1/models"): _plain,
    ("gemini", "GET", "/v1beta/openai/models"): _plain,
}
PUBLIC = {"llamacpp": ("/v1/models", "/health"), "openrouter": ("/api/v1/models",)}
"""What these answer to anybody."""
