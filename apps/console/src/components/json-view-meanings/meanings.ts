import { fields } from './fields.ts';
import { values } from './values.ts';

export { type Lint, lintOf } from './lint-rules.ts';

/** Of a message: what its members and the values of its enumerations mean. */
export interface Meanings {
  field(name: string): string | undefined;
  value(name: string, value: string): string | undefined;
}

/** A charge point may name a member as it likes: only what is in the table itself counts. */
const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

export function meaningsOf(action: string): Meanings {
  return {
    field: (name) => own(fields, `${action}.${name}`) ?? own(fields, name),
    value(name, value) {
      const table = own(values, `${action}.${name}`) ?? own(values, name);
      return table && own(table, value);
    },
  };
}
