import { createRequire } from 'node:module';
import type { OcppVersion } from '@ocpp-csms/ocpp';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** An opinion on payloads that is not ours: the schemas that `ocpp-rpc` brings. Returns what is wrong, or `undefined`. */
export type SchemaOracle = (action: string, part: 'request' | 'response', payload: unknown) => string | undefined;

const files: Record<OcppVersion, string> = {
  'ocpp1.6': 'ocpp1_6.json',
  'ocpp2.0.1': 'ocpp2_0_1.json',
  'ocpp2.1': 'ocpp2_1.json',
};

/** One for each version: ten thousand charge points of a storm would do nothing but read schemas. */
const loaded = new Map<OcppVersion, SchemaOracle>();

export function loadSchemaOracle(version: OcppVersion): SchemaOracle {
  const oracle = loaded.get(version) ?? readSchemas(version);
  loaded.set(version, oracle);
  return oracle;
}

/** Each schema is compiled when it is first needed. */
function readSchemas(version: OcppVersion): SchemaOracle {
  const schemas: { $id: string }[] = createRequire(import.meta.url)(`ocpp-rpc/lib/schemas/${files[version]}`);
  const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
  addFormats.default(ajv);
  // Their ids are no URNs: `urn:Heartbeat.req`.
  for (const { $id, ...schema } of schemas) ajv.addSchema(schema, $id.replace('urn:', ''));
  return (action, part, payload) => {
    const validate = ajv.getSchema(schemaId(version, action, part));
    if (validate === undefined) return `${action} ${part}: ${version} has no such message`;
    return validate(payload) ? undefined : `${action} ${part}: ${ajv.errorsText(validate.errors)}`;
  };
}

function schemaId(version: OcppVersion, action: string, part: 'request' | 'response'): string {
  if (version === 'ocpp2.1') return `${action}${part === 'request' ? 'Request' : 'Response'}`;
  return `${action}.${part === 'request' ? 'req' : 'conf'}`;
}
