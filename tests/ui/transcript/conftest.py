"""A transcript on a window of its own, and an answer with everything in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.transcript_pictures import MakeView
from ui.theme import palette
from ui.transcript.view import TranscriptView

RICH = """# What the picture shows

A **cat** looks *straight* into the camera, its eyes `#7BA05B`-ish. See [the breed](https://example.org/tabby).

Setext heading
---
- Fur: grey ~~black~~ bands
- Eyes: wide open
  - left one narrower

    second paragraph of the nested item
  ```py
  in_item = True
  ```
1. Open the file
2. Measure it with a line that is long enough to wrap in the column of the conversation for sure, twice

> Quoted remark about **composition**
lazy line
> > nested quote
>
> - item in a quote

| Object | Count |
|---|---:|
| cat 🐈 | 1 |
| keyboard \\| mouse | 2 |

```python
def describe(path: str) -> str:
    \"\"\"Name what
    is seen.\"\"\"
    return f"{path}"  # done
```

***

    indented code

    goes on

List<int> and <unk>, 1 < 2. ![a dog](http://evil.example/x.png)

<div class="x">
  *not* italic
</div>

Emoji 🐈 and 日本語 and العربية.
"""


@pytest.fixture(scope="session")
def rich() -> str:
    """Markdown with every kind of block."""
    return RICH


@pytest.fixture
def make_view(qapp: QApplication) -> Iterator[MakeView]:
    """Open a transcript: `make_view(entries, width=720, height=560)`; it is closed afterwards."""
    palette.apply(qapp, "light")
    views: list[TranscriptView] = []

    def make(entries: object = (), width: int = 720, height: int = 560) -> TranscriptView:
        view = TranscriptView()
        view.resize(width, height)
        view.set_entries(entries)  # type: ignore[arg-type]
        view.show()
        views.append(view)
        return view

    yield make
    for view in views:
        view.close()
        view.deleteLater()
    palette.apply(qapp, "light")
