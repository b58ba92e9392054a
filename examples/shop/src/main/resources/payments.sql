-- A payment provider's ledger doesn't know which orders there are: charging an order twice shows here as two rows.
CREATE TABLE payment (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id    bigint NOT NULL,
  cents       bigint NOT NULL,
  state       text NOT NULL
);

CREATE INDEX payment_order ON payment (order_id);
