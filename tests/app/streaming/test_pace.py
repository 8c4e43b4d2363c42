"""Pace: how the delay of acknowledgements determines when pictures may be sent."""

from app.streaming.pace import ASK_BYTES, PATIENCE, Pace

PICTURE = 8_000


class Line:
    """A line with a delay and a rate (bytes per second), whose viewer acknowledges at once."""

    def __init__(self, delay: float, rate: float) -> None:
        self.pace, self.delay, self.rate, self.now, self.free_at = Pace(), delay, rate, 0.0, 0.0
        self.acknowledgements: list[float] = []
        self.ages: list[float] = []
        self.sent = 0

    def send(self, size: int, pictures: bool) -> None:
        self.free_at = max(self.free_at, self.now) + size / self.rate
        self.sent += size
        if pictures:
            self.ages.append(self.free_at + self.delay / 2 - self.now)
        if self.pace.on_send(self.now, size, pictures):
            self.acknowledgements.append(self.free_at + self.delay)

    def run(self, seconds: float, fps: float = 30.0) -> None:
        """Sends pictures as often as the pace allows, and small messages at `fps` in any case."""
        for _ in range(round(seconds * fps)):
            while self.acknowledgements and self.acknowledgements[0] <= self.now:
                self.pace.on_acknowledged(self.acknowledgements.pop(0))
            pictures = self.pace.allows(self.now)
            self.send(PICTURE if pictures else 100, pictures)
            self.now += 1 / fps


def opened(delay: float, rate: float) -> Line:
    line = Line(delay, rate)
    line.send(700, pictures=False)
    return line


def test_a_fast_line_carries_every_picture():
    for delay in (0.001, 0.3):
        line = opened(delay, 10e6)
        line.run(10)
        assert len(line.ages) == 300
        assert not line.pace.is_slow


def test_on_a_slow_line_pictures_are_new_and_leave_room_for_other_traffic():
    line = opened(0.02, 125_000)  # 1 Mbit/s; pictures at full rate would be 1.9
    line.run(3)
    assert max(line.ages) < 1
    sent, ages = line.sent, len(line.ages)
    line.run(20)
    assert 3 < (len(line.ages) - ages) / 20 < 8  # pictures a second
    assert max(line.ages[ages:]) < 0.2
    assert (line.sent - sent) * 8 / 20 < 0.4e6


def test_a_line_that_becomes_fast_again_carries_every_picture():
    line = opened(0.02, 125_000)
    line.run(3)
    assert line.pace.is_slow
    line.rate = 10e6
    line.run(2)
    before = len(line.ages)
    line.run(5)
    assert len(line.ages) - before == 150


def test_a_line_whose_delay_grows_is_not_slow_for_long():
    line = opened(0.02, 10e6)
    line.run(2)
    line.delay = 0.3
    line.run(8)
    before = len(line.ages)
    line.run(5)
    assert len(line.ages) - before > 140


def test_without_an_acknowledgement_pictures_end_soon():
    pace = Pace()
    assert pace.on_send(0.0, 700, False)
    pace.on_acknowledged(0.01)
    assert pace.on_send(0.0, ASK_BYTES, True)
    assert pace.allows(PATIENCE)
    assert not pace.allows(2 * PATIENCE)
    pace.on_acknowledged(0.5)
    pace.on_acknowledged(0.6)  # of nothing: no effect
    assert pace.allows(0.6)
