import { createRequire } from 'node:module';
import type { OcppVersion } from '@ocpp-csms/ocpp';

interface OracleValidator {
  subprotocol: string;
  validate(schemaId: string, payload: unknown): unknown;
}

/**
 * An opinion on payloads that is not ours: the validators of `ocpp-rpc`, compiled from the schemas by its own ajv.
 * Returns what is wrong, or `undefined`.
 */
export type SchemaOracle = (action: string, part: 'request' | 'response', payload: unknown) => string | undefined;

export function loadSchemaOracle(version: OcppVersion): SchemaOracle {
  const validators: OracleValidator[] = createRequire(import.meta.url)('ocpp-rpc/lib/standard-validators');
  const validator = validators.find(({ subprotocol }) => subprotocol === version);
  if (validator === undefined) throw new Error(`ocpp-rpc has no schemas of ${version}`);
  return (action, part, payload) => {
    try {
      validator.validate(schemaId(version, action, part), payload);
      return undefined;
    } catch (error) {
      return `${action} ${part}: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
}

function schemaId(version: OcppVersion, action: string, part: 'request' | 'response'): string {
  if (version === 'ocpp2.1') return `urn:${action}${part === 'request' ? 'Request' : 'Response'}`;
  return `urn:${action}.${part === 'request' ? 'req' : 'conf'}`;
}
