-- The books of two tenants in one region: a schema and a role for each. Each row names its intended place.
DO $$ BEGIN CREATE ROLE seller; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE market; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE SCHEMA seller;
CREATE TABLE seller.entry (order_id bigint, region int, tenant text, writer text DEFAULT current_user);
GRANT USAGE ON SCHEMA seller TO seller;
GRANT INSERT ON seller.entry TO seller;

CREATE SCHEMA market;
CREATE TABLE market.entry (order_id bigint, region int, tenant text, writer text DEFAULT current_user);
GRANT USAGE ON SCHEMA market TO market;
GRANT INSERT ON market.entry TO market;
