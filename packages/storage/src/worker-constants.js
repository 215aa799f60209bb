// In JavaScript, with types in comments, like what else runs in the worker threads: each thread would otherwise load what
// strips TypeScript, at 11 MB of memory and 50 ms.

/** The name of a database that is kept nowhere. */
export const IN_MEMORY = ':memory:';
/** The transaction that a statement was meant for is gone (rolled back by SQLite or lost with its connection). */
export const TRANSACTION_GONE = 'TRANSACTION_GONE';
/** A statement that writes was given to `database.read`. */
export const WRITE_IN_READ = 'WRITE_IN_READ';
