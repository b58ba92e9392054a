CREATE TABLE product (
  id      int PRIMARY KEY,
  initial int NOT NULL,
  stock   int NOT NULL
);

CREATE TABLE orders (
  id        bigint PRIMARY KEY,
  customer  int NOT NULL,
  product   int NOT NULL,
  quantity  int NOT NULL,
  cents     bigint NOT NULL,
  state     text NOT NULL,
  called_at timestamptz NOT NULL,
  ran_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX orders_product ON orders (product);
