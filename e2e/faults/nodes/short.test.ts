import { testShortForm } from '../test-short-form.ts';
import { faultsOfNodes } from './all.ts';

testShortForm(faultsOfNodes);
