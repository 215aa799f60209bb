export { type ExportOptions, exportEverything } from './export.ts';
export { type ImportOptions, importEverything } from './import.ts';
export { plans } from './parts.ts';
