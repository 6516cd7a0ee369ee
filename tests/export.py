#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exported patterns do what the patterns do: export.py LOGSCAN. Prints TAP.

All patterns are exported at once. mtail compiles the program and counts, over every line that the packs test with, what
logscan matches; promtool checks the alert rules; Loki's are checked against its documentation, for its own tool is no
Debian package. What is not installed is skipped, and that is said.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml

import tap

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample-logs/overloaded-database/postgresql.log"
LOGQL = re.compile(r'sum\(count_over_time\(\{job=~"\.\+"\}( (\|~|!~) (`[^`]+`|"([^"\\]|\\.)+"))+ \[5m\]\)\) > 0')


def run(*words, text=None):
    return subprocess.run([str(word) for word in words], input=text, capture_output=True, text=True, check=False)


def metric(identifier):
    return "logscan_" + re.sub(r"[/.-]", "_", identifier) + "_total"


def test_lines():
    """Each line that a pack tests with, those of several lines left out: mtail sees one line at a time."""
    for path in sorted((ROOT / "patterns").glob("*.yaml")):
        for pattern in yaml.safe_load(path.read_text()).get("patterns", []) if path.name != "categories.yaml" else []:
            tests = pattern.get("tests", {})
            for line in tests.get("match", []) + tests.get("ignore", []):
                if "\n" not in str(line).strip() and str(line).isprintable():
                    yield str(line).strip()


def counted_by_mtail(program, log):
    result = run("mtail", "-one_shot", "-one_shot_format", "prometheus", "-progs", program, "-logs", log, "-logtostderr=false")
    return {name: int(value) for name, value in re.findall(r"^(logscan_\w+)\{[^}]*\} (\d+)", result.stdout, re.MULTILINE)}


def counted_by_logscan(logscan, log):
    matches = run(logscan, "patterns", "match", "--format", "jsonl", text=log.read_text())
    return Counter(metric(match["id"]) for line in matches.stdout.splitlines() for match in json.loads(line)["matches"])


def compare(logscan, program, log):
    """Where mtail's counts are not logscan's; more or less is fine where the program says so."""
    parts = re.split(r"\n(?=# [a-z0-9-]+/\S+: )", program.read_text())
    wider = {metric(part.split(":")[0][2:]) for part in parts if "Matches a little more" in part}
    narrower = {metric(part.split(":")[0][2:]) for part in parts if "are left out" in part}
    mtail, ours = counted_by_mtail(program, log), counted_by_logscan(logscan, log)
    names = {metric(part.split(":")[0][2:]) for part in parts if part.startswith("# ") and "/" in part.split(":")[0]}
    for name in sorted(names):
        count = mtail.get(name, 0)
        if (count < ours[name] and name not in narrower) or (count > ours[name] and name not in wider):
            yield f"{name}: mtail counts {count}, logscan {ours[name]}"
    if not names or not sum(mtail.values()):
        yield "nothing is counted"


def check(logscan, folder):
    listed = run(logscan, "patterns", "list").stdout.splitlines()
    wanted = [line.split()[0] for line in listed]
    ids, refused = wanted[:], []
    while (result := run(logscan, "patterns", "export", "--format", "loki", *ids)).returncode and ids:
        refused.append(result.stderr.split()[3].rstrip(":"))
        ids.remove(refused[-1])
    yield f"{len(ids)} of {len(wanted)} patterns can be exported", refused if len(refused) > len(wanted) // 50 else []
    program, rules, loki = folder / "logscan.mtail", folder / "logscan.rules.yml", folder / "loki.yml"
    run(logscan, "patterns", "export", "--format", "mtail", "-o", program, "-o", rules, *ids)
    run(logscan, "patterns", "export", "--format", "loki", "-o", loki, *ids)

    if shutil.which("mtail"):
        compiled = run("mtail", "-compile_only", "-progs", program, "-logtostderr")
        yield "mtail compiles the program", [] if compiled.returncode == 0 else compiled.stderr.splitlines()[-10:]
        log = folder / "lines.log"
        log.write_text("".join(line + "\n" for line in test_lines()))
        yield "mtail counts what the packs test with", list(compare(logscan, program, log))
        yield "mtail counts the sample log", list(compare(logscan, program, SAMPLE))
    else:
        yield "mtail # SKIP not installed", []
    if shutil.which("promtool"):
        checked = run("promtool", "check", "rules", rules)
        fine = checked.returncode == 0 and f"{len(ids)} rules found" in checked.stdout
        yield "promtool takes the alert rules", [] if fine else (checked.stdout + checked.stderr).splitlines()[:10]
    else:
        yield "promtool # SKIP not installed", []

    alerts = yaml.safe_load(loki.read_text())["groups"][0]["rules"]
    yield "Loki's rules have the documented form", [
        str(alert)[:200]
        for alert in alerts
        if set(alert) != {"alert", "expr", "labels", "annotations"} or not LOGQL.fullmatch(alert["expr"])
    ] or ([] if len(alerts) == len(ids) else [f"{len(alerts)} alerts"])
    again = run(logscan, "patterns", "export", "--format", "mtail", ids[0], ids[0]).stdout
    yield "a pattern named twice is written once", [] if again.count("counter ") == 1 else [again]
    for words in ["export", "no/such", "--format", "loki"], ["export", ids[0]], ["export", ids[0], "--format", "xml"]:
        yield f"{' '.join(words)}: usage", [] if run(logscan, "patterns", *words).returncode == 2 else ["accepted"]


sys.exit(tap.main(check))
