# SPDX-License-Identifier: Apache-2.0
"""The command line: logscan's own options, sorted by who needs them, and those of the cluster."""

import argparse

# What is seen in the logs: of the scan and of the report, which must agree.
BOTH = {"patterns": 1, "no-builtin-patterns": 0, "portable": 0, "no-config": 0, "tz": 1}
SCAN = {"since": 1, "until": 1, "around": 1, "layout": 1}
REPORT = {
    "format": 1, "output": 1, "window": 1, "baseline": 1, "top": 1, "explain": 0, "fail-on": 1, "color": 1, "brief": 0,
    "no-pager": 0, "redact": 0, "ledger": 1, "quiet": 0,
}  # fmt: skip
SHORT = {"format": "-f", "output": "-o", "quiet": "-q"}
SIZE_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def bytes_of(size):
    unit = SIZE_UNITS.get(size[-1:].upper())
    return int(size[:-1]) * unit if unit else int(size)


def size(text):
    """As logscan takes it; else a ValueError, of which argparse makes its own."""
    if bytes_of(text) <= 0:
        raise ValueError(text)
    return text


class Keep(argparse.Action):
    """Keeps options as they were given, in the lists of those who need them."""

    def __init__(self, *arguments, needed_by, **more):
        super().__init__(*arguments, **more)
        self.needed_by = needed_by

    def __call__(self, parser, namespace, values, option_string=None):
        for name in self.needed_by:
            words = [self.option_strings[0], *([values] if isinstance(values, str) else [])]
            setattr(namespace, name, [*getattr(namespace, name), *words])


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="logscan-dask",
        description="Runs logscan on a Dask cluster. Paths may be files, folders, or addresses that fsspec knows, such as s3://bucket/logs.",
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="+", metavar="PATH")
    cluster = parser.add_argument_group("the cluster")
    cluster.add_argument("--scheduler", metavar="ADDRESS", help="of a running scheduler (default: a local cluster)")
    cluster.add_argument("--workers", type=int, metavar="N", help="of the local cluster (default: one for each core)")
    cluster.add_argument("--size", type=size, default="256M", help="of a part (default: 256M)")
    cluster.add_argument("--retries", type=int, default=3, metavar="N", help="of a part that failed (default: 3)")
    cluster.add_argument("-j", "--jobs", default="1", metavar="N", help="cores that a task uses (default: 1, as Dask counts it)")
    cluster.add_argument("--logscan", default="logscan", metavar="PATH", help="how logscan is called, here and on the workers")
    cluster.add_argument("--progress", choices=("auto", "always", "never"), default="auto")
    own = parser.add_argument_group("as of logscan (logscan --help)")
    for table, needed_by in ((BOTH, ("scan", "report")), (SCAN, ("scan",)), (REPORT, ("report",))):
        for name, n_values in table.items():
            names = [f"--{name}", *([SHORT[name]] if name in SHORT else [])]
            own.add_argument(*names, action=Keep, needed_by=needed_by, dest=argparse.SUPPRESS, nargs=None if n_values else 0, metavar="")
    parser.set_defaults(scan=[], report=[])
    options = parser.parse_args(arguments)
    options.scan = [*options.scan, "--jobs", options.jobs]
    return options


def of_report(options, wanted):
    """Those of the report's options whose names @wanted finds good, with their values."""
    kept, words = [], iter(options.report)
    for word in words:
        name = word.lstrip("-")
        values = [next(words)] if {**BOTH, **REPORT}[name] else []
        if wanted(name):
            kept += [word, *values]
    return kept


def of_merge(options):
    """What the ledgers are made with."""
    return of_report(options, lambda name: name in BOTH)


def of_trial(options):
    """All that can be wrong in itself; nothing is read or written for it."""
    return [*options.scan, *of_report(options, lambda name: name not in BOTH and name not in ("output", "ledger", "baseline"))]
