"""What an import may cost. Every limit on a file from outside is said here."""

from __future__ import annotations

FILE_BYTES = 8 * 1024**3
"""Of a file that is imported."""
DIRECTORY_BYTES = 32 * 1024**2
"""Of an archive's list of entries: what reading the names takes, whatever it says of their number."""
ENTRIES = 100_000
UNPACKED_BYTES = 16 * 1024**3
"""Of all entries together."""
RATIO = 200
RATIO_FROM = 8 * 1024**2
"""An entry that unpacks to more than RATIO_FROM bytes may not be RATIO times what it is packed."""
JSON_BYTES = 384 * 1024**2
"""Of all JSON that is read."""
JSON_VALUES = 12_000_000
"""Values in it, counted by what begins or parts them: each takes some hundred bytes once read."""
PICTURE_BYTES = 256 * 1024**2
CONVERSATIONS = 200_000
MESSAGES = 2_000_000
"""Of all conversations together."""
TEXT_LENGTH = 16 * 1024**2
"""Characters of one message."""
TEXT_TOGETHER = JSON_BYTES
"""Characters of all messages together: what is read is told once."""
NAME_LENGTH = 1000
"""Of a title, and of the name of a folder or a picture, in an export of Fovea."""
TITLE_LENGTH = 500
TAG_LENGTH = 100
TAGS = 100
ROOM_LEFT = 16 * 1024**2
"""Bytes that stay free on the disk of the library beside what an import is to take there."""
ROOM_STEP = 4 * 1024**2
"""Bytes between two looks at how much is free."""
NAMES_SHOWN = 200
"""Titles told before an import."""

MEMORY_BYTES = 4 * 1024**3
"""Address space of the process that reads the file, counted on POSIX systems only."""
SILENCE_S = 60.0
"""How long it may work without telling of progress."""
