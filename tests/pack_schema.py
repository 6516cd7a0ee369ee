#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every pack against docs/logscan-pack-1.schema.json: pack_schema.py LOGSCAN. Prints TAP.

Editors complete and check packs with the schema, so it must neither refuse what logscan takes nor miss a category.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
    import yaml
except ImportError:
    print("1..0 # SKIP python3-jsonschema or python3-yaml is not installed")
    sys.exit(0)

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs" / "logscan-pack-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class Loader(yaml.SafeLoader):
    """Everything that is written without quotes is text, as it is for logscan."""


Loader.yaml_implicit_resolvers = {}

# Packs that both must refuse, as changes of the one that `patterns init` writes.
WRONG = {
    "an unknown key": lambda pack: pack.update(patern=[]),
    "neither patterns nor disable": lambda pack: pack.pop("patterns"),
    "an unknown category": lambda pack: pack["patterns"][0].update(category="configuration/wrong"),
    "an unknown role": lambda pack: pack["patterns"][0].update(role="reason"),
    "an id with blanks": lambda pack: pack["patterns"][0].update(id="two words"),
    "a title that is too long": lambda pack: pack["patterns"][0].update(title="x" * 73),
    "a title with a full stop": lambda pack: pack["patterns"][0].update(title="It is full."),
    "a cause without fixes": lambda pack: pack["patterns"][0].pop("fixes"),
    "a condition that is two": lambda pack: pack["patterns"][0]["match"][0].update(regex="licence check"),
    "no near-misses": lambda pack: pack["patterns"][0]["tests"].pop("ignore"),
    "an empty list": lambda pack: pack["patterns"][0].update(checks=[]),
}


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def problems(pack):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in VALIDATOR.iter_errors(pack)]


def logscan_takes(logscan, pack, folder):
    path = Path(folder) / "pack.yaml"
    path.write_text(yaml.safe_dump(pack), encoding="utf-8")
    command = [logscan, "patterns", "test", "--no-builtin-patterns", "--patterns", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def wrong_packs(logscan, folder):
    subprocess.run([logscan, "patterns", "init", "sample"], cwd=folder, check=True, capture_output=True)
    path = Path(folder) / "sample.yaml"
    yield "the pack of `patterns init` is valid", problems(read(path))
    for name, spoil in WRONG.items():
        pack = read(path)
        spoil(pack)
        wrongs = [] if problems(pack) else ["the schema takes it"]
        if logscan_takes(logscan, pack, folder):
            wrongs.append("logscan takes it")
        yield f"{name} is refused", wrongs


def check(logscan, folder):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    known = sorted(read(ROOT / "patterns" / "categories.yaml")["categories"])
    listed = sorted(SCHEMA["$defs"]["pattern"]["properties"]["category"]["enum"])
    yield "the schema lists the categories", [] if known == listed else [str(set(known) ^ set(listed))]
    for path in sorted((ROOT / "patterns").glob("*.yaml")):
        if path.name != "categories.yaml":
            yield f"{path.name} is valid", problems(read(path))
    yield from wrong_packs(logscan, folder)


def main(logscan):
    failed = number = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, wrongs) in enumerate(check(str(Path(logscan).resolve()), folder), 1):
            failed += bool(wrongs)
            print(f"{'not ok' if wrongs else 'ok'} {number} - {name}")
            for wrong in wrongs:
                print(f"# {wrong}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
