#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is what stands on standard input inert? inert.py FORM; FORM: text, brief, tsv, json, jsonl, markdown, html.

Prints "FORM: inert", or what is not. The input must hold some of what tries to be more than text (logs.sh), so that a
report of nothing does not pass.
"""

import json
import re
import sys
import unicodedata
from html.parser import HTMLParser

PAYLOAD = "alert(1)"
COLUMNS = 80

VOID = {"meta", "br", "rect", "line"}
TAGS = VOID | set(
    "html head title style body header main section article h1 h2 h3 p span bdi code mark a ul ol li dl dt dd details summary"
    " div table thead tbody tr th td figure figcaption svg strong".split()
)
ATTRIBUTES = set(
    "lang charset http-equiv content name class scope open rel href style role aria-label aria-hidden viewbox preserveaspectratio"
    " x y x1 x2 y1 y2 width height".split()
)


def characters(text, allowed):
    """Control characters, and those that are not seen or turn the direction of writing."""
    for line, row in enumerate(text.split("\n"), 1):
        for at, character in enumerate(row):
            joins = character in "\u200c\u200d" and at > 0 and ord(row[at - 1]) >= 0x300
            if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in allowed and not joins:
                yield f"line {line}: U+{ord(character):04X}"


def width(row):
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row)
    return wide - sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row if unicodedata.category(c) in ("Mn", "Me", "Cf"))


def check_text(text):
    yield from characters(text, "")
    for line, row in enumerate(text.split("\n"), 1):
        if width(row) > COLUMNS:
            yield f"line {line}: {width(row)} columns"


def check_brief(text):
    yield from characters(text, "")
    if text.count("\n") != 3:
        yield f"{text.count(chr(10))} lines"


def check_tsv(text):
    yield from characters(text, "\t")
    counts = {row.count("\t") for row in text.rstrip("\n").split("\n")}
    if len(counts) != 1:
        yield f"rows of {sorted(counts)} tabs"


def strings(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(part)


# Marks that join or hide are data in JSON, as are C0 controls, which its writer escapes; nothing that drives or turns is.
JSON_ALLOWED = "\u00ad\u200b\u200c\u200d\ufeff"


def check_json(text):
    yield from characters(text, JSON_ALLOWED)
    for string in strings(json.loads(text)):
        yield from characters("".join(c for c in string if c > "\x1f"), JSON_ALLOWED)


def check_jsonl(text):
    for row in text.rstrip("\n").split("\n"):
        yield from check_json(row)


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.words = [], [], ""

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES or (name == "href" and not value.startswith(("https://", "http://"))):
                self.found.append(f"<{tag} {name}={value}>")
            if name == "style" and not re.fullmatch(r"left:[\d.]+%", value):
                self.found.append(f"<{tag} {name}={value}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        self.words += data


def check_html(text):
    yield from characters(text, "")
    page = Page()
    page.feed(text)
    page.close()
    yield from page.found
    if page.open:
        yield f"left open: {page.open}"
    if "<script>" + PAYLOAD not in page.words:
        yield "the payload is not there as text"


def without_code(row):
    """A row of Markdown without its code spans: a run of backticks up to the next run of the same length (CommonMark 6.1)."""
    return re.sub(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", row)


def check_markdown(text):
    yield from characters(text, "")
    bars = 0
    for line, row in enumerate(text.split("\n"), 1):
        plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", without_code(row))
        cells = plain.count("|")
        if re.search(r"[<@]|://|www\.|\]\(|\]:|!\[|`|~~|\$", plain):
            yield f"line {line}: {plain}"
        if re.match(r"\s*([#>-]|\d+[.)]|[*+=])", plain) and not re.match(r"#{1,3} |- |> \*\*Draft|\*\*", plain):
            yield f"line {line} begins something: {plain}"
        if row.startswith("|"):
            if bars and cells != bars:
                yield f"line {line}: a row of {cells} bars in a table of {bars}"
            bars = cells
        else:
            bars = 0


CHECKS = {
    "text": check_text,
    "brief": check_brief,
    "tsv": check_tsv,
    "json": check_json,
    "jsonl": check_jsonl,
    "markdown": check_markdown,
    "html": check_html,
}


def main(form):
    data = sys.stdin.buffer.read()
    text = data.decode("utf-8")
    found = list(CHECKS[form](text))
    if PAYLOAD not in text:
        found.append("nothing hostile in it")
    for what in found[:20]:
        print(f"{form}: {what.encode('unicode_escape').decode()}")
    if not found:
        print(f"{form}: inert")


main(sys.argv[1])
