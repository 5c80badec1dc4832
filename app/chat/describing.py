"""A picture in words, to stand in its place."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

from app.domain.events import TextDelta
from app.domain.message import PicturePart, Role
from app.domain.picture import Detail, Picture
from app.domain.region import Treatment
from app.domain.request import ChatRequest, PromptMessage
from app.pictures.decoder import Decoder
from app.pictures.prepare import prepare
from app.providers.provider import Provider


async def described(
    provider: Provider, model: str, decoder: Decoder, path: Path, picture: Picture, part: PicturePart
) -> str:
    """What `model` of `provider` says of the original at `path`; what is covered on `part` it does
    not see either.

    Raises PictureRefused, and what the provider raises.
    """
    limits = provider.limits(model)
    covered = Treatment(redactions=part.treatment.redactions)
    views = await prepare(decoder, path, picture, part.name, limits, Detail.FIT, covered)
    question = PromptMessage(role=Role.USER, text="", pictures=views)
    async with aclosing(provider.stream(ChatRequest(model=model, messages=(question,)))) as events:
        said = [event.text async for event in events if isinstance(event, TextDelta) and not event.choice]
    return "".join(said).strip()
