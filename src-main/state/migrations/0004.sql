-- What kind of failure it was, and how often it was met without an end in between.
ALTER TABLE activity ADD COLUMN code TEXT;
ALTER TABLE activity ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
