import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { defaultSettings } from './defaults.ts';
import { variableName } from './environment.ts';
import { exampleYaml } from './example.ts';
import { type LoadOptions, loadSettings, SettingsError } from './load.ts';
import { checkValue } from './problems.ts';
import { type SettingSchema, settingSections, settingsSchema } from './schema.ts';
import { maskSecrets } from './secrets.ts';
import { settingsYaml } from './show.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'csms-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const load = (options: Partial<LoadOptions> = {}) => loadSettings({ env: {}, cwd, ...options });

function problemsOf(options: Partial<LoadOptions> = {}): readonly string[] {
  try {
    load(options);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('where settings come from', () => {
  it('the defaults alone', () => {
    expect(load()).toEqual({ settings: defaultSettings(), source: 'defaults', origins: new Map() });
  });

  it('conf.yaml before cfg/conf.yaml, and --config before both', () => {
    mkdirSync(join(cwd, 'cfg'));
    write('cfg/conf.yaml', 'http: { port: 1001 }');
    expect(load().settings.http.port).toBe(1001);
    write('conf.yaml', 'http: { port: 1002 }');
    expect(load()).toMatchObject({ settings: { http: { port: 1002 } }, source: join(cwd, 'conf.yaml') });
    write('other.yaml', 'http: { port: 1003 }');
    expect(load({ file: 'other.yaml' }).settings.http.port).toBe(1003);
  });

  it('the environment above the file, the command line above both', () => {
    write('conf.yaml', 'http: { port: 1, host: 127.0.0.1 }\nlog: { level: debug }');
    const env = { CSMS_HTTP_PORT: '2', CSMS_LOG_DIR: '', OTHER: 'x' };
    const { settings, source } = load({ env, overrides: { log: { level: 'warn' } } });
    expect(settings.http).toMatchObject({ port: 2, host: '127.0.0.1' });
    expect(settings.log).toMatchObject({ level: 'warn', dir: '' });
    expect(source).toBe(`${join(cwd, 'conf.yaml')} and 2 environment variables`);
  });

  it('lists as JSON, true and false, and the names of all words', () => {
    const key = 'k'.repeat(20);
    const env = {
      CSMS_HTTP_API_KEYS: JSON.stringify([{ name: 'console', role: 'operator', key }]),
      CSMS_SESSION_ACCEPT_ALL_TOKENS: 'true',
      CSMS_CSMS_SERVER_PING_INTERVAL_SECONDS: '7',
    };
    const { settings } = load({ env });
    expect(settings.http.apiKeys).toEqual([{ name: 'console', role: 'operator', key }]);
    expect(settings.session.acceptAllTokens).toBe(true);
    expect(settings.csmsServer.pingIntervalSeconds).toBe(7);
  });

  it('what the client is told in the environment is no setting', () => {
    expect(load({ env: { CSMS_URL: 'http://localhost:1', CSMS_API_KEY: 'x' } }).source).toBe('defaults');
  });

  it('an empty file and empty sections are the defaults', () => {
    write('conf.yaml', '# nothing yet\n');
    expect(load().settings).toEqual(defaultSettings());
    write('conf.yaml', 'http:\n  # port: 1\nlog:\n');
    expect(load().settings).toEqual(defaultSettings());
  });

  it('the defaults are a fresh copy each time', () => {
    defaultSettings().http.trustedProxies.push('10.0.0.1');
    expect(defaultSettings().http.trustedProxies).toEqual([]);
  });
});

describe('mistakes', () => {
  it('are all told at once, with where they are from and what was meant', () => {
    write(
      'conf.yaml',
      'http: { prot: 80 }\nlgo: {}\nlog: { level: loud, maxFiles: 0 }\nbus: 7\nsession:\n  acceptAllTokens:',
    );
    const env = {
      CSMS_HTTP_PORT: '80a',
      CSMS_HTP_PORT: '1',
      CSMS_ZZZZZZZZZZZZZZ: '1',
      CSMS_AUTH_UNIFORM_REFUSAL: 'yes',
    };
    expect(problemsOf({ env })).toEqual([
      'http.prot: there is no such setting. Did you mean port?',
      'lgo: there is no such setting. Did you mean log?',
      'log.level: must be one of trace, debug, info, warn, error, fatal, silent (is "loud")',
      'log.maxFiles: must be a whole number between 1 and 1000 (is 0)',
      'bus: must be a group of settings (is 7)',
      'session.acceptAllTokens: must be true or false (is empty)',
      'CSMS_HTP_PORT: there is no such setting. Did you mean CSMS_HTTP_PORT?',
      'CSMS_ZZZZZZZZZZZZZZ: there is no such setting',
      'http.port: must be a whole number between 0 and 65535 (is "80a", from CSMS_HTTP_PORT)',
      'auth.uniformRefusal: must be true or false (is "yes", from CSMS_AUTH_UNIFORM_REFUSAL)',
    ]);
  });

  it('never repeat a key', () => {
    const problems = problemsOf({ env: { CSMS_HTTP_API_KEYS: '[{"name":"a","role":"admin","key":"too-short"}]' } });
    expect(problems).toEqual([
      'http.apiKeys[0].key: must be a text of at least 20 characters (is a text of 9, from CSMS_HTTP_API_KEYS)',
    ]);
    const env = { CSMS_HTTP_API_KEYS: '[{"name":"a","role":"admin","key":"a-secret' };
    expect(problemsOf({ env }).join()).not.toContain('a-secret');
  });

  it('never repeat a password that is part of a URL, nor a key in the wrong place', () => {
    const env = { CSMS_POSTGRESQL_URL: 'pg://csms:a-secret@db/csms', CSMS_RABBITMQ_URL: 'http://a:a-secret@b' };
    expect(problemsOf({ env }).join('\n')).toContain('(is "pg://csms:***@db/csms", from CSMS_POSTGRESQL_URL)');
    expect(problemsOf({ env }).join()).not.toContain('a-secret');
    write('conf.yaml', 'http: [{ key: a-secret }]');
    expect(problemsOf()).toEqual(['http: must be a group of settings (is [{"key":"***"}])']);
  });

  it('the same API key or name twice', () => {
    const apiKey = { name: 'a', role: 'admin', key: 'k'.repeat(20) };
    expect(problemsOf({ overrides: { http: { apiKeys: [apiKey, apiKey] } } as never })).toEqual([
      'http.apiKeys[1].name: "a" is used twice',
      'http.apiKeys[1].key: the same key is used twice',
    ]);
  });

  it('a file that is not there, a folder, broken YAML, a list', () => {
    expect(problemsOf({ file: 'nowhere.yaml' })).toEqual(['there is no such file']);
    expect(problemsOf({ file: '.' })).toEqual(['is a folder, not a file']);
    write('conf.yaml', 'http:\n  port: 1\n  port: 2\n');
    expect(problemsOf()[0]).toMatch(/^is not valid YAML: Map keys must be unique at line 3/);
    write('conf.yaml', '- a');
    expect(problemsOf()).toEqual(['must have sections such as "http:" with settings below them']);
  });

  it('names such as __proto__ do not slip through', () => {
    write('conf.yaml', 'http: { __proto__: { port: 1 } }\nconstructor: {}');
    expect(problemsOf()).toEqual(['http.__proto__: there is no such setting', 'constructor: there is no such setting']);
  });

  it('the message has every problem and the file', () => {
    write('conf.yaml', 'htp: {}');
    expect(() => load()).toThrow(
      `There is a problem in the settings (${join(cwd, 'conf.yaml')}):\n  htp: there is no such`,
    );
  });
});

describe('shown settings', () => {
  const key = 'k'.repeat(20);

  it('are YAML that could be loaded, and say what is not the default and why', () => {
    write('conf.yaml', 'http: { port: 9000 }');
    const text = settingsYaml(load({ env: { CSMS_LOG_LEVEL: 'debug' }, overrides: { bus: { name: 'x' } } }));
    expect(text).toMatch(/^ {2}port: 9000 +# .*conf\.yaml$/m);
    expect(text).toMatch(/^ {2}level: debug +# CSMS_LOG_LEVEL$/m);
    expect(text).toMatch(/^ {2}name: x +# the command line$/m);
    expect(text).toMatch(/^ {2}host: "0\.0\.0\.0"$/m);
    expect(parse(text)).toMatchObject({ http: { port: 9000 }, log: { level: 'debug' }, bus: { name: 'x' } });
  });

  it('have no secrets', () => {
    const { settings } = load({
      overrides: {
        http: { apiKeys: [{ name: 'console', role: 'operator', key }] },
        postgresql: { url: 'postgresql://csms:s3cret@db:5432/csms?sslmode=require&sslpassword=s3cret' },
        redis: { url: 'redis://:s3cret@cache' },
        rabbitmq: { url: 'amqp://guest:s3c@r:et@mq/vhost' },
        nats: { servers: 'nats://s3cret@one:4222,nats://user:s3cret@two:4222' },
        azureTables: { connectionString: 'AccountKey=s3cret' },
      },
    });
    const shown = maskSecrets(settings);
    expect(JSON.stringify(shown)).not.toMatch(/s3c|r:et|kkk/);
    expect(shown.http.apiKeys).toEqual([{ name: 'console', role: 'operator', key: '***' }]);
    expect(shown.postgresql.url).toBe('postgresql://csms:***@db:5432/csms?sslmode=require&sslpassword=***');
    expect(shown.nats.servers).toBe('nats://***@one:4222,nats://user:***@two:4222');
    expect(shown.redis.url).toBe('redis://:***@cache');
    expect(settings.http.apiKeys[0]?.key).toBe(key);
  });
});

describe('the schema', () => {
  const settings = Object.entries(settingSections).flatMap(([section, { properties = {} }]) =>
    Object.entries(properties).map(([key, schema]): [string, SettingSchema] => [`${section}.${key}`, schema]),
  );

  it.each(settings)('%s has a description, bounds and a default that fits', (path, schema) => {
    const problems: string[] = [];
    checkValue(schema, schema.default, path, {}, problems);
    expect(problems).toEqual([]);
    expect(schema.description).toMatch(/\.$/);
    if (schema.type === 'integer') expect([schema.minimum, schema.maximum]).not.toContain(undefined);
    if (schema.type === 'string' && !schema.enum) expect(schema.maxLength).toBeDefined();
  });

  it('gives every setting a variable of its own', () => {
    const names = settings.map(([path]) => variableName(path.split('.')));
    expect(new Set(names).size).toBe(names.length);
    expect(variableName(['csmsServer', 'pingIntervalSeconds'])).toBe('CSMS_CSMS_SERVER_PING_INTERVAL_SECONDS');
  });

  it('is a JSON schema that forms can use', () => {
    expect(JSON.parse(JSON.stringify(settingsSchema))).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { http: { properties: { port: { type: 'integer', minimum: 0, maximum: 65_535, default: 8080 } } } },
    });
  });
});

describe('conf.example.yaml', () => {
  it('changes nothing as it is, and is the defaults with every # taken away', () => {
    write('conf.yaml', exampleYaml());
    expect(load().settings).toEqual(defaultSettings());
    expect(parse(exampleYaml().replaceAll(/^ {2}# /gm, '  '))).toEqual(defaultSettings());
  });

  it('names the variable and the bounds of a setting', () => {
    expect(exampleYaml()).toContain(
      '  ## Port to listen on. 0: any free one. 0 to 65535. [CSMS_HTTP_PORT]\n  # port: 8080\n',
    );
  });
});
