"""The server beside its runs: catalogue, documentation, files and compression."""

import gzip
import re

import pytest


def test_the_server_answers_with_its_version(server):
    assert server.call("GET", "/healthz")["status"] == "ok"
    assert server.call("GET", "/version")["name"] == "perceptarium"


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/runs", "/static/vendor/plotly.min.js"])
def test_head_is_answered_like_get_without_a_body(server, path):
    answer = server.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_catalogue_has_every_list_with_titles_and_help(server):
    catalogue = server.call("GET", "/api/catalogue")
    assert {
        "datasets",
        "activations",
        "losses",
        "optimizers",
        "initializers",
        "schedules",
        "metrics",
        "views",
        "limits",
    } <= set(catalogue)
    assert all(entry["title"] and entry["help"] for entry in catalogue["datasets"])


def test_every_data_set_can_be_read(server):
    for dataset in server.call("GET", "/api/datasets")["datasets"]:
        points = server.call("GET", f"/api/datasets/{dataset['name']}")
        assert len(points["train"]["inputs"]) == len(points["train"]["targets"]) > 0, dataset["name"]


def test_the_schema_marks_the_fields_that_can_change_while_training(server):
    schema = server.call("GET", "/api/schema")
    assert schema["properties"]["l2"]["live"] is True
    assert "live" not in schema["properties"]["seed"]


def test_the_documentation_loads_nothing_from_another_host(server):
    page = server.client.get("/docs").text
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', page)
    assert addresses
    for address in addresses:
        assert re.match(r"/(?!/)|\?lang=", address)
        assert server.client.get(address).status_code == 200
    assert "://" not in re.sub(r"<!--.*?-->", "", page)


def test_plotly_is_sent_compressed_and_cached_permanently(server):
    page_version = "0" * 12
    with server.client.stream("GET", f"/static/{page_version}/vendor/plotly.min.js") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert b"plotly" in gzip.decompress(b"".join(answer.iter_raw()))[:2000]


def raw_answer(server, path, encoding):
    """Headers and bytes of an answer without decompression."""
    with server.client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/api/catalogue", "/api/schema", "/openapi.json", "/"])
def test_large_answers_are_compressed_for_clients_that_accept_it(server, path):
    for encodings in ("br, gzip;q=0", "gzip; q=0.0, br", "identity"):
        headers, plain = raw_answer(server, path, encodings)
        assert "content-encoding" not in headers
    compressed_headers, compressed = raw_answer(server, path, "gzip, br")
    assert compressed_headers["content-encoding"] == "gzip"
    assert int(compressed_headers["content-length"]) == len(compressed)
    assert len(compressed) < len(plain) / 2
    contents = (re.sub(rb'nonce="[^"]+"', b"", text) for text in (gzip.decompress(compressed), plain))
    assert len(set(contents)) == 1  # the nonce of the inline scripts is a new one for every answer
    assert headers["vary"] == compressed_headers["vary"]
    assert headers["vary"].split(", ")[-1] == "Accept-Encoding"


def test_small_answers_typed_arrays_and_files_are_not_compressed(server):
    run = server.run(start=False, dataset={"name": "circle", "samples": 1000})
    rows = "".join(f"{row},{row % 7},{'yn'[row % 2]}\n" for row in range(1000))
    csv = {"content": "a,b,kind\n" + rows, "headers": {"content-type": "text/csv"}}
    assert server.client.put("/api/datasets/sent-as-a-file", **csv).is_success
    for path in (
        "/healthz", f"/api/runs/{run}", f"/api/runs/{run}/points?arrays=typed",
        f"/api/runs/{run}/views/decision_boundary?arrays=typed", "/api/datasets/sent-as-a-file?format=csv",
    ):  # fmt: skip
        headers, _ = raw_answer(server, path, "gzip")
        assert "content-encoding" not in headers, path


def test_files_of_the_current_version_are_cached_permanently_and_others_are_revalidated(server):
    page = server.client.get("/").text
    match = re.search(r"/static/([0-9a-f]{12})/", page)
    assert match is not None
    current = server.client.get(f"/static/{match[1]}/vendor/plotly.min.js")
    other = server.client.get("/static/000000000000/vendor/plotly.min.js")
    assert "immutable" in current.headers["cache-control"]
    assert other.headers["cache-control"] == "no-cache"
    revalidated = server.client.get(
        "/static/vendor/plotly.min.js", headers={"if-none-match": other.headers["etag"]}
    )
    assert revalidated.status_code == 304


def test_the_style_sheets_named_in_an_address_are_sent_joined(server):
    sheets = [server.client.get(f"/static/css/{name}.css").text for name in ("tokens", "bar")]
    assert server.client.get("/static/css/tokens+bar.css").text == "\n".join(sheets)
    for name in ("tokens+nope", "tokens+tokens", "tokens+", "+", "tokens+../js/main"):
        assert server.client.get(f"/static/css/{name}.css").status_code == 404, name


@pytest.mark.parametrize(
    "name", ["%00", "js/%00.js", "css/%00.css", "swagger/%00", "a" * 300, "css/" + "a+" * 200]
)
def test_an_invalid_file_name_is_not_found(server, name):
    assert server.client.get(f"/static/{name}").status_code == 404


def test_the_icon_that_browsers_request_by_themselves_is_that_of_the_pages(server):
    answer = server.client.get("/favicon.ico", follow_redirects=True)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("image/svg")
