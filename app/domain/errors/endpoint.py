"""A server, the network, an engine or the keyring did not do what was asked."""

from __future__ import annotations

from app.domain.errors.base import FoveaError


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
    remedy = "Enter the key again in the settings under Endpoints or with “fovea endpoints key”."


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
