from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from ui.widgets.offered import describe_offer, has_picture_magic, offer_from_mime, offers_pictures


def png(color: str = "red") -> bytes:
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(color)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def mime(**formats: bytes) -> QMimeData:
    made = QMimeData()
    for name, data in formats.items():
        made.setData(name.replace("__", "/").replace("_", "-"), QByteArray(data))
    return made


def files(*paths: str) -> QMimeData:
    made = QMimeData()
    made.setUrls([QUrl.fromLocalFile(path) for path in paths])
    made.setText("\n".join(paths))
    return made


def test_files_from_a_file_manager_are_taken_by_path(qapp: QApplication) -> None:
    path = "/tmp/red square é.png"
    offered = offer_from_mime(files(path, "/tmp/b.jpg"))
    assert offered.paths == [path, "/tmp/b.jpg"]
    assert not offered.blobs and offered.image is None and not offered.urls
    assert describe_offer(files(path, "/tmp/b.jpg")).sentence == "Drop to add 2 pictures"
    assert describe_offer(files(path)).sentence == "Drop to add this picture"


def test_a_picture_dragged_from_chromium_is_taken_as_its_original_bytes(qapp: QApplication) -> None:
    source = mime(text__html=b"<img src='http://x/a.png'>", application__octet_stream=png())
    source.setUrls([QUrl("http://x/a.png")])
    assert offers_pictures(source)
    assert not describe_offer(source).refused
    offered = offer_from_mime(source)
    assert offered.blobs == [("application/octet-stream", png())]
    assert not offered.urls


def test_octets_that_are_no_picture_are_left(qapp: QApplication) -> None:
    source = mime(application__octet_stream=b"MZ not a picture", image__png=png())
    assert offer_from_mime(source).blobs == [("image/png", png())]


def test_a_picture_dragged_from_firefox_is_taken_as_png_before_jpeg(qapp: QApplication) -> None:
    source = mime(image__jpeg=b"\xff\xd8\xff jpeg", image__png=png())
    source.setUrls([QUrl("https://x/a.jpg")])
    assert offer_from_mime(source).blobs == [("image/png", png())]


def test_an_empty_raw_picture_gives_way_to_the_next(qapp: QApplication) -> None:
    source = mime(image__png=b"", image__jpeg=b"\xff\xd8\xff jpeg")
    assert offer_from_mime(source).blobs == [("image/jpeg", b"\xff\xd8\xff jpeg")]


def test_pixels_are_the_last_of_the_local_sources(qapp: QApplication) -> None:
    source = QMimeData()
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    source.setImageData(image)
    offered = offer_from_mime(source)
    assert offered.image is not None and offered.image.size() == image.size()


def test_a_pixmap_counts_as_pixels(qapp: QApplication) -> None:
    source = QMimeData()
    pixmap = QPixmap(5, 4)
    pixmap.fill("red")
    source.setImageData(pixmap)
    offered = offer_from_mime(source)
    assert offered.image is not None and offered.image.width() == 5


def test_image_data_that_is_none_is_nothing_and_no_crash(qapp: QApplication) -> None:
    class Empty(QMimeData):
        def hasImage(self) -> bool:
            return True

        def imageData(self) -> None:
            return None

    assert not offer_from_mime(Empty())


def test_an_address_alone_is_told_but_refused(qapp: QApplication) -> None:
    source = QMimeData()
    source.setUrls([QUrl("https://example.org/a.png")])
    assert offer_from_mime(source).urls == ["https://example.org/a.png"]
    described = describe_offer(source)
    assert described.refused and "address" in described.sentence


def test_gnome_file_lists_without_uris_are_read(qapp: QApplication) -> None:
    source = QMimeData()
    source.setData("x-special/gnome-copied-files", QByteArray(b"copy\nfile:///tmp/a%20b.png"))
    assert offers_pictures(source)
    assert offer_from_mime(source).paths == ["/tmp/a b.png"]


def test_a_file_on_another_machine_is_an_address(qapp: QApplication) -> None:
    source = QMimeData()
    source.setUrls([QUrl("file://elsewhere/share/a.png"), QUrl("file://localhost/tmp/b.png")])
    offered = offer_from_mime(source)
    assert offered.paths == ["/tmp/b.png"]
    assert offered.urls == ["file://elsewhere/share/a.png"]


def test_cells_of_a_spreadsheet_are_text_though_they_bring_a_picture(qapp: QApplication) -> None:
    source = mime(image__png=png())
    source.setText("1\t2\n3\t4")
    assert not offers_pictures(source)


def test_a_copied_picture_with_its_address_as_text_is_a_picture(qapp: QApplication) -> None:
    source = mime(image__png=png())
    source.setText("https://example.org/a.png")
    assert offers_pictures(source)


def test_plain_text_is_not_about_pictures(qapp: QApplication) -> None:
    source = QMimeData()
    source.setText("hello")
    assert not offers_pictures(source)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"BM....",
        b"II*\x00",
        b"MM\x00*",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypheic",
        b"\x00\x00\x00\x18ftypavif",
    ],
)
def test_the_beginning_of_every_format_is_known(data: bytes) -> None:
    assert has_picture_magic(data)


@pytest.mark.parametrize("data", [b"", b"<svg", b"%!PS", b"RIFF....WAVE", b"\x00\x00\x00\x18ftypisom"])
def test_other_beginnings_are_not(data: bytes) -> None:
    assert not has_picture_magic(data)


def test_describing_an_offer_opens_no_file(qapp: QApplication, tmp_path: Path) -> None:
    assert not describe_offer(files(str(tmp_path / "gone.png"))).refused


def test_documents_alone_are_refused_before_they_are_let_go(qapp: QApplication) -> None:
    remote = QMimeData()
    remote.setUrls([QUrl("https://example.org/paper.pdf?page=2")])
    for source in (files("/tmp/a.PDF", "/tmp/b.pdf"), remote, mime(application__pdf=b"%PDF-1.7")):
        described = describe_offer(source)
        assert described.refused and described.sentence.startswith("PDF documents are not opened yet")
    assert not describe_offer(files("/tmp/a.pdf", "/tmp/cat.png")).refused
    assert not describe_offer(mime(application__pdf=b"%PDF-1.7", image__png=png())).refused
