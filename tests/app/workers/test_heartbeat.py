"""Heartbeat: the loop of a child process sends it while it waits and between messages."""

import threading
from multiprocessing import Pipe

from app.workers.current_task import SIZE, CurrentTask
from app.workers.heartbeat import INTERVAL, BeatingConnection, Heartbeat


def test_a_process_that_waits_sends_heartbeats_of_no_work():
    server, child = Pipe()
    received = []
    waiting = threading.Thread(target=lambda: received.append(BeatingConnection(child).receive()))
    waiting.start()
    assert server.poll(60)
    heartbeat = server.recv()
    server.send("message")
    waiting.join()
    assert isinstance(heartbeat, Heartbeat) and heartbeat.busy < 0.5
    assert received == ["message"]


def test_a_process_that_never_waits_sends_a_heartbeat_when_it_asks_for_messages(monkeypatch):
    now = 0.0
    monkeypatch.setattr("app.workers.heartbeat.perf_counter", lambda: now)
    server, child = Pipe()
    connection = BeatingConnection(child)
    assert not connection.poll(0.0) and not server.poll(0)
    now += INTERVAL
    assert not connection.poll(0.0)
    assert server.recv() == Heartbeat(1.0)
    assert not server.poll(0)


def test_the_server_reads_the_task_of_a_child_process_from_shared_memory():
    task = CurrentTask()
    child = CurrentTask(task.memory)
    assert (task.name, task.seconds) == (None, 0.0)
    child.begin("a run", 2.5)
    assert (task.name, task.seconds) == ("a run", 2.5)
    child.begin("x" * 1000)
    assert (task.name, task.seconds) == ("x" * (SIZE - 1), 0.0)
    child.end()
    assert task.name is None
