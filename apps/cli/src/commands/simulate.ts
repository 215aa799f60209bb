import { simulateCommand } from '@ocpp-csms/simulator/command';
import type { Command } from 'commander';
import type { Context } from '../context.ts';

export const simulate = ({ calledAs }: Context): Command => simulateCommand(`${calledAs} simulate`, 'simulate');
