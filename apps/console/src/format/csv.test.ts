import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('a table as spreadsheets read it', () => {
  expect(
    csvOf(
      ['a', 'b'],
      [
        [1, 'x,y'],
        [null, 'say "hi"'],
        [undefined, true],
      ],
    ),
  ).toBe('a,b\r\n1,"x,y"\r\n,"say ""hi"""\r\n,true\r\n');
});

test('what a charge point wrote is no formula', () => {
  expect(csvOf(['a'], [['=HYPERLINK("http://evil")'], [-5]])).toBe('a\r\n"\'=HYPERLINK(""http://evil"")"\r\n-5\r\n');
});
