"""What a GGUF file says about itself, read from its header alone and believed in nothing.

    file   := "GGUF" | version (u32) | tensors (u64) | pairs (u64) | pair* | tensor* | padding | data
    pair   := key | type (u32) | value          tensor := name | sides (u32) | side (u64)* | type | offset
    string := length (u64) | bytes              array  := type (u32) | count (u64) | value*

Vocabularies and templates are skipped, never loaded: the header of a model with 150,000 tokens is
read in tens of milliseconds. Every length is checked against the size of the file first, because
the engine's own reader has been made to write out of bounds by files that lie.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import struct
from collections import Counter
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

from app.domain.errors import ModelFileRefused

MOST_PAIRS = 1 << 16
MOST_TENSORS = 1 << 16
MOST_ARRAY_STRINGS = 1 << 22
LONGEST_KEY = 1 << 10
LONGEST_KEPT_STRING = 1 << 12
LARGEST_ALIGNMENT = 1 << 20
MOST_SIDES = 4
_CHUNK = 1 << 18

_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_UINT32 = struct.Struct("<I")
_UINT64 = struct.Struct("<Q")

TENSOR_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8),
    28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
    42: ("Q2_0", 64, 18),
}  # fmt: skip
"""The engine's tensor types: name, values in a block, bytes of a block."""

_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
    26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

_PROJECTED = (
    ("mm.model.fc.weight", 1),
    ("mm.input_projection.weight", 0),
    ("mm.model.mlp.3.weight", 1),
    ("mm.2.bias", 0),
    ("mm.2.weight", 1),
)
"""Where a projector's output width stands: a tensor that only such projectors have, and its side."""

_DEEPSTACK = "clip.vision.is_deepstack_layers"
_KEPT = re.compile(
    r"general\.(architecture|name|file_type|alignment)|clip\.(vision\.)?projector_type|clip\.has_vision_encoder"
    r"|[^.]+\.(context_length|embedding_length|block_count|n_deepstack_layers)"
)


class GgufHeader(NamedTuple):
    """A model or projector file. Lengths and widths are 0 where the file does not say.

    `embedding_length` is the width a projector must have to belong to this model;
    `projector_width` is that of a projector, None when its kind is not known here.
    """

    path: Path
    file_size: int
    architecture: str
    name: str
    parameter_count: int
    quantisation: str
    context_length: int
    embedding_length: int
    block_count: int
    has_chat_template: bool
    is_projector: bool
    sees_pictures: bool
    projector_type: str
    projector_width: int | None

    @property
    def detail(self) -> str:
        """One plain line: parameters and quantisation, for instance "2.1B parameters, Q4_K_M"."""
        return ", ".join(part for part in (_count_in_words(self.parameter_count), self.quantisation) if part)


def read_header(path: Path) -> GgufHeader:
    """Read and check a file's header. Blocks for some milliseconds.

    Raises ModelFileRefused for whatever is not a complete GGUF file: no file, a folder, a pipe,
    an unreadable, empty, truncated or malformed file.
    """
    try:
        with _open(path) as file:
            return _Reader(path, file).header()
    except (OSError, ValueError) as error:
        raise ModelFileRefused(name=path.name or str(path), reason=_in_words(error)) from error


class _Malformed(ValueError):
    """The file breaks a rule; the text is a clause a person understands."""


