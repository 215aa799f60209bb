import type { TestProject } from 'vitest/node';
import { startShape } from './start-shape.ts';

export default (project: TestProject) => startShape('nodes', project);
