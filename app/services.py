"""Every service of a running Fovea, built once and ended in order."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Self

from app.chat.service import ChatService
from app.credentials import Credentials
from app.net.gate import Gate
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake
from app.pictures.thumbnails import Thumbnails
from app.providers.registry import Registry
from app.settings import Settings, load
from app.store.database import Store
from app.store.prepared import PreparedFiles


class Services(NamedTuple):
    """What the window works with. `open` builds it, `close` ends it."""

    home: Path
    store: Store
    decoder: Decoder
    intake: Intake
    thumbnails: Thumbnails
    gate: Gate
    credentials: Credentials
    registry: Registry
    prepared: PreparedFiles
    chat: ChatService

    @classmethod
    async def open(cls, home: Path, settings: Settings | None = None) -> Self:
        """Open the library in `home` and build everything on it. Raises StoreFailed.

        Without `settings` those of `home` are read.
        """
        store = await Store.open(home)
        decoder = Decoder()
        gate = Gate()
        credentials = Credentials()
        chosen = load(home) if settings is None else settings
        registry = Registry(gate, home, credentials, chosen)
        prepared = PreparedFiles(home, chosen.prepared_bytes)
        return cls(
            home=home,
            store=store,
            decoder=decoder,
            intake=Intake(decoder, store.pictures),
            thumbnails=Thumbnails(decoder, store.pictures),
            gate=gate,
            credentials=credentials,
            registry=registry,
            prepared=prepared,
            chat=ChatService(store, decoder, resumes=True, prepared=prepared, registry=registry),
        )

    async def close(self) -> None:
        """End providers and children, then the network and the keys, then the library."""
        await self.registry.aclose()
        await self.decoder.close()
        await self.gate.aclose()
        await self.credentials.aclose()
        await self.store.close()
