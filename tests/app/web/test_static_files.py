"""Static files: when they are compressed."""

import asyncio
import gzip

from app.web.module_bundles import PANELS
from app.web.static_files import Assets


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
    assert asyncio.run(compressed_after("js/studio/boot.js")) == []
    [plotly] = asyncio.run(compressed_after(f"js/{PANELS}"))
    assert plotly > 1_000_000
