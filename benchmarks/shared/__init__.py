"""What benchmarks and drills share: machine, server process, result files, generated documents."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
