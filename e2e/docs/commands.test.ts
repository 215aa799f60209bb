import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '@ocpp-csms/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { Page } from '../src/registry.ts';
import { type SpawnedCsms, spawnCsms } from '../src/spawn-csms.ts';
import { type Block, blocksOf, pagesWithCommands } from './blocks.ts';
import { type CommandShell, createCommandShell, endGroup } from './command-shell.ts';

const pages = pagesWithCommands()
  .map((page) => ({ page, blocks: blocksOf(page) }))
  .filter(({ blocks }) => blocks.length > 0);
const all = pages.flatMap(({ blocks }) => blocks);
const isRun = ({ notRun }: Block) => notRun === undefined;

/** The charge point of the pages. */
const networkId = 'CP001';

interface Place {
  folder: string;
  csms: SpawnedCsms;
  shell: CommandShell;
}

/** Of the pages so far: the README makes one, and pages after it use it. */
const aliases = new Set<string>();
let place: Place | undefined;
let program: { text: string; child: ChildProcess } | undefined;

afterAll(leave);

describe('the commands of the pages work', () => {
  test.each(pages.filter(({ blocks }) => blocks.some(isRun)))('$page', async ({ page, blocks }) => {
    if (page === 'README.md' || page === 'docs/get-started.md') await asForSomebodyNew(blocks);
    for (const block of blocks.filter((each) => isRun(each) && !each.inBackground)) {
      if (/charge-points\/CP001\/(commands|connectors)|command CP001/.test(block.text)) await connected();
      await here()
        .shell.run([...aliases, block.text].join('\n'))
        .catch((error: Error) => {
          throw new Error(`${page}:${block.line}: ${error.message}`);
        });
      for (const line of block.text.split('\n')) if (line.startsWith('alias ')) aliases.add(line);
    }
  });
});

test('what is not run is marked with its reason, and is valid for the shell', () => {
  const marked = all.filter((block) => !isRun(block));
  const list = marked.map(({ page, line, notRun }) => `  ${page}:${line}  ${notRun}`);
  process.stdout.write(
    `Commands of the pages: ${all.length - marked.length} blocks run, ${marked.length} not:\n${list.join('\n')}\n`,
  );
  const invalid = all.flatMap(({ page, line, text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    return status === 0 ? [] : [`${page}:${line}: ${stderr}`];
  });
  expect(invalid).toEqual([]);
});

/** A system as the first start makes it, at which the charge point of the page knocks. The pages after it go on with it. */
async function asForSomebodyNew(blocks: readonly Block[]): Promise<void> {
  await leave();
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-docs-'));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const csms = await spawnCsms({ dataDir, port: await freePort() });
  const shell = await createCommandShell({ folder, port: csms.port });
  place = { folder, csms, shell };
  for (const { text } of blocks.filter(({ inBackground }) => inBackground))
    program = { text, child: shell.start(text) };
  const hasKnocked = async () => {
    const { items } = await csms.api.get<Page<{ networkId: string }>>('/device-manager/refused-connections');
    return items.some((item) => item.networkId === networkId);
  };
  await until(`${networkId} has knocked`, hasKnocked, { timeoutMs: 20_000 });
}

async function leave(): Promise<void> {
  if (program) endGroup(program.child);
  program = undefined;
  await place?.csms.kill();
  if (place) await rm(place.folder, { recursive: true, force: true });
  place = undefined;
}

function here(): Place {
  if (place === undefined) throw new Error('the first page starts the system');
  return place;
}

/** It comes back by itself within a minute; a test starts it again. */
async function connected(): Promise<void> {
  const isConnected = async () => {
    const { connection } = await here().csms.api.get<{ connection: { connected: boolean } }>(
      `/device-manager/charge-points/${networkId}`,
    );
    return connection.connected;
  };
  if (program === undefined || (await isConnected())) return;
  endGroup(program.child);
  program = { text: program.text, child: here().shell.start(program.text) };
  await until(`${networkId} is connected`, isConnected, { timeoutMs: 20_000 });
}
