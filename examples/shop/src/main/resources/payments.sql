-- A payment provider's ledger doesn't know the orders, so an order that is charged twice has two rows here.
CREATE TABLE payment (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id    bigint NOT NULL,
  cents       bigint NOT NULL,
  state       text NOT NULL
);

CREATE INDEX payment_order ON payment (order_id);
