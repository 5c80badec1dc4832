"""What is in the repository, and what must never be."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

import app

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = ("linux", "darwin", "win32")
FOLDERS = {".ci", "app", "packaging", "resources", "tests", "ui"}
FILES = {
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints.txt",
    "pyproject.toml",
}
# Hosts of package registries, split so that this file does not hold them: whoever builds Fovea
# chooses where packages come from.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js", "deb.debian" + ".org")


def tracked() -> list[Path]:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def constraints() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def pins(python: str, system: str) -> dict[str, str]:
    """The versions that hold for a Python and a system, by normalised name."""
    environment = {**default_environment(), "python_version": python, "sys_platform": system}
    environment["python_full_version"] = f"{python}.0"
    held = [r for r in constraints() if r.marker is None or r.marker.evaluate(environment)]
    names = [_normal(r.name) for r in held]
    assert len(names) == len(set(names)), "two versions of one package for the same machine"
    return {_normal(r.name): str(r.specifier) for r in held}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_constraints_name_no_host() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_constraints_pin_what_the_project_asks_for(python: str, system: str) -> None:
    held = pins(python, system)
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *PROJECT["dependency-groups"]["build"]]
    wanted += [line for extra in project["optional-dependencies"].values() for line in extra]
    environment = {**default_environment(), "python_version": python, "sys_platform": system}
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            version = held[_normal(requirement.name)].removeprefix("==")
            assert requirement.specifier.contains(version), requirement


def test_pyside_keeps_to_the_versions_that_survive_on_each_python() -> None:
    assert pins("3.11", "linux")["pyside6-essentials"].startswith("==6.11.")
    for python in PYTHONS[1:]:
        assert pins(python, "linux")["pyside6-essentials"].startswith("==6.12.")


def test_the_version_is_said_alike_everywhere() -> None:
    version = PROJECT["project"]["version"]
    assert app.__version__ == version
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{version}]" in changes or "## [Unreleased]" in changes


def test_the_top_level_holds_what_the_architecture_names() -> None:
    parts = [path.relative_to(ROOT).parts for path in tracked()]
    assert {p[0] for p in parts if len(p) > 1} <= FOLDERS
    assert {p[0] for p in parts if len(p) == 1} <= FILES


def test_nothing_of_one_machine_is_tracked() -> None:
    names = {path.name for path in tracked()}
    assert not names & {"uv.lock", "pylock.toml", ".python-version", ".env"}
    assert not [n for n in names if n.endswith((".pyc", ".db", ".log", ".gguf"))]


def test_no_file_names_a_package_registry() -> None:
    for path in tracked():
        if path.suffix not in {".png", ".jpg", ".onnx", ".ttf", ".gif", ".webp"}:
            text = path.read_text("utf-8", errors="replace")
            assert not [host for host in REGISTRIES if host in text], path


def test_packages_have_an_init_file_and_tests_have_none() -> None:
    for folder in ("app", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_named_fault_test_exists() -> None:
    """tests/faults.md says which test covers which fault."""
    known = {
        match
        for path in (ROOT / "tests").rglob("test_*.py")
        for match in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    named = re.findall(r"`(test_\w+)`", (ROOT / "tests" / "faults.md").read_text("utf-8"))
    assert not set(named) - known


def test_every_fault_a_test_names_is_in_the_list() -> None:
    listed = (ROOT / "tests" / "faults.md").read_text("utf-8")
    rows = set(re.findall(r"^\| ([A-F]\d+) ", listed, re.MULTILINE))
    missing = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name, row in re.findall(r"def (test_([a-f]\d+)_\w+)", path.read_text("utf-8")):
            if row.upper() not in rows or f"`{name}`" not in listed:
                missing.append(f"{name} ({path.relative_to(ROOT)})")
    assert not missing, "add these to tests/faults.md"


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("*/*.md")), ids=str)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing, f"{page.name} links to {missing}"
