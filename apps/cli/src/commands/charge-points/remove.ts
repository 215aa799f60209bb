import { Command } from 'commander';
import { type ApiFlags, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { confirmed } from '../../input/confirm.ts';
import { examples } from '../examples.ts';
import { removeEach } from '../remove-each.ts';

interface Flags extends ApiFlags {
  yes?: boolean;
}

export function removeChargePoints(context: Context): Command {
  const command = new Command('remove')
    .description(
      'Takes charge points out of the registry, with their configuration and commands. Messages and transactions stay.',
    )
    .argument('<chargePoints...>', 'networkIds or chargePointIds')
    .option('--yes', 'without asking')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['charge-points remove CP001', 'asks first'],
        ['charge-points remove CP001 CP002 --yes', ''],
      ]),
    )
    .action(async (ids: string[], flags: Flags) => {
      if (!flags.yes) await confirmed(`Remove ${ids.join(', ')}?`, context);
      const path = (id: string) => `/device-manager/charge-points/${encodeURIComponent(id)}`;
      await removeEach(ids, path, flags, context);
    });
  return withApi(command);
}
