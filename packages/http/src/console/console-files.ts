import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the built console, as the build describes it. */
export interface ConsoleFile {
  contentType: string;
  /** Of its content, so that a browser that has it need not fetch it again. */
  etag: string;
  /** What there is beside the file itself, the smallest first: `br`, `gzip`. */
  encodings: readonly Encoding[];
}

export type Encoding = 'br' | 'gzip';

export interface ConsoleFiles {
  /** `index.html`, `assets/…`. Undefined: there is no such file, or nothing was built yet. */
  find(name: string): Promise<ConsoleFile | undefined>;
  read(name: string, encoding: Encoding | undefined): Promise<Buffer>;
}

/** What the build writes last, when everything else is there. */
const listName = 'files.json';
const suffixes: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

/** Only what the list names is ever read. A build while we run is taken up without a new start. */
export function createConsoleFiles(folder: string): ConsoleFiles {
  let files = new Map<string, ConsoleFile>();
  let listedAt: number | undefined;

  async function refresh(): Promise<void> {
    const { mtimeMs } = await stat(join(folder, listName));
    if (mtimeMs === listedAt) return;
    const list = JSON.parse(await readFile(join(folder, listName), 'utf8')) as { files: Record<string, ConsoleFile> };
    files = new Map(Object.entries(list.files));
    listedAt = mtimeMs;
  }

  return {
    async find(name) {
      try {
        await refresh();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        files.clear();
        listedAt = undefined;
      }
      return files.get(name);
    },
    read: (name, encoding) => readFile(join(folder, name + (encoding === undefined ? '' : suffixes[encoding]))),
  };
}
