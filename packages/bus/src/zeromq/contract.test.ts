import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Bus } from '../bus.ts';
import { type ContractBusOptions, describeBusContract } from '../contract.ts';
import { joinBuses } from '../test-support/joined-bus.ts';
import { freePorts } from './test-support/free-ports.ts';
import { createZeromqBus } from './zeromq-bus.ts';

const JOURNAL_BYTES = 64 * 1024 * 1024;
const directories: string[] = [];

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'zeromq-'));
  directories.push(directory);
  return directory;
}

afterAll(async () => {
  await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })));
});

function groupNames({ groups }: ContractBusOptions): string[] {
  return [...new Set(Object.values(groups).flat())];
}

async function createAlone(options: ContractBusOptions): Promise<Bus> {
  const [port] = await freePorts(1);
  const self = { service: 'all', node: 'here' };
  const peers = [{ ...self, address: `tcp://127.0.0.1:${port}`, groups: groupNames(options) }];
  return createZeromqBus({ self, peers, directory: await newDirectory(), journalBytes: JOURNAL_BYTES }, options);
}

/** One bus publishes, sends and asks, the other one consumes, receives and serves: everything goes over the wire. */
async function createTwo(options: ContractBusOptions): Promise<Bus> {
  const [one, other] = await freePorts(2);
  const near = { service: 'publisher', node: 'here' };
  const far = { service: 'consumer', node: 'there' };
  const peers = [
    { ...near, address: `tcp://127.0.0.1:${one}`, groups: [] },
    { ...far, address: `tcp://127.0.0.1:${other}`, groups: groupNames(options) },
  ];
  const directory = await newDirectory();
  const common = { peers, directory, journalBytes: JOURNAL_BYTES };
  const publisher = await createZeromqBus({ ...common, self: near }, options);
  const consumer = await createZeromqBus({ ...common, self: far }, options);
  return joinBuses(publisher, consumer);
}

describeBusContract('zeromq, one process', { create: createAlone, publishWaitsForHandling: false });
describeBusContract('zeromq, two processes', { create: createTwo, publishWaitsForHandling: false });
