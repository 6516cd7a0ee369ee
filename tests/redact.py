#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--redact on a log with planted secrets: redact.py LOGSCAN. Prints TAP.

Ten secrets of each of twenty-odd kinds are put into lines as programs write them, among lines of ordinary words. With
--redact no secret may be in any output, the same value must have the same pseudonym everywhere, and of the ordinary words
at most one in a hundred may be touched. Besides, each kind stands beside each other kind in one line, in words, in JSON
and in logfmt, with what programs write between them.
"""

import base64
import json
import random
import re
import string
import subprocess
import sys
import tempfile
from pathlib import Path

import tap

EACH = 10
HARMLESS_MAX = 0.01
FORMATS = ["text", "brief", "json", "jsonl", "markdown", "postmortem", "html"]
LETTERS = string.ascii_letters + string.digits

PHRASES = """connection pool exhausted, request timed out after 30000ms (total=10, active=10, idle=0, waiting=42)
upstream timed out (110: Connection timed out) while reading response header from upstream
worker process 4711 exited on signal 9
checkpoint complete: wrote 1318 buffers (8.0%); 0 WAL file(s) added, 0 removed, 2 recycled; sync files=117, longest=0.010 s
giving up after 3 attempts, next retry in 8.5 seconds
java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available
request_id=7f3a9c2e-5b1d-4e8a-9f60-1c2d3e4f5a6b status=502 duration=1.042 GET /api/v1/orders/4711?page=2
SyntaxError: Unexpected token: string (1:17)
Unexpected token } in JSON at position 118
password authentication failed: incorrect password
basic settings loaded from /etc/shop/settings.yaml, bearer of bad news
redis: MISCONF key=orders:42 ttl=3600
completion tokens=512 max_tokens=4096 prompt_tokens=118
tests pass=12 fail=3 skip=0
com.example.shop.OrderService.placeOrder(OrderService.java:118)
terminate called after throwing an instance of std::string in core::fmt::Display
version 10.2.1 on kernel 6.1.0-18-amd64 with libssl.so.3
user not found, account is locked, session closed
shipped at 2026-11-23T08:00:00 +0100, 08:15:42, 0x7ffd3a2b
sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 of layer 3
File "/usr/lib/python3/dist-packages/django/core/handlers/base.py", line 118, in get_response
"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
listening on 127.0.0.1:8080 and [::1]:8080
db.internal.example:5432 - no response; see https://status.example.com/incidents/17
ERROR 1040 (HY000): Too many connections (errno=111)
order 123456789012 of shard 17 at offset 1732348800000 is late
secret rotation finished; token refresh scheduled; credentials: none
cookie banner shown to visitor, authorization: denied
kubelet: pod shop-7d9c5b6f4-x2x9z in CrashLoopBackOff, image registry.example.com/shop@sha256:0a1b
systemd[1]: Started session-42.scope - Session 42 of User root.""".splitlines()


def luhn(prefix, length, rng):
    digits = prefix + "".join(rng.choice("0123456789") for _ in range(length - len(prefix) - 1))
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def iban(rng):
    account = "".join(rng.choice("0123456789") for _ in range(18))
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def word(rng, length, letters=LETTERS):
    return "".join(rng.choice(letters) for _ in range(length))


def password(rng):
    return word(rng, 4) + rng.choice("!#$%+-_") + word(rng, 6)


def b64(rng, length):
    return base64.b64encode(rng.randbytes(length)).decode()


def url64(rng, length):
    return base64.urlsafe_b64encode(rng.randbytes(length)).decode().rstrip("=")


def address(rng):
    return f"{rng.randint(11, 223)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def name(rng):
    return rng.choice("klmnpqrstvw") + word(rng, 6, string.ascii_lowercase)


# Kind: a secret, and the ways in which lines hold it. ~ stands for the secret.
KINDS = {
    "ipv4": (address, ["connect to ~:5432 failed", "client=~ closed", "upstream: http://~:8080/x", "shop/~:9092 (id: 1001) refused"]),
    "ipv6": (
        lambda r: f"2001:db8:{r.getrandbits(16):x}::{r.randint(4096, 65535):x}",
        ["from [~]:443 refused", "peer ~ gone", "client: ~, server: shop"],
    ),
    "mac": (lambda r: ":".join(f"{r.getrandbits(8):02x}" for _ in range(6)), ["DHCPNAK on ~ via eth0", "mac=~ flapping"]),
    "mail": (
        lambda r: f"{name(r)}.{name(r)}@{name(r)}.example.com",
        ["cannot deliver to <~>", "to=<~>, relay=none", 'account "~" locked', "notify ~."],
    ),
    "password field": (
        password,
        [
            "login password=~ rejected",
            "pwd=~; retry",
            'config {"db_password": "~", "size": 5}',
            "DB_PASSWORD='~' is wrong",
            "password: ~ was rejected",
        ],
    ),
    "password in url": (
        password,
        ["connect postgres://shop:~@db.internal:5432/shop failed", "redis://:~@cache:6379/0 timed out", "amqp://bus:~@mq/%2f refused"],
    ),
    "connection string": (
        password,
        [
            "Server=db;Database=shop;User Id=sa;Password=~;Encrypt=true failed",
            "host=db user=shop password=~ dbname=shop refused",
            "jdbc:mysql://db/shop?user=shop&password=~&ssl=1 failed",
        ],
    ),
    "sql": (
        password,
        [
            "statement: ALTER USER shop WITH PASSWORD '~'",
            "statement: CREATE USER 'shop'@'%' IDENTIFIED BY '~'",
            "STATEMENT:  ALTER ROLE shop ENCRYPTED PASSWORD '~' LOGIN",
        ],
    ),
    "bearer": (
        lambda r: word(r, 32),
        ["Authorization: Bearer ~ rejected", 'header {"authorization":"Bearer ~"} refused', "sent bearer ~ to gateway"],
    ),
    "basic": (lambda r: b64(r, 15), ["Authorization: Basic ~ rejected", "proxy-authorization: Basic ~ refused"]),
    "jwt": (
        lambda r: f"eyJ{url64(r, 18)}.eyJ{url64(r, 40)}.{url64(r, 32)}",
        ["invalid signature of ~ seen", "id_token=~ expired", "GET /x?jwt=~ 401"],
    ),
    "aws key": (
        lambda r: "AKIA" + word(r, 16, string.ascii_uppercase + "234567"),
        ["AccessDenied for ~ on bucket", "aws_access_key_id=~ refused"],
    ),
    "aws secret": (
        lambda r: word(r, 40, LETTERS + "+/"),
        ["aws_secret_access_key=~ refused", "AWS_SECRET_ACCESS_KEY: ~ invalid", "AccountKey=~;EndpointSuffix=core failed"],
    ),
    "gcp key": (lambda r: "AIza" + word(r, 35, LETTERS + "_-"), ["maps call key=~ over quota", "GET /maps?key=~&q=1 403"]),
    "github": (
        lambda r: "ghp_" + word(r, 36),
        ["clone https://x-access-token:~@git.example.com/a/b failed", "GITHUB_TOKEN ~ expired"],
    ),
    "slack": (lambda r: f"xoxb-{r.randint(10**10, 10**11)}-{word(r, 24)}", ["slack post with ~ failed", "SLACK_TOKEN=~ revoked"]),
    "api key": (
        lambda r: word(r, 24),
        ["api_key=~ unknown", 'body "{\\"apiKey\\":\\"~\\"}" rejected', "X-Api-Key: ~ unknown", "curl --api-key ~ failed"],
    ),
    "private key": (
        lambda r: b64(r, 48),
        ["loaded -----BEGIN RSA PRIVATE KEY-----\\n~\\n-----END RSA PRIVATE KEY----- twice"],
    ),
    "card": (
        lambda r: luhn(r.choice(["4", "51", "6011"]), 16, r),
        ["charge of ~ declined", "pan=~ declined"],
    ),
    "iban": (iban, ["transfer to ~ refused", "debit {iban: ~} bounced"]),
    "phone": (lambda r: f"+49 170 {r.randint(1000000, 9999999)}", ["sms to ~ failed", "call (~) dropped"]),
    "user": (
        lambda r: name(r) + "9",
        [
            "login user=~ refused",
            'password authentication failed for user "~"',
            "Failed password for invalid user ~ from gate port 22",
            '{"user":"~","n":1} denied',
            "cannot open /home/~/data",
        ],
    ),
    "session": (lambda r: word(r, 26), ["Cookie: theme=dark; sid=~ rejected", "JSESSIONID=~ expired", "session_id=~ unknown"]),
    "stripe": (lambda r: "sk_live_" + word(r, 24), ["charge with ~ failed", "STRIPE=~ revoked"]),
}


def plant(rng, folder):
    """Writes the logs; gives the secrets as (kind, secret) and how many lines of app.log are ordinary."""
    planted, lines = [], []
    for kind, (make, forms) in KINDS.items():
        for i in range(EACH):
            secret = make(rng)
            planted.append((kind, secret))
            head, rest = forms[i % len(forms)].split("~")
            lines += [head + secret + rest] * 3
    rng.shuffle(lines)
    ordinary = [rng.choice(PHRASES) for _ in range(2000)]
    with open(folder / "app.log", "w") as log:
        for i, text in enumerate(ordinary):
            log.write(f"2026-11-23T{7 + i // 3600:02d}:{i // 60 % 60:02d}:{i % 60:02d}.000Z INFO  [main] {text}\n")
        for i, text in enumerate(lines):
            second = 2400 + i // 4
            log.write(f"2026-11-23T{7 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{i % 4 * 200:03d}Z ERROR [main] {text}\n")
    with open(folder / "json.log", "w") as log:
        for i, text in enumerate(lines):
            second = 2400 + i // 4
            time = f"2026-11-23T{7 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
            log.write(json.dumps({"time": time, "level": "error", "msg": text}) + "\n")
    return planted, len(ordinary)


def run(logscan, *arguments):
    process = subprocess.run([logscan, *map(str, arguments)], capture_output=True, check=False)
    return process.stdout.decode("utf-8", "replace"), process.stderr.decode("utf-8", "replace")


def outputs(logscan, folder, *more):
    """What every way to print says of the logs, by name."""
    logs = [folder / "app.log", folder / "json.log"]
    for form in FORMATS:
        yield form, run(logscan, "--format", form, "--top", "1000", "--explain", *more, *logs)[0]
    yield "events as jsonl", run(logscan, "events", *more, *logs)[0]
    yield "events as tsv", run(logscan, "events", "--format", "tsv", *more, *logs)[0]
    for form in "text", "tsv", "json":
        yield f"templates as {form}", run(logscan, "templates", "--format", form, *more, *logs)[0]


    bundle = Path(tempfile.mkdtemp(dir=folder)) / "bundle"
    run(logscan, "--quiet", "--top", "1000", "--evidence", bundle, *more, *logs)
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    yield "the evidence", "\n".join(path.read_text(errors="replace") for path in files).replace(bundle.parent.name, "")


BETWEEN = [" ", ", ", "; ", " | ", ",", ";", " and ", "&", ": ", " '", "\\t", " (", "/ "]

# Lines as users met them, of which a secret was left.
MET = [
    ("login: Cookie: session=~; api_key=~ user 'carol7' from 10.0.0.1", ["abcdef0123456789", "sk_live_" + "abc123DEF456"]),
    ("Cookie: lang=en; sid=\"~\"; theme=~ rejected", ["abcdef 0123456789", "q7Rt5kLm9Zx2"]),
    ("charge of ~ 10.20.30.40 declined", ["4111 1111 1111 1111"]),
    ("sms to ~ 1234567 4711 failed", ["+49 170 1234567"]),
    ("transfer to ~ GET /x refused", ["DE89370400440532013000"]),
    ('{"user":"~ <~>","n":1} denied', ["Carol Smithson", "carol.smithson@mail.example.com"]),
    ("user=~@10.20.30.40 denied", ["carolsmithson7"]),
    ("password: secret: ~ was rejected", ["hunter2!x9Kq"]),
]


def side_by_side(rng):
    """(line, secrets): each ordered pair of kinds, in each of the forms that a log can have."""
    for one, (make_one, forms_one) in KINDS.items():
        for other, (make_other, forms_other) in KINDS.items():
            for form in range(4):
                secrets = [make_one(rng), make_other(rng)]
                texts = [rng.choice(forms).replace("~", secret) for forms, secret in zip((forms_one, forms_other), secrets)]
                end = texts[0].index(secrets[0]) + len(secrets[0])
                if rng.random() < 0.5 and texts[0][end : end + 1] in (" ", ",", ";") and not texts[0][end:].startswith(" from"):
                    texts[0] = texts[0][:end]
                yield form, texts, [(one, secrets[0]), (other, secrets[1])]


def plant_side_by_side(rng, path):
    planted, lines = [], []
    for form, texts, secrets in side_by_side(rng):
        planted += secrets
        second = 2400 + len(lines) // 4
        time = f"2026-11-23T{7 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{len(lines) % 4 * 200:03d}Z"
        whole = rng.choice(BETWEEN).join(texts)
        quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
        lines.append(
            [
                f"{time} ERROR [main] {whole}",
                json.dumps({"time": time, "level": "error", "msg": whole}),
                json.dumps({"time": time, "level": "error", "msg": texts[0], "detail": texts[1]}),
                f'time={time} level=error msg="{quoted[0]}" detail="{quoted[1]}"',
            ][form]
        )
    for text, secrets in MET:
        planted += [("met", secret) for secret in secrets]
        for secret in secrets:
            text = text.replace("~", secret, 1)
        lines.append(f"2026-11-23T09:59:00.000Z ERROR [main] {text}")
    for i, name_of in enumerate(["words.log", "json.log", "fields.log", "logfmt.log"]):
        path.mkdir(exist_ok=True)
        of_form = lines[i : len(lines) - len(MET) : 4] + (lines[-len(MET) :] if i == 0 else [])
        (path / name_of).write_text("\n".join(of_form) + "\n")
    return planted


def rests(planted, text):
    """Also where only the begin or the end of a secret was left."""
    for kind, secret in planted:
        parts = [secret] if len(secret) < 16 or kind in ("mail", "ipv6", "mac", "phone") else [secret[:10], secret[-8:]]
        if any(part in text or json.dumps(part)[1:-1] in text for part in parts):
            yield f"{kind}: {secret}"


def check_side_by_side(logscan, folder):
    logs = folder / "beside"
    planted = plant_side_by_side(random.Random(9), logs)
    plain, safe = (run(logscan, "events", "--fields", "message,raw", *more, logs)[0] for more in ([], ["--redact"]))
    absent = len(planted) - len(leaks(planted, plain))
    yield f"without --redact the {len(planted)} secrets side by side are there", [f"{absent} are not"] if absent else []
    lines = plain.splitlines()
    left = [f"{what} in {next((line for line in lines if what.split(': ', 1)[1] in line), '')[:400]}" for what in rests(planted, safe)]
    yield "no secret beside another is left in events", ([f"{len(left)} are"] if left else []) + left
    report = run(logscan, "--redact", "--format", "json", "--top", "1000", logs)[0]
    yield "nor in a report", list(rests(planted, report))


def leaks(planted, text):
    return [f"{kind}: {secret}" for kind, secret in planted if secret in text or json.dumps(secret)[1:-1] in text]


def check(logscan, folder):
    planted, ordinary = plant(random.Random(8), folder)
    plain, redacted = dict(outputs(logscan, folder)), dict(outputs(logscan, folder, "--redact"))

    absent = len(planted) - len(leaks(planted, plain["events as jsonl"]))
    yield f"without --redact the {len(planted)} secrets are there", [f"{absent} are not"] if absent else []
    for name_of, text in redacted.items():
        yield f"{name_of}: no secret with --redact", leaks(planted, text)

    old, new = (
        [json.loads(line)["message"].split() for line in texts["events as jsonl"].splitlines()[:ordinary]]
        for texts in (plain, redacted)
    )
    pairs = [pair for before, after in zip(old, new) for pair in zip(before, after)]
    touched = [f"{before} -> {after}" for before, after in pairs if before != after]
    bad = len(touched) > HARMLESS_MAX * len(pairs) or len(pairs) < 5 * ordinary
    yield f"{len(touched)} of {len(pairs)} ordinary words are replaced", sorted(set(touched))[:20] if bad else []

    first = planted[0][1]
    pseudonyms = {
        match[1]
        for line, safe in zip(plain["events as jsonl"].splitlines(), redacted["events as jsonl"].splitlines())
        if first in line and (match := re.search(r"\b(ip-\d+)\b", safe))
    }
    yield "one value has one pseudonym", [] if len(pseudonyms) == 1 else [f"{first}: {pseudonyms}"]
    again = dict(outputs(logscan, folder, "--redact", "--jobs", "2", "--block-bytes", "4096"))
    formats = [name_of for name_of in redacted if name_of != "the evidence"]  # which holds the command line
    yield "two runs give the same", [name_of for name_of in formats if again[name_of] != redacted[name_of]]
    listed = json.loads(redacted["json"]).get("redacted", [])
    yield "the report lists kinds and counts", [] if {"user", "token"} <= {entry["kind"] for entry in listed} else [str(listed)]
    yield from check_side_by_side(logscan, folder)
    told = run(logscan, "events", "--redact", folder / "app.log")[1]
    yield "events tell what they replaced", [] if "replaced: " in told and not leaks(planted, told) else [told]


sys.exit(tap.main(check))
