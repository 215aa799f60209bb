import type { MessageFilters } from './messages.ts';

export interface ExportProgress {
  messages: number;
  bytes: number;
}

/** More than this is not kept by the page: the browser writes it to disk as it comes. */
export const mostBytesInPage = 256 * 1024 * 1024;

export class ExportTooLarge extends Error {
  override readonly name = 'ExportTooLarge';
}

export function exportAddress(filters: MessageFilters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) search.set(name, String(value));
  return `/message-manager/messages/export${search.size === 0 ? '' : `?${search}`}`;
}

interface ExportOptions {
  signal: AbortSignal;
  onProgress: (progress: ExportProgress) => void;
}

/** All messages of the filters as JSON Lines. Rejects with `ExportTooLarge`, or with why it could not be read. */
export async function exportMessages(filters: MessageFilters, { signal, onProgress }: ExportOptions): Promise<Blob> {
  const response = await fetch(exportAddress(filters), { signal });
  if (!response.ok || !response.body) throw new Error(await reasonOf(response));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const progress = { messages: 0, bytes: 0 };
  const reader = response.body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Blob(pieces, { type: 'application/x-ndjson' });
    pieces.push(value);
    progress.bytes += value.length;
    progress.messages += countLines(value);
    onProgress({ ...progress });
    if (progress.bytes > mostBytesInPage) {
      await reader.cancel();
      throw new ExportTooLarge();
    }
  }
}

const newline = 10;

export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

async function reasonOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => undefined);
  const detail = typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : undefined;
  return typeof detail === 'string' ? detail : `The system answered ${response.status}.`;
}

/** Hands a file to the browser. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
