"""Static files: when they are compressed."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

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
