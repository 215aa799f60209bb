import { isJsonObject } from '@ocpp-csms/ocpp';
import { type DeviceContext, onMessage } from '../context.ts';
import type { BootTable } from '../schema.ts';
import { requestTemplateAfterBoot } from '../templates/template-job-store.ts';

/** 1.6 §4.2 */
export const bootNotification16 = onMessage(
  ['ocpp1.6'],
  'BootNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    keepBoot(
      {
        boot_id: envelope.id,
        network_id: networkId,
        at: receivedAt,
        protocol: 'ocpp1.6',
        vendor: request.chargePointVendor || null,
        model: request.chargePointModel || null,
        serial_number: request.chargePointSerialNumber || request.chargeBoxSerialNumber || null,
        firmware_version: request.firmwareVersion || null,
        reason: null,
        iccid: request.iccid ?? null,
        imsi: request.imsi ?? null,
        answered: statusIn(envelope.answer?.messageBody),
        expected: 0,
      },
      context,
    ),
);

/** B01 */
export const bootNotification = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'BootNotification',
  ({ networkId, version, request, receivedAt, envelope }, context) =>
    keepBoot(
      {
        boot_id: envelope.id,
        network_id: networkId,
        at: receivedAt,
        protocol: version,
        vendor: request.chargingStation?.vendorName || null,
        model: request.chargingStation?.model || null,
        serial_number: request.chargingStation?.serialNumber || null,
        firmware_version: request.chargingStation?.firmwareVersion || null,
        reason: request.reason ?? null,
        iccid: request.chargingStation?.modem?.iccid ?? null,
        imsi: request.chargingStation?.modem?.imsi ?? null,
        answered: statusIn(envelope.answer?.messageBody),
        expected: 0,
      },
      context,
    ),
);

function statusIn(answer: unknown): string | null {
  return isJsonObject(answer) && typeof answer.status === 'string' ? answer.status : null;
}

/** A boot within this time after an accepted Reset is the one that was asked for. */
const resetWindowMs = 15 * 60_000;

async function keepBoot(boot: BootTable, context: DeviceContext): Promise<void> {
  const { tx, signals } = context;
  const chargePoint = await tx
    .selectFrom('charge_point')
    .selectAll()
    .where('network_id', '=', boot.network_id)
    .executeTakeFirst();
  if (!chargePoint) return;
  const expected =
    chargePoint.reset_at !== null && Date.parse(boot.at) - Date.parse(chargePoint.reset_at) <= resetWindowMs;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('boot')
    .values({ ...boot, expected: expected ? 1 : 0 })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow();
  // Delivered again: everything that follows has happened.
  if (numInsertedOrUpdatedRows === 0n) return;
  await trimBoots(boot.network_id, context);
  await tx
    .updateTable('charge_point')
    .set({
      // What the charge point says of itself counts; what it leaves out stays as it was registered (row 21).
      vendor: boot.vendor ?? chargePoint.vendor,
      model: boot.model ?? chargePoint.model,
      firmware_version: boot.firmware_version ?? chargePoint.firmware_version,
      serial_number: chargePoint.serial_number ?? boot.serial_number,
      last_protocol: boot.protocol,
      booted_at: boot.at,
      reset_at: null,
    })
    .where('network_id', '=', boot.network_id)
    .execute();
  signals.seen(boot.network_id, Date.parse(boot.at));
  if (boot.answered !== 'Accepted') return;
  if (chargePoint.template_id !== null) await requestTemplateAfterBoot(boot, chargePoint.template_id, context);
  context.afterCommit(() => signals.booted(boot.network_id));
}

async function trimBoots(networkId: string, { tx, settings }: DeviceContext): Promise<void> {
  const tooOld = await tx
    .selectFrom('boot')
    .select('boot_id')
    .where('network_id', '=', networkId)
    .orderBy('boot_id', 'desc')
    .offset(settings.deviceManager.bootHistory)
    .limit(1)
    .executeTakeFirst();
  if (tooOld)
    await tx.deleteFrom('boot').where('network_id', '=', networkId).where('boot_id', '<=', tooOld.boot_id).execute();
}
