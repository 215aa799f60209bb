import { boundedKey } from '@ocpp-csms/storage';
import { type DeviceContext, onAnswer } from '../context.ts';

interface HashData {
  hashAlgorithm: string;
  issuerNameHash: string;
  issuerKeyHash: string;
  serialNumber: string;
}

interface Reported {
  type: string;
  certificateHashData: HashData;
  childCertificateHashData?: readonly HashData[];
}

const keyOf = ({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: HashData): string =>
  boundedKey([hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber].join(' ').toLowerCase());

/** Replaces what is known of these types; of all types when `types` is undefined. */
async function replaceInventory(
  networkId: string,
  types: readonly string[] | undefined,
  reported: readonly Reported[],
  { tx, clock }: DeviceContext,
): Promise<void> {
  const at = clock.now().toISOString();
  let old = tx.deleteFrom('certificate').where('network_id', '=', networkId);
  if (types !== undefined && types.length > 0) old = old.where('type', 'in', [...types]);
  await old.execute();
  for (const { type, certificateHashData, childCertificateHashData } of reported) {
    const row = {
      network_id: networkId,
      certificate_key: keyOf(certificateHashData),
      type,
      hash_data: JSON.stringify({
        ...certificateHashData,
        ...(childCertificateHashData ? { childCertificateHashData } : {}),
      }),
      source: 'reported',
      at,
    };
    await tx
      .insertInto('certificate')
      .values(row)
      .onConflict((on) => on.columns(['network_id', 'certificate_key']).doUpdateSet(row))
      .execute();
  }
}

/** 1.6 security whitepaper §5.9: of one type. */
export const getInstalledCertificateIds16 = onAnswer(
  ['ocpp1.6'],
  'GetInstalledCertificateIds',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const reported = (outcome.response.certificateHashData ?? []).map((certificateHashData) => ({
      type: request.certificateType,
      certificateHashData,
    }));
    await replaceInventory(networkId, [request.certificateType], reported, context);
  },
);

/** M03 */
export const getInstalledCertificateIds = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'GetInstalledCertificateIds',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const reported = (outcome.response.certificateHashDataChain ?? []).map(({ certificateType, ...chain }) => ({
      type: certificateType,
      ...chain,
    }));
    await replaceInventory(networkId, request.certificateType, reported, context);
  },
);

/** M05. Its hash data are not known before the charge point reports them. */
export const installCertificate = onAnswer(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'InstallCertificate',
  async ({ networkId, request, outcome, envelope }, { tx, clock }) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    await tx
      .insertInto('certificate')
      .values({
        network_id: networkId,
        certificate_key: `installed by ${envelope.answerTo}`,
        type: request.certificateType,
        hash_data: null,
        source: 'installed',
        at: clock.now().toISOString(),
      })
      .onConflict((on) => on.doNothing())
      .execute();
  },
);

/** M04. NotFound: it is not there either. */
export const deleteCertificate = onAnswer(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'DeleteCertificate',
  async ({ networkId, request, outcome }, { tx }) => {
    if (!outcome.ok || outcome.response.status === 'Failed') return;
    await tx
      .deleteFrom('certificate')
      .where('network_id', '=', networkId)
      .where('certificate_key', '=', keyOf(request.certificateHashData))
      .execute();
  },
);
