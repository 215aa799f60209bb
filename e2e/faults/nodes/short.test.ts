import { testShortForm } from '../test-short-form.ts';
import { faultsOfNodes } from './all.ts';

for (const fault of faultsOfNodes) for (const shape of fault.shapes) testShortForm(fault, shape);
