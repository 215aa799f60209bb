import { inject } from 'vitest';
import { attach } from '../src/attached-csms.ts';
import { faults } from './all.ts';
import { testShortForm } from './test-short-form.ts';

const startedElsewhere = inject('csms');
if (startedElsewhere === undefined) {
  for (const fault of faults) if (fault.shapes.includes('one')) testShortForm(fault, 'one');
} else {
  // What spoils the system for other tests is tried by `npm run faults`, and the faults of nodes in a file of their own.
  const { shape } = startedElsewhere;
  for (const fault of faults) {
    if (fault.shapes.includes(shape) && !fault.wantsItsOwn) testShortForm(fault, shape, attach(startedElsewhere));
  }
}
