import { exportCommand, importCommand } from '@ocpp-csms/transfer/command';
import type { Command } from 'commander';
import type { Context } from '../context.ts';

export const exportEverything = ({ calledAs }: Context): Command => exportCommand(`${calledAs} export`);

export const importEverything = ({ calledAs }: Context): Command => importCommand(`${calledAs} import`);
