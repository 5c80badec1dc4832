"""The library on disk cannot be used."""

from __future__ import annotations

from app.domain.errors.base import FoveaError


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


class ImportUnderWay(StoreFailed):
    """Something is being imported into the library already, by this or another program."""

    code = "import-under-way"
    retryable = True
    what = "Another import into the library in {path} is under way."
    remedy = "Wait until it is done, or stop it, and try again."


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
