import { Command } from 'commander';
import type { Context } from '../context.ts';
import { addChargePoint, editChargePoint } from './charge-points/add-edit.ts';
import { adoptChargePoint, listRefused } from './charge-points/adopt.ts';
import { listChargePoints, showChargePoint } from './charge-points/list-show.ts';
import { removeChargePoints } from './charge-points/remove.ts';

export function chargePoints(context: Context): Command {
  const parts = [
    listChargePoints,
    showChargePoint,
    addChargePoint,
    editChargePoint,
    removeChargePoints,
    listRefused,
    adoptChargePoint,
  ];
  const command = new Command('charge-points')
    .description('The charge points that are registered, and those that were refused.')
    .helpCommand(false);
  for (const part of parts) command.addCommand(part(context));
  return command;
}
