"""A vision model of 170 kB with hand-set weights: it names the main colour of a picture.

The real engine loads it in a tenth of a second, so tests can prove that pixels reach the
answer. It says "The picture is mostly red." (of the last picture), "I see no image." without.

How it works. The projector averages red, green and blue over each patch, and puts them, with
a fourth feature that says "I am a picture token", into dimensions 0 to 3 of the text model's
residual stream. In the one attention layer every text token asks (with a constant) for
picture tokens and copies their colour into its own dimensions. Each word of the sentence has
a dimension that is on when it was the last word; the output matrix reads that dimension to
say which word follows, and the copied colour to choose among the colour words.
"""

from __future__ import annotations

import array
import itertools
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ALIGNMENT = 32
VALUE_TYPES = {"u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"), "bool": (7, "<?"), "str": (8, "")}
ARRAY_TYPE = 9
TENSOR_TYPES = {"f32": 0, "f16": 1}

WIDTH = 64
PATCH = 16
FEATURES = 16
SHUFFLE = 4  # patches that idefics3 joins into one token

PICTURE, IS_PICTURE, ALWAYS, SEEN, COLOUR, LAST_WORD = 0, 3, 4, 5, 6, 9
"""Dimensions of the residual stream. PICTURE and COLOUR are three long, LAST_WORD goes on to WIDTH."""

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (1, -1, -1),
    "green": (-1, 1, -1),
    "blue": (-1, -1, 1),
    "yellow": (1, 1, -1),
    "cyan": (-1, 1, 1),
    "magenta": (1, -1, 1),
    "white": (1, 1, 1),
    "black": (-1, -1, -1),
    "grey": (0, 0, 0),
}
SPACE = "\u0120"  # how the byte-level vocabulary writes a space,
NEWLINE = "\u010a"  # and a line feed
SEEING = ["The", SPACE + "picture", SPACE + "is", SPACE + "mostly"]
BLIND = ["I", SPACE + "see", SPACE + "no", SPACE + "image", "."]
START, STOP = "<|assistant|>", "<|im_end|>"
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{% if m['content'] is string %}{{ m['content'] }}"
    "{% else %}{% for p in m['content'] %}{% if p['type'] == 'text' %}{{ p['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True)
class TinyModel:
    """The files of a generated model."""

    model: Path
    projector: Path


class Matrix:
    """A tensor of zeros to set single weights in; `shape` is row-major."""

    def __init__(self, *shape: int, kind: str = "f16", fill: float = 0.0) -> None:
        self.shape = shape
        self.kind = kind
        count = 1
        for side in shape:
            count *= side
        self.values = array.array("f", [fill]) * count

    def __setitem__(self, place: tuple[int, int], value: float) -> None:
        row, column = place
        self.values[row * self.shape[1] + column] = value

    def packed(self) -> bytes:
        """The bytes of the file, padded to the alignment."""
        if self.kind == "f32":
            raw = self.values.tobytes()
        elif not any(self.values):
            raw = bytes(2 * len(self.values))
        else:
            raw = struct.pack(f"<{len(self.values)}e", *self.values)
        return raw + bytes(-len(raw) % ALIGNMENT)


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(kind: str, value: object) -> bytes:
    return _string(str(value)) if kind == "str" else struct.pack(VALUE_TYPES[kind][1], value)


def _pair(key: str, kind: str, value: object) -> bytes:
    if isinstance(value, list):
        head = struct.pack("<IIQ", ARRAY_TYPE, VALUE_TYPES[kind][0], len(value))
        return _string(key) + head + b"".join(_value(kind, item) for item in value)
    return _string(key) + struct.pack("<I", VALUE_TYPES[kind][0]) + _value(kind, value)


def write_gguf(path: Path, pairs: Mapping[str, tuple[str, object]], tensors: Mapping[str, Matrix]) -> None:
    """Write a GGUF file of version 3. A list in `pairs` becomes an array of the named kind."""
    head = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)))
    for key, (kind, value) in pairs.items():
        head += _pair(key, kind, value)
    blobs = {name: tensor.packed() for name, tensor in tensors.items()}
    offset = 0
    for name, tensor in tensors.items():
        shape = tensor.shape[::-1]
        head += _string(name) + struct.pack(
            f"<I{len(shape)}QIQ", len(shape), *shape, TENSOR_TYPES[tensor.kind], offset
        )
        offset += len(blobs[name])
    head += bytes(-len(head) % ALIGNMENT)
    path.write_bytes(bytes(head) + b"".join(blobs.values()))


