# SPDX-License-Identifier: Apache-2.0
"""Visitors of the shop: traffic.py <port> sends some 16 requests a second until it is killed."""
import http.client
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

PORT = int(sys.argv[1])
AGENTS = ["ShopApp/4.2 (Android 14)", "ShopApp/4.2 (iOS 17.6)", "ShopApp/4.1 (Android 13)",
          "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"]
SCANNED = ["/wp-login.php", "/.env", "/xmlrpc.php", "/phpmyadmin/index.php", "/.git/config",
           "/admin/", "/favicon.ico"]


def pick():
    """One request of a random visitor: weight, method, path and form."""
    who, product = random.randint(1, 2000), random.randint(1, 3000)
    mail = f"customer{who}@example.com"
    password = f"secret{who if random.random() < 0.9 else ''}"
    quantity = random.choice([1, 1, 2, 3, 0]) if random.random() < 0.2 else 1
    new = random.choice([mail, f"visitor{time.time_ns()}@example.net", "visitor.example.net"])
    kinds = [
        (12, "GET", "/", None),
        (26, "GET", f"/products/{product if random.random() < 0.97 else product + 5000}", None),
        (12, "GET", f"/products?page={random.randint(1, 40)}", None),
        (0.3, "GET", "/products?sort=popular", None),
        (10, "GET", "/search?q=" + random.choice(["lamp", "oak", "vase", "steel", "sofa"]), None),
        (5, "POST", "/login", {"email": mail, "password": password}),
        (0.6, "POST", "/register", {"email": new}),
        (8, "GET", "/cart", None),
        (8, "POST", "/cart", {"product": product, "quantity": quantity}),
        (6, "POST", "/checkout", {}),
        (4, "GET", f"/orders/{random.randint(1, 100500)}", None),
        (0.6, "GET", random.choice(SCANNED), None),
    ]
    return random.randint(1, 250), random.choices(kinds, [kind[0] for kind in kinds])[0]


def visit():
    who, (_, method, path, form) = pick()
    if path == "/checkout" and random.random() < 0.95:
        send(who, "POST", "/cart", {"product": random.randint(1, 3000), "quantity": 1})
        time.sleep(1)
    send(who, method, path, form)


def send(who, method, path, form):
    scanner = path in SCANNED
    headers = {"Host": "shop.example",
               "X-Forwarded-For": f"192.0.2.{who % 5}" if scanner else f"203.0.113.{who}",
               "User-Agent": "Mozilla/5.0 zgrab/0.x" if scanner else AGENTS[who % len(AGENTS)],
               "Cookie": f"customer={who}",
               "Content-Type": "application/x-www-form-urlencoded"}
    impatient = "popular" in path and random.random() < 0.4
    shop = http.client.HTTPConnection("127.0.0.1", PORT, timeout=0.05 if impatient else 20)
    try:
        shop.request(method, path, urlencode(form) if form is not None else None, headers)
        shop.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass  # the visitor goes away
    finally:
        shop.close()


with ThreadPoolExecutor(40) as visitors:
    while True:
        time.sleep(random.expovariate(15))
        visitors.submit(visit)
