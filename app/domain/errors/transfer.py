"""A conversation cannot leave the library, or cannot come into it."""

from __future__ import annotations

from app.domain.errors.base import FoveaError
from app.domain.errors.refused import InputRefused


class ImportRefused(InputRefused):
    """A file that is no export Fovea reads; `reason` is a clause. The library is as it was."""

    code = "import-refused"
    what = "{name} cannot be imported: {reason}. Your library is as it was."


class NoConversation(InputRefused):
    """A conversation is named that is not in the library, or by words that several have."""

    code = "no-conversation"
    what = "{reason}: {name}."
    remedy = "“fovea export --list” shows the conversations with their ids."


class FileThere(InputRefused):
    """A file or folder would have to be overwritten."""

    code = "file-there"
    what = "{path} is there already."
    remedy = "Choose another name, or move it away."


class ExportFailed(FoveaError):
    """An export could not be written; nothing of it is left behind."""

    code = "export-failed"
    retryable = True
    what = "{path} could not be written: {reason}."


class PrintingFailed(FoveaError):
    """The part of Fovea that makes PDF files stopped; `reason` is a clause."""

    code = "printing-failed"
    retryable = True
    what = "The PDF could not be made: {reason}."
    remedy = "Export the conversation as HTML and print that from a browser."
