"""Who may call: every route as nobody, with a wrong token, with the right one, and on a read-only server."""

import re
import shlex
import socket
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_socket

from app.main import create_app
from app.settings import Access, Settings
from app.web.access.headers import is_plain_address
from app.web.access.tokens import address_without_token

DEPLOYMENT = (Path(__file__).resolve().parents[3] / "docs" / "deployment.md").read_text("utf-8")
TOKEN = "the-right-token"
RIGHT = {"authorization": f"Bearer {TOKEN}"}
WRONG = {"authorization": "Bearer the-wrong-token", "cookie": "perceptarium-{port}=the-wrong-token"}
PAGE = {"accept": "text/html"}
OPEN = {"/healthz", "/readyz"}
READING = {("POST", "/api/runs/{id}/predict")}
HEADERS = ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy")


def application(**access):
    """The application, which is not started: it has its routes and answers without them."""
    settings = Settings("127.0.0.1", 0, False, Path(), True, 1, (), access=Access(**access))
    return create_app(settings, None)


ROUTES = list(iter_route_contexts(application().routes))
SOCKETS = [route.path for route in ROUTES if isinstance(route.original_route, WebSocketRoute)]
CALLS = [
    (method, route.path)
    for route in ROUTES
    if route.path not in SOCKETS
    for method in sorted(route.original_route.methods - {"HEAD"})
]


def ask(app, *requests):
    """Answers of an application that runs in this process, as (method, path, headers)."""

    async def answers():
        transport, found = httpx.ASGITransport(app, raise_app_exceptions=False), []
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for method, path, headers in requests:
                client.cookies.clear()
                found.append(await client.request(method, path, headers=headers))
        return found

    return answers()


def address(path, run):
    """A path with the id of a run, and names that do not exist."""
    return re.sub(r"\{\w+(:\w+)?\}", "x", path.replace("{id}", run))


def test_the_routes_of_the_application_are_found():
    assert (
        ("GET", "/") in CALLS and ("POST", "/api/runs") in CALLS and ("GET", "/static/{name:path}") in CALLS
    )
    assert "/api/runs/{id}/stream" in SOCKETS


def test_without_the_token_or_with_a_wrong_one_every_call_is_refused_except_those_about_health(run_async):
    wrong = {name: value.format(port=0) for name, value in WRONG.items()}
    calls = [call for call in CALLS if call[1] not in OPEN]
    requests = [(method, address(path, "r"), headers) for method, path in calls for headers in ({}, wrong)]
    for answer in run_async(ask(application(token=TOKEN), *requests)):
        assert answer.status_code == 401, answer.request.url
        assert answer.json()["error"]["code"] == "unauthorized"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_with_the_token_every_call_reaches_its_route(start_server, tmp_path):
    server = start_server(tmp_path, "--host", "0.0.0.0", PERCEPTARIUM_TOKEN=TOKEN)
    server.client.headers.update(RIGHT)
    run = server.run(start=False)
    for method, path in sorted(CALLS, key=lambda call: call[0] == "DELETE"):
        answer = server.client.request(method, address(path, run))
        assert answer.status_code < 500 and answer.status_code not in (401, 403), (method, path, answer.text)
    for path in sorted(OPEN):
        assert httpx.get(server.url + path).status_code != 401
    for line in re.findall(r"^curl .*", DEPLOYMENT, re.MULTILINE):
        *options, url = shlex.split(line.replace("$PERCEPTARIUM_TOKEN", TOKEN))
        header = dict([options[options.index("--header") + 1].split(": ")] if "--header" in options else [])
        assert httpx.get(url.replace("http://127.0.0.1:8642", server.url), headers=header).is_success, line
    ids = {"runs": server.run(start=False), "experiments": made_experiment(server)}
    port = server.url.rpartition(":")[2]
    for path in SOCKETS:
        run = ids[path.split("/")[2]]
        for headers in ({}, {name: value.format(port=port) for name, value in WRONG.items()}):
            with pytest.raises(InvalidStatus) as refused, connect(server, path, run, headers):
                pass
            assert refused.value.response.status_code == 401
        for headers in (RIGHT, {"cookie": f"a=b; perceptarium-{port}={TOKEN}"}):
            with connect(server, path, run, headers) as socket:
                assert socket.recv(60)


def test_a_read_only_server_shows_everything_and_changes_nothing(start_server, tmp_path):
    server = start_server(tmp_path, "--read-only")
    for method, path in CALLS:
        answer = server.client.request(method, address(path, "x"))
        reads = method == "GET" or (method, path) in READING
        assert (answer.status_code == 403) == (not reads), (method, path, answer.text)
        assert reads or answer.json()["error"]["code"] == "read_only"
    for path in SOCKETS:
        with connect(server, path, "x", {}) as socket:
            assert "no_such_" in socket.recv(60)
    pages = [re.sub(r'nonce="[^"]+"', "", server.client.get(path).text) for path in ("/", "/runs")]
    assert pages[0] == pages[1]


def made_experiment(server):
    """Creates an experiment of two runs, which are not started; returns its id."""
    body = {"vary": {"seed": {"count": 2}}, "start": False}
    return server.client.post("/api/experiments", json=body).json()["id"]


def connect(server, path, run, headers):
    """Opens the stream at a path, of the run or experiment with this id, with these headers."""
    return open_socket(server.url.replace("http", "ws", 1) + address(path, run), additional_headers=headers)


