-- Entries whose words in the search index are those of before they were edited: the next search brings them up to date.
CREATE TABLE entries_to_index (
    document INTEGER PRIMARY KEY REFERENCES documents (position)
);
