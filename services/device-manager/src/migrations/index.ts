import { deviceManager0001 } from './0001-registry.ts';
import { deviceManager0002 } from './0002-system.ts';

export const migrations = [deviceManager0001, deviceManager0002];