def test_the_token_in_an_address_becomes_a_cookie_and_leaves_the_address(run_async):
    app = application(token=TOKEN)
    found, other, wrong, form = run_async(
        ask(app, ("GET", f"/runs?token={TOKEN}&a=1", PAGE), ("GET", f"//x.example/\\y?token={TOKEN}", PAGE),
            ("GET", "/runs?token=the-wrong-token", PAGE), ("GET", "/runs", PAGE))
    )  # fmt: skip
    assert (found.status_code, found.headers["location"]) == (303, "/runs?a=1")
    cookie = found.headers["set-cookie"]
    assert cookie.startswith(f"perceptarium-0={TOKEN};") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert (other.status_code, other.headers["location"]) == (303, "/%5Cy")
    assert wrong.status_code == form.status_code == 401
    assert 'name="token"' in form.text and 'role="alert"' not in form.text
    assert 'role="alert"' in wrong.text and TOKEN not in wrong.text + form.text
    assert "/static/" not in form.text  # whose files are not sent without the token


def test_the_form_for_the_token_sends_it_to_this_server_only(run_async):
    paths = ("/runs", "//x.example/", "/\\x.example", "//x.example/?token=a")
    requests = [("GET", f"http://127.0.0.1{path}", PAGE) for path in paths]
    for form in run_async(ask(application(token=TOKEN), *requests)):
        assert form.status_code == 401 and '<form method="get">' in form.text
        assert "x.example" not in form.text


def test_the_form_for_the_token_keeps_the_rest_of_the_address(run_async):
    path = "/runs/a?bookmark=my%20%22best%22&step=3&token=wrong"
    (form,) = run_async(ask(application(token=TOKEN), ("GET", path, PAGE)))
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.text))
    assert fields == {"bookmark": "my &#34;best&#34;", "step": "3"}


@pytest.mark.parametrize("path", ["/", "//a", "/\\\\a", "///\\a", "/a\r\nb"])
def test_the_address_without_the_token_is_always_one_of_this_server(path):
    target = address_without_token({"path": path, "query_string": b"token=x"})
    assert target == "/" or re.fullmatch(r"/[\w%]+", target)


def test_every_answer_has_the_headers_that_restrict_its_page(run_async):
    requests = [("GET", path, PAGE) for path in ("/runs", "/docs", "/nope", "/static/icon.svg", "/api/runs")]
    app = application()
    answers = [*run_async(ask(app, *requests)), *run_async(ask(application(token=TOKEN), ("GET", "/", PAGE)))]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 500, 401]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([\w-]{20,})';", policy)[1]
        assert "unsafe-eval" not in policy and policy.endswith("frame-ancestors 'none'")
        scripts = re.findall(r"<script(?! [^>]*(?:src|json))[^>]*>", answer.text)
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.search(r"<[^>]+ on[a-z]+=", answer.text)
        assert all(answer.headers[name] for name in HEADERS)
    policies = {answer.headers["content-security-policy"] for answer in answers}
    assert len(policies) == len(answers)


@pytest.mark.parametrize(
    ("host", "kept"),
    [("127.0.0.1:80", True), ("[::1]:80", True), ("localhost", True), ("lab.example", True),
     ("192.168.1.5:8000", False), ("[fe80::1]:8000", False), ("", True), ("300.1.1.1", True)],
)  # fmt: skip
def test_the_opener_policy_is_not_sent_where_browsers_ignore_it_with_an_error(host, kept):
    scope = {"type": "http", "scheme": "http", "headers": [(b"host", host.encode())]}
    assert is_plain_address(scope) != kept
    assert not is_plain_address(scope | {"scheme": "https"})


def test_an_answer_to_what_is_no_http_request_has_them_too(server):
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 60) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 400 ") and "\r\ncontent-security-policy: default-src 'none'" in answer
    assert all(f"\r\n{name}: " in answer for name in HEADERS)


def test_one_origin_can_be_allowed_to_show_the_pages_in_a_frame(run_async):
    app = application(embed="https://school.example")
    framed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    allowed, refused = (
        run_async(ask(app, ("GET", "/runs", framed)))[0],
        run_async(ask(application(), ("GET", "/runs", framed)))[0],
    )
    assert allowed.headers["content-security-policy"].endswith("frame-ancestors https://school.example")
    assert (allowed.status_code, refused.status_code) == (200, 403)


@pytest.mark.parametrize(
    ("method", "path", "mode", "destination", "status"),
    [
        ("GET", "/runs", "navigate", "document", 200),
        ("GET", "/runs", "no-cors", "image", 403),
        ("GET", "/static/icon.svg", "navigate", "document", 403),
        ("GET", "/api/runs", "navigate", "document", 403),
        ("POST", "/api/runs", "navigate", "document", 403),
        ("POST", "/api/runs", "cors", "empty", 403),
    ],
)
def test_a_page_of_another_site_can_only_open_pages_by_a_link(
    run_async, method, path, mode, destination, status
):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": destination}
    (answer,) = run_async(ask(application(), (method, path, headers)))
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"]["code"] == "cross_site"


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
def test_a_body_that_is_not_declared_as_json_is_refused(server, given):
    run = server.run(start=False)
    for method, path in [
        ("POST", "/api/runs"),
        ("PATCH", f"/api/runs/{run}"),
        ("POST", f"/api/runs/{run}/start"),
    ]:
        status, error = server.refused(method, path, content="{}", headers={"content-type": given})
        assert (status, error["field"], error["limit"]) == (415, "Content-Type", ["application/json"])
