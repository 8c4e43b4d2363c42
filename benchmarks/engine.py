"""Engine: comparison with other libraries, time of each catalogue entry, start-up times, memory."""

from typing import Any

from benchmarks import engine_comparison, ensembles, memory, startup, step_profiles, step_variants

PARTS = {
    "comparison": engine_comparison.run,
    "ensembles": ensembles.run,
    "catalogue": step_variants.catalogue,
    "depth": step_variants.depth,
    "width": step_variants.width,
    "profiles": step_profiles.run,
    "startup": startup.run,
    "memory": memory.run,
}


def measure(quick: bool) -> dict[str, Any]:
    """Runs all parts, and collects their limits in one list."""
    results: dict[str, Any] = {}
    claims: list[dict[str, Any]] = []
    for name, part in PARTS.items():
        print(f"  {name}", flush=True)
        results[name] = part(quick)
        claims += results[name].pop("claims", [])
    return {"claims": claims, **results}
