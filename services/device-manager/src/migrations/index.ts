import { deviceManager0001 } from './0001-registry.ts';

export const migrations = [deviceManager0001];
