"""The endpoints as the settings show them, and what is to be said of an address."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.credentials import KeyPlace
from app.domain.errors import InputRefused
from app.domain.model import EndpointConfig
from app.net.address import Address, parse
from app.providers.registry import built_in, own_group
from app.services import Services
from ui import problems
from ui.controllers.endpoints.choices import Choices
from ui.controllers.settings import endpoint_choices
from ui.settings import rows
from ui.settings.rows import AddressVerdict, EndpointRow, KindRow

_PLACES = {
    KeyPlace.KEYRING: rows.IN_KEYRING,
    KeyPlace.SESSION: rows.IN_SESSION,
    KeyPlace.ENVIRONMENT: rows.IN_ENVIRONMENT,
}


class EndpointRows(QObject):
    """Reads registry, keys and choices as they are now; asks neither the keyring nor the network."""

    def __init__(self, services: Services, choices: Choices, parent: QObject) -> None:
        super().__init__(parent)
        self._registry = services.registry
        self._credentials = services.credentials
        self._choices = choices

    def rows(self) -> list[EndpointRow]:
        """Fovea's own two, then the known servers, then the user's."""
        ours = built_in()
        fixed = [
            self._fixed_row(one, self._registry.name(one))
            for one in self._registry.ids
            if not self._config(one)
        ]
        return [*fixed, *(self._row(config, ours.get(config.id)) for config in self._registry.configs)]

    @staticmethod
    def host(config: EndpointConfig) -> str:
        """Who is asked, for people to read."""
        address = endpoint_choices.address_of(config)
        return address.authority if address else config.base_url

    def kinds(self) -> list[KindRow]:
        """The kinds of servers that can be added."""
        taken = {config.name for config in self._registry.configs}
        custom = KindRow(
            endpoint_choices.CUSTOM,
            self.tr("Other server"),
            endpoint_choices.free_name(self.tr("My server"), taken),
            "",
            self.tr("Any server that speaks the OpenAI protocol."),
        )
        known = [
            KindRow(config.kind, config.name, endpoint_choices.free_name(config.name, taken), config.base_url)
            for config in endpoint_choices.dialects()
        ]
        return [custom, *known]

    def verdict(self, endpoint_id: str, kind: str, text: str) -> AddressVerdict:
        """What is to be said of an address for an endpoint (an empty id for a new one) of that kind."""
        base_url = endpoint_choices.tidy_address(text)
        if not base_url:
            return AddressVerdict(self.tr("Type the address of the server."), "", base_url)
        if not text.strip().lower().startswith(("http://", "https://")):
            return AddressVerdict(self.tr("Begin with https:// or http://."), "", base_url)
        if "?" in base_url or "#" in base_url:
            return AddressVerdict(self.tr("Leave out what follows the ? or #."), "", base_url)
        try:
            address = parse(base_url)
        except InputRefused as refused:
            return AddressVerdict(problems.sentence(refused), "", base_url)
        config = self._config(endpoint_id) if endpoint_id else None
        needed = endpoint_choices.needs_key(kind)
        if needed and _open_road(address):
            problem = self.tr("This endpoint needs a key, and a key is sent over https only.")
            return AddressVerdict(problem, "", base_url)
        return AddressVerdict("", self._note(address, config, base_url, needed), base_url)

    def _note(self, address: Address, config: EndpointConfig | None, base_url: str, needed: bool) -> str:
        notes = []
        if config is not None and address.origin not in config.key.origins:
            has_key = self._credentials.place(config.key) is not KeyPlace.NOWHERE
            there = self._credentials.place(own_group(base_url, needed=needed))
            if (has_key or needed) and there is KeyPlace.NOWHERE:
                notes.append(self.tr("This is another server: the key will be asked for again."))
        if _open_road(address):
            notes.append(self.tr("Pictures and text go there unencrypted."))
        return " ".join(notes)

    def _fixed_row(self, endpoint_id: str, name: str) -> EndpointRow:
        return EndpointRow(
            endpoint_id,
            name,
            host=self.tr("On this computer"),
            shown=endpoint_id in self._choices.settings.shown,
            held=self._held(endpoint_id),
            fixed=True,
        )

    def _row(self, config: EndpointConfig, ours: EndpointConfig | None) -> EndpointRow:
        address = endpoint_choices.address_of(config)
        keyless = ""
        if address is None:
            keyless = self.tr("A key needs an address first.")
        elif _open_road(address):
            keyless = self.tr("No key can be kept for this address: a key is sent over https only.")
        return EndpointRow(
            config.id,
            config.name,
            config.kind,
            config.base_url,
            self.host(config),
            config.note if ours is None or config.base_url == ours.base_url else "",
            self._key(config),
            config.key.variable,
            self._credentials.trouble(config.key),
            keyless,
            config.id in self._choices.settings.shown,
            self._held(config.id),
            own=ours is None,
            moved=ours is not None and (config.name, config.base_url) != (ours.name, ours.base_url),
        )

    def _key(self, config: EndpointConfig) -> str:
        place = self._credentials.place(config.key)
        if place is not KeyPlace.NOWHERE:
            return _PLACES[place]
        if self._credentials.trouble(config.key):
            return rows.NOT_READ
        return rows.NO_KEY if config.key.needed else rows.NEEDS_NO_KEY

    def _held(self, endpoint_id: str) -> str:
        if endpoint_id != self._choices.settings.endpoint:
            return ""
        return self.tr("It answers now. Choose another one in the window first.")

    def _config(self, endpoint_id: str) -> EndpointConfig | None:
        return self._registry.config(endpoint_id)


def _open_road(address: Address) -> bool:
    """Whether what is sent there can be read on the way."""
    return address.scheme != "https" and not address.on_this_computer
