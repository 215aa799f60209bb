/** OCPP versions, spelt as their WebSocket subprotocols (J16 §3.1.2, J2.x §3.1.2). */
export type OcppVersion = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

export const ocppVersions: readonly OcppVersion[] = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'];

export function isOcppVersion(text: string): text is OcppVersion {
  return ocppVersions.some((version) => version === text);
}
