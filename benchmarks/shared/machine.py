"""The machine of a measurement: processor, versions, BLAS kernel; and its environment variables.

NumPy is imported in functions, because environment variables must be set before it loads its BLAS.
"""

import datetime
import os
import platform
import timeit
from pathlib import Path
from typing import Any

# NPROC is for JAX, which otherwise uses two cores on W4, even if its products use one thread.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")
KERNEL = "OPENBLAS_CORETYPE"


def single_threaded() -> str | None:
    """Sets one thread for all libraries and no BLAS kernel; returns the kernel that was set before."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    return os.environ.pop(KERNEL, None)


def facts(forced_kernel: str | None) -> dict[str, Any]:
    """Returns the properties of machine and software."""
    import numpy as np

    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "system": platform.system(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numpy_call_ns": call_nanoseconds(),
        **_blas(),
        "openblas_coretype": f"{forced_kernel} (unset for the measurement)" if forced_kernel else "not set",
    }


def call_nanoseconds() -> int:
    """Returns the time of a NumPy call on four numbers: the overhead that dominates small steps."""
    import numpy as np

    four = np.zeros((2, 2), np.float32)
    names = {"multiply": np.multiply, "a": four, "out": four.copy()}
    times = timeit.repeat("multiply(a, out, out)", globals=names, number=10_000, repeat=15)
    return round(min(times) / 10_000 * 1e9)


def processor() -> str:
    """Returns the name of the processor, if the system reports it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _blas() -> dict[str, Any]:
    """Returns NumPy's BLAS and its kernel for this processor."""
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

    for library in threadpool_info():
        if library.get("user_api") == "blas":
            return {
                "blas": f"{library['internal_api']} {library['version']}",
                "blas_kernel": library.get("architecture"),
                "blas_threads": library["num_threads"],
            }
    return {"blas": "unknown", "blas_kernel": None, "blas_threads": None}
