import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The folder, or the nearest above it that is there. */
export async function existingPart(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || above === folder) return folder;
    return existingPart(above);
  }
}
