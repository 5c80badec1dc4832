"""The models of the chosen endpoint: those it lists, those the user typed, and their eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.domain.errors import FoveaError, KeyMissing, KeyRefused
from app.domain.model import Capability, ModelInfo
from ui import problems
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import Chosen
from ui.sidebar.rows import ModelRow
from ui.sidebar.sidebar import Sidebar
from ui.tasks import TaskOwner

USERS_WORD = "you said so"
"""The source of a capability that the user decided."""

NOT_KNOWN = Capability(value=None, source="")
MOST_TYPED = 20
_LOOK = "look at the endpoint"
_TEST = "test vision"


class ModelController(QObject):
    """Asks the chosen endpoint for its models, once; then whether the chosen one takes pictures."""

    changed = Signal()
    """More is known of the chosen model."""

    def __init__(
        self,
        sidebar: Sidebar,
        choices: Choices,
        tasks: TaskOwner,
        chosen: Callable[[], Chosen],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._choices = choices
        self._tasks = tasks
        self._chosen = chosen
        self._listed: dict[str, dict[str, ModelInfo]] = {}
        self._problems: dict[str, FoveaError | None] = {}
        self._probed: dict[str, Capability] = {}
        self._stopped: set[str] = set()
        self._tested: Chosen | None = None
        self._test_failed: FoveaError | None = None
        self._shown = ""
        self._rows_of: tuple[object, ...] = ()
        self._rows: list[ModelRow] = []
        self._connected = False
        self._waiting: object = None

    def show(self, *, look: bool) -> None:
        """Show the chosen model and what is known; `look` also asks the endpoint for what is not."""
        now = self._chosen()
        if now.vision_key != self._shown:
            self._shown = now.vision_key
            self._end_test()
        if not now.has_models:
            self._tasks.cancel(_LOOK)
            if self._connected:
                self._sidebar.picker.vision.hide()
            return
        if not self._connected:
            self._connect()
        self._show_rows(now)
        self._show_problem(now)
        self._show_vision(now)
        if look:
            self._tasks.start(self._look(now), _LOOK)

    def forget(self) -> None:
        """What endpoints said before does not hold any more: an address or a key changed."""
        for known in (self._listed, self._problems, self._probed, self._stopped):
            known.clear()
        self._test_failed = None

    def vision(self) -> Capability:
        """Whether the chosen model takes pictures: the user's word, else a test, else the server's."""
        now = self._chosen()
        told = self._choices.settings.vision.get(now.vision_key)
        listed = self._listed.get(now.endpoint_id, {}).get(now.model)
        heard = (told, listed.vision if listed else None, self._probed.get(now.vision_key))
        known = [vision for vision in heard if vision is not None]
        said = [vision for vision in known if vision.value is not None]
        return next(iter((*said, *(vision for vision in known if vision.source))), NOT_KNOWN)

    # ------------------------------------------------------------- asking the endpoint

    async def _look(self, now: Chosen) -> None:
        if now.endpoint_id not in self._listed and now.endpoint_id not in self._stopped:
            await self._list(now)
        if now.model and self.vision().value is None and now.vision_key not in self._probed:
            try:
                self._probed[now.vision_key] = await now.provider.probe(now.model)
            except FoveaError:  # the list says why, or the answer will
                self._probed[now.vision_key] = NOT_KNOWN
        self._show_rows(now)
        self._show_problem(now)
        self._show_vision(now)
        self.changed.emit()

    async def _list(self, now: Chosen) -> None:
        models = self._sidebar.picker.models
        self._waiting = waiting = object()
        models.show_waiting(self.tr("Asking {endpoint} for its models").format(endpoint=now.name))
        self._problems.pop(now.endpoint_id, None)
        try:
            offered: Sequence[ModelInfo] = await now.provider.models()
            self._listed[now.endpoint_id] = {info.id: info for info in offered}
        except FoveaError as error:
            self._problems[now.endpoint_id] = error
        finally:
            if self._waiting is waiting:  # else another list is on its way by now
                models.show_waiting("")

    def _stop(self) -> None:
        now = self._chosen()
        self._tasks.cancel(_LOOK)
        self._stopped.add(now.endpoint_id)
        self._show_problem(now)

    def _retry(self) -> None:
        now = self._chosen()
        self._stopped.discard(now.endpoint_id)
        self._listed.pop(now.endpoint_id, None)
        self._probed.pop(now.vision_key, None)
        self.show(look=True)

    # ------------------------------------------------------------- what the user does

    def _choose(self, model: str) -> None:
        now, settings = self._chosen(), self._choices.settings
        changes: dict[str, object] = {"models": {**settings.models, now.endpoint_id: model}}
        if model not in self._listed.get(now.endpoint_id, {}):
            before = (m for m in settings.typed_models.get(now.endpoint_id, ()) if m != model)
            typed = (model, *before)[:MOST_TYPED]
            changes["typed_models"] = {**settings.typed_models, now.endpoint_id: typed}
        self._choices.change(**changes)

    def _forget(self, model: str) -> None:
        """Take a model that was typed out of the list; if it is chosen, none is from now on."""
        now, settings = self._chosen(), self._choices.settings
        others = tuple(m for m in settings.typed_models.get(now.endpoint_id, ()) if m != model)
        changes: dict[str, object] = {"typed_models": {**settings.typed_models, now.endpoint_id: others}}
        if model == now.model:
            chosen = {name: one for name, one in settings.models.items() if name != now.endpoint_id}
            changes["models"] = chosen
        self._choices.change(**changes)

    def _say(self, word: bool | None) -> None:
        """The user's word; None takes it back."""
        now = self._chosen()
        self._test_failed = None
        if word is not None:
            self._keep(now, Capability(value=word, source=USERS_WORD))
        elif self._word(now) is not None:
            self._keep(now, None)

    def _test(self) -> None:
        self._tested = now = self._chosen()
        self._test_failed = None
        self._tasks.start(self._try_picture(now), _TEST)
        self._show_vision(now)

    async def _try_picture(self, now: Chosen) -> None:
        from app.chat.vision_test import test_vision

        try:
            self._keep(now, await test_vision(now.provider, now.model))
        except FoveaError as error:
            self._test_failed = error
        finally:
            if self._tested is now:  # else it was ended, because another model is shown
                self._tested = None
                self._show_vision(now)

    def _end_test(self) -> None:
        self._tasks.cancel(_TEST)
        self._tested = self._test_failed = None

    def _stop_test(self) -> None:
        self._end_test()
        self._show_vision(self._chosen())

    def _keep(self, now: Chosen, vision: Capability | None) -> None:
        key = now.vision_key
        kept = {known: said for known, said in self._choices.settings.vision.items() if known != key}
        self._choices.change(vision=kept if vision is None else {**kept, key: vision})

    def _word(self, now: Chosen) -> bool | None:
        told = self._choices.settings.vision.get(now.vision_key)
        return told.value if told is not None and told.source == USERS_WORD else None

    # ------------------------------------------------------------- what is shown

    def _connect(self) -> None:
        self._connected = True
        models, vision = self._sidebar.picker.models, self._sidebar.picker.vision
        models.chosen.connect(self._choose)
        models.forgotten.connect(self._forget)
        models.retry_requested.connect(self._retry)
        models.cancel_requested.connect(self._stop)
        vision.said.connect(self._say)
        vision.test_requested.connect(self._test)
        vision.stop_requested.connect(self._stop_test)

    def _show_rows(self, now: Chosen) -> None:
        listed = self._listed.get(now.endpoint_id, {})
        typed = self._choices.settings.typed_models.get(now.endpoint_id, ())
        first = [model for model in dict.fromkeys((now.model, *typed)) if model and model not in listed]
        rows_of = (now.endpoint_id, first, listed, self._choices.settings.vision)
        if rows_of != self._rows_of:  # hundreds of them need not be made for each step of a slider
            self._rows_of = rows_of
            self._rows = [self._typed_row(now, model) for model in first]
            self._rows += [self._row(now, info) for info in listed.values()]
        models = self._sidebar.picker.models
        models.show_models(self._rows, now.model)
        models.badges.set_texts(self._badges(now))

    def _row(self, now: Chosen, info: ModelInfo) -> ModelRow:
        told = self._choices.settings.vision.get(now._replace(model=info.id).vision_key, info.vision)
        ready = "" if info.ready is not False else self.tr("not ready")
        detail = " · ".join(filter(None, (ready, info.detail)))
        return ModelRow(info.id, info.name, detail, told.value)

    def _typed_row(self, now: Chosen, model: str) -> ModelRow:
        detail = self.tr("typed by you; Delete takes it out")
        info = ModelInfo(id=model, name=model, vision=NOT_KNOWN, detail=detail)
        return self._row(now, info)._replace(typed=True)

    def _badges(self, now: Chosen) -> list[str]:
        if not now.model:
            return []
        names = {spec.name for spec in now.provider.parameters(now.model)}
        badges = {
            self.tr("pictures"): self.vision().value is True,
            self.tr("tools"): "tool_choice" in names,
            self.tr("reasoning"): any(name.startswith("reasoning.") for name in names),
        }
        return [text for text, has in badges.items() if has]

    def _show_problem(self, now: Chosen) -> None:
        models, error = self._sidebar.picker.models, self._problems.get(now.endpoint_id)
        if now.endpoint_id in self._stopped:
            models.show_problem(self.tr("Not asked for all of its models."), tone="muted")
            return
        models.show_problem(
            _sentence(error) if error else "",
            retry=error is not None and (error.retryable or not isinstance(error, KeyMissing)),
            key=isinstance(error, KeyMissing | KeyRefused),
        )

    def _show_vision(self, now: Chosen) -> None:
        picker = self._sidebar.picker
        picker.vision.setVisible(bool(now.model))
        picker.vision.show_word(self._word(now))
        picker.vision.show_testing(self._tested is not None)
        picker.vision.show_host(now.provider.endpoint.host or now.name)
        if not now.model:
            picker.say_state(self.tr("Choose one of its models, or type the name of one."), "muted")
            return
        if self._test_failed is not None:
            picker.say_state(_sentence(self._test_failed), "danger")
        else:
            picker.say_state(*self._words(self.vision()))

    def _words(self, vision: Capability) -> tuple[str, str]:
        """What is said of the model's eyes, and in which tone."""
        if vision.value is None and not vision.source:
            text = self.tr("Nobody has said whether it takes pictures. A test sends it one tiny picture.")
            return text, "muted"
        texts = {
            True: (self.tr("It takes pictures: {reason}."), "positive"),
            False: (self.tr("It takes no pictures: {reason}."), "warning"),
            None: (self.tr("Whether it takes pictures is not known: {reason}."), "muted"),
        }
        text, tone = texts[vision.value]
        return text.format(reason=problems.reason(vision)), tone


def _sentence(error: FoveaError) -> str:
    """What is wrong; what to do about a key that is not known is on the button beside it."""
    if isinstance(error, KeyMissing):
        return problems.translated(error.what, error.facts)
    return problems.sentence(error)
