-- No unique constraint and no arithmetic in SQL: a call that runs twice, or beside another one, shows.
CREATE TABLE post (id bigint NOT NULL, author text NOT NULL, comments int NOT NULL, likes bigint NOT NULL);
CREATE INDEX post_id ON post (id);
CREATE TABLE comment (post bigint NOT NULL, number int NOT NULL, author text NOT NULL, action bigint NOT NULL);
