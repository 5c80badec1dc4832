"""What a running answer waits for, in English templates; the window translates them."""

from __future__ import annotations

from app.domain.events import Progress

FIRST_WORD = "Waiting for the first word"
CONNECTED = "Connected, waiting for the first word"
NOTHING_NEW = "Nothing new"
UPLOADING_ONE = "Uploading {part} of {parts}"

_STAGES = {
    "starting": "Starting on this computer",
    "loading": "The model is loading",
    "reading": "Reading the picture",
    "looking": "Looking",
    "waiting": "Waiting for the answer before this one",
    "uploading": "Uploading",
    "queued": "The endpoint works on it",
    "retrying": "It was busy. Trying again",
}


def template(progress: Progress, *, has_text: bool) -> str:
    """The template for `progress`; its places are named like the fields of Progress.

    `has_text`: some of the answer has come already.
    """
    if progress.stage == "quiet":
        return NOTHING_NEW if has_text else CONNECTED
    if progress.stage == "uploading" and progress.parts is not None:
        return UPLOADING_ONE
    return _STAGES.get(progress.stage, FIRST_WORD)
