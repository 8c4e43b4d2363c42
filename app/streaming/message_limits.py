"""Message limits: how many messages and new subscriptions one viewer may send."""

from collections.abc import Mapping

from app.connections.allowance import Allowance
from app.streaming.viewer import Viewer
from app.workers.messages import ViewKey
from app.workers.recorded import PastStep

# A page sends at most one message per frame of its screen, with one subscription that changes.
MESSAGES_PER_SECOND, MESSAGES_AT_ONCE = 250.0, 500.0
SUBSCRIPTIONS_PER_SECOND, SUBSCRIPTIONS_AT_ONCE = 250.0, 500.0


class TooManyMessages(Exception):
    """A viewer sent more than it may; the text is the reason in the close frame."""


class MessageLimits:
    """What one viewer may still send. Times are in seconds of any clock."""

    def __init__(self) -> None:
        self._messages = Allowance(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
        self._subscriptions = Allowance(SUBSCRIPTIONS_PER_SECOND, SUBSCRIPTIONS_AT_ONCE)

    def on_message(self, viewer: Viewer, now: float) -> None:
        """Counts a message. Raises TooManyMessages, also if the viewer does not read the errors."""
        if viewer.overrun:
            raise TooManyMessages("the errors of earlier messages were not read")
        if not self._messages.take(1, now):
            raise TooManyMessages(f"more than {MESSAGES_PER_SECOND:g} messages a second")

    def on_subscriptions(
        self, viewer: Viewer, views: Mapping[str, ViewKey], at: PastStep | None, now: float
    ) -> None:
        """Counts the subscriptions that the viewer does not have yet. Raises TooManyMessages."""
        new = viewer.keys(views, at).items() - viewer.subscriptions.items()
        if not self._subscriptions.take(len(new), now):
            raise TooManyMessages(f"more than {SUBSCRIPTIONS_PER_SECOND:g} new subscriptions a second")