def _byte_tokens() -> list[str]:
    """The 256 tokens of a byte-level vocabulary: printable bytes as they are, others moved up."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    moved = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(moved)) for byte in range(256)]


class Vocabulary:
    """Tokens in the order of their ids; a second `add` of the same text changes nothing."""

    def __init__(self) -> None:
        self.tokens = _byte_tokens()
        self.kinds = [1] * len(self.tokens)
        self._ids = {token: number for number, token in enumerate(self.tokens)}
        special = ["<|endoftext|>", "<|im_start|>", STOP, "<|user|>", "<|system|>", START]
        special += ["<fake_token_around_image>", "<global-img>", "<image>"]
        special += [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
        self._add(special, 3)
        self._add([NEWLINE * 2, *SEEING, *BLIND, *(SPACE + name for name in COLOURS)], 1)

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, token: str) -> int:
        return self._ids[token]

    def _add(self, tokens: Sequence[str], kind: int) -> None:
        for token in tokens:
            if token not in self._ids:
                self._ids[token] = len(self.tokens)
                self.tokens.append(token)
                self.kinds.append(kind)


class _Sentence:
    """Sets the embedding and output weights that make one word follow another."""

    STRENGTH = 8.0

    def __init__(self, vocabulary: Vocabulary, embedding: Matrix, output: Matrix) -> None:
        self._vocabulary, self._embedding, self._output = vocabulary, embedding, output
        self._dimensions: dict[str, int] = {}

    def follow(self, word: str, following: str, strength: float = STRENGTH) -> None:
        self._output[self._vocabulary[following], self._dimension(word)] = strength

    def read(self, word: str, dimension: int, strength: float) -> None:
        self._output[self._vocabulary[word], dimension] = strength

    def _dimension(self, word: str) -> int:
        if word not in self._dimensions:
            dimension = LAST_WORD + len(self._dimensions)
            assert dimension < WIDTH
            self._dimensions[word] = dimension
            self._embedding[self._vocabulary[word], dimension] = 32.0
        return self._dimensions[word]


def _set_words(vocabulary: Vocabulary, endless: bool) -> dict[str, Matrix]:
    embedding, output = Matrix(len(vocabulary), WIDTH), Matrix(len(vocabulary), WIDTH)
    for number in range(len(vocabulary)):
        embedding[number, ALWAYS] = 1.0
    sentence = _Sentence(vocabulary, embedding, output)
    for opening, always in (("The", -8.0), ("I", 8.0)):
        sentence.follow(START, opening)
        sentence.read(opening, ALWAYS, always)
    sentence.read("The", SEEN, 8.0)
    for words in (SEEING, BLIND):
        for word, following in itertools.pairwise(words):
            sentence.follow(word, following)
    for name, colour in COLOURS.items():
        sentence.follow(SEEING[-1], SPACE + name)
        sentence.follow(SPACE + name, ".")
        for channel in range(3):
            sentence.read(SPACE + name, COLOUR + channel, 8.0 * colour[channel])
    sentence.read(SPACE + "grey", SEEN, 6.0)  # where every channel lies within a quarter of the middle
    sentence.follow(".", START if endless else STOP)
    return {"token_embd.weight": embedding, "output.weight": output}


def _attention() -> dict[str, Matrix]:
    query, key, value, out = (Matrix(WIDTH, WIDTH) for _ in range(4))
    slowest = WIDTH - 2  # the rotary pair that position hardly turns
    query[slowest, ALWAYS] = 30.0
    key[slowest, IS_PICTURE] = 30.0
    for channel in range(3):
        value[channel, PICTURE + channel] = 1.0
        out[COLOUR + channel, channel] = 1.0
    value[3, IS_PICTURE] = 1.0
    out[SEEN, 3] = 1.0
    names = ("attn_q", "attn_k", "attn_v", "attn_output")
    return {
        f"blk.0.{name}.weight": matrix for name, matrix in zip(names, (query, key, value, out), strict=True)
    }


def write_model(path: Path, *, context: int = 4096, endless: bool = False, ballast: int = 32) -> None:
    """Write the text model.

    `endless` makes it say its sentence again and again. `ballast` is the width of a feed-forward
    layer that adds nothing but work: 32768 costs one to three milliseconds a token.
    """
    vocabulary = Vocabulary()
    tensors = {**_set_words(vocabulary, endless), **_attention()}
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        tensors[name + ".weight"] = Matrix(WIDTH, kind="f32", fill=1.0)
    tensors["blk.0.ffn_gate.weight"] = Matrix(ballast, WIDTH)
    tensors["blk.0.ffn_up.weight"] = Matrix(ballast, WIDTH)
    tensors["blk.0.ffn_down.weight"] = Matrix(WIDTH, ballast)
    write_gguf(path, _model_pairs(vocabulary, context, ballast), tensors)


def _model_pairs(vocabulary: Vocabulary, context: int, ballast: int) -> dict[str, tuple[str, object]]:
    return {
        "general.architecture": ("str", "llama"),
        "general.name": ("str", "Tiny Colour Namer"),
        "general.file_type": ("u32", 1),
        "llama.context_length": ("u32", context),
        "llama.embedding_length": ("u32", WIDTH),
        "llama.block_count": ("u32", 1),
        "llama.feed_forward_length": ("u32", ballast),
        "llama.attention.head_count": ("u32", 1),
        "llama.attention.head_count_kv": ("u32", 1),
        "llama.attention.layer_norm_rms_epsilon": ("f32", 1e-5),
        "llama.rope.dimension_count": ("u32", WIDTH),
        "llama.rope.freq_base": ("f32", 1e9),
        "llama.vocab_size": ("u32", len(vocabulary)),
        "tokenizer.ggml.model": ("str", "gpt2"),
        "tokenizer.ggml.pre": ("str", "smollm"),
        "tokenizer.ggml.tokens": ("str", vocabulary.tokens),
        "tokenizer.ggml.token_type": ("i32", vocabulary.kinds),
        "tokenizer.ggml.merges": ("str", [SPACE + " t"]),
        "tokenizer.ggml.bos_token_id": ("u32", vocabulary["<|im_start|>"]),
        "tokenizer.ggml.eos_token_id": ("u32", vocabulary[STOP]),
        "tokenizer.ggml.add_bos_token": ("bool", False),
        "tokenizer.chat_template": ("str", TEMPLATE),
    }


def write_projector(path: Path, *, width: int = WIDTH) -> None:
    """Write the vision part. With another `width` it belongs to no model here."""
    embed = Matrix(FEATURES, 3 * PATCH * PATCH)
    for place in range(PATCH * PATCH):
        for channel in range(3):
            embed[channel, channel * PATCH * PATCH + place] = 1.0 / (PATCH * PATCH)
    embed.shape = (FEATURES, 3, PATCH, PATCH)
    one = Matrix(FEATURES, kind="f32")
    one.values[IS_PICTURE] = 1.0
    to_text = Matrix(width, FEATURES * SHUFFLE)
    for patch in range(SHUFFLE):
        for feature in range(min(4, width)):
            to_text[PICTURE + feature, patch * FEATURES + feature] = 1.0 / SHUFFLE
    tensors = {
        "v.patch_embd.weight": embed,
        "v.patch_embd.bias": one,
        "v.position_embd.weight": Matrix(16, FEATURES, kind="f32"),
        "mm.model.fc.weight": to_text,
        **_idle_vision_block(),
    }
    write_gguf(path, _projector_pairs(width), tensors)


def _idle_vision_block() -> dict[str, Matrix]:
    """A transformer block that changes nothing: all of its weights are zero."""
    block: dict[str, Matrix] = {}
    for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
        block[f"v.blk.0.{name}.weight"] = Matrix(FEATURES, FEATURES)
        block[f"v.blk.0.{name}.bias"] = Matrix(FEATURES, kind="f32")
    for name in ("ln1", "ln2"):
        block[f"v.blk.0.{name}.weight"] = Matrix(FEATURES, kind="f32", fill=1.0)
        block[f"v.blk.0.{name}.bias"] = Matrix(FEATURES, kind="f32")
    for name, rows, columns in (("ffn_up", 32, FEATURES), ("ffn_down", FEATURES, 32)):
        block[f"v.blk.0.{name}.weight"] = Matrix(rows, columns)
        block[f"v.blk.0.{name}.bias"] = Matrix(rows, kind="f32")
    return block


def _projector_pairs(width: int) -> dict[str, tuple[str, object]]:
    half = [0.5] * 3
    return {
        "general.architecture": ("str", "clip"),
        "general.type": ("str", "mmproj"),
        "general.name": ("str", "Tiny Colour Namer eye"),
        "general.file_type": ("u32", 0),
        "clip.has_vision_encoder": ("bool", True),
        "clip.projector_type": ("str", "idefics3"),
        "clip.use_gelu": ("bool", True),
        "clip.vision.image_size": ("u32", 64),
        "clip.vision.patch_size": ("u32", PATCH),
        "clip.vision.embedding_length": ("u32", FEATURES),
        "clip.vision.feed_forward_length": ("u32", 32),
        "clip.vision.block_count": ("u32", 1),
        "clip.vision.attention.head_count": ("u32", 2),
        "clip.vision.attention.layer_norm_epsilon": ("f32", 1e-6),
        "clip.vision.projection_dim": ("u32", width),
        "clip.vision.projector.scale_factor": ("u32", 2),
        "clip.vision.preproc_image_size": ("u32", 128),
        "clip.vision.image_mean": ("f32", half),
        "clip.vision.image_std": ("f32", half),
    }


def write_tiny_model(folder: Path) -> TinyModel:
    """Write the model and its projector into `folder`."""
    tiny = TinyModel(folder / "tiny-colour-F16.gguf", folder / "mmproj-tiny-colour-F16.gguf")
    write_model(tiny.model)
    write_projector(tiny.projector)
    return tiny
