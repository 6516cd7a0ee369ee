-- SPDX-License-Identifier: Apache-2.0
-- The shop's tables, filled with generated products, customers and orders.
BEGIN;
CREATE TABLE products (
    id serial PRIMARY KEY, name text NOT NULL, price numeric(8, 2) NOT NULL, stock int NOT NULL);
CREATE TABLE customers (
    id serial PRIMARY KEY, email text NOT NULL UNIQUE, password_hash text NOT NULL);
CREATE TABLE cart_items (
    customer_id int REFERENCES customers, product_id int REFERENCES products,
    quantity int NOT NULL, PRIMARY KEY (customer_id, product_id));
CREATE TABLE orders (
    id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,
    total numeric(10, 2) NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_items (
    order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL);

INSERT INTO products (name, price, stock)
SELECT (ARRAY['Oak', 'Steel', 'Linen', 'Glass', 'Cork'])[1 + i % 5] || ' '
       || (ARRAY['chair', 'lamp', 'table', 'shelf', 'vase', 'clock', 'bowl'])[1 + i % 7] || ' ' || i,
       5 + random() * 200, 500 + random() * 500
FROM generate_series(1, 3000) i;
INSERT INTO customers (email, password_hash)
SELECT 'customer' || i || '@example.com', md5('secret' || i) FROM generate_series(1, 2000) i;
INSERT INTO orders (customer_id, total, placed_at)
SELECT 1 + random() * 1999, 10 + random() * 300, now() - random() * interval '90 days'
FROM generate_series(1, 100000);
INSERT INTO order_items
SELECT 1 + i / 8, 1 + random() * 2999, 1 + random() * 3
FROM generate_series(0, 799999) i;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON order_items (order_id);
COMMIT;
VACUUM ANALYZE products, customers, orders, order_items;
