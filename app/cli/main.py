"""Command line: `perceptarium serve` and `perceptarium train`. Imports nothing heavy before it is needed."""

import argparse
import os
import sys
from collections.abc import Sequence

from app import installed_version
from app.settings import SETTINGS, SettingsError, resolve


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="perceptarium", description="Shows neural networks while they learn.")
    top.add_argument("--version", action="version", version=f"perceptarium {installed_version()}")
    commands = top.add_subparsers(dest="command")
    serve = commands.add_parser("serve", help="serve the pages (the default)")
    for setting in SETTINGS:
        serve.add_argument(setting.flag, dest=setting.name, help=f"{setting.help}; {setting.variable}")
    serve.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="open a browser when there is one",
    )
    train = commands.add_parser("train", help="train without a page")
    train.add_argument("config", metavar="CONFIG.json", help="a run's configuration")
    train.add_argument(
        "--set", action="append", default=[], metavar="a.b=VALUE", help="change one field, by its dotted path"
    )
    train.add_argument(
        "--output", metavar="DIR", help="folder for config.json, history.csv, weights.npz, summary.json"
    )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    top = parser()
    if not given or (given[0] not in ("serve", "train", "-h", "--help", "--version")):
        given.insert(0, "serve")
    options = top.parse_args(given)
    if options.command == "train":
        from app.cli.train import train

        return train(options.config, options.set, options.output)
    try:
        settings = resolve({setting.name: getattr(options, setting.name) for setting in SETTINGS}, os.environ)
    except SettingsError as error:
        print(f"perceptarium: {error}", file=sys.stderr)
        return 2
    from app.cli.serve import serve

    return serve(settings, options.open)


if __name__ == "__main__":
    sys.exit(main())
