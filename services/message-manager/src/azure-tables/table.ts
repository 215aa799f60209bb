import {
  type TableClient,
  type TableEntityResultPage,
  TableClient as Tables,
  type TransactionAction,
} from '@azure/data-tables';
import type { Entity, FoundEntity } from './message-entity.ts';
import { explained, isNotFound, isTableMissing } from './table-errors.ts';

/** Of one transaction. */
const maxEntities = 100;
/** 4 MiB, with room for what the protocol adds. */
const maxBytes = 3_600_000;
/** One request with what the client tries again by itself. */
const timeoutMs = 60_000;

export interface Query {
  filter: string;
  /** Only these properties. */
  select?: string[];
  /** Entities in one answer. */
  pageSize?: number;
}

/** One table, of which errors are told as `TableUnavailable` or `TableRefused`. */
export interface Table {
  readonly name: string;
  create(): Promise<void>;
  /** Puts entities of one partition there, or over those that are there; up to 100 and 4 MiB are one transaction. */
  put(entities: readonly Entity[]): Promise<void>;
  /** Deletes entities of one partition, those of them that are there. */
  remove(partitionKey: string, rowKeys: readonly string[]): Promise<void>;
  get(partitionKey: string, rowKey: string): Promise<FoundEntity | undefined>;
  /** Page by page, in the order of the keys. */
  pages(query: Query): AsyncGenerator<FoundEntity[]>;
  /** The first that there is. */
  first(query: Query): Promise<FoundEntity | undefined>;
}

export interface TableOptions {
  connectionString: string;
  name: string;
  /** How often and how long, in milliseconds, the client itself tries again. */
  retries?: { maxRetries: number; retryDelayInMs: number; maxRetryDelayInMs: number };
}

/** Throws when the connection string cannot be read, without repeating it. */
export function openTable({ connectionString, name, retries }: TableOptions): Table {
  const client = connect(connectionString, name, retries);
  const told = async <Result>(work: (options: { abortSignal: AbortSignal }) => Promise<Result>): Promise<Result> => {
    try {
      return await work({ abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      throw explained(error, name);
    }
  };
  /** A table that somebody has deleted is made again; what was to be written comes again. */
  async function submit(actions: TransactionAction[]): Promise<void> {
    try {
      await client.submitTransaction(actions, { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (isTableMissing(error)) await client.createTable().catch(() => undefined);
      throw explained(error, name);
    }
  }

  async function removeSome(partitionKey: string, rowKeys: readonly string[]): Promise<void> {
    const actions = rowKeys.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]);
    try {
      await client.submitTransaction(actions, { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (!isNotFound(error)) throw explained(error, name);
      // One that is gone makes the whole transaction fail: another node deletes the same.
      for (const rowKey of rowKeys) await removeOne(partitionKey, rowKey);
    }
  }

  async function removeOne(partitionKey: string, rowKey: string): Promise<void> {
    await told(async (options) => {
      try {
        await client.deleteEntity(partitionKey, rowKey, options);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    });
  }

  async function* pages({ filter, select, pageSize = 1000 }: Query): AsyncGenerator<FoundEntity[]> {
    const queryOptions = { filter, ...(select === undefined ? {} : { select }) };
    const result = client.listEntities<Record<string, unknown>>({ queryOptions });
    const iterator = result.byPage({ maxPageSize: pageSize });
    for (;;) {
      const { done, value } = await told(() => withinTime(iterator.next()));
      if (done) return;
      yield value;
    }
  }

  return {
    name,
    create: () => told((options) => client.createTable(options)),
    async put(entities) {
      for (const some of transactions(entities)) {
        await submit(some.map((entity): TransactionAction => ['upsert', entity, 'Replace']));
      }
    },
    async remove(partitionKey, rowKeys) {
      for (let at = 0; at < rowKeys.length; at += maxEntities) {
        await removeSome(partitionKey, rowKeys.slice(at, at + maxEntities));
      }
    },
    get: (partitionKey, rowKey) =>
      told(async (options) => {
        try {
          return await client.getEntity<Record<string, unknown>>(partitionKey, rowKey, options);
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      }),
    pages,
    async first(query) {
      for await (const [entity] of pages({ ...query, pageSize: 1 })) if (entity !== undefined) return entity;
      return undefined;
    },
  };
}

function connect(connectionString: string, name: string, retries: TableOptions['retries']): TableClient {
  try {
    return Tables.fromConnectionString(connectionString, name, {
      allowInsecureConnection: /(^|;)\s*(DefaultEndpointsProtocol=http;|TableEndpoint=http:)/i.test(connectionString),
      retryOptions: retries ?? { maxRetries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 },
    });
  } catch {
    throw new Error(
      'azureTables.connectionString cannot be read. It is what the Azure portal shows under "Access keys": DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…;EndpointSuffix=…',
    );
  }
}

/** The next page knows no signal of its own once the listing has begun. */
async function withinTime(
  next: Promise<IteratorResult<TableEntityResultPage<Record<string, unknown>>>>,
): Promise<IteratorResult<TableEntityResultPage<Record<string, unknown>>, void>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('no answer', 'TimeoutError')), timeoutMs);
  });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
    next.catch(() => undefined);
  }
}

function* transactions(entities: readonly Entity[]): Generator<Entity[]> {
  let some: Entity[] = [];
  let bytes = 0;
  for (const entity of entities) {
    const size = bytesOf(entity);
    if (some.length === maxEntities || (some.length > 0 && bytes + size > maxBytes)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(entity);
    bytes += size;
  }
  if (some.length > 0) yield some;
}

/** At most: in JSON of JSON each quote is two characters, and each request has its headers. */
function bytesOf(entity: Entity): number {
  let bytes = 1500;
  for (const [name, value] of Object.entries(entity)) {
    bytes += name.length + 10 + (typeof value === 'string' ? jsonBytes(value) : 20);
  }
  return bytes;
}

const jsonBytes = (text: string): number => Buffer.byteLength(text) + (text.match(/["\\]/g)?.length ?? 0);
