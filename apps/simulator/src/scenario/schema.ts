import { ocppVersions } from '@ocpp-csms/ocpp';
import Type, { type Static } from 'typebox';
import { type Quirk, quirks } from '../quirks.ts';
import { type FaultName, faults } from './faults.ts';
import { durationPattern, momentPattern, windowPattern } from './times.ts';

/** The one schema of a scenario file. What is not in it is refused. */
const strict = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 100 });
const duration = Type.String({ pattern: durationPattern, description: 'a duration such as 10m, 2h15m or 2d' });
const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] => Object.keys(table) as Name[];

const cars = Type.Object(
  {
    between: Type.String({ pattern: windowPattern, description: 'two times of a day such as 07:00-09:30' }),
    stay: duration,
    /** Percent of the connectors and days on which such a car comes; 100 by default. */
    chance: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** Of the batteries, in °C; a cold or a hot one takes less. */
    temperature: Type.Optional(Type.Integer({ minimum: -40, maximum: 80 })),
  },
  strict,
);

const chargePoints = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 44 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    version: Type.Optional(Type.Enum([...ocppVersions, 'mix'])),
    connectors: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    tokens: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 36 }), { minItems: 1, maxItems: 10_000 })),
    quirks: Type.Optional(Type.Array(Type.Enum(names<Quirk>(quirks)))),
    'meter-values': Type.Optional(duration),
    retries: Type.Optional(Type.Enum(['specification', 'common-stacks'])),
    lively: Type.Optional(Type.Boolean()),
    cars: Type.Optional(Type.Array(cars)),
  },
  strict,
);

const site = Type.Object({ name, 'charge-points': Type.Array(chargePoints, { minItems: 1 }) }, strict);

const fault = Type.Object(
  {
    at: Type.String({ pattern: momentPattern, description: 'a time such as 06:30, 1d 06:30 or 2h15m' }),
    fault: Type.Enum(names<FaultName>(faults)),
    site: Type.Optional(name),
    'charge-point': Type.Optional(name),
    for: Type.Optional(duration),
    quirk: Type.Optional(Type.Enum(names<Quirk>(quirks))),
    to: Type.Optional(
      Type.String({
        pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$`,
        description: 'a time such as 1970-01-01T00:00Z',
      }),
    ),
    up: Type.Optional(duration),
    down: Type.Optional(duration),
  },
  strict,
);

export const scenarioSchema = Type.Object(
  {
    name,
    duration,
    speed: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })),
    seed: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000_000 })),
    sites: Type.Array(site, { minItems: 1 }),
    faults: Type.Optional(Type.Array(fault)),
  },
  strict,
);

export type Scenario = Static<typeof scenarioSchema>;
export type ScenarioFault = Static<typeof fault>;
export type ChargePoints = Static<typeof chargePoints>;
