from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.child.frames import INLINE_LIMIT, PREFIX, Frame, FrameError, create_scratch, lengths, pack, unpack

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


def sent(frame: Frame, scratch: Path) -> Frame:
    """`frame` after its way through a pipe."""
    data = pack(frame, scratch)
    header, payload = lengths(data[: PREFIX.size])
    assert len(data) == PREFIX.size + header + payload
    body = data[PREFIX.size :]
    return unpack(body[:header], body[header:], scratch)


@given(kind=st.text(), value=JSON, payload=st.binary(max_size=1000))
def test_a_small_frame_arrives_as_it_was_sent(kind: str, value: object, payload: bytes) -> None:
    frame = sent(Frame(kind, {"value": value}, payload), Path("/nowhere"))
    assert (frame.kind, frame.fields, bytes(frame.payload)) == (kind, {"value": value}, payload)


@pytest.mark.parametrize("size", [INLINE_LIMIT, INLINE_LIMIT + 1, 3_000_000])
def test_a_large_payload_is_mapped_and_leaves_no_file(tmp_path: Path, size: int) -> None:
    payload = os.urandom(size)
    frame = sent(Frame("big", {}, payload), tmp_path)
    assert frame.payload == payload
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_surrogates_survives() -> None:
    name = os.fsdecode(b"caf\xe9")
    assert sent(Frame("path", {"path": name}), Path("/nowhere")).fields["path"] == name


@pytest.mark.parametrize(
    "header", [b"", b"[]", b"{}", b"null", b'{"kind": ', b"\xff", b'{"a":' * 50_000, b'{"other": 1}']
)
def test_what_is_no_header_is_a_frame_error(header: bytes) -> None:
    with pytest.raises(FrameError):
        unpack(header, b"", Path("/nowhere"))


@pytest.mark.parametrize("name", ["../../etc/hostname", "/etc/hostname", "", "absent"])
def test_a_payload_name_reaches_no_file_but_ours(tmp_path: Path, name: str) -> None:
    with pytest.raises(FrameError):
        unpack(b'{"kind": "x", "mapped": "%s"}' % name.encode(), b"", tmp_path)


@pytest.mark.parametrize("prefix", [(2**32 - 1, 0), (10, INLINE_LIMIT + 1)])
def test_lengths_that_no_frame_has_are_refused(prefix: tuple[int, int]) -> None:
    with pytest.raises(FrameError):
        lengths(PREFIX.pack(*prefix))


def test_a_scratch_folder_is_private_and_an_orphaned_one_is_removed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from app.child.frames import create_scratch; print(create_scratch())"],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    orphan = Path(done.stdout.strip())
    assert orphan.is_dir()
    mine = create_scratch()
    try:
        assert mine.stat().st_mode & 0o777 == 0o700
        assert not orphan.exists()
        another = create_scratch()
        assert mine.is_dir()
        another.rmdir()
    finally:
        mine.rmdir()


def test_a_payload_that_finds_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    """A file size limit stands in for a full disk."""
    program = f"""
import resource, signal
from pathlib import Path
from app.child.frames import Frame, pack
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    pack(Frame("big", {{}}, bytes(1_000_000)), Path({str(tmp_path)!r}))
except OSError as error:
    print("refused")
"""
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"
    assert list(tmp_path.iterdir()) == []
