import { type Check, ok, skipped, warning } from './check.ts';

const name = 'open files';
/** Databases, logs, brokers, the API. */
const ownNeeds = 200;
const fewConnections = 4000;

export const fileDescriptors: Check = {
  name,
  async run({ settings: { csmsServer } }) {
    const limit = readLimit();
    if (limit === undefined) return skipped(name, 'this system has no limit that can be read');
    if (limit === 'unlimited') return ok(name, 'without limit');
    const room = Math.max(0, limit - ownNeeds);
    const words = `${limit}, enough for about ${room} charge points on this node`;
    const wanted = csmsServer.maxConnections === 0 ? fewConnections : csmsServer.maxConnections;
    if (room >= wanted) return ok(name, words);
    return warning(
      name,
      words,
      'Raise the limit where it is started: ulimit -n in the shell, LimitNOFILE in systemd, --ulimit nofile in a container.',
    );
  },
};

/** What this process may open, which Node.js has raised to the hard limit, as it does for the services. */
function readLimit(): number | 'unlimited' | undefined {
  if (process.report === undefined) return undefined;
  // It would look up names; the types do not know the option yet.
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('userLimits' in report)) return undefined;
  const limits = report.userLimits as Readonly<Record<string, { soft: number | 'unlimited' } | undefined>>;
  return limits.open_files?.soft;
}
