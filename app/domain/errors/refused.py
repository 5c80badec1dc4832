"""The user gave something that cannot be used."""

from __future__ import annotations

from app.domain.errors.base import FoveaError


class InputRefused(FoveaError):
    """The user gave something that cannot be used."""

    code = "input-refused"
    exit_code = 4
    what = "{name} cannot be used: {reason}."


class PictureRefused(InputRefused):
    """A file, drop or paste that is not a picture Fovea opens; `reason` is a clause.

    `url` is set where the picture lies on the web: it can be fetched there once the user agrees.
    `folder` is the path of a folder that was given in the place of a picture. `large`: it can be opened
    once the user says so, and is refused because it is larger than most.
    """

    code = "picture-refused"
    what = "{name} cannot be opened: {reason}."
    url: str = ""
    folder: str = ""
    large: bool = False


class RequestRefused(InputRefused):
    """Something the endpoint is documented not to take, found before anything was sent."""

    code = "request-refused"
    what = "{endpoint} does not take {thing}: {reason}."


class KeyMissing(InputRefused):
    """The endpoint needs a key and none is known for its address."""

    code = "key-missing"
    what = "{endpoint} needs a key, and none is known for {host}."
    remedy = (
        "Enter it in the settings under Endpoints or with “fovea endpoints key”; for one run set {variable}."
    )


class KeyNotRead(KeyMissing):
    """The endpoint needs a key, and the keyring that may hold it does not tell."""

    code = "key-not-read"
    retryable = True
    what = "{endpoint} needs a key, and its key for {host} could not be read: {reason}."
    remedy = "Unlock the keyring and try again, enter the key in the settings, or for one run set {variable}."


class NoModel(InputRefused):
    """An endpoint with many models is asked before one was chosen."""

    code = "no-model"
    what = "No model is chosen for {endpoint}."
    remedy = "Choose one of its models, or type the name of one."


class ReplayRefused(InputRefused):
    """An answer that cannot be asked for again as it was."""

    code = "replay-refused"
    what = "This answer cannot be asked for again as it was: {reason}."
    remedy = "Choose “Answer again” to ask whoever is chosen now."


class ModelFileRefused(InputRefused):
    """A model or projector file that must not reach the engine."""

    code = "model-file-refused"
    what = "The model file {name} cannot be used: {reason}."
    remedy = "Choose another GGUF file, or download this one again."


class NoModelFile(InputRefused):
    """The local engine is asked before a model file was chosen."""

    code = "no-model-file"
    what = "No model file is chosen for the local engine."
    remedy = "Choose a GGUF model file, or let Quick look answer."


class VisionPartMissing(InputRefused):
    """A picture goes to a model file whose vision part is not known."""

    code = "vision-part-missing"
    what = "{name} cannot see pictures without its vision part, and none that belongs to it lies beside it."
    remedy = "Choose its mmproj file, or a model that sees pictures."
