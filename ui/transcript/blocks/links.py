"""The links in a text, each as one, however many looks its words have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ui.transcript.markdown.styled_text import StyledText


class Link(NamedTuple):
    """Characters of a text, from `start` to before `end`, that lead to `url`."""

    start: int
    end: int
    url: str

    def moved(self, by: int) -> Link:
        """The same in a text in which so many characters stand before."""
        return Link(self.start + by, self.end + by, self.url)


def links_of(styled: StyledText) -> list[Link]:
    """Those of a text in order; spans that touch and lead to one place are one."""
    found: list[Link] = []
    for span in styled.spans:
        if not span.url:
            continue
        if found and found[-1].end == span.start and found[-1].url == span.url:
            found[-1] = found[-1]._replace(end=span.end)
        else:
            found.append(Link(span.start, span.end, span.url))
    return found
