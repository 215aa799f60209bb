import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './cursors.ts';

/** Counts the changes of what is in the files of a journal that an older version could not read. */
const current = 1;
const fileName = 'format';

/** A journal of a later version of this program: reading it would take its messages for damaged, and lose them. */
class NewerJournal extends Error {
  override readonly name = 'NewerJournal';
  /** What to do, as a sentence. */
  readonly advice =
    'Start that version or a later one, and let it deliver what is in the journal; once that is empty (bus_in_flight_messages in /metrics is 0) and the services are stopped, the folder can be moved away. Nothing was changed.';

  constructor(directory: string, format: string) {
    super(
      `The journal ${directory} was written by a newer version of ocpp-csms (format ${format}, this version knows up to ${current}).`,
    );
  }
}

/** Rejects when the journal in this folder is of a newer format; otherwise notes ours there. */
export async function refuseNewerFormat(directory: string): Promise<void> {
  const path = join(directory, fileName);
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found !== undefined && found.trim() !== String(current)) throw new NewerJournal(directory, found.trim());
  if (found === undefined) await writeWhole(path, `${current}\n`, true);
}
