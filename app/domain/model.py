"""Endpoints, their models and what those can do."""

from __future__ import annotations

from enum import StrEnum

from app.domain.record import Record


class KeyGroup(Record, frozen=True):
    """The origins (scheme://host[:port]) that share one key, and the variable of its own, if any.

    A key is kept under its group and sent to no other origin, so an address that changes has
    no key until it is asked for again.
    """

    origins: tuple[str, ...]
    variable: str = ""
    needed: bool = True


class EndpointConfig(Record, frozen=True):
    """How to reach an endpoint, as resources/providers.toml and the user's settings say.

    `kind` names the wire: nugen, nugen-legacy, nvidia, or a dialect of openai-compatible servers.
    `base_url` is where the wire's paths begin, without a slash at its end.
    """

    id: str
    name: str
    kind: str
    base_url: str
    key: KeyGroup
    note: str = ""


class Endpoint(Record, frozen=True):
    """Somewhere a question can be sent. `on_this_computer`: nothing leaves the machine.

    `host` is who receives the question, for people to read. `takes_links`: it fetches pictures
    from https addresses itself. `keeps_sessions`: it can be asked to keep a conversation.
    `note` is one plain line about it.
    """

    id: str
    name: str
    on_this_computer: bool
    host: str = ""
    needs_key: bool = False
    takes_links: bool = False
    keeps_sessions: bool = False
    note: str = ""


class Capability(Record, frozen=True):
    """Whether something can be done, and how we know. `value` None: nobody has said.

    `source` is a clause: "the server says so", "it named the colours of a test picture". It is a
    template where there are `facts` to fill it, which may come from outside. `file` is the path of
    the file that makes it possible, where there is one.
    """

    value: bool | None
    source: str
    file: str = ""
    facts: dict[str, str] = {}

    @property
    def clause(self) -> str:
        """How we know, in English."""
        return self.source.format_map(self.facts) if self.facts else self.source


class ModelInfo(Record, frozen=True):
    """A model an endpoint offers. `detail` is one plain line about it.

    `ready`: it answers now; None where nobody has said.
    """

    id: str
    name: str
    vision: Capability
    detail: str = ""
    ready: bool | None = None


class ParameterKind(StrEnum):
    """What a parameter's value is."""

    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"


class ParameterSpec(Record, frozen=True):
    """A parameter that a model takes, with its own range.

    `name` is that of `request.Parameters`, dots for nesting ("reasoning.effort"). `least` and
    `most` are inclusive; `default` is what the endpoint does when nothing is said, None where
    nobody knows. `note` is one line of help.
    """

    name: str
    kind: ParameterKind
    least: float | None = None
    most: float | None = None
    default: float | str | bool | None = None
    choices: tuple[str, ...] = ()
    note: str = ""


class PromptTask(Record, frozen=True):
    """Something a model does when the question begins with a certain word.

    `template` has one place {text} for what the user typed, or none when it takes no text.
    `hint` says what to type there.
    """

    name: str
    template: str
    hint: str = ""

    @property
    def takes_text(self) -> bool:
        """Whether the user has to type something."""
        return "{text}" in self.template


class PictureEncoding(StrEnum):
    """How an endpoint takes pictures: an encoded file, or raw RGB rows."""

    JPEG = "image/jpeg"
    RGB = "image/x-rgb"


class GoesOn(StrEnum):
    """How an endpoint is brought to go on with an answer that ended too early.

    BEGINNING: a conversation that ends with the beginning of an answer is gone on with. WORDS: it
    has to be asked to. ANEW: it cannot, so it answers from the start.
    """

    BEGINNING = "beginning"
    WORDS = "words"
    ANEW = "anew"


class Limits(Record, frozen=True):
    """What an endpoint takes of pictures: the longest side in pixels, how many, in which form.

    `most_bytes` caps an encoded picture within the request. `takes_uploads`: a larger one can be
    uploaded beside it. `most_pixels` caps width times height. `multiple`: the sides of what is sent
    are multiples of so many pixels, for models that count in their own input's pixels. `tile` is the
    side of the parts that the model looks at one by one, in which `Detail.TILES` cuts a picture; None
    where nobody knows. `takes_png`: pictures may also be PNG files. `most_request_bytes` caps a
    whole request, its pictures in base64. `single_turn`: it hears one question, nothing that was said
    before. `tasks` are words that it understands at the beginning of a question. Pictures of which a
    side is shorter than `least_side`, or one more than `most_ratio` times the other, it may refuse.
    """

    longest_side: int
    most_pictures: int
    encoding: PictureEncoding = PictureEncoding.JPEG
    most_bytes: int | None = None
    takes_uploads: bool = False
    single_turn: bool = False
    tasks: tuple[PromptTask, ...] = ()
    goes_on: GoesOn = GoesOn.WORDS
    most_pixels: int | None = None
    multiple: int = 1
    tile: int | None = None
    takes_png: bool = True
    most_request_bytes: int | None = None
    least_side: int = 1
    most_ratio: int | None = None
