"""Requests for paths, runs, data sets and views that do not exist, and for methods that are not allowed."""

import pytest


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/runs/nope"),
        ("DELETE", "/api/runs/nope"),
        ("POST", "/api/runs/nope/start"),
        ("GET", "/nope"),
        ("GET", "/api/nope"),
        ("GET", "/api/datasets/nope"),
        ("GET", "/static/nope.js"),
        ("GET", "/static/..%2fapp/cli.py"),
        ("GET", "/static/swagger/..%2f__init__.py"),
        ("GET", "/runs/nope"),
    ],
)
def test_an_unknown_path_run_or_data_set_is_not_found(server, method, path):
    assert server.refused(method, path)[0] == 404


@pytest.mark.parametrize("path", ["/runs/nope", "/nope"])
def test_a_browser_gets_a_not_found_page_with_links(server, path):
    answer = server.client.get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert 'href="/runs"' in answer.text and "nope" not in answer.text
    assert answer.headers["vary"].split(", ")[0] == "accept"
    # A cached page would still be displayed after the run was created.
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/runs/nope", "/api/nope", "/static/nope.js"])
def test_a_browser_gets_an_error_object_for_paths_that_are_not_pages(server, path):
    assert server.refused("GET", path, headers={"accept": "text/html"})[0] == 404


@pytest.mark.parametrize(
    ("method", "accept"), [("POST", "text/html"), ("GET", "application/json"), ("GET", "")]
)
def test_only_a_get_request_that_accepts_html_gets_the_not_found_page(server, method, accept):
    assert server.refused(method, "/runs/nope/x", headers={"accept": accept})[0] == 404


def test_an_unknown_view_is_not_found(server):
    run = server.run(start=False)
    assert server.refused("GET", f"/api/runs/{run}/views/nope")[0] == 404


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/api/runs"), ("DELETE", "/api/catalogue"), ("POST", "/healthz")]
)
def test_a_method_that_is_not_allowed_is_refused_with_the_allowed_ones(server, method, path):
    answer = server.client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("path", "target"),
    [("/runs/", "/runs"), ("/api/runs/?limit=1", "/api/runs?limit=1"), ("//runs//", "/runs"),
     ("/runs/a%2Cb%0D%0A/", "/runs/a%2Cb%0D%0A")],
)  # fmt: skip
def test_a_path_with_a_slash_at_its_end_is_redirected_within_the_server_whatever_scheme_a_proxy_has(
    server, path, target
):
    answer = server.client.get(server.url + path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (307, target)
    assert server.refused("GET", "/nope/")[0] == 404
