import { type Static, Type } from '@ocpp-csms/http';
import { boundedKey } from '@ocpp-csms/storage';

/** What can be set in a charge point: a key of 1.6, or a variable of 2.x. */
export const component = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 50 }),
    instance: Type.Optional(Type.String({ maxLength: 50 })),
    evse: Type.Optional(
      Type.Object(
        { id: Type.Integer({ minimum: 0 }), connectorId: Type.Optional(Type.Integer({ minimum: 0 })) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export const variable = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 50 }), instance: Type.Optional(Type.String({ maxLength: 50 })) },
  { additionalProperties: false },
);

export type Component = Static<typeof component>;
export type Variable = Static<typeof variable>;

/** One text for each key, variable and attribute; names are compared without regard to case (CiString). */
export function keyName(key: string): string {
  return boundedKey(key.toLowerCase());
}

export function variableName({
  component,
  variable,
  attribute = 'Actual',
}: {
  component: Component;
  variable: Variable;
  attribute?: string;
}): string {
  const { name, instance = '', evse } = component;
  const place = evse === undefined ? '' : `@${evse.id}.${evse.connectorId ?? ''}`;
  const text = `${name}[${instance}]${place}/${variable.name}[${variable.instance ?? ''}]#${attribute}`;
  return boundedKey(text.toLowerCase());
}

const secret = /authorizationkey|password|passwd|secret|vpnkey|simpin|apikey|psk$/i;

/** Whether the value of this key or variable must not be stored or shown. */
export const isSecretName = (name: string): boolean => secret.test(name);
