import { statfs } from 'node:fs/promises';
import { type Check, failed, ok, warning } from './check.ts';
import { existingPart } from './existing-part.ts';

const name = 'free space';
const gibibyte = 1024 ** 3;
const little = gibibyte;
const tooLittle = 100 * 1024 ** 2;
const fewFiles = 1000;

export const freeSpace: Check = {
  name,
  async run({ directory }) {
    const folder = await existingPart(directory);
    const { bavail, bsize, ffree, files } = await statfs(folder);
    const free = bavail * bsize;
    const words = `${sizeWords(free)} for ${directory}`;
    const todo =
      'Make room, or choose a larger disk with CSMS_DATA_DIR. When it is full, charge points are turned away.';
    if (free < tooLittle) return failed(name, words, todo);
    if (files > 0 && ffree < fewFiles) return failed(name, `only ${ffree} more files (inodes) for ${directory}`, todo);
    return free < little ? warning(name, words, todo) : ok(name, words);
  },
};

function sizeWords(bytes: number): string {
  return bytes < gibibyte ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${(bytes / gibibyte).toFixed(1)} GB`;
}
