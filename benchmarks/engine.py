"""The engine: races against peers, what each choice costs, how soon it begins, how much memory it takes."""

from typing import Any

from benchmarks import beginning, kinds, memory, profiles, race, together

PARTS = {
    "race": race.run,
    "together": together.run,
    "catalogue": kinds.catalogue,
    "depth": kinds.depth,
    "width": kinds.width,
    "profiles": profiles.run,
    "beginning": beginning.run,
    "memory": memory.run,
}


def measure(quick: bool) -> dict[str, Any]:
    """Every part in turn; their claims gathered in one list."""
    results: dict[str, Any] = {}
    claims: list[dict[str, Any]] = []
    for name, part in PARTS.items():
        print(f"  {name}", flush=True)
        results[name] = part(quick)
        claims += results[name].pop("claims", [])
    return {"claims": claims, **results}
