"""What quick look says to a question after it has looked. Pure, as Markdown.

It understands a few words, not questions; where they do not help, it says what it cannot do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.request import PromptPicture
from app.local.quick_look import sentence
from app.local.quick_look.findings import Findings

ASK_FOR_PICTURE = "Add a picture, and quick look tells you what it finds in it."

CAN = (
    "Quick look can tell a picture's size, its main colours and the text in it, and guess among a thousand "
    "kinds of things. It knows nothing of people, places or what is happening, and it cannot converse."
)
HOW_TO_CHAT = (
    "For answers to questions, choose a model that chats: open the sidebar, pick “Local engine” and "
    "a GGUF model with vision. It runs on this computer, too."
)
_BEYOND = f"{CAN} {HOW_TO_CHAT}"

_TOPICS = {
    "text": r"text|reads?|says?|said|writ(?:e|es|ten|ing)|words?|letters?|ocr|transcri\w+",
    "colours": r"colou?rs?|coloured|colored",
    "size": r"size|big|large|small|dimensions?|resolution|pixels?|wide|width|tall|high|height|shape",
    "subject": r"what(?: is|'s|’s| are| do| does)|shows?|see|kind|object|animal|identify|recogni[sz]e|"
    r"subject|about",
}
_EVERYTHING = (
    r"describ\w+|descriptions?|captions?|again|repeat|retry|redo|once more|go on|continue|everything"
)
_PICTURE = r"pictures?|photos?|photographs?|images?"


def topics(question: str) -> tuple[str, ...]:
    """What a question is about: some of text, colours, size and subject; none where no word tells.

    Words such as "what is" ask for the subject only where nothing else is asked for.
    """
    found = [name for name, words in _TOPICS.items() if _has(question, words)]
    if len(found) > 1 and "subject" in found:
        found.remove("subject")
    return tuple(found)


def wants_description(question: str) -> bool:
    """Whether a question about a picture that was described asks for its description, not a part."""
    return _has(question, _EVERYTHING) or (_has(question, _PICTURE) and not topics(question))


def were_described(pictures: Sequence[PromptPicture], said: str) -> bool:
    """Whether an earlier answer is the description of all these pictures, to its end."""
    count = len(pictures)
    begun = all(_beginning(n, count, picture) in said for n, picture in enumerate(pictures, start=1))
    return begun and sentence.is_whole(said.rstrip().removesuffix(_BEYOND))


def after_description(question: str) -> str:
    """What to add to a description that the question did not plainly ask for; often nothing."""
    if not question.strip() or topics(question) or _has(question, _EVERYTHING):
        return ""
    return _BEYOND


def follow_up(question: str, looks: Sequence[tuple[str, Findings]]) -> str:
    """The answer to a question about pictures (name, findings) that were described before."""
    wanted = topics(question)
    if not wanted:
        return f"{CAN}\n\n{HOW_TO_CHAT}"
    answers = [
        heading(number, len(looks), name) + "\n\n".join(_about(topic, findings) for topic in wanted)
        for number, (name, findings) in enumerate(looks, start=1)
    ]
    return "\n\n".join([*answers, f"With its description, that is all quick look can tell. {HOW_TO_CHAT}"])


def heading(number: int, count: int, name: str) -> str:
    """What comes before the words about one of several pictures."""
    return f"**Picture {number} of {count}:** {sentence.code_span(name)}\n\n" if count > 1 else ""


def _beginning(number: int, count: int, picture: PromptPicture) -> str:
    """How the description of a picture begins, whatever is found in it."""
    findings = Findings(*picture.shown_size)
    return heading(number, count, picture.name) + sentence.facts(findings)


def _has(question: str, words: str) -> bool:
    return re.search(rf"\b(?:{words})\b", question, re.IGNORECASE) is not None


def _about(topic: str, findings: Findings) -> str:
    if topic == "text":
        return sentence.text(findings).lstrip()
    if topic == "colours":
        return sentence.colours(findings.colours or ()) + _shares(findings)
    if topic == "size":
        return f"It is {sentence.size(findings)}, {sentence.shape(findings)}."
    return sentence.subject(findings) + _guesses(findings)


def _shares(findings: Findings) -> str:
    shares = [f"{colour.name} {colour.share:.0%}" for colour in findings.colours or ()]
    return f" By area: {', '.join(shares)}."


def _guesses(findings: Findings) -> str:
    guesses = [f"{label.name} {label.probability:.0%}" for label in (findings.labels or ())[:3]]
    return f" The model's best guesses: {', '.join(guesses)}." if guesses else ""
