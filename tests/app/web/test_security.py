"""Foreign Host and Origin headers and too large bodies are refused."""

import socket

import pytest
from websockets.exceptions import InvalidStatus

from app.settings import BODY_LIMIT
from app.web.security import RequestGuard, host_name


def test_a_body_over_the_limit_is_refused_because_of_its_content_length(server):
    answer = server.client.post("/api/runs", content=b" " * (BODY_LIMIT + 1))
    assert (answer.status_code, answer.json()["error"]["limit"]) == (413, BODY_LIMIT)
    assert answer.headers["connection"] == "close"


def test_a_body_without_a_length_is_refused_once_the_limit_is_exceeded(server):
    def chunks():
        for _ in range(BODY_LIMIT // 65536 + 2):
            yield b" " * 65536

    answer = server.client.post("/api/runs", content=chunks())
    assert (answer.status_code, answer.json()["error"]["limit"]) == (413, BODY_LIMIT)
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8642", "127.0.0.1.evil.example", "", "127.0.0.1:1@evil.example",
     "[::1].evil.example", "[::1", "localhost:80/evil.example"],
)  # fmt: skip
def test_a_foreign_host_name_is_refused(server, host):
    status, error = server.refused("GET", "/healthz", headers={"host": host})
    assert (status, error["field"]) == (403, "Host")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "http://[", "", "//{own}",
     "https://{own}", "ftp://{own}", "http://{own}/", "http://x@{own}"],
)  # fmt: skip
def test_a_request_with_a_foreign_origin_is_refused(server, origin):
    origin = origin.format(own=server.url.removeprefix("http://"))
    status, error = server.refused("POST", "/api/runs", {}, headers={"origin": origin})
    assert (status, error["field"]) == (403, "Origin")


def test_the_forwarded_scheme_of_a_proxy_is_ignored(server):
    headers = {"origin": server.url.replace("http", "https"), "x-forwarded-proto": "https"}
    status, error = server.refused("POST", "/api/runs", {}, headers=headers)
    assert (status, error["field"], error["limit"]) == (403, "Origin", [server.url])


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("https://desk.example", "desk.example", 200),
        ("https://desk.example", "desk.example:443", 200),
        ("http://desk.example", "desk.example:80", 200),
        ("http://DESK.example:8642", "desk.example:8642", 200),
        ("https://desk.example", "desk.example:80", 403),
        ("https://127.0.0.1", "127.0.0.1", 403),
    ],
)
def test_an_https_origin_is_accepted_only_for_an_allowed_host(origin, host, status):
    guard = RequestGuard(None, "127.0.0.1", ["desk.example"], BODY_LIMIT, BODY_LIMIT)
    problem = guard.problem({b"host": host, b"origin": origin})
    assert (problem.status if problem else 200) == status


def test_a_stream_with_a_foreign_origin_is_refused(server):
    run = server.run(start=False)
    with pytest.raises(InvalidStatus) as refused, server.stream(run, origin="http://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_requests_and_streams_with_the_origin_of_the_server_are_accepted(server):
    run = server.client.post("/api/runs", json={"start": False}, headers={"origin": server.url}).json()["id"]
    with server.stream(run, origin=server.url) as socket:
        assert socket.recv(60)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:8642", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:80", "::1"),
        ("[::1]", "::1"),
        ("A.b:1", "a.b"),
    ],
)
def test_the_host_name_is_read_from_a_host_header(header, name):
    assert host_name(header) == name


def test_a_host_name_can_be_allowed_by_the_environment(start_server, tmp_path):
    server = start_server(tmp_path, PERCEPTARIUM_ALLOWED_HOSTS="desk.example, other.example")
    assert server.client.get("/healthz", headers={"host": "desk.example:80"}).status_code == 200
    assert server.client.get("/healthz", headers={"host": "third.example"}).status_code == 403


@pytest.mark.parametrize("name", ["Host", "Origin", "Authorization", "Sec-Fetch-Site", "Content-Type"])
def test_a_request_with_one_of_the_deciding_headers_twice_is_malformed(server, name):
    own = server.url.removeprefix("http://")
    value = {"Host": own, "Origin": server.url, "Content-Type": "application/json"}.get(name, "none")
    other = {"Host": "evil.example", "Origin": "http://evil.example"}.get(name, value)
    for upgrade in ("", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"):  # fmt: skip
        lines = ["GET /api/runs/x/stream HTTP/1.1", *([] if name == "Host" else [f"Host: {own}"])]
        lines += [f"{name}: {other}", f"{name}: {value}"]
        with socket.create_connection((own.split(":")[0], int(own.split(":")[1])), 60) as connection:
            connection.sendall(("\r\n".join(lines) + f"\r\n{upgrade}Connection: close\r\n\r\n").encode())
            answer = connection.makefile("rb").readline().decode()
        assert answer.startswith("HTTP/1.1 400 "), (upgrade, answer)
