-- SPDX-License-Identifier: Apache-2.0
CREATE ROLE orders LOGIN;
CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL, total numeric NOT NULL CHECK (total < 100000),
                     placed timestamptz NOT NULL DEFAULT now(), note text NOT NULL DEFAULT repeat('-', 200));
INSERT INTO orders (customer, total, placed)
  SELECT i % 500, (i * 7 % 900) / 10.0 + 1, now() - i * interval '20 minutes' FROM generate_series(1, 60000) i;
ANALYZE orders;
GRANT ALL ON orders TO orders;
GRANT ALL ON orders_id_seq TO orders;
