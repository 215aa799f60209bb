import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { nameOf } from '../../../data/configuration.ts';
import { branchesOf, isBranch, treeOf } from './configuration-tree.ts';

const none: ReadonlySet<string> = new Set();
const all = { q: undefined, onlyDrift: false };

const key = (name: string, more: object = {}) => ({ key: name, value: '1', ...more }) as ConfigurationItem;
const variable = (evse: number, name: string) =>
  ({ component: { name: 'EVSE', evse: { id: evse } }, variable: { name }, value: 'x' }) as ConfigurationItem;

const inWords = (rows: ReturnType<typeof treeOf>) =>
  rows.map((row) => (isBranch(row) ? `${row.isOpen ? '-' : '+'} ${row.place} (${row.items.length})` : nameOf(row)));

test('variables are in the order of their components, and EVSE 2 comes before EVSE 10', () => {
  const rows = treeOf([variable(10, 'Power'), variable(2, 'Power'), variable(2, 'AvailabilityState')], all, none);
  expect(inWords(rows)).toEqual(['- EVSE · EVSE 2 (2)', 'AvailabilityState', 'Power', '- EVSE · EVSE 10 (1)', 'Power']);
});

test('1.6 §9: keys are by feature profile, in whatever case they are written, and those of a vendor apart', () => {
  const items = [key('chargeprofilemaxstacklevel'), key('HeartbeatInterval'), key('AcmeLed'), key('CpoName')];
  expect(branchesOf(items).toSorted()).toEqual(['Core', 'Of the vendor', 'Security', 'Smart charging']);
});

test('what is folded hides its items, and what is looked for is found by place, name or value', () => {
  const items = [key('HeartbeatInterval', { drift: true }), key('CpoName', { value: 'Acme' }), key('Other')];
  expect(inWords(treeOf(items, all, new Set(['Core', 'Security'])))).toEqual([
    '+ Core (1)',
    '- Of the vendor (1)',
    'Other',
    '+ Security (1)',
  ]);
  expect(inWords(treeOf(items, { ...all, q: 'ACME' }, none))).toEqual(['- Security (1)', 'CpoName']);
  expect(inWords(treeOf(items, { ...all, q: 'vendor' }, none))).toEqual(['- Of the vendor (1)', 'Other']);
  expect(inWords(treeOf(items, { ...all, onlyDrift: true }, none))).toEqual(['- Core (1)', 'HeartbeatInterval']);
});
