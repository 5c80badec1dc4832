"""What can go wrong, in words a person understands.

    FoveaError
    |-- InputRefused            the user's file or text cannot be used      exit code 4
    |   |-- PictureRefused
    |   |-- ModelFileRefused, NoModelFile, VisionPartMissing
    |-- EndpointFailed          a server, engine or child process failed    exit code 3
    |   |-- Unreachable, BadAnswer, Rejected, Interrupted, Stalled
    |   |-- EngineFailed, QuickLookFailed, LocalExtraMissing
    |-- OfflineRefused          the offline switch forbids the connection   exit code 3
    |-- StoreFailed             the library on disk cannot be used          exit code 3
        |-- FolderNotWritable, NewerLibrary, NotALibrary, LibraryDamaged,
        |-- LibraryInUse, DiskFull, PictureLost

Each leaf has a stable `code`, says whether trying again can help (`retryable`),
and carries two English templates: `what` (what happened) and `remedy` (what to do
next). The window translates the templates; the command line prints them as they are.
`kept` is a fact about this one failure: what was not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


def sentence(what: str, remedy: str, facts: Mapping[str, str]) -> str:
    """What happened and what to do next, as one line of plain text."""
    return " ".join(part.format_map(facts) for part in (what, remedy) if part)


class FoveaError(Exception):
    """A failure that a person is told about. Subclasses fill the class variables.

    `facts` fill the placeholders of `what` and `remedy`; they may come from outside
    and must be shown as plain text.
    """

    code: ClassVar[str] = "failed"
    retryable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 3
    what: ClassVar[str] = "Something failed: {reason}."
    remedy: ClassVar[str] = ""

    def __init__(self, *, kept: str = "", **facts: object) -> None:
        self.kept = kept
        self.facts = {name: str(value) for name, value in facts.items()}
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What happened and what to do next, in English, without what was kept."""
        return sentence(self.what, self.remedy, self.facts)


class InputRefused(FoveaError):
    """The user gave something that cannot be used."""

    code = "input-refused"
    exit_code = 4
    what = "{name} cannot be used: {reason}."


class PictureRefused(InputRefused):
    """A file, drop or paste that is not a picture Fovea opens; `reason` is a clause."""

    code = "picture-refused"
    what = "{name} cannot be opened: {reason}."


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


class EndpointFailed(FoveaError):
    """A server or engine did not do what was asked."""

    code = "endpoint-failed"
    retryable = True
    what = "{endpoint} failed: {reason}."


class Unreachable(EndpointFailed):
    """No connection could be made."""

    code = "unreachable"
    what = "{endpoint} cannot be reached at {host}: {reason}."
    remedy = "Check that it is running and that the address is right, then try again."


class BadAnswer(EndpointFailed):
    """The other side answered with something that is not its protocol."""

    code = "bad-answer"
    what = "{endpoint} sent something that is not an answer: {reason}."
    remedy = "Check the address of the endpoint, or try again."


class Rejected(EndpointFailed):
    """The other side understood and said no (an HTTP status of 400 and above)."""

    code = "rejected"
    what = "{endpoint} refused the request ({status}): {reason}."
    remedy = "Change the request and send it again."


class Interrupted(EndpointFailed):
    """The connection ended before the answer did."""

    code = "interrupted"
    what = "The connection to {endpoint} ended before the answer did: {reason}."
    remedy = "Ask again to get the rest."


class Stalled(EndpointFailed):
    """Nothing of the answer arrived for `seconds`."""

    code = "stalled"
    what = "{endpoint} sent nothing for {seconds} seconds."
    remedy = "Try again, or choose another model."


class EngineFailed(EndpointFailed):
    """The local engine could not load the model or ended while answering."""

    code = "engine-failed"
    what = "The local engine stopped: {reason}."
    remedy = "Ask again to restart it, or choose another model file."


class QuickLookFailed(EndpointFailed):
    """The quick look process ended while it looked at a picture."""

    code = "quick-look-failed"
    what = "Quick look stopped: {reason}."
    remedy = "Ask again to restart it."


class LocalExtraMissing(EndpointFailed):
    """The optional packages for looking at pictures on this computer are not installed."""

    code = "local-extra-missing"
    retryable = False
    what = "{endpoint} needs packages that are not installed."
    remedy = "Install them with: pip install 'fovea[local]'"


class OfflineRefused(FoveaError):
    """The offline switch is on and the host is not this computer."""

    code = "offline"
    what = "Fovea is offline, so it did not connect to {host}."
    remedy = "Switch offline mode off, or choose a model on this computer."


class StoreFailed(FoveaError):
    """The library on disk cannot be read or written."""

    code = "store-failed"
    what = "The library in {path} cannot be used: {reason}."


class FolderNotWritable(StoreFailed):
    """The data folder cannot be created or written."""

    code = "folder-not-writable"
    what = "Fovea cannot write to {path}: {reason}."
    remedy = "Make the folder writable, or choose another one with FOVEA_HOME."


class NewerLibrary(StoreFailed):
    """A newer Fovea wrote the library; it is neither opened nor changed."""

    code = "newer-library"
    what = (
        "The library in {path} was written by a newer Fovea ({version}). It was not opened and not changed."
    )
    remedy = "Install the newer Fovea, or choose another folder with FOVEA_HOME."


class NotALibrary(StoreFailed):
    """The file where the library should be is something else; it is not changed."""

    code = "not-a-library"
    what = "{path} is not a Fovea library: {reason}. It was not changed."
    remedy = "Move it away, or choose another folder with FOVEA_HOME."


class LibraryDamaged(StoreFailed):
    """The library fails its check; it is not written to."""

    code = "library-damaged"
    what = "The library in {path} is damaged: {reason}. It was not changed."
    remedy = "Restore a copy from its backups folder, or choose another folder with FOVEA_HOME."


class LibraryInUse(StoreFailed):
    """Another program holds the library."""

    code = "library-in-use"
    retryable = True
    what = "The library in {path} is in use by another program."
    remedy = "Close the other program and try again."


class DiskFull(StoreFailed):
    """There is no room to save; what is on screen stays in memory and is saved later."""

    code = "disk-full"
    retryable = True
    what = "The disk is full, so {path} could not be written."
    remedy = "Free some space."


class PictureLost(StoreFailed):
    """The file of a stored picture is missing or was changed by something else."""

    code = "picture-lost"
    what = "The picture {path} of the library cannot be used: {reason}."
    remedy = "Add the picture again; the library then has it back."