def _open(path: Path) -> BinaryIO:
    """Open a regular file, without waiting for the other end of a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise _Malformed("it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file")
    return os.fdopen(descriptor, "rb", buffering=_CHUNK)


def _in_words(error: OSError | ValueError) -> str:
    if isinstance(error, _Malformed):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "it may not be read"
    if isinstance(error, OSError):
        return f"it cannot be read ({os.strerror(error.errno or errno.EIO)})"
    return "no file can have such a name"


def _damaged(what: str) -> NoReturn:
    raise _Malformed(f"it is damaged: {what}")


@dataclass(slots=True)
class _Tensors:
    """What the tensor table adds up to."""

    parameters: int = 0
    end: int = 0
    sides: dict[str, tuple[int, ...]] = field(default_factory=dict)
    bytes_of_type: Counter[str] = field(default_factory=Counter)


class _Reader:
    """Reads forward through a header and never past the end of the file."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._pairs: dict[str, object] = {}
        self._strings_skipped = 0

    def header(self) -> GgufHeader:
        tensor_count, pair_count = self._start()
        for _ in range(pair_count):
            self._pair()
        tensors = self._tensors(tensor_count)
        head = self._file.tell()
        expected = _padded(head, self._alignment()) + tensors.end if tensors.end else head
        if self._size < expected:
            raise _Malformed(f"it is incomplete: {_size_of(self._size, expected)}")
        return self._summary(tensors)

    def _start(self) -> tuple[int, int]:
        if self._size == 0:
            raise _Malformed("it is empty")
        magic = self._file.read(4)
        if magic != b"GGUF":
            raise _Malformed(_other_file(magic))
        version = self._u32()
        if version not in (2, 3):
            if version & 0xFFFF == 0:
                raise _Malformed("it was made for big-endian computers")
            raise _Malformed(f"its GGUF version {version} is not supported")
        tensor_count, pair_count = self._u64(), self._u64()
        if tensor_count > MOST_TENSORS or pair_count > MOST_PAIRS:
            _damaged("its header announces too many entries")
        return tensor_count, pair_count

    def _pair(self) -> None:
        key = self._text(LONGEST_KEY)
        if key in self._pairs:
            _damaged("its header names an entry twice")
        kind = self._u32()
        self._pairs[key] = None
        if kind == _ARRAY:
            self._array(key)
        elif kind in _SCALARS:
            self._pairs[key] = self._scalar(_SCALARS[kind])
        elif kind != _STRING:
            _damaged("its header holds an unknown kind of value")
        elif _KEPT.fullmatch(key):
            self._pairs[key] = self._text(LONGEST_KEPT_STRING)
        else:
            self._skip(self._u64())

    def _array(self, key: str) -> None:
        kind, count = self._u32(), self._u64()
        if kind == _STRING:
            self._skip_strings(count)
        elif kind not in _SCALARS:
            _damaged("its header holds an unknown kind of list")
        elif key == _DEEPSTACK and count <= LONGEST_KEY:
            self._pairs[key] = sum(1 for _ in range(count) if self._scalar(_SCALARS[kind]))
        else:
            self._skip(count * struct.calcsize(_SCALARS[kind]))

    def _tensors(self, count: int) -> _Tensors:
        tensors, alignment = _Tensors(), self._alignment()
        for _ in range(count):
            name = self._text(LONGEST_KEY)
            if name in tensors.sides:
                _damaged("its header names a tensor twice")
            side_count = self._u32()
            if not 0 < side_count <= MOST_SIDES:
                _damaged("a tensor has an impossible shape")
            sides = struct.unpack(f"<{side_count}Q", self._read(8 * side_count))
            kind, offset = self._u32(), self._u64()
            if offset != _padded(tensors.end, alignment):
                _damaged("its tensors do not follow one another")
            size = self._tensor_size(kind, sides)
            tensors.sides[name] = sides
            tensors.parameters += prod(sides)
            tensors.bytes_of_type[TENSOR_TYPES[kind][0]] += size
            tensors.end = offset + size
        return tensors

    def _tensor_size(self, kind: int, sides: tuple[int, ...]) -> int:
        if kind not in TENSOR_TYPES:
            raise _Malformed(f"its tensors are of type {kind}, which the engine does not know")
        _, block, block_size = TENSOR_TYPES[kind]
        values = prod(sides)
        if not 0 < values < 1 << 48 or sides[0] % block:
            _damaged("a tensor has an impossible shape")
        return values // block * block_size

    def _alignment(self) -> int:
        alignment = self._number("general.alignment") or 32
        if alignment > LARGEST_ALIGNMENT or alignment & (alignment - 1):
            _damaged("its alignment is impossible")
        return alignment

    def _summary(self, tensors: _Tensors) -> GgufHeader:
        architecture = self._words("general.architecture")
        if not architecture:
            raise _Malformed("it does not say which kind of model it is")
        is_projector = architecture == "clip"
        deep = self._number(f"{architecture}.n_deepstack_layers")
        file_type = self._pairs.get("general.file_type")
        dominant = tensors.bytes_of_type.most_common(1)
        quantisation = _FILE_TYPES.get(file_type) if isinstance(file_type, int) else None
        return GgufHeader(
            path=self._path,
            file_size=self._size,
            architecture=architecture,
            name=self._words("general.name") or self._path.stem,
            parameter_count=tensors.parameters,
            quantisation=quantisation or (dominant[0][0] if dominant else ""),
            context_length=self._number(f"{architecture}.context_length"),
            embedding_length=self._number(f"{architecture}.embedding_length") * (1 + deep),
            block_count=self._number(f"{architecture}.block_count"),
            has_chat_template="tokenizer.chat_template" in self._pairs,
            is_projector=is_projector,
            sees_pictures=is_projector and bool(self._pairs.get("clip.has_vision_encoder", True)),
            projector_type=self._words("clip.projector_type") or self._words("clip.vision.projector_type"),
            projector_width=self._projector_width(tensors) if is_projector else None,
        )

    def _projector_width(self, tensors: _Tensors) -> int | None:
        deep = self._number(_DEEPSTACK)
        for name, side in _PROJECTED:
            sides = tensors.sides.get(name, ())
            if side < len(sides):
                return int(sides[side]) * (1 + deep)
        return None

    def _number(self, key: str) -> int:
        value = self._pairs.get(key)
        return value if isinstance(value, int) and value > 0 else 0

    def _words(self, key: str) -> str:
        value = self._pairs.get(key)
        return value if isinstance(value, str) else ""

    def _read(self, count: int) -> bytes:
        data = self._file.read(count) if count <= self._size else b""
        if len(data) != count:
            self._ends_early()
        return data

    def _u32(self) -> int:
        return int(_UINT32.unpack(self._read(4))[0])

    def _u64(self) -> int:
        return int(_UINT64.unpack(self._read(8))[0])

    def _scalar(self, form: str) -> object:
        value: object = struct.unpack(form, self._read(struct.calcsize(form)))[0]
        return value

    def _text(self, longest: int) -> str:
        length = self._u64()
        if length > longest:
            _damaged("its header holds an impossible text")
        return self._read(length).decode("utf-8", "replace")

    def _skip(self, count: int) -> None:
        if count > self._size - self._file.tell():
            self._ends_early()
        self._file.seek(count, os.SEEK_CUR)

    def _skip_strings(self, count: int) -> None:
        self._strings_skipped += count
        if self._strings_skipped > MOST_ARRAY_STRINGS:
            _damaged("its header announces too many entries")
        read, seek, length_of = self._file.read, self._file.seek, _UINT64.unpack
        for _ in range(count):
            prefix = read(8)
            if len(prefix) != 8 or (length := length_of(prefix)[0]) > self._size:
                self._ends_early()
            seek(length, os.SEEK_CUR)

    def _ends_early(self) -> NoReturn:
        raise _Malformed("it is incomplete or damaged: it ends inside its header")


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _size_of(size: int, expected: int) -> str:
    unit, name = (10**9, "GB") if expected >= 10**9 else (10**6, "MB") if expected >= 10**6 else (10**3, "kB")
    return f"{size / unit:.1f} of {expected / unit:.1f} {name}"


def _other_file(magic: bytes) -> str:
    if magic == b"vers":
        return "it is a pointer to the model, not the model itself"
    if magic.lstrip()[:1] == b"<":
        return "it is a web page, not a model"
    return "it is not a GGUF file"


def _count_in_words(count: int) -> str:
    for unit, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if count >= unit:
            return f"{count / unit:.3g}{letter} parameters"
    return f"{count} parameters" if count else ""
