-- Schema version 4. What one folder pair remembers; all of it can be lost at the price of one comparison by hash.

-- The base: what both sides last agreed on at each path.
CREATE TABLE entries (
  path     TEXT PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('file', 'folder', 'symlink')),
  size     INTEGER,
  hash     TEXT,
  -- Nanoseconds in decimal: file systems hold times beyond 64 bits of them.
  mtime_ns TEXT,
  mode     INTEGER,
  target   TEXT,
  stamp    TEXT,
  version  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was about to be done when the process ended. A move is two rows of one operation.
CREATE TABLE intents (
  id   INTEGER PRIMARY KEY,
  op   TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX intents_by_op ON intents (op);

CREATE TABLE conflicts (
  path TEXT PRIMARY KEY,
  data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE resolutions (
  path TEXT PRIMARY KEY,
  data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Small named values: pair id, vault id, time of the last sync.
CREATE TABLE facts (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Small things kept to save work: unfinished uploads, block hashes, what a store honours.
CREATE TABLE notes (
  kind TEXT NOT NULL,
  key  TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  cycle   TEXT NOT NULL,
  path    TEXT NOT NULL,
  what    TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason  TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  -- Where a move takes it.
  moved_to TEXT,
  -- Of what failed: the kind of failure and how often it was met without an end in between.
  code    TEXT,
  tries   INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX activity_by_path ON activity (path, id);
CREATE INDEX activity_by_moved_to ON activity (moved_to, id) WHERE moved_to IS NOT NULL;
