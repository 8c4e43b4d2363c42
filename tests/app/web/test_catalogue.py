"""Catalogue: when it is described anew."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from app import encoding
from app.web.routes import catalogue


class Imported:
    """Imported data sets with these entries."""

    def __init__(self, *names):
        self.names = names

    def all(self, about):
        return [{"name": name, "title": name} for name in self.names]


def answer_with(imported):
    """The body of the answer; in a thread, as a browser test may have left an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, catalogue.read_catalogue(imported, "en")).result().body


def test_the_catalogue_is_described_once_for_the_same_data_sets_and_again_for_others(monkeypatch):
    described = []

    def describe(entries, texts):
        described.append([entry["name"] for entry in entries["datasets"]])
        return {"datasets": described[-1]}

    monkeypatch.setattr(catalogue, "described_catalogue", describe)
    catalogue._catalogue.cache_clear()
    assert answer_with(Imported()) == answer_with(Imported())
    assert len(described) == 1
    assert encoding.decode(answer_with(Imported("mine")))["datasets"] == [*described[0], "mine"]
    assert encoding.decode(answer_with(Imported()))["datasets"] == described[0]
    catalogue._catalogue.cache_clear()  # the description of this test
