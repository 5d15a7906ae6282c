-- Which data folder the file belongs to, as the others of that folder say, too.
CREATE TABLE folder (id BLOB NOT NULL CHECK (length(id) = 16));
