"""What regions and covers are called."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.region import Redaction, Region, RegionKind, Treatment
from ui.panes.regions.marks import Mark

KINDS = {
    RegionKind.RECTANGLE: QT_TRANSLATE_NOOP("Regions", "rectangle"),
    RegionKind.LASSO: QT_TRANSLATE_NOOP("Regions", "outline"),
    RegionKind.POINT: QT_TRANSLATE_NOOP("Regions", "point"),
    RegionKind.ARROW: QT_TRANSLATE_NOOP("Regions", "arrow"),
}


def label_of(region: Region, treatment: Treatment) -> str:
    """What stands beside a region: its number in the picture, where it has one, and its name."""
    ids = [drawn.id for drawn in treatment.regions]
    number = str(ids.index(region.id) + 1) if region.id in ids else ""
    return " ".join(part for part in (number, region.name) if part)


def described(treatment: Treatment, earlier: tuple[Mark, ...], selected: Mark | None) -> str:
    """What a screen reader is told of all that is drawn, empty for nothing."""
    said = [_spoken(region, treatment) for region in treatment.regions]
    sentences = []
    if said:
        sentences.append(_tr("Regions: {regions}.").format(regions=", ".join(said)))
    if treatment.redactions:
        sentences.append(_tr("{count} places covered.").format(count=len(treatment.redactions)))
    if earlier:
        words = _tr("{count} drawn for earlier questions.")
        sentences.append(words.format(count=len(earlier)))
    if selected is not None:
        what = _spoken(selected, treatment)
        sentences.append(_tr("Selected: {what}.").format(what=what))
    return " ".join(sentences)


def _spoken(mark: Mark, treatment: Treatment) -> str:
    if isinstance(mark, Redaction):
        return _tr("a cover")
    label, kind = label_of(mark, treatment), _tr(str(KINDS[mark.kind]))
    return f"{label} ({kind})" if label else kind


def _tr(text: str) -> str:
    return QCoreApplication.translate("Regions", text)
