CREATE TABLE IF NOT EXISTS owner (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      text NOT NULL,
  telephone text
);

CREATE TABLE IF NOT EXISTS pet (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id bigint NOT NULL REFERENCES owner,
  name     text NOT NULL,
  species  text NOT NULL
);

CREATE TABLE IF NOT EXISTS vet (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      text NOT NULL UNIQUE,
  specialty text NOT NULL
);

CREATE TABLE IF NOT EXISTS visit (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vet_id    bigint NOT NULL REFERENCES vet,
  pet_id    bigint NOT NULL REFERENCES pet,
  starts_at timestamp NOT NULL,
  ends_at   timestamp NOT NULL,
  reason    text
);

CREATE INDEX IF NOT EXISTS visit_calendar ON visit (vet_id, starts_at);
