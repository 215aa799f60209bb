import { deviceManager0001 } from './0001-device-manager.ts';

export const migrations = [deviceManager0001];
