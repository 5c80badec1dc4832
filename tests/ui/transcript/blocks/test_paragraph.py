"""Text with more marks than are laid over it one by one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextCharFormat

from ui.theme import fonts
from ui.transcript.blocks.paragraph import FEW_MARKS, NONE, Formats, Paragraph

WORDS = " ".join(f"word{number}" for number in range(60))
CLIP = QRectF(0, 0, 400, 800)
pytestmark = pytest.mark.usefixtures("qapp")


def words_in(look: QTextCharFormat) -> Formats:
    """A mark on every second word."""
    starts = [at for at in range(len(WORDS)) if at == 0 or WORDS[at - 1] == " "]
    marks = [(start, WORDS.find(" ", start) % (len(WORDS) + 1), look) for start in starts[::2]]
    assert len(marks) > FEW_MARKS
    return marks


def red() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor("red"))
    return look


def paragraph(formats: Formats = NONE) -> Paragraph:
    made = Paragraph(WORDS, fonts.font("body"), formats, 24)
    made.wrap(300)
    return made


def painted(text: Paragraph, marks: Formats = NONE) -> QImage:
    image = QImage(400, 800, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    text.draw(painter, QPointF(0, 0), QColor("black"), CLIP, marks)
    painter.end()
    return image


def test_many_marks_look_like_formats_of_the_text_and_leave_nothing_behind() -> None:
    text = paragraph()
    plain = painted(text)
    marked = painted(text, words_in(red()))
    assert marked == painted(paragraph(words_in(red()))) and marked != plain
    assert painted(text, words_in(red())[:3]) not in (plain, marked)
    assert painted(text) == plain


def test_marks_that_would_move_words_to_other_lines_are_laid_over_them() -> None:
    wide = QTextCharFormat()
    wide.setFontLetterSpacing(200)
    wide.setForeground(QColor("red"))
    text = paragraph()
    height, plain = text.height, painted(text)
    for _ in range(2):
        assert painted(text, words_in(wide)) != plain
        assert text.height == height
    assert painted(text) == plain
