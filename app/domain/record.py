"""The base of every domain record."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen value: equal by content, hashable, rejects unknown fields.

    Validators are built on first use (`defer_build`), so importing the domain
    costs a window no start-up time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
