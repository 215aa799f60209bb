import type { Handler } from '@ocpp-csms/calls';
import { changeAvailability, changeAvailability16 } from './availability/change-availability.ts';
import { notifyEvent } from './availability/notify-event.ts';
import { statusNotification, statusNotification16 } from './availability/status-notification.ts';
import type { DeviceContext } from './context.ts';
import { dataTransfer } from './data-transfer/data-transfer.ts';
import { diagnosticsStatusNotification } from './diagnostics/diagnostics-status-notification.ts';
import { getDiagnostics } from './diagnostics/get-diagnostics.ts';
import { getLog } from './diagnostics/get-log.ts';
import { logStatusNotification } from './diagnostics/log-status-notification.ts';
import {
  firmwareStatusNotification,
  firmwareStatusNotification16,
  signedFirmwareStatusNotification,
} from './firmware/firmware-status-notification.ts';
import { signedUpdateFirmware, updateFirmware, updateFirmware16 } from './firmware/update-firmware.ts';
import { bootNotification, bootNotification16 } from './provisioning/boot-notification.ts';
import { changeConfiguration } from './provisioning/change-configuration.ts';
import { getConfiguration } from './provisioning/get-configuration.ts';
import { getVariables } from './provisioning/get-variables.ts';
import { notifyReport } from './provisioning/notify-report.ts';
import { reset, reset16 } from './provisioning/reset.ts';
import { setNetworkProfile } from './provisioning/set-network-profile.ts';
import { setVariables } from './provisioning/set-variables.ts';
import {
  deleteCertificate,
  getInstalledCertificateIds,
  getInstalledCertificateIds16,
  installCertificate,
} from './security/certificates.ts';
import { securityEventNotification } from './security/security-event-notification.ts';
import { signCertificate } from './security/sign-certificate.ts';
import { clearChargingProfile, clearChargingProfile16 } from './smart-charging/clear-charging-profile.ts';
import { reportChargingProfiles } from './smart-charging/report-charging-profiles.ts';
import { setChargingProfile, setChargingProfile16 } from './smart-charging/set-charging-profile.ts';

/** What charge points say of their own accord. Heartbeats and meter values are not among it: they cost nothing here. */
export const handlers: readonly Handler<DeviceContext>[] = [
  bootNotification16,
  bootNotification,
  statusNotification16,
  statusNotification,
  notifyEvent,
  notifyReport,
  firmwareStatusNotification16,
  firmwareStatusNotification,
  signedFirmwareStatusNotification,
  diagnosticsStatusNotification,
  logStatusNotification,
  securityEventNotification,
  signCertificate,
  dataTransfer,
  reportChargingProfiles,
];

/** What an answer to one of our commands changes in what we know of the charge point. */
export const effects: readonly Handler<DeviceContext>[] = [
  changeAvailability16,
  changeAvailability,
  getConfiguration,
  changeConfiguration,
  getVariables,
  setVariables,
  setNetworkProfile,
  reset16,
  reset,
  updateFirmware16,
  updateFirmware,
  signedUpdateFirmware,
  getDiagnostics,
  getLog,
  getInstalledCertificateIds16,
  getInstalledCertificateIds,
  installCertificate,
  deleteCertificate,
  setChargingProfile16,
  setChargingProfile,
  clearChargingProfile16,
  clearChargingProfile,
];
