import { readFileSync } from 'node:fs';

const { version: ofRoot } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The version of the release, from the root package.json. */
export const version: string = ofRoot;
