"""What can go wrong, in words a person understands.

    FoveaError
    |-- InputRefused            the user's file or text cannot be used      exit code 4
    |   |-- PictureRefused, RequestRefused
    |   |-- ModelFileRefused, NoModelFile, VisionPartMissing
    |   |-- KeyMissing, KeyNotRead, NoModel
    |-- EndpointFailed          a server, engine or child process failed    exit code 3
    |   |-- Unreachable         no connection
    |   |   |-- NotTrusted      its certificate
    |   |-- BadAnswer           not its protocol
    |   |   |-- SignInPage, Redirected
    |   |-- Rejected            a refusal, by status
    |   |   |-- KeyRefused, NotAllowed, NoCredit, NotFound, Retired, TooLarge
    |   |   |-- TooManyRequests, ServerFailed, ModelDown
    |   |-- Interrupted, Stalled, UploadFailed
    |   |-- AnswerLost, AnswerLate
    |   |-- EngineFailed, QuickLookFailed, LocalExtraMissing
    |-- OfflineRefused          the offline switch forbids the connection   exit code 3
    |-- KeyNotKept              the keyring did not change                exit code 3
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

    retry_after_s: float | None = None
    """How long the other side asks to wait, in seconds, where it said so."""

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
    """A file, drop or paste that is not a picture Fovea opens; `reason` is a clause.

    `url` is set where the picture lies on the web: it can be fetched there once the user agrees.
    """

    code = "picture-refused"
    what = "{name} cannot be opened: {reason}."
    url: str = ""


class RequestRefused(InputRefused):
    """Something the endpoint is documented not to take, found before anything was sent."""

    code = "request-refused"
    what = "{endpoint} does not take {thing}: {reason}."


class KeyMissing(InputRefused):
    """The endpoint needs a key and none is known for its address."""

    code = "key-missing"
    what = "{endpoint} needs a key, and none is known for {host}."
    remedy = "Enter it in the settings under Endpoints, or for one run set {variable}."


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


class NotTrusted(Unreachable):
    """The certificate of the other side does not prove that it is what it says it is."""

    code = "not-trusted"
    retryable = False
    what = "{endpoint} at {host} cannot be trusted: {reason}. Nothing was sent."
    remedy = "Check the address, and whether the date of this computer is right."


class BadAnswer(EndpointFailed):
    """The other side answered with something that is not its protocol."""

    code = "bad-answer"
    what = "{endpoint} sent something that is not an answer: {reason}."
    remedy = "Check the address of the endpoint, or try again."


class SignInPage(BadAnswer):
    """A web page answers instead of the endpoint, as networks in hotels and trains do."""

    code = "sign-in-page"
    what = "{endpoint} was not reached: {host} answered with a web page, perhaps to sign in to the network."
    remedy = "Open a browser and sign in to the network, or check the address of the endpoint."


class Redirected(BadAnswer):
    """The other side names another address; nothing is sent there."""

    code = "redirected"
    what = "{host} says that {endpoint} is now at {target}. Fovea did not go there, and neither did your key."
    remedy = "If you trust that address, change it in the settings under Endpoints."


class Rejected(EndpointFailed):
    """The other side understood and said no (an HTTP status of 400 and above)."""

    code = "rejected"
    retryable = False
    what = "{endpoint} refused the request ({status}): {reason}."
    remedy = "Change the request and send it again."

    within_answer: bool = False
    """Whether it came inside an answer that had begun, so that the question may have been billed."""


class KeyRefused(Rejected):
    """401: the key is unknown, mistyped or revoked."""

    code = "key-refused"
    what = "{endpoint} did not accept the key ({status}): {reason}."
    remedy = "Enter the key again in the settings under Endpoints."


class NotAllowed(Rejected):
    """403: the key is known, but not for this."""

    code = "not-allowed"
    what = "{endpoint} does not allow this ({status}): {reason}."
    remedy = "Choose a model that your account may use, or use another key."


class NoCredit(Rejected):
    """402: the account cannot pay."""

    code = "no-credit"
    what = "The account at {endpoint} has no credit for this ({status}): {reason}."
    remedy = "Add credit to the account there, or choose another endpoint."


class NotFound(Rejected):
    """404: no such model, or the address is not the server's."""

    code = "not-found"
    what = "{endpoint} does not know this model or address ({status}): {reason}."
    remedy = "Choose a model from its list, or check the address of the endpoint."


class Retired(Rejected):
    """410: the model was there and is no more."""

    code = "retired"
    what = "{endpoint} no longer offers this model ({status}): {reason}."
    remedy = "Choose another model."


class TooLarge(Rejected):
    """413: more bytes or tokens than it takes."""

    code = "too-large"
    what = "The question is too large for {endpoint} ({status}): {reason}."
    remedy = "Send fewer or smaller pictures, or a shorter question."


class TooManyRequests(Rejected):
    """429. `retry_after_s` is set where the server said how long to wait."""

    code = "too-many-requests"
    retryable = True
    what = "{endpoint} takes no more requests for now ({status}): {reason}."
    remedy = "Wait {wait} and try again."


class ServerFailed(Rejected):
    """500 and above. `retry_after_s` is set where the server said how long to wait."""

    code = "server-failed"
    retryable = True
    what = "{endpoint} is in trouble ({status}): {reason}."
    remedy = "Wait {wait} and try again."


class ModelDown(Rejected):
    """The endpoint is there, the machines behind this one model are not."""

    code = "model-down"
    retryable = True
    what = "{endpoint} cannot run this model now ({status}): {reason}."
    remedy = "Try again in some minutes, or choose another model."


class UploadFailed(EndpointFailed):
    """A picture could not be put where the endpoint fetches it from."""

    code = "upload-failed"
    what = "{name} could not be uploaded to {endpoint}: {reason}."
    remedy = "Try again, or let the picture be made smaller instead."


class AnswerLost(EndpointFailed):
    """The endpoint took the question for later and does not know it any more."""

    code = "answer-lost"
    what = "{endpoint} no longer has the answer it was working on."
    remedy = "Ask again."


class AnswerLate(EndpointFailed):
    """The endpoint took the question for later and did not answer in time."""

    code = "answer-late"
    what = "{endpoint} did not finish the answer within {minutes} minutes."
    remedy = "Ask again, or choose another model."


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


class KeyNotKept(FoveaError):
    """The keyring of the system was asked to keep or to remove a key and did not."""

    code = "key-not-kept"
    what = "The keyring of this computer was not changed: {reason}."
    remedy = "Unlock or start a keyring, or set the endpoint's variable for one run."


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
