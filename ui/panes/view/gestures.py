"""Zooming and moving a picture with wheels, touchpads and fingers.

A mouse wheel zooms. Two fingers on a touchpad move the picture, and zoom it while Ctrl is held; so
does what tells its way in pixels and comes in phases. Pinching zooms, on a touchpad and on a screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent

from ui.panes.view.placement import STEP

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QGestureEvent, QPinchGesture

    from ui.panes.view.picture_view import PictureView


class Gestures(QObject):
    """Hears what a view is told of them."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._zoom = 1.0
        self._centre = QPointF()
        view.grabGesture(Qt.GestureType.PinchGesture)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Gesture:
            return self._pinch(cast("QGestureEvent", event))
        if kind == QEvent.Type.NativeGesture:
            return self._native(cast("QNativeGestureEvent", event))
        return False

    def _pinch(self, event: QGestureEvent) -> bool:
        gesture = cast("QPinchGesture | None", event.gesture(Qt.GestureType.PinchGesture))
        if gesture is None:
            return False
        if gesture.state() == Qt.GestureState.GestureStarted:
            self._zoom, self._centre = self._view.zoom, gesture.centerPoint()
        self._view.push(gesture.centerPoint() - self._centre)
        self._centre = gesture.centerPoint()
        at = QPointF(self._view.mapFromGlobal(self._centre))
        self._view.zoom_to(self._zoom * gesture.totalScaleFactor(), at)
        event.accept(gesture)
        return True

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._view.zoom_to(self._view.zoom * (1 + event.value()), event.position())
        elif event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
            self._view.fit_or_full(event.position())
        else:
            return False
        event.accept()
        return True


def turn_wheel(view: PictureView, event: QWheelEvent) -> None:
    """Zoom about the pointer, or move the picture with two fingers."""
    with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    # X11 tells a way in pixels for mice too, and knows no phases; it does know what a touchpad is.
    by_fingers = (
        event.phase() != Qt.ScrollPhase.NoScrollPhase
        or event.device().type() == QInputDevice.DeviceType.TouchPad
    )
    if by_fingers and not event.pixelDelta().isNull() and not with_control:
        view.push(QPointF(event.pixelDelta()))
    else:
        view.zoom_to(view.zoom * STEP ** (event.angleDelta().y() / 120), event.position())
    event.accept()
