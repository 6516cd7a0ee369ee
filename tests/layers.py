#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the layers of the source apart: layers.py FOLDER, the folder analyzer/. Prints TAP.

A stage includes only base/, model/ and itself, so that each can be read, tested and replaced alone. What knows several
stages is named in TOGETHER.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

STAGES = {"input", "parse", "match", "mine", "ledger", "correlate", "diagnose", "report"}
LAYERS = {"base": {"base"}, "model": {"base", "model"}} | {stage: {"base", "model", stage} for stage in STAGES}

# Folders, and files of the top folder, that may include any layer.
TOGETHER = {"commands", "config_file.c", "config_file.h", "main.c", "pack_image_main.c", "opened.c", "opened.h", "options.c", "options.h", "pipeline.c", "pipeline.h",
            "split.c", "split.h"}

LINES_MAX = {".c": 600, ".h": 150}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */"


def layer_of(path):
    """The first folder of a path below analyzer/, or the file itself in the top folder."""
    return Path(path).parts[0]


def wrong_includes(path, text):
    layer = layer_of(path)
    if layer in TOGETHER:
        return
    if layer not in LAYERS:
        yield f"{layer} is neither a layer nor one of those that may know several"
        return
    for included in INCLUDE.findall(text):
        if "/" in included and layer_of(included) not in LAYERS[layer]:
            yield f"includes {included}, but {layer}/ may only know {', '.join(sorted(LAYERS[layer]))}"
        elif "/" not in included and included != "config.h":
            yield f'includes "{included}"; say its folder, as in "{layer}/{included}"'


def wrong_form(path, text):
    lines = text.splitlines()
    if lines[:1] != [SPDX]:
        yield f"the first line is not {SPDX}"
    if path.suffix == ".h" and "#pragma once" not in lines:
        yield "no #pragma once"
    if len(lines) > LINES_MAX[path.suffix]:
        yield f"has {len(lines)} lines, more than {LINES_MAX[path.suffix]}"


def check(folder):
    files = sorted(path for path in folder.rglob("*") if path.suffix in LINES_MAX)
    texts = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in files}
    names = defaultdict(list)
    for path in texts:
        names[path.name].append(str(path))

    yield "stages know only base, model and themselves", [
        f"{path}: {wrong}" for path, text in texts.items() for wrong in wrong_includes(path, text)
    ]
    yield "files have a licence, a guard and a bearable length", [
        f"{path}: {wrong}" for path, text in texts.items() for wrong in wrong_form(path, text)
    ]
    yield "file names are unique", [f"{' and '.join(paths)} have one name" for paths in names.values() if len(paths) > 1]
    yield "there are files to check", [] if files else [f"nothing in {folder}"]


def main(folder):
    failed = 0
    for number, (name, wrongs) in enumerate(check(Path(folder)), 1):
        failed += bool(wrongs)
        print(f"{'not ok' if wrongs else 'ok'} {number} - {name}")
        for wrong in wrongs:
            print(f"# {wrong}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
