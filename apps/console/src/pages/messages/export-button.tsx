import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import type { MessageFilters } from '../../data/messages.ts';
import {
  type ExportProgress,
  ExportTooLarge,
  exportAddress,
  exportMessages,
  mostBytesInPage,
  save,
} from '../../data/messages-export.ts';
import { CrossIcon } from '../../icons/icons.tsx';

const megabyte = 1024 * 1024;

/** All messages of the filters as JSON Lines, in a file. */
export function ExportButton({ filters }: { filters: MessageFilters }) {
  const [progress, setProgress] = useState<ExportProgress>();
  const [isTooLarge, setIsTooLarge] = useState(false);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  async function begin(): Promise<void> {
    const own = new AbortController();
    abort.current = own;
    setProgress({ messages: 0, bytes: 0 });
    try {
      const file = await exportMessages(filters, { signal: own.signal, onProgress: setProgress });
      save(file, `messages-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`);
      notifications.show({ title: 'Exported', message: `${sizeOf(file.size)} of JSON Lines, the oldest first.` });
    } catch (error) {
      if (error instanceof ExportTooLarge) setIsTooLarge(true);
      else if (!own.signal.aborted) {
        const message = `${error instanceof Error ? error.message : String(error)} Nothing was saved; try again.`;
        notifications.show({ title: 'The messages could not be exported', message });
      }
    }
    setProgress(undefined);
  }

  if (progress)
    return (
      <Button
        variant="default"
        rightSection={<CrossIcon width="11" height="11" />}
        onClick={() => abort.current?.abort()}
        aria-label={`Cancel the export: ${progress.messages} messages so far`}
      >
        {progress.messages.toLocaleString('en')} messages · {sizeOf(progress.bytes)}
      </Button>
    );
  if (isTooLarge)
    return (
      <Button
        variant="default"
        component="a"
        href={exportAddress(filters)}
        download
        onClick={() => setIsTooLarge(false)}
      >
        More than {sizeOf(mostBytesInPage)}: download to disk
      </Button>
    );
  return (
    <Button variant="default" onClick={begin} title="All messages that are filtered, as JSON Lines">
      Export
    </Button>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < megabyte) return `${Math.ceil(bytes / 1024).toLocaleString('en')} kB`;
  return `${(bytes / megabyte).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}
