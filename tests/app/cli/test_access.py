"""`perceptarium serve`: the token, what is printed of it, and what `--no-auth` says."""

import re
import subprocess

import httpx
import pytest

from app.cli.access import decided, is_loopback, without_token
from app.cli.serve import addresses
from app.settings import Access
from app.web.access.tokens import is_token


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.5", False), ("fe80::1%eth0", False)],
)  # fmt: skip
def test_a_token_is_generated_only_if_the_address_can_be_reached_from_outside(address, loopback):
    assert is_loopback(address) == loopback
    assert (decided(Access(), address).token is None) == loopback
    assert decided(Access(token="given-token"), address).token == "given-token"
    assert decided(Access(no_auth=True), address).token is None
    assert ("WARNING" in without_token(address, False)) != loopback


def test_the_warning_about_no_token_says_what_others_can_do():
    assert "can start, change and delete all runs" in without_token("0.0.0.0", False)
    assert "can read all runs and all imported data" in without_token("0.0.0.0", True)


def test_generated_tokens_are_long_and_differ():
    tokens = {decided(Access(), "0.0.0.0").token for _ in range(100)}
    assert len(tokens) == 100 and all(re.fullmatch(r"[\w-]{24}", token) for token in tokens)


def test_a_token_that_was_given_is_not_printed(settings_of):
    settings = settings_of("--host", "192.168.1.5", TOKEN="given-token")
    assert settings.access == Access("given-token")
    assert addresses(settings, settings.access, "192.168.1.5", 80) == ["http://192.168.1.5:80/"]
    generated = addresses(settings_of("--host", "192.168.1.5"), Access("abc"), "192.168.1.5", 80)
    assert generated == ["http://192.168.1.5:80/?token=abc"]


@pytest.mark.parametrize("given", ["short", "with space", "ümlaut-token", "a;b=c;d=e;f"])
def test_a_token_that_cannot_stand_in_an_address_is_refused_without_repeating_it(command, given):
    process = command("--token", given)
    assert process.returncode == 2 and "letters, digits" in process.stderr and given not in process.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--token", "given-token", "--no-auth"), "exclude each other"),
        (("--embed", "school"), "an origin such as"),
        (("--embed", "https://a.example; script-src *"), "an origin such as"),
    ],
)
def test_contradicting_or_malformed_options_of_access_are_refused(command, arguments, said):
    process = command(*arguments)
    assert process.returncode == 2 and said in process.stderr and "given-token" not in process.stderr


@pytest.mark.parametrize("given", ["", "the-right-token ", "THE-RIGHT-TOKEN", "the-right", "thé-right"])
def test_only_the_very_token_is_accepted(given):
    assert is_token("the-right-token", "the-right-token") and not is_token(given, "the-right-token")


def test_a_generated_token_is_printed_once_as_a_link_that_opens_the_page_and_is_in_no_log(start, tmp_path):
    process = start(
        "serve", "--host", "0.0.0.0", "--port", 0, "--data-dir", tmp_path, "--workers", 1,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    link = process.stdout.readline().split()[-1]
    address, token = link.split("?token=")
    with httpx.Client() as browser:
        assert browser.get(f"{address}?token=a-wrong-token").status_code == 401
        opened = browser.get(link, follow_redirects=True)
        assert (opened.status_code, str(opened.url)) == (200, address)
        assert browser.get(f"{address}api/runs").status_code == 200
    assert httpx.get(f"{address}api/runs").status_code == 401
    process.terminate()
    process.wait(60)
    assert token not in process.stderr.read()
    lines = process.stdout.read().splitlines()  # `communicate` loses what `readline` has read ahead
    assert len(lines) <= 1 and all(line.endswith(f"/?token={token}") for line in lines)  # for other machines
