CREATE TABLE product (
  id      int PRIMARY KEY,
  initial int NOT NULL,
  stock   int NOT NULL
);

-- Nothing in the table keeps an order from being written twice, so one that runs twice has two rows here.
CREATE TABLE orders (
  id        bigint NOT NULL,
  customer  int NOT NULL,
  product   int NOT NULL,
  quantity  int NOT NULL,
  cents     bigint NOT NULL,
  state     text NOT NULL,
  called_at timestamptz NOT NULL,
  ran_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX orders_id ON orders (id);
CREATE INDEX orders_product ON orders (product);
