import type { Reader } from '../context.ts';
import type { ChargePointTable, ConfigurationTable, TemplateWriteTable } from '../schema.ts';
import { settingName, settingsFor, type TemplateSetting, templateSettings } from './template.ts';

/** The configuration of a charge point as last read, beside what its template wants. */
export async function driftOf(row: ChargePointTable, reader: Reader) {
  const [known, writes, settings] = await Promise.all([
    reader.selectFrom('configuration').selectAll().where('network_id', '=', row.network_id).orderBy('name').execute(),
    reader.selectFrom('template_write').selectAll().where('network_id', '=', row.network_id).execute(),
    row.template_id === null ? undefined : templateSettings(reader, row.template_id),
  ]);
  const wanted = new Map(
    settingsFor(settings ?? [], row.last_protocol).map((setting) => [settingName(setting), setting]),
  );
  const waiting = new Set(
    writes
      .filter(
        ({ outcome, firmware_version }) =>
          outcome === 'RebootRequired' && firmware_version === (row.firmware_version ?? ''),
      )
      .map(({ name }) => name),
  );
  const items = known.map((item) => ({
    ...itemOf(item),
    ...comparisonOf(item, wanted.get(item.name)),
    ...rebootOf(item.name, waiting),
    ...(waitsForBoot(item, row) ? { rebootRequired: true } : {}),
  }));
  const names = new Set(known.map(({ name }) => name));
  for (const [name, setting] of wanted)
    if (!names.has(name)) items.push({ ...unread(setting), ...rebootOf(name, waiting) });
  const readAt = known
    .filter(({ source }) => source === 'read')
    .reduce<string | null>((latest, { at }) => (latest === null || at > latest ? at : latest), null);
  return { readAt, templateId: row.template_id, drift: items.some((item) => item.drift === true), items };
}

interface Item extends ReturnType<typeof itemOf> {
  desired?: string;
  drift?: boolean;
}

const rebootOf = (name: string, waiting: ReadonlySet<TemplateWriteTable['name']>) =>
  waiting.has(name) ? { rebootRequired: true } : {};

/** It was taken for after the next boot, and there was none since. */
const waitsForBoot = ({ source, at }: ConfigurationTable, { booted_at }: ChargePointTable): boolean =>
  source === 'written-reboot' && (booted_at === null || booted_at < at);

function itemOf(row: ConfigurationTable) {
  return {
    ...(row.key_name === null ? {} : { key: row.key_name }),
    ...(row.component === null ? {} : { component: JSON.parse(row.component) }),
    ...(row.variable === null ? {} : { variable: JSON.parse(row.variable), attributeType: row.attribute }),
    value: row.value,
    ...(row.secret === 1 ? { secret: true } : {}),
    readOnly: row.read_only === null ? null : row.read_only === 1,
    ...(row.mutability === null ? {} : { mutability: row.mutability }),
    ...(row.characteristics === null ? {} : { characteristics: JSON.parse(row.characteristics) }),
    source: (row.source === 'written-reboot' ? 'written' : row.source) as 'read' | 'written' | null,
    at: row.at as string | null,
  };
}

function comparisonOf(
  { value }: ConfigurationTable,
  setting: TemplateSetting | undefined,
): { desired?: string; drift?: boolean } {
  return setting === undefined ? {} : { desired: setting.value, drift: value !== setting.value };
}

function unread({ key, component, variable, value }: TemplateSetting): Item {
  return {
    ...(key === undefined ? {} : { key }),
    ...(component === undefined ? {} : { component }),
    ...(variable === undefined ? {} : { variable, attributeType: 'Actual' }),
    value: null,
    readOnly: null,
    source: null,
    at: null,
    desired: value,
    drift: true,
  };
}
