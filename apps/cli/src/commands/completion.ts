import { Argument, Command } from 'commander';
import { type Shell, scripts, shells } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import { examples } from './examples.ts';

export function completion({ calledAs, terminal }: Context): Command {
  return new Command('completion')
    .description('Prints what makes a shell complete commands, options, charge points and actions with the Tab key.')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      examples(calledAs, [
        ['completion bash >> ~/.bashrc', 'for each new bash'],
        ['completion zsh >> ~/.zshrc', 'behind compinit'],
        ['completion fish > ~/.config/fish/completions/ocpp-csms.fish', ''],
      ]),
    )
    .action((shell: Shell) => terminal.out(scripts[shell]));
}
