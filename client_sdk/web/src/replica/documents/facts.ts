// What lists show of a document beside what it says: when it arrived, who it is from, which change is the latest.
//
// It stands in the row of the document, and each change that comes adds to it: so no list looks for it among all changes.

import type { Store } from "../../store/store.ts";
import { bytesOfId } from "../../store/values.ts";
import type { Arrival } from "./rows.ts";

// What was made here and has not come back is newer than all that has.
const LATEST = `
    ifnull(
        (SELECT position FROM changes INDEXED BY changes_by_seq
            WHERE document = documents.position AND NOT set_aside AND seq IS NULL ORDER BY position DESC LIMIT 1),
        (SELECT position FROM changes INDEXED BY changes_by_seq
            WHERE document = documents.position AND NOT set_aside ORDER BY seq DESC, position DESC LIMIT 1))
`;
const ADD = `
    UPDATE documents SET
        arrived_at = min(ifnull(arrived_at, ?), ?),
        heard_at = max(ifnull(heard_at, ?), ?),
        author = CASE WHEN first_seq < ? THEN author ELSE ? END,
        first_seq = min(ifnull(first_seq, ?), ?),
        latest = ${LATEST}
    WHERE position = ?
`;
const FIND = `
    UPDATE documents SET
        arrived_at = (SELECT min(received_at) FROM changes c WHERE c.document = documents.position),
        heard_at = (SELECT max(received_at) FROM changes c WHERE c.document = documents.position),
        first_seq = (SELECT min(seq) FROM changes c WHERE c.document = documents.position),
        author = (SELECT author FROM changes c
            WHERE c.document = documents.position AND seq IS NOT NULL ORDER BY seq LIMIT 1),
        latest = ${LATEST}
    WHERE position = ?
`;

/** A change of the document is in the log, at that row. */
export function noteArrivalOf(store: Store, document: number, { seq, author, receivedAt: at }: Arrival): void {
  store.run(ADD, at, at, at, at, seq, bytesOfId(author), seq, seq, document);
}

/** The same of a blob with changes, where any of them came with it first. */
export function noteBlobOf(store: Store, document: number, arrival: Arrival): void {
  const sql = "SELECT 1 FROM changes INDEXED BY changes_by_seq WHERE document = ? AND NOT set_aside AND seq = ? LIMIT 1";
  if (store.one(sql, document, arrival.seq) !== null) noteArrivalOf(store, document, arrival);
}

/** Find it among all changes, as some have gone or do not count any more. */
export function findFactsAgain(store: Store, document: number): void {
  store.run(FIND, document);
}
