import { faultsOfOne } from './all.ts';
import { testShortForm } from './test-short-form.ts';

testShortForm(faultsOfOne);
