import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ParkedMessage } from '../bus.ts';
import type { FromProcess, Handling, ProcessOptions, ToProcess } from './process-messages.ts';

const program = fileURLToPath(new URL('consumer-program.ts', import.meta.url));
const START_TIMEOUT_MS = 20_000;

/** A process of its own that consumes, and can be killed or paused. */
export class ConsumerProcess {
  readonly begun: Handling[] = [];
  readonly handled: Handling[] = [];
  readonly parked: ParkedMessage[] = [];
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  #ready: () => void = () => {};

  private constructor(options: ProcessOptions) {
    this.#child = fork(program, [JSON.stringify(options)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#take(message as FromProcess));
  }

  /** Resolves when it consumes. */
  static async start(options: ProcessOptions): Promise<ConsumerProcess> {
    const started = new ConsumerProcess(options);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the consumer process did not start')), START_TIMEOUT_MS);
      started.#child.once('exit', (code) => reject(new Error(`the consumer process ended with ${code}`)));
      started.#ready = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return started;
  }

  /** As the kernel would when memory is short: nothing is said to anybody. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#tell('stop');
    await ended;
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** It refuses the poisonous message no longer. */
  cure(): void {
    this.#tell('cure');
  }

  #tell(message: ToProcess): void {
    this.#child.send(message);
  }

  #take(message: FromProcess): void {
    if (message.kind === 'ready') this.#ready();
    else if (message.kind === 'begun') this.begun.push(...message.handlings);
    else if (message.kind === 'handled') this.handled.push(...message.handlings);
    else if (message.kind === 'parked') this.parked.push(message.message);
    else this.lines.push(message.line);
  }
}
