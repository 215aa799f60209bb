/**
 * This system as it is shipped: four services, SQLite with `synchronous=FULL`. `ocpp-csms.ts <data folder> [open]`;
 * open: everybody is let in at once, every token is accepted, and compression is off, as with the peers.
 */
import { createAllInOne } from '@ocpp-csms/all-in-one';
import { createLog } from '@ocpp-csms/runtime';
import { announce } from './announce.ts';
import { benchSettings } from './bench-settings.ts';

const [, , dir = '', mode] = process.argv;
const settings = benchSettings(dir, mode === 'open');
const system = await createAllInOne({ settings, log: createLog({ service: 'bench', settings: settings.log }) });
const { port } = await system.start();
announce(port);
