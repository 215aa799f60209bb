/** What the bench reads of a .cpuprofile (V8's format). */
export interface CpuProfile {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  samples?: readonly number[];
  timeDeltas?: readonly number[];
}

export interface SelfTime {
  name: string;
  /** Of the time in which the thread did something. */
  share: number;
}

const notWork = ['(idle)', '(program)', '(root)'];
/** The profiler's own beginning and end. */
const profiler = 'post node:inspector';

/** The functions that took most themselves, those that they called not counted. */
export function topSelfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile, count: number): SelfTime[] {
  const nameById = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const taken = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = nameById.get(id) ?? '';
    taken.set(name, (taken.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const work = [...taken].filter(([name]) => !notWork.includes(name) && !name.startsWith(profiler));
  const total = work.reduce((sum, [, micros]) => sum + micros, 0);
  return work
    .map(([name, micros]) => ({ name, share: micros / total }))
    .sort((left, right) => right.share - left.share)
    .slice(0, count);
}

/** With the last two parts of the path; lines are counted from 1. */
function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? 'anonymous' : functionName;
  if (url === '') return name;
  return `${name} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
}
