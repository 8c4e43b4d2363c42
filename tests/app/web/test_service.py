"""The service around the runs: its description, its files, its settings and its command line."""

import contextlib
import gzip
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.cli.main import parser
from app.cli.serve import CannotServe, data_folder, listening, url
from app.settings import SETTINGS, SettingsError, resolve

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTED = (ROOT / "docs" / "protocol.md").read_text("utf-8")

pytestmark = pytest.mark.xdist_group("server")


def test_tests_of_one_group_stay_on_one_worker(request):
    # Some versions of pytest and xdist forget it silently: then two browsers compete for two cores.
    if request.config.getoption("loadgroup", False):
        assert request.node.nodeid.endswith("@server")


def test_the_server_is_alive_and_says_its_version(server):
    assert server.call("GET", "/healthz")["status"] == "ok"
    assert server.call("GET", "/version")["name"] == "perceptarium"


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/runs", "/static/vendor/plotly.min.js"])
def test_head_is_get_without_a_body(server, path):
    answer = server.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_catalogue_names_everything_there_is_to_choose(server):
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


def test_every_data_set_gives_its_points(server):
    for dataset in server.call("GET", "/api/datasets")["datasets"]:
        points = server.call("GET", f"/api/datasets/{dataset['name']}")
        assert len(points["train"]["inputs"]) == len(points["train"]["targets"]) > 0, dataset["name"]


def test_the_schema_says_what_can_change_while_training(server):
    schema = server.call("GET", "/api/schema")
    assert schema["properties"]["l2"]["live"] is True
    assert "live" not in schema["properties"]["seed"]


def test_the_documentation_needs_nothing_from_elsewhere(server):
    page = server.client.get("/docs").text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert address.startswith("/static/")
        assert server.client.get(address).status_code == 200
    assert "://" not in re.sub(r"<!--.*?-->", "", page)


def test_plotly_is_sent_compressed_and_kept_for_ever(server):
    page_version = "0" * 12
    with server.client.stream("GET", f"/static/{page_version}/vendor/plotly.min.js") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert b"plotly" in gzip.decompress(b"".join(answer.iter_raw()))[:2000]


def as_sent(server, path, encoding):
    """Headers and bytes of an answer as they travelled."""
    with server.client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/api/catalogue", "/api/schema", "/openapi.json", "/"])
def test_large_answers_are_sent_compressed_to_whoever_takes_them_so(server, path):
    for refused in ("br, gzip;q=0", "gzip; q=0.0, br", "identity"):
        headers, plain = as_sent(server, path, refused)
        assert "content-encoding" not in headers
    told, packed = as_sent(server, path, "gzip, br")
    assert told["content-encoding"] == "gzip" and int(told["content-length"]) == len(packed)
    assert len(packed) < len(plain) / 2 and gzip.decompress(packed) == plain
    assert headers["vary"] == told["vary"] == "Accept-Encoding"


def test_small_answers_typed_arrays_and_files_are_sent_as_they_are(server):
    run = server.run(start=False, dataset={"name": "circle", "samples": 1000})
    rows = "".join(f"{row},{row % 7},{'yn'[row % 2]}\n" for row in range(1000))
    csv = {"content": "a,b,kind\n" + rows, "headers": {"content-type": "text/csv"}}
    assert server.client.put("/api/datasets/sent-as-a-file", **csv).is_success
    for path in (
        "/healthz", f"/api/runs/{run}", f"/api/runs/{run}/points?arrays=typed",
        f"/api/runs/{run}/views/decision_boundary?arrays=typed", "/api/datasets/sent-as-a-file?format=csv",
    ):  # fmt: skip
        headers, _ = as_sent(server, path, "gzip")
        assert "content-encoding" not in headers, path


