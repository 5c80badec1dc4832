"""`fovea export` and `fovea import`."""

from __future__ import annotations

import argparse
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from app.cli.output import Output
from app.cli.routes import BadUsage
from app.domain.transfer import Heading
from app.paths import data_home
from app.pictures.decoder import Decoder
from app.store.database import Store
from app.store.opening import library_is_there
from app.store.schema import shipped_migrations
from app.transfer.export import COMPLETE, FORMATS, LIBRARY, Exporter, suggested_name
from app.transfer.file_names import free_path
from app.transfer.gathering import find
from app.transfer.importing import SOURCES, Arriving, Importer, Look, Report

DONE = 0


@asynccontextmanager
async def _library(home: Path) -> AsyncGenerator[tuple[Store, Decoder]]:
    """The library and what opens pictures, for as long as the command takes."""
    store = await Store.open(home)
    decoder = Decoder()
    try:
        yield store, decoder
    finally:
        await decoder.close()
        await store.close()


async def export(options: argparse.Namespace, output: Output) -> int:
    """Write conversations to files. Raises BadUsage and FoveaError."""
    if not (options.conversation or options.all or options.list):
        raise BadUsage("Name a conversation, or say --all; --list shows them.")
    home = data_home()
    if not library_is_there(home, shipped_migrations()):
        raise BadUsage(f"There is no library in {home} yet.")
    async with _library(home) as (store, decoder):
        if options.list:
            for heading in await store.arrivals.headings():
                _say_heading(heading, output)
            return DONE
        headings = await _chosen(store, options)
        if not headings:
            raise BadUsage("There is no conversation in the library yet.")
        out = _out(options, headings)
        exporter = Exporter(store, decoder)
        ids = [heading.id for heading in headings]
        written = await exporter.export(ids, options.format, out, as_folder=options.all)
        lost = "".join(f"\nThe original of {name} is lost." for name in written.lost)
        output.told(
            "exported",
            f"{written.path}{lost}",
            path=str(written.path),
            conversations=written.conversations,
            lost=list(written.lost),
        )
    return DONE


async def take_in(options: argparse.Namespace, output: Output) -> int:
    """Import files one after the other. Raises FoveaError at the first that is refused."""
    home = data_home()
    async with _library(home) as (store, decoder):
        importer = Importer(store, decoder)
        for file in options.file:
            async with importer.reading(Path(file)) as arriving:
                if options.dry_run:
                    _say_overview(arriving, await importer.look(arriving, large=options.large), output)
                else:
                    report = await importer.take(arriving, large=options.large)
                    _say_report(arriving, report, output)
    return DONE


async def _chosen(store: Store, options: argparse.Namespace) -> tuple[Heading, ...]:
    if options.all:
        return await store.arrivals.headings()
    return await store.arrivals.headings((await find(store, options.conversation),))


def _out(options: argparse.Namespace, headings: tuple[Heading, ...]) -> Path:
    """Where to write to: what was said, or a name of its own in the folder one works in."""
    if options.all and options.format != COMPLETE:
        name, ending = LIBRARY, ""
    else:
        ending = FORMATS[options.format]
        name = suggested_name(headings, options.format).removesuffix(ending)
    if options.out is None:
        return free_path(Path.cwd(), name, ending)
    out = Path(options.out)
    return free_path(out, name, ending) if out.is_dir() else out


def _say_heading(heading: Heading, output: Output) -> None:
    changed = heading.changed.isoformat(timespec="minutes")
    sentence = f"{heading.id}  {changed[:10]}  {' '.join(heading.title.split())}"
    output.told("conversation", sentence, id=heading.id, title=heading.title, changed=changed)


def _say_overview(arriving: Arriving, look: Look, output: Output) -> None:
    overview = arriving.overview
    sentence = (
        f"{arriving.name} is an export of {SOURCES[overview.source]} with"
        f" {overview.conversations} conversations, {overview.messages} messages and"
        f" {len(overview.pictures)} pictures."
    )
    notes = [f"{name} would not be taken: {reason}." for name, reason in look.refused]
    if look.large:
        notes.append(f"Add --large to take {look.large} of them.")
    output.told(
        "overview",
        "\n".join((sentence, *(f"  {title}" for title in overview.titles), *notes)),
        file=arriving.name,
        source=overview.source,
        conversations=overview.conversations,
        messages=overview.messages,
        pictures=len(overview.pictures),
        titles=list(overview.titles),
        left_out=overview.left_out,
        refused=[list(one) for one in look.refused],
        large=look.large,
    )


def _say_report(arriving: Arriving, report: Report, output: Output) -> None:
    arrived = report.arrived
    sentence = (
        f"{arriving.name}: {len(arrived.new)} new conversations, {len(arrived.grown)} went on,"
        f" {len(arrived.restored)} came back from the trash; {arrived.added} new messages,"
        f" {arrived.known} were there; {report.pictures} new pictures."
    )
    notes = [f"{name} was not taken: {reason}." for name, reason in report.refused]
    if report.large:
        notes.append(
            f"--large takes {report.large} of them, but not into messages that are there, as these are now:"
            " delete their conversations for good before you import the file again."
        )
    if report.left_out:
        notes.append(f"{report.left_out} pictures are not in the file.")
    output.told(
        "imported",
        "\n".join((sentence, *notes)),
        file=arriving.name,
        new=list(arrived.new),
        grown=list(arrived.grown),
        restored=list(arrived.restored),
        messages=arrived.added,
        known=arrived.known,
        pictures=report.pictures,
        left_out=report.left_out,
        refused=[list(one) for one in report.refused],
        large=report.large,
    )
