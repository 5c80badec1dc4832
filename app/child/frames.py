"""How parent and child talk: length-prefixed frames over a pipe, bulk bytes through mapped files.

    frame := header length (u32, big endian) | payload length (u32) | header (JSON) | payload

A payload over INLINE_LIMIT does not travel through the pipe: it is written to a file in the
child's scratch folder (in memory where the system has /dev/shm), named in the header, and
mapped by the receiver. `multiprocessing.shared_memory` is not used because before Python 3.13
it starts a tracker process and removes segments that it does not own.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Any

INLINE_LIMIT = 64 * 1024
HEADER_LIMIT = 16 * 1024 * 1024
SCRATCH_BYTES = 512 * 1024 * 1024
PREFIX = struct.Struct(">II")
_MAPPED = "mapped"
_PREFIX = "fovea-child-"


class Frame:
    """One message. `kind` names it, `fields` is JSON, `payload` bulk bytes."""

    __slots__ = ("fields", "kind", "payload")

    def __init__(
        self, kind: str, fields: dict[str, Any] | None = None, payload: bytes | memoryview = b""
    ) -> None:
        self.kind = kind
        self.fields = {} if fields is None else fields
        self.payload = payload


class FrameError(Exception):
    """The bytes are not a frame: the other side is broken."""


def create_scratch() -> Path:
    """A new private folder for bulk payloads, in memory where the system offers enough of it."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - the folder made below it is private
    usable = os.access(shared_memory, os.W_OK) and shutil.disk_usage(shared_memory).free >= SCRATCH_BYTES
    return private_folder(shared_memory if usable else Path(tempfile.gettempdir()), _PREFIX)


def private_folder(parent: Path, prefix: str) -> Path:
    """A new folder in `parent` that nobody else may look into; those that processes left there under the
    same `prefix` when they were killed are removed. Raises OSError."""
    for old in parent.glob(prefix + "*"):
        _remove_if_orphaned(old, prefix)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def _remove_if_orphaned(folder: Path, prefix: str) -> None:
    """Remove a folder whose owner was killed. Process ids tell so on POSIX only."""
    owner = folder.name.removeprefix(prefix).partition("-")[0]
    if os.name != "posix" or not owner.isdigit():
        return
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        shutil.rmtree(folder, ignore_errors=True)
    except PermissionError:
        pass


def pack(frame: Frame, scratch: Path) -> bytes:
    """The bytes to write to the pipe. Raises OSError when the scratch folder is full."""
    fields = {"kind": frame.kind, **frame.fields}
    inline = frame.payload
    if len(frame.payload) > INLINE_LIMIT:
        name = os.urandom(16).hex()
        _write(scratch / name, frame.payload)
        fields[_MAPPED] = name
        inline = b""
    header = json.dumps(fields).encode()
    return b"".join((PREFIX.pack(len(header), len(inline)), header, inline))


def _write(path: Path, payload: bytes | memoryview) -> None:
    try:
        path.write_bytes(payload)
    except OSError:
        path.unlink(missing_ok=True)  # half of it must not take the room of the next one
        raise


def lengths(prefix: bytes) -> tuple[int, int]:
    """Header and payload length. Raises FrameError for lengths no frame has."""
    header, payload = PREFIX.unpack(prefix)
    if header > HEADER_LIMIT or payload > INLINE_LIMIT:
        raise FrameError(f"a frame of {header} + {payload} bytes")
    return header, payload


def unpack(header: bytes, inline: bytes, scratch: Path) -> Frame:
    """The frame of these parts. Raises FrameError for what is not one."""
    try:
        fields = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise FrameError(str(error)) from error
    if not isinstance(fields, dict) or not isinstance(kind := fields.pop("kind", None), str):
        raise FrameError("a header without a kind")
    name = fields.pop(_MAPPED, None)
    payload: bytes | memoryview = inline if name is None else _map(scratch, str(name))
    return Frame(kind, fields, payload)


def _map(scratch: Path, name: str) -> memoryview:
    if not name.isalnum():
        raise FrameError("a payload name that is not ours")
    path = scratch / name
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise FrameError(f"a payload that cannot be mapped: {error}") from error
    with contextlib.suppress(OSError):  # Windows keeps a mapped file until the folder goes
        path.unlink()
    return memoryview(mapped)
