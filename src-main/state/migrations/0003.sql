-- Where a move takes what it is about.
ALTER TABLE activity ADD COLUMN moved_to TEXT;
CREATE INDEX activity_by_moved_to ON activity (moved_to, id) WHERE moved_to IS NOT NULL;
