"""Pictures too large for a request, uploaded beside it and deleted after the answer.

The steps are those of NVIDIA's asset API: an asset is created, its bytes are put where the answer
says, with exactly the headers that are signed into that address and without the key, the request
names it, and then it is deleted. What is not deleted the service forgets after 24 hours.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain.errors import (
    BadAnswer,
    EndpointFailed,
    FoveaError,
    InputRefused,
    Interrupted,
    NotFound,
    Retired,
    Stalled,
    UploadFailed,
)
from app.domain.events import Event, Progress
from app.domain.request import PromptPicture
from app.net.address import parse
from app.net.key import Key
from app.providers.document import document
from app.providers.nvcf_ledger import AssetLedger, UndeletedAsset, is_asset_id
from app.providers.refusal import plain, said
from app.providers.retrying import retrying
from app.providers.site import Site

log = logging.getLogger(__name__)

ASSETS = "https://api.nvcf.nvidia.com/v2/nvcf/assets"
DESCRIPTION = "picture"
REFERENCES = "NVCF-INPUT-ASSET-REFERENCES"

ANSWER_S = 30.0
DELETE_S = 5.0
ABANDONED_DELETE_S = 0.8
"""How long deleting may take where nobody waits for an answer any more."""

_GONE = (200, 204, 404)
_STORAGE_FAILURES: tuple[tuple[type[EndpointFailed], str], ...] = (
    (Stalled, "its storage takes no more bytes"),
    (Interrupted, "the connection to its storage broke"),
    (EndpointFailed, "its storage cannot be used"),
)


class Assets:
    """The uploads of one endpoint, and the list of those that are not deleted."""

    def __init__(self, site: Site, home: Path, pending_s: float) -> None:
        self.site = site
        self.ledger = AssetLedger(home)
        self._pending_s = pending_s
        self._left: set[str] = set()

    @property
    def origin(self) -> str:
        """Where this endpoint's assets are."""
        return parse(self.site.url(ASSETS)).origin

    async def delete(self, ids: Iterable[str], key: Key | None, within_s: float) -> None:
        """Delete uploads at once; those that remain after `within_s` are left to `tidy`. Never raises."""
        left = set(ids)
        self._left |= left
        try:
            async with asyncio.timeout(within_s), asyncio.TaskGroup() as group:
                for asset_id in left:
                    group.create_task(self._delete(asset_id, key))
        except TimeoutError:
            log.info("some uploads could not be deleted in time")

    async def answered(self, request_id: str, key: Key | None) -> None:
        """Delete what a request needed that was answered later. Never raises."""
        assets = await asyncio.to_thread(self.ledger.assets)
        ids = [each.id for each in assets if each.request == request_id and each.origin == self.origin]
        await self.delete(ids, key, DELETE_S)

    async def tidy(self) -> None:
        """Delete what earlier runs, or failed deletions of this one, left behind. Never raises.

        Uploads whose request may still be answered stay, and those of another origin, whose key
        is not this one's.
        """
        assets = [asset for asset in await asyncio.to_thread(self.ledger.assets) if self._may_go(asset)]
        if not assets:
            return
        try:
            key = await self.site.key()
        except FoveaError as error:
            log.info("uploads stay because their key is not known: %s", error.code)
            return
        await self.delete([asset.id for asset in assets], key, DELETE_S * len(assets))

    def _may_go(self, asset: UndeletedAsset) -> bool:
        if asset.origin != self.origin:
            return False
        if asset.request:
            return time.time() >= asset.created + self._pending_s
        return asset.id in self._left or asset.orphaned

    async def _delete(self, asset_id: str, key: Key | None) -> None:
        url = self.site.url(f"{ASSETS}/{asset_id}")
        try:
            answer = await self.site.gate.fetch(
                "DELETE", url, endpoint=self.site.name, key=key, first_byte_s=ANSWER_S
            )
        except FoveaError as error:
            log.info("an upload could not be deleted: %s", error.code)
            return
        if answer.status in _GONE:
            self._left.discard(asset_id)
            self.ledger.strike(asset_id)
        else:
            log.info("an upload could not be deleted: status %s", answer.status)


