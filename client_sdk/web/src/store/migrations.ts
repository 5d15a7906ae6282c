// The migrations of a store: those of the Python SDK, unmodified, so that a store is the same file on either side.

import first from "../../../src/intersession/store/migrations/0001_first.sql";
import vault from "../../../src/intersession/store/migrations/0002_vault.sql";
import records from "../../../src/intersession/store/migrations/0003_records.sql";
import measures from "../../../src/intersession/store/migrations/0004_measures.sql";
import generation from "../../../src/intersession/store/migrations/0005_generation.sql";
import pages from "../../../src/intersession/store/migrations/0006_pages.sql";
import saved from "../../../src/intersession/store/migrations/0007_saved.sql";
import arriving from "../../../src/intersession/store/migrations/0008_arriving.sql";
import words from "../../../src/intersession/store/migrations/0009_words.sql";
import versions from "../../../src/intersession/store/migrations/0010_versions.sql";
import due from "../../../src/intersession/store/migrations/0011_due.sql";

/** One of them; the file is called so. */
export interface Migration {
  readonly name: string;
  readonly script: string;
}

/** All of them, in order. The number of those a store has had is its version. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "0001_first.sql", script: first },
  { name: "0002_vault.sql", script: vault },
  { name: "0003_records.sql", script: records },
  { name: "0004_measures.sql", script: measures },
  { name: "0005_generation.sql", script: generation },
  { name: "0006_pages.sql", script: pages },
  { name: "0007_saved.sql", script: saved },
  { name: "0008_arriving.sql", script: arriving },
  { name: "0009_words.sql", script: words },
  { name: "0010_versions.sql", script: versions },
  { name: "0011_due.sql", script: due },
];

/** As sqlite-utils calls ours in the table that it keeps of them. */
export const MIGRATION_SET = "intersession";
/** The table, as sqlite-utils makes it. */
export const MIGRATIONS_TABLE = `CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")`;
