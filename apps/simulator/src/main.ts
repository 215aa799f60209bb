import { simulateCommand } from './command.ts';

await simulateCommand('npm run simulate --').parseAsync();
