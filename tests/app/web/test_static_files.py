"""Static files: when they are compressed."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

from app.web import static_files
from app.web.module_bundles import PANELS
from app.web.static_files import Assets


def in_thread(coroutine):
    """Runs a coroutine in a thread: a browser test may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_plotly_is_compressed_once_a_page_requests_its_panels(monkeypatch):
    sizes, compress = [], gzip.compress

    def recorded(data, *arguments, **options):
        sizes.append(len(data))
        return compress(data, 1, mtime=0)

    async def compressed_after(name):
        """The sizes of the files that are compressed after a file was answered."""
        await Assets().get(name)
        sizes.clear()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return sizes

    monkeypatch.setattr(gzip, "compress", recorded)
    assert in_thread(compressed_after("js/studio/boot.js")) == []
    [plotly] = in_thread(compressed_after(f"js/{PANELS}"))
    assert plotly > 1_000_000


def test_a_file_that_did_not_change_is_answered_without_looking_for_it_again(monkeypatch, tmp_path):
    looked_for, locate_all = [], static_files.locate_all

    def recorded(name):
        looked_for.append(name)
        return locate_all(name)

    async def answers():
        assets, sheet = Assets(), tmp_path / "css" / "a.css"
        first = await assets.get("css/a.css")
        again = await assets.get("css/a.css")
        assert again is first
        assert looked_for == ["css/a.css"]
        sheet.write_text("p { margin: 0 }")
        changed = await assets.get("css/a.css")
        assert changed.plain == b"p { margin: 0 }"
        assert changed.etag != first.etag
        sheet.unlink()
        assert await assets.get("css/a.css") is None

    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text("p { }")
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    monkeypatch.setattr(static_files, "VERSION_INTERVAL", 0.0)  # every request reads the state of the files
    monkeypatch.setattr(static_files, "locate_all", recorded)
    in_thread(answers())


def test_the_version_changes_with_every_file_below_the_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    monkeypatch.setattr(static_files, "VERSION_INTERVAL", 0.0)
    assets = Assets()
    seen = {assets.version()}
    for name in ("a.css", "js/b.js", "js/panels/c.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("first")
        seen.add(assets.version())
        path.write_text("the second")
        seen.add(assets.version())
    assert len(seen) == 7
    assert assets.version() in seen
