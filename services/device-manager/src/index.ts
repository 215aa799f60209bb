export { createDeviceManager, type DeviceManager, type DeviceManagerOptions } from './device-manager.ts';
