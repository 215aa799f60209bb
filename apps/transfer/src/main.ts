import { version } from '@ocpp-csms/runtime';
import { Command } from 'commander';
import { exportCommand, importCommand } from './command.ts';

await new Command('npm run')
  .description('Moves everything between databases, as JSON Lines: registry, tokens, transactions, messages.')
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .addCommand(exportCommand('npm run export --').usage('-- [options]'))
  .addCommand(importCommand('npm run import --').usage('-- [options] [file]'))
  .parseAsync();
