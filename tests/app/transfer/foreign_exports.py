"""Exports as other programs write them, made up."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.app.transfer.conversations import PHOTO

TIME = 1_735_689_600.25  # 2025-01-01


def zipped(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def node(
    node_id: str, parent: str | None, role: str = "", content: Any = None, **more: Any
) -> dict[str, Any]:
    """A node of ChatGPT's mapping; without a role one that holds no message."""
    message = None
    if role:
        message = {
            "id": node_id,
            "author": {"role": role, "name": more.pop("name", None), "metadata": {}},
            "create_time": more.pop("time", TIME),
            "update_time": None,
            "content": {"content_type": "text", "parts": [content]} if isinstance(content, str) else content,
            "status": more.pop("status", "finished_successfully"),
            "end_turn": True,
            "weight": 1.0,
            "metadata": more.pop("metadata", {}),
            "recipient": "all",
        }
    return {"id": node_id, "message": message, "parent": parent, "children": []}


def chatgpt(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation of ChatGPT's export."""
    mapping = {one["id"]: one for one in nodes}
    for one in nodes:
        if one["parent"] in mapping:
            mapping[one["parent"]]["children"].append(one["id"])
    return {
        "title": "Coffee",
        "create_time": TIME,
        "update_time": TIME + 3600,
        "mapping": mapping,
        "moderation_results": [],
        "current_node": nodes[-1]["id"],
        "conversation_id": "67750000-aaaa",
        "is_archived": False,
        "is_starred": True,
        "default_model_slug": "gpt-4o",
    } | more


def chatgpt_sample() -> dict[str, Any]:
    """With hidden nodes, a picture, thoughts, a tool, code, a regenerated answer, an unknown kind."""
    pointer = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_00000000abcd"}
    gone = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-GoneGone"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Look", "content": "It is round."}]}
    shown = {"content_type": "multimodal_text", "parts": [pointer, gone, "What is this?"]}
    output = {"content_type": "execution_output", "text": "42"}
    hidden = {"is_visually_hidden_from_conversation": True}
    return chatgpt(
        node("root", None),
        node("sys", "root", "system", "", metadata=hidden),
        node("context", "sys", "user", {"content_type": "user_editable_context"}, metadata=hidden),
        node("q1", "context", "user", shown, metadata={"attachments": [{"id": "x", "name": "notes.pdf"}]}),
        node("t1", "q1", "assistant", thoughts),
        node("r1", "t1", "assistant", {"content_type": "reasoning_recap", "content": "Thought for 3 s"}),
        node("a1", "r1", "assistant", "A *cup*.", metadata={"model_slug": "o3"}),
        node("a2", "q1", "assistant", "A mug.", metadata={"model_slug": "gpt-4o"}, status="in_progress"),
        node("c1", "a1", "assistant", {"content_type": "code", "language": "python", "text": "print(42)"}),
        node("o1", "c1", "tool", output, name="python"),
        node("u1", "o1", "critic", {"content_type": "hologram", "beam": 3}),
        current_node="u1",
    )


def write_chatgpt(path: Path, *conversations: dict[str, Any]) -> Path:
    """ChatGPT's archive with the photograph."""
    return zipped(
        path,
        {
            "chat.html": "<html>",
            "user.json": '{"id": "user-x", "email": "someone@example.org"}',
            "conversations.json": json.dumps(conversations),
            "file_00000000abcd-coffee.png": PHOTO.read_bytes(),
        },
    )


def open_webui_sample() -> dict[str, Any]:
    """A chat of Open WebUI with a picture, reasoning, two answers and a failure."""
    data = base64.b64encode(PHOTO.read_bytes()).decode()
    reasoning = (
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n'
        "&gt; It is round.\n> A cup.\n</details>\n"
    )

    def said(one: str, parent: str | None, role: str, content: Any, **more: Any) -> dict[str, Any]:
        return {"id": one, "parentId": parent, "childrenIds": [], "role": role, "content": content} | more

    files = [
        {"type": "image", "url": f"data:image/png;base64,{data}"},
        {"type": "image", "url": "/api/v1/files/1234/content", "name": "far.png"},
    ]
    messages = [
        said("q1", None, "user", "What is this?", files=files, timestamp=1_735_689_600),
        said("a1", "q1", "assistant", f"{reasoning}A cup.", model="llava:7b", modelIdx=0, done=True,
             usage={"prompt_eval_count": 7, "eval_count": 5}),
        said("a2", "q1", "assistant", "A mu", model="gemma", modelIdx=1, done=False),
        said("q2", "a1", "user", [{"type": "text", "text": "Sure?"}]),
        said("a3", "q2", "assistant", "", model="llava:7b", error={"content": "out of memory"}),
    ]  # fmt: skip
    return {
        "id": "chat-1",
        "user_id": "user-1",
        "title": "Coffee",
        "chat": {
            "title": "Coffee",
            "models": ["llava:7b"],
            "history": {"messages": {one["id"]: one for one in messages}, "currentId": "a3"},
            "messages": [],
            "tags": [],
            "timestamp": 1_735_689_600_000,
        },
        "updated_at": 1_735_693_200,
        "created_at": 1_735_689_600,
        "archived": True,
        "pinned": True,
        "meta": {"tags": ["drinks"]},
        "folder_id": None,
    }
