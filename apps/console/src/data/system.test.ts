import { expect, test } from 'vitest';
import { figuresIn } from './system.ts';

test('figures by name, all labels together; what is no figure is left out', () => {
  const text =
    '# TYPE csms_connections gauge\ncsms_connections{version="ocpp1.6"} 2\ncsms_connections{version="ocpp2.1"} 3\nup 1\nodd NaN\n';
  expect(figuresIn(text)).toEqual({ csms_connections: 5, up: 1 });
});
