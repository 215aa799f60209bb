import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanEnvironment } from '../src/clean-environment.ts';
import { root } from './blocks.ts';

const blockWithinMs = 30_000;

export interface CommandShell {
  /** Runs the text in bash, in the folder of the data, to its end. Rejects with all that it printed when a command failed. */
  run(text: string): Promise<void>;
  start(text: string): ChildProcess;
}

/**
 * The real programs, with four differences: the port, `curl` fails when the answer is an error, `npm run` skips npm itself,
 * and what goes on for ever ends after a moment.
 */
export async function createCommandShell({ folder, port }: { folder: string; port: number }): Promise<CommandShell> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'npm'), await npmScript());
  await writeFile(join(bin, 'curl'), curlScript);
  for (const name of ['npm', 'curl']) await chmod(join(bin, name), 0o755);
  const env = {
    ...cleanEnvironment(),
    PORT_OF_TEST: String(port),
    CSMS_URL: `http://127.0.0.1:${port}`,
    NODE: process.execPath,
    ROOT: root,
  };
  const launch = (text: string) =>
    spawn('bash', ['-euo', 'pipefail', '-c', `shopt -s expand_aliases\n${withPort(text, port)}`], {
      cwd: folder,
      env: { ...env, PATH: `${bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  return {
    async run(text) {
      const child = launch(text);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const timer = setTimeout(() => endGroup(child), blockWithinMs);
      const [code] = await once(child, 'close');
      clearTimeout(timer);
      if (code !== 0) throw new Error(`ended with ${code}:\n${text}\n\n${output}`);
    },
    start(text) {
      const child = launch(text);
      child.stdout.resume();
      child.stderr.resume();
      return child;
    },
  };
}

const withPort = (text: string, port: number): string =>
  text.replaceAll(/(localhost|127\.0\.0\.1):8080/g, `$1:${port}`);

/** With everything that it started. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** 28: a live stream that goes on until it is ended. */
const curlScript = `#!/usr/bin/env bash
real=$(PATH=\${PATH#*:} command -v curl)
case "$*" in
  */stream*) "$real" --fail-with-body --max-time 1 "$@" || [ $? = 28 ] ;;
  *) exec "$real" --fail-with-body --max-time 20 "$@" ;;
esac
`;

async function npmScript(): Promise<string> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const cases = Object.entries(scripts).flatMap(([name, command]) => {
    const program = /^node scripts\/run\.mjs (\S+)(.*)$/.exec(command);
    return program ? [`  ${name}) set -- "$ROOT/${program[1]}"${program[2]} "$@" ;;`] : [];
  });
  return `#!/usr/bin/env bash
set -eu
[ "$1" = run ] || { echo "npm $1 is not for this test: mark the block as not run" >&2; exit 64; }
shift
[ "$1" = --silent ] && shift
name=$1
shift
[ "\${1-}" = -- ] && shift
case "$name \${1-} $*" in
  simulate\\ record\\ *|simulate*\\ --url\\ *) ;;
  simulate\\ *) set -- "$@" --url "ws://127.0.0.1:$PORT_OF_TEST/ocpp" ;;
esac
case "$name" in
${cases.join('\n')}
  *) echo "there is no npm run $name that this test can run" >&2; exit 64 ;;
esac
set -- "$NODE" --disable-warning=ExperimentalWarning "$@"
case "$name $*" in
  csms*messages\\ tail*) timeout 2 "$@" || [ $? = 124 ] ;;
  *) exec "$@" ;;
esac
`;
}
