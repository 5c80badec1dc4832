"""How many threads the engine gets."""

from __future__ import annotations

from pathlib import Path

from app.local.hardware import _linux_cores, engine_threads, physical_cores


def test_two_threads_of_a_core_count_once(tmp_path: Path) -> None:
    for number, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        topology = tmp_path / f"cpu{number}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(siblings + "\n")
    assert _linux_cores({0, 1, 2, 3}, tmp_path) == 2
    assert _linux_cores({0, 2}, tmp_path) == 1


def test_processors_without_a_topology_count_each(tmp_path: Path) -> None:
    assert _linux_cores({0, 1, 2}, tmp_path) == 3


def test_a_core_is_left_to_the_rest_of_the_computer() -> None:
    assert engine_threads() == max(1, physical_cores() - 1)
