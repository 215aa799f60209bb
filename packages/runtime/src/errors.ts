/** A reason not to start that the person at the keyboard can do something about. Shown without a stack. */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
  /** What to do, as a sentence. */
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

type Description = (error: NodeJS.ErrnoException & { port?: number; address?: string }) => string;

const where = (path: string | undefined): string => (path ? ` ${path}` : '');

const descriptions: Readonly<Record<string, Description>> = {
  EADDRINUSE: ({ port }) =>
    `Port ${port} is in use by another program. Stop it, or choose another port with CSMS_HTTP_PORT or http.port in conf.yaml.`,
  EADDRNOTAVAIL: ({ address }) =>
    `This machine does not have the address ${address}. Correct CSMS_HTTP_HOST or http.host in conf.yaml (0.0.0.0 is all addresses).`,
  ENOTFOUND: ({ message }) => `A host name cannot be resolved (${message}). Correct it in conf.yaml.`,
  EACCES: ({ port, path, syscall }) =>
    syscall === 'listen'
      ? `This user may not listen on port ${port}. Choose a port from 1024 up with CSMS_HTTP_PORT or http.port in conf.yaml.`
      : `This user may not use${where(path)}. Give it the right to read and write there, or choose other folders with CSMS_DATA_DIR and CSMS_LOG_DIR.`,
  EPERM: ({ path }) =>
    `The system does not permit the use of${where(path) || ' a file'}. Check who owns it and its rights.`,
  EROFS: ({ path }) =>
    `${path ?? 'A folder'} is on a read-only file system. Choose other folders with CSMS_DATA_DIR and CSMS_LOG_DIR.`,
  ENOSPC: ({ path }) =>
    `The disk is full${path ? ` (${path})` : ''}. Make room, or choose another folder with CSMS_DATA_DIR.`,
  EDQUOT: ({ path }) =>
    `The disk quota is used up${path ? ` (${path})` : ''}. Make room, or choose another folder with CSMS_DATA_DIR.`,
  EMFILE: () => 'This process may not open more files or connections. Raise the limit (ulimit -n).',
  ENFILE: () => 'The system has no more open files to give. Raise fs.file-max.',
  ENOTDIR: ({ path }) =>
    `A part of${where(path)} is a file where a folder is needed. Choose another folder with CSMS_DATA_DIR or CSMS_LOG_DIR.`,
  // What a read-only file system answers when a folder is to be made with those above it.
  ENOENT: ({ path }) =>
    `${path ?? 'A folder or file'} is not there and cannot be made. Check CSMS_DATA_DIR, CSMS_LOG_DIR and the files that the settings name.`,
  EEXIST: ({ path }) =>
    `There is a file${where(path)} where a folder is needed. Move it away, or choose another folder.`,
};

/** An error of the operating system in a sentence that says what to do; undefined for every other error. */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const describe = Object.hasOwn(descriptions, String(error.code)) ? descriptions[String(error.code)] : undefined;
  return describe?.(error as NodeJS.ErrnoException);
}

/** One text for the person at the keyboard: known errors without a stack, bugs with it. */
export function describeError(error: unknown): string {
  if (error instanceof Error && 'advice' in error) return `${error.message}\n${error.advice}`;
  const described = describeSystemError(error);
  if (described) return described;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Something failed that should not, please report it:\n${stack}`;
}

/** Says what is wrong and ends the process with exit code 1. */
export function exitWith(error: unknown): never {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}
