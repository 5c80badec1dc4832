"""What can go wrong, in words a person understands.

    FoveaError
    |-- InputRefused            the user's file or text cannot be used      exit code 4
    |   |-- PictureRefused, RequestRefused, ReplayRefused
    |   |-- ModelFileRefused, NoModelFile, VisionPartMissing
    |   |-- KeyMissing, KeyNotRead, NoModel
    |   |-- ImportRefused, NoConversation, FileThere
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
    |-- ExportFailed, PrintingFailed                                      exit code 3
    |-- StoreFailed             the library on disk cannot be used          exit code 3
        |-- FolderNotWritable, NewerLibrary, NotALibrary, LibraryDamaged,
        |-- LibraryInUse, ImportUnderWay, DiskFull, PictureLost

Each leaf has a stable `code`, says whether trying again can help (`retryable`),
and carries two English templates: `what` (what happened) and `remedy` (what to do
next). The window translates the templates; the command line prints them as they are.
`kept` is a fact about this one failure: what was not lost.
"""

from __future__ import annotations

from app.domain.errors.base import (
    FoveaError,
    sentence,
)
from app.domain.errors.endpoint import (
    AnswerLate,
    AnswerLost,
    BadAnswer,
    EndpointFailed,
    EngineFailed,
    Interrupted,
    KeyNotKept,
    KeyRefused,
    LocalExtraMissing,
    ModelDown,
    NoCredit,
    NotAllowed,
    NotFound,
    NotTrusted,
    OfflineRefused,
    QuickLookFailed,
    Redirected,
    Rejected,
    Retired,
    ServerFailed,
    SignInPage,
    Stalled,
    TooLarge,
    TooManyRequests,
    Unreachable,
    UploadFailed,
)
from app.domain.errors.library import (
    DiskFull,
    FolderNotWritable,
    ImportUnderWay,
    LibraryDamaged,
    LibraryInUse,
    NewerLibrary,
    NotALibrary,
    PictureLost,
    StoreFailed,
)
from app.domain.errors.refused import (
    InputRefused,
    KeyMissing,
    KeyNotRead,
    ModelFileRefused,
    NoModel,
    NoModelFile,
    PictureRefused,
    ReplayRefused,
    RequestRefused,
    VisionPartMissing,
)
from app.domain.errors.transfer import (
    ExportFailed,
    FileThere,
    ImportRefused,
    NoConversation,
    PrintingFailed,
)

__all__ = [
    "AnswerLate",
    "AnswerLost",
    "BadAnswer",
    "DiskFull",
    "EndpointFailed",
    "EngineFailed",
    "ExportFailed",
    "FileThere",
    "FolderNotWritable",
    "FoveaError",
    "ImportRefused",
    "ImportUnderWay",
    "InputRefused",
    "Interrupted",
    "KeyMissing",
    "KeyNotKept",
    "KeyNotRead",
    "KeyRefused",
    "LibraryDamaged",
    "LibraryInUse",
    "LocalExtraMissing",
    "ModelDown",
    "ModelFileRefused",
    "NewerLibrary",
    "NoConversation",
    "NoCredit",
    "NoModel",
    "NoModelFile",
    "NotALibrary",
    "NotAllowed",
    "NotFound",
    "NotTrusted",
    "OfflineRefused",
    "PictureLost",
    "PictureRefused",
    "PrintingFailed",
    "QuickLookFailed",
    "Redirected",
    "Rejected",
    "ReplayRefused",
    "RequestRefused",
    "Retired",
    "ServerFailed",
    "SignInPage",
    "Stalled",
    "StoreFailed",
    "TooLarge",
    "TooManyRequests",
    "Unreachable",
    "UploadFailed",
    "VisionPartMissing",
    "sentence",
]
