-- Small things kept to save work: unfinished uploads, block hashes, what a store honours.
CREATE TABLE notes (
  kind TEXT NOT NULL,
  key  TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
