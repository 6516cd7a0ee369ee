# SPDX-License-Identifier: Apache-2.0
"""A small shop: catalogue, login, cart, checkout and orders over PostgreSQL."""
import hashlib
import logging
import random
import time

from flask import Flask, abort, request
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from common import connect_pool

app = Flask("shop")
engine = connect_pool(5)
settings = {}
catalog_log, cart_log, auth_log, checkout_log, orders_log, http_log = (
    logging.getLogger("shop." + name)
    for name in ("catalog", "cart", "auth", "checkout", "orders", "http"))


def load_settings():
    """Run by every worker before its first request: a worker without a database is of no use."""
    with engine.connect() as db:
        settings["products"] = db.scalar(text("SELECT count(*) FROM products"))
    catalog_log.info("catalogue of %d products ready", settings["products"])


def customer():
    """The id of the logged-in customer (the sample shop trusts its cookie)."""
    return int(request.cookies.get("customer") or abort(401))


def rows(query, **parameters):
    with engine.connect() as db:
        return [dict(row) for row in db.execute(text(query), parameters).mappings()]


@app.get("/")
@app.get("/products")
def products():
    if request.args.get("sort") == "popular":
        return rows("""SELECT p.id, p.name, sum(i.quantity) AS sold FROM products p
                       JOIN order_items i ON i.product_id = p.id
                       GROUP BY p.id ORDER BY sold DESC LIMIT 20""")
    page = request.args.get("page", 1, int)
    return rows("SELECT id, name, price::float FROM products ORDER BY id LIMIT 20 OFFSET :skip",
                skip=20 * (page - 1))


@app.get("/products/<int:product>")
def product_page(product):
    found = rows("SELECT id, name, price::float, stock FROM products WHERE id = :id", id=product)
    if not found:
        catalog_log.warning("product %d does not exist", product)
        abort(404)
    return found[0]


@app.get("/search")
def search():
    term = request.args.get("q", "")
    found = rows("SELECT id, name FROM products WHERE name ILIKE :term LIMIT 20", term=f"%{term}%")
    catalog_log.debug("search for '%s': %d hits", term, len(found))
    return found


@app.post("/login")
def login():
    email = request.form["email"]
    found = rows("SELECT id, password_hash FROM customers WHERE email = :email", email=email)
    password = hashlib.md5(request.form["password"].encode()).hexdigest()
    if not found or found[0]["password_hash"] != password:
        auth_log.warning("login failed for %s: wrong password", email)
        abort(401)
    auth_log.info("customer %d logged in", found[0]["id"])
    return {"customer": found[0]["id"]}


@app.post("/register")
def register():
    email = request.form["email"]
    if "@" not in email:
        auth_log.warning("registration refused: '%s' is no email address", email)
        abort(422)
    try:
        with engine.begin() as db:
            new = db.scalar(text("""INSERT INTO customers (email, password_hash)
                                    VALUES (:email, 'unset') RETURNING id"""), {"email": email})
    except IntegrityError:
        auth_log.warning("registration refused: %s is taken", email)
        abort(409)
    auth_log.info("customer %d registered", new)
    return {"customer": new}, 201


@app.get("/cart")
def cart():
    return rows("""SELECT p.id, p.name, c.quantity FROM cart_items c
                   JOIN products p ON p.id = c.product_id WHERE customer_id = :id""", id=customer())


@app.post("/cart")
def add_to_cart():
    quantity = int(request.form["quantity"])
    if quantity < 1:
        cart_log.warning("customer %d: quantity %d is not valid", customer(), quantity)
        abort(422)
    with engine.begin() as db:
        db.execute(text("""INSERT INTO cart_items VALUES (:customer, :product, :quantity)
                           ON CONFLICT (customer_id, product_id)
                           DO UPDATE SET quantity = EXCLUDED.quantity"""),
                   {"customer": customer(), "product": request.form["product"],
                    "quantity": quantity})
    return {}, 201


@app.post("/checkout")
def checkout():
    who = {"customer": customer()}
    try:
        with engine.begin() as db:
            total = db.scalar(text("""SELECT sum(c.quantity * p.price) FROM cart_items c
                JOIN products p ON p.id = c.product_id WHERE customer_id = :customer"""), who)
            if total is None:
                checkout_log.warning("customer %(customer)d: the cart is empty", who)
                abort(422)
            time.sleep(random.uniform(0.2, 0.6))  # stands for the call of the payment provider
            if random.random() < 0.04:
                checkout_log.warning("customer %(customer)d: payment declined", who)
                return {"error": "payment declined"}, 402
            order = db.scalar(text("""INSERT INTO orders (customer_id, total)
                VALUES (:customer, :total) RETURNING id"""), {**who, "total": total})
            db.execute(text("""INSERT INTO order_items SELECT :order, product_id, quantity
                FROM cart_items WHERE customer_id = :customer"""), {**who, "order": order})
            db.execute(text("DELETE FROM cart_items WHERE customer_id = :customer"), who)
    except OperationalError:
        checkout_log.exception("customer %(customer)d: the order could not be stored", who)
        abort(500)
    checkout_log.info("order %d placed by customer %d: %.2f EUR", order, who["customer"], total)
    return {"order": order}, 201


@app.get("/orders/<int:order>")
def order_page(order):
    found = rows("SELECT id, total::float, placed_at FROM orders WHERE id = :id", id=order)
    if not found:
        orders_log.warning("order %d does not exist", order)
        abort(404)
    return found[0]


@app.get("/health")
def health():
    return rows("SELECT true AS database")[0]


@app.errorhandler(OperationalError)
def no_database(error):
    http_log.error("%s %s -> 503: %s", request.method, request.path, str(error.orig).strip())
    return {"error": "please try again later"}, 503
