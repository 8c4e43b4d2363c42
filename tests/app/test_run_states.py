"""Run states: the status after each command in each state, compared with the table of the contract."""

import pytest

from app.errors import Conflict
from app.run_states import COMMANDS, STATUSES, following

CONTRACT = """
queued    queued   paused    409     stopped   paused
running   running  paused    409     stopped   paused
paused    running  paused    paused  stopped   paused
finished  409      finished  409     finished  paused
stopped   running  stopped   409     stopped   paused
diverged  409      diverged  409     diverged  paused
failed    409      failed    409     failed    paused
"""
CELLS = [
    (row.split()[0], command, row.split()[1 + ("start", "pause", "step", "stop", "reset").index(command)])
    for row in CONTRACT.strip().splitlines()
    for command in ("start", "pause", "step", "stop", "reset")
]


@pytest.mark.parametrize(("status", "command", "expected"), CELLS)
def test_a_command_leads_to_the_status_of_the_contract_or_is_a_conflict(status, command, expected):
    if expected == "409":
        with pytest.raises(Conflict) as refused:
            following(status, command)
        assert refused.value.given == status
        assert status not in refused.value.limit
    else:
        assert following(status, command) == expected


def test_the_contract_has_every_state_and_command():
    assert {(status, command) for status, command, _ in CELLS} == {(s, c) for s in STATUSES for c in COMMANDS}


def test_a_finished_run_can_start_after_its_epochs_were_raised():
    assert following("finished", "start", raised=True) == "running"
