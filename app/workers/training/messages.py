"""Training messages: further messages of the server to a training worker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether a run has viewers; progress of others is sent at longer intervals."""

    run: str
    watched: bool
