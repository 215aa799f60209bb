export { createDeviceManager, type DeviceManager, type DeviceManagerOptions } from './device-manager.ts';
export { deviceManagerTransfer } from './transfer.ts';