class Uploads:
    """The uploads of one question. `ids` names each by the SHA-256 of the picture as sent."""

    def __init__(self, assets: Assets, key: Key | None) -> None:
        self.ids: dict[str, str] = {}
        self._assets = assets
        self._site = assets.site
        self._key = key
        self._noted: list[UndeletedAsset] = []

    @property
    def headers(self) -> dict[str, str]:
        """What names them beside a request."""
        return {REFERENCES: ",".join(self.ids.values())} if self.ids else {}

    async def send(self, pictures: Sequence[PromptPicture]) -> AsyncGenerator[Event, None]:
        """Upload `pictures` one after the other and tell how far they are.

        Where the service is too busy to take one it is asked again: nothing is billed for that.
        Raises UploadFailed, and what a refusal or the way there raises.
        """
        for part, picture in enumerate(pictures, start=1):
            async with aclosing(retrying(partial(self._send_one, picture, part, len(pictures)))) as events:
                async for event in events:
                    yield event

    async def _send_one(self, picture: PromptPicture, part: int, parts: int) -> AsyncGenerator[Event, None]:
        begun = time.monotonic()
        yield Progress(stage="uploading", part=part, parts=parts, fraction=0.0)
        async with aclosing(_told_while(partial(self._upload, picture))) as figures:
            async for sent in figures:
                yield Progress(
                    stage="uploading",
                    part=part,
                    parts=parts,
                    fraction=min(sent / len(picture.data), 1.0),
                    bytes_per_s=sent / max(time.monotonic() - begun, 0.001),
                )

    async def wanted_by(self, request_id: str) -> None:
        """A request that is answered later needs them: they outlive this process if need be."""
        for asset in self._noted:
            await asyncio.to_thread(self._assets.ledger.note, asset.replace(request=request_id))

    async def delete(self, within_s: float) -> None:
        """Delete them all. Never raises."""
        if self.ids:
            await self._assets.delete(self.ids.values(), self._key, within_s)

    async def _upload(self, picture: PromptPicture, tell: Callable[[int], None]) -> None:
        created = await self._create(picture)
        self.ids[picture.prepared.sha256] = created.asset_id
        noted = UndeletedAsset(
            id=created.asset_id, origin=self._assets.origin, created=time.time(), pid=os.getpid()
        )
        self._noted.append(noted)
        await asyncio.to_thread(self._assets.ledger.note, noted)
        self._check_target(picture, created.upload_url)
        await self._put(picture, created.upload_url, tell)

    async def _create(self, picture: PromptPicture) -> _Created:
        wanted = {"contentType": picture.prepared.mime, "description": DESCRIPTION}
        try:
            told = await document(self._site, ASSETS, wanted)
        except (NotFound, Retired) as error:
            raise self._failed(picture, "it takes no uploads any more") from error
        try:
            created = msgspec.convert(told, _CreatedAsset)
        except msgspec.ValidationError as error:
            reason = "it does not say where a picture can be uploaded"
            raise BadAnswer(endpoint=self._site.name, reason=reason) from error
        if not is_asset_id(created.assetId):
            raise BadAnswer(endpoint=self._site.name, reason="it gives an upload a name that is none")
        return _Created(created.assetId, created.uploadUrl)

    def _check_target(self, picture: PromptPicture, url: str) -> None:
        """Raise UploadFailed unless bytes sent to `url` are safe from others on the way.

        This computer is a target only for an endpoint that is on it as well.
        """
        try:
            target = parse(url)
        except InputRefused as error:
            raise self._failed(picture, "the place it names is not a web address") from error
        here = parse(self._site.url(ASSETS)).on_this_computer
        safe = here if target.on_this_computer else target.scheme == "https"
        if not safe:
            raise self._failed(picture, "the place it names is not safe")

    async def _put(self, picture: PromptPicture, url: str, tell: Callable[[int], None]) -> None:
        """Put the bytes there. The two headers are signed into the address; the key is not sent."""
        try:
            answer = await self._site.gate.fetch(
                "PUT",
                url,
                endpoint=self._site.name,
                headers={"x-amz-meta-nvcf-asset-description": DESCRIPTION},
                content=picture.data,
                content_type=picture.prepared.mime,
                on_sent=tell,
                first_byte_s=ANSWER_S,
            )
        except EndpointFailed as error:
            reason = next(words for kind, words in _STORAGE_FAILURES if isinstance(error, kind))
            more = error.facts.get("reason", "") if reason == _STORAGE_FAILURES[-1][1] else ""
            raise self._failed(picture, f"{reason} ({more})" if more else reason) from error
        if answer.status >= 300:
            told = plain(said(answer.body[:4096], answer.content_type), self._key)
            reason = f"its storage refused it ({answer.status}{': ' if told else ''}{told})"
            raise self._failed(picture, reason)

    def _failed(self, picture: PromptPicture, reason: str) -> UploadFailed:
        return UploadFailed(name=plain(picture.name), endpoint=self._site.name, reason=reason)


class _Created(NamedTuple):
    asset_id: str
    upload_url: str


class _CreatedAsset(msgspec.Struct):
    assetId: str
    uploadUrl: str


async def _told_while(
    work: Callable[[Callable[[int], None]], Awaitable[None]],
) -> AsyncGenerator[int, None]:
    """The figures that `work` tells, the newest where several came; then its error, if any.

    Closing the generator cancels the work and waits for its end.
    """
    changed = asyncio.Event()
    figures: list[int] = []
    failure: list[FoveaError] = []
    over = False

    def tell(figure: int) -> None:
        figures[:] = [figure]
        changed.set()

    async def run() -> None:
        nonlocal over
        try:
            await work(tell)
        except FoveaError as error:
            # Raised below: in the group it would cancel whoever reads, wherever that is by then.
            failure.append(error)
        finally:
            over = True
            changed.set()

    closed = False
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        try:
            while not over or figures:
                await changed.wait()
                changed.clear()
                while figures:
                    yield figures.pop()
        except GeneratorExit:
            # Passed on, the group would make it an error of its own.
            task.cancel()
            closed = True
    if failure and not closed:
        raise failure[0]