def test_files_of_the_present_version_are_kept_for_ever_and_others_asked_for_again(server):
    page = server.client.get("/").text
    match = re.search(r"/static/([0-9a-f]{12})/", page)
    assert match is not None
    current = server.client.get(f"/static/{match[1]}/vendor/plotly.min.js")
    other = server.client.get("/static/000000000000/vendor/plotly.min.js")
    assert "immutable" in current.headers["cache-control"]
    assert other.headers["cache-control"] == "no-cache"
    again = server.client.get(
        "/static/vendor/plotly.min.js", headers={"if-none-match": other.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_server_serves_though_nobody_hears_where_it_is(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    reading, writing = os.pipe()
    os.close(reading)
    command = [
        sys.executable,
        "-m",
        "app.cli.main",
        "serve",
        "--port",
        str(port),
        "--data-dir",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)

    def answers():
        assert process.poll() is None
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success

    try:
        server.until(answers)
    finally:
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")


def test_style_sheets_are_sent_joined_by_their_names(server):
    sheets = [server.client.get(f"/static/css/{name}.css").text for name in ("tokens", "bar")]
    assert server.client.get("/static/css/tokens+bar.css").text == "\n".join(sheets)
    for name in ("tokens+nope", "tokens+tokens", "tokens+", "+", "tokens+../js/main"):
        assert server.client.get(f"/static/css/{name}.css").status_code == 404, name


@pytest.mark.parametrize(
    "name", ["%00", "js/%00.js", "css/%00.css", "swagger/%00", "a" * 300, "css/" + "a+" * 200]
)
def test_a_name_that_no_file_can_have_is_not_found(server, name):
    assert server.client.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting):
    assert f"`{setting.flag}`" in DOCUMENTED
    assert f"`{setting.variable}`" in DOCUMENTED


def test_a_flag_counts_more_than_the_environment_and_that_more_than_the_default():
    environment = {"PERCEPTARIUM_PORT": "7000", "PERCEPTARIUM_HOST": "0.0.0.0"}
    settings = resolve({"port": "7001"}, environment)
    assert (settings.port, settings.host, settings.port_given) == (7001, "0.0.0.0", True)
    assert resolve({}, {}).port == 8642
    assert not resolve({}, {}).port_given


@pytest.mark.parametrize(
    ("name", "text"),
    [("port", "65536"), ("port", "x"), ("workers", "0"), ("workers", "1.5"), ("workers", "1000")],
)
def test_a_setting_that_cannot_be_is_refused_by_name(name, text):
    with pytest.raises(SettingsError, match=f"--{name}"):
        resolve({name: text}, {})
    with pytest.raises(SettingsError, match=f"PERCEPTARIUM_{name.upper()}"):
        resolve({}, {f"PERCEPTARIUM_{name.upper()}": text})


def test_a_busy_default_port_gives_way_and_a_busy_wish_is_an_error():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        wished = resolve({"port": str(port)}, {})
        with pytest.raises(CannotServe, match=str(port)), listening(wished):
            pass
        default = resolve({}, {}).__class__(**(vars(wished) | {"port_given": False}))
        with listening(default) as listener:
            assert listener.getsockname()[1] > port


def test_two_servers_never_share_a_data_folder(tmp_path):
    wished = resolve({"data_dir": str(tmp_path / "data")}, {})
    with data_folder(wished) as first:
        with pytest.raises(CannotServe, match="in use"), data_folder(wished):
            pass
        default = wished.__class__(**(vars(wished) | {"data_dir_given": False}))
        with data_folder(default) as second:
            assert second != first


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/"), ("desk", "http://desk:80/")],
)
def test_the_address_told_is_one_that_can_be_opened(host, expected):
    assert url(host, 80) == expected


def test_the_version_is_told_without_loading_the_mathematics(command):
    code = "import app.cli.main, sys; app.cli.main.parser(); print('perceptarium', 'numpy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.stdout.split() == ["perceptarium", "False"]
    assert command("--version").stdout.startswith("perceptarium 0")


def test_serve_is_what_is_done_by_default(command):
    assert parser().parse_args(["serve", "--port", "0", "--no-open"]).open is False
    assert command("--port", "x").stderr.startswith("perceptarium: --port")


@pytest.mark.parametrize(
    ("name", "text"), [("port", "x"), ("port", "65536"), ("workers", "1.5"), ("workers", "0")]
)
def test_a_setting_that_is_no_number_in_its_range_is_told_the_range(name, text):
    ranges = {"port": "0 to 65535", "workers": "1 to 64"}
    said = f"--{name}: must be a whole number from {ranges[name]} \\(given: '{text}'\\)$"
    with pytest.raises(SettingsError, match=said):
        resolve({name: text}, {})
