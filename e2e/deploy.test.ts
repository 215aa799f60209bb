import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadSettings, type Settings } from '@ocpp-csms/config';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ensureDebianPrograms, isInPath } from './src/debian-programs.ts';

const deploy = join(import.meta.dirname, '..', 'deploy');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocpp-csms-deploy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a container would run with; throws with what is wrong. */
function settingsIn(env: Record<string, string>, file?: string): Settings {
  const ours = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('CSMS_')));
  return loadSettings({ file, env: ours, cwd: temporaryFolder() }).settings;
}

const brokerAndDatabase = {
  bus: { driver: 'nats' },
  storage: { driver: 'postgresql' },
  cache: { driver: 'redis' },
};

describe('the Compose file', () => {
  const secrets: Record<string, string> = {
    ADMIN_KEY: 'a-key-of-more-than-20-signs',
    POSTGRES_PASSWORD: 'pg',
    NATS_PASSWORD: 'na',
    REDIS_PASSWORD: 're',
  };
  const text = readFileSync(join(deploy, 'compose', 'compose.yaml'), 'utf8');
  // As docker compose does: ${NAME}, ${NAME:-default}, ${NAME:?why}.
  const interpolated = text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_whole, name, kind, rest) => {
    const value = secrets[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} is not in example.env`);
    return value;
  });
  const { services } = parse(interpolated, { merge: true });
  const roles = ['csms-server', 'message-manager', 'session', 'device-manager'];

  test.each(roles)('%s gets settings that it accepts, and its image is a target of the Dockerfile', (role) => {
    expect(settingsIn(services[role].environment)).toMatchObject(brokerAndDatabase);
    const dockerfile = readFileSync(join(deploy, 'container', 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain(`AS ${services[role].build.target}\n`);
  });

  test('csms-server finds the others by their names and ports', () => {
    const { daemons } = settingsIn(services['csms-server'].environment);
    expect(daemons).toMatchObject({
      messageManagerUrl: `http://message-manager:${daemons.messageManagerPort}`,
      sessionUrl: `http://session:${daemons.sessionPort}`,
      deviceManagerUrl: `http://device-manager:${daemons.deviceManagerPort}`,
    });
  });

  test('every service that one waits for is there, and every secret is asked for in example.env', () => {
    const wanted = Object.values(services as Record<string, { depends_on?: object }>).flatMap((service) =>
      Object.keys(service.depends_on ?? {}),
    );
    expect(Object.keys(services)).toEqual(expect.arrayContaining(wanted));
    const example = readFileSync(join(deploy, 'compose', 'example.env'), 'utf8');
    for (const name of Object.keys(secrets)) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });
});

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec: {
    replicas?: number;
    selector: Record<string, string> & { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    ports: { name: string; port: number; targetPort: string }[];
    rules: { http: { paths: { backend: { service: { name: string } } }[] } }[];
  };
}

interface PodSpec {
  enableServiceLinks?: boolean;
  volumes: { name: string; configMap?: { name: string } }[];
  containers: {
    env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
    envFrom?: { secretRef: { name: string } }[];
    ports: { name: string; containerPort: number }[];
    volumeMounts?: { name: string }[];
    readinessProbe?: { httpGet?: { port: string | number } };
  }[];
}

const noGo = await ensureDebianPrograms(
  ['golang-go'],
  ['golang-github-masterminds-sprig-dev', 'golang-gopkg-yaml.v2-dev'],
);
if (noGo !== undefined) process.stderr.write(`\nNOT TESTED: the Helm chart (${noGo})\n\n`);

describe.skipIf(noGo !== undefined)('the Helm chart, rendered', () => {
  let program: string | undefined;
  afterAll(() => {
    if (program !== undefined) rmSync(dirname(program), { recursive: true, force: true });
  });
  /** Go's templates are what Helm is made of (deploy/helm/render). */
  function render(values: object): Manifest[] {
    const folder = join(deploy, 'helm', 'render');
    if (program === undefined) {
      program = join(mkdtempSync(join(tmpdir(), 'ocpp-csms-render-')), 'render');
      const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' };
      execFileSync('go', ['build', '-o', program, 'render.go'], { cwd: folder, env });
    }
    const arguments_ = [join(deploy, 'helm', 'ocpp-csms'), 'demo', JSON.stringify(values)];
    const documents = parseAllDocuments(execFileSync(program, arguments_, { encoding: 'utf8' }));
    if (!Array.isArray(documents)) throw new Error('nothing was rendered');
    return documents
      .map((document) => {
        if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
        return document.toJS();
      })
      .filter((manifest) => manifest !== null);
  }

  const ofKind = (manifests: readonly Manifest[], ...kinds: string[]) =>
    manifests.filter(({ kind }) => kinds.includes(kind));
  const workloads = (manifests: readonly Manifest[]) => ofKind(manifests, 'Deployment', 'StatefulSet');
  const named = (manifests: readonly Manifest[], kind: string, name: string) => {
    const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  const includes = (labels: Record<string, string>, selector: Record<string, string>) =>
    Object.entries(selector).every(([name, value]) => labels[name] === value);

  test.each<[string, object]>([
    ['as it is', {}],
    ['with an ingress', { ingress: { enabled: true, className: 'nginx', tlsSecret: 'tls' } }],
    [
      'with one of each',
      Object.fromEntries(
        ['csmsServer', 'messageManager', 'session', 'deviceManager'].map((role) => [role, { replicas: 1 }]),
      ),
    ],
    [
      'with servers of others',
      { existingSecret: 'mine', nats: { enabled: false }, postgresql: { enabled: false }, redis: { enabled: false } },
    ],
  ])('%s: everything that is named is there, and selectors select', (_name, values) => {
    const manifests = render(values);
    expect(workloads(manifests).length).toBeGreaterThanOrEqual(4);
    for (const { spec } of workloads(manifests)) {
      expect(includes(spec.template.metadata.labels, spec.selector.matchLabels)).toBe(true);
      const pod = spec.template.spec;
      for (const { configMap } of pod.volumes ?? []) if (configMap) named(manifests, 'ConfigMap', configMap.name);
      for (const container of pod.containers) {
        const { port } = container.readinessProbe?.httpGet ?? {};
        if (typeof port === 'string') expect(container.ports.map(({ name }) => name)).toContain(port);
        for (const mount of container.volumeMounts ?? []) expect(mountable(manifests, spec)).toContain(mount.name);
      }
    }
    for (const { spec } of ofKind(manifests, 'Service')) {
      const pods = workloads(manifests).filter((one) => includes(one.spec.template.metadata.labels, spec.selector));
      expect(pods).toHaveLength(1);
      const ports = pods[0]?.spec.template.spec.containers[0]?.ports.map(({ name }) => name);
      for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
    }
    for (const { spec } of ofKind(manifests, 'Ingress'))
      for (const { http } of spec.rules)
        for (const { backend } of http.paths) named(manifests, 'Service', backend.service.name);
  });

  function mountable(_manifests: readonly Manifest[], spec: Manifest['spec']): string[] {
    const claims = 'volumeClaimTemplates' in spec ? (spec.volumeClaimTemplates as Manifest[]) : [];
    return [
      ...(spec.template.spec.volumes ?? []).map(({ name }) => name),
      ...claims.map(({ metadata }) => metadata.name),
    ];
  }

  test('each service gets settings that it accepts, and finds the others', () => {
    const manifests = render({ ingress: { enabled: true } });
    const file = join(temporaryFolder(), 'conf.yaml');
    writeFileSync(file, named(manifests, 'ConfigMap', 'demo-settings').data?.['conf.yaml'] ?? '');
    for (const role of ['csms-server', 'message-manager', 'session', 'device-manager']) {
      const pod = named(manifests, 'Deployment', `demo-${role}`).spec.template.spec;
      // Kubernetes would add variables such as CSMS_SERVICE_HOST, which are no settings.
      expect(pod.enableServiceLinks).toBe(false);
      const [container] = pod.containers;
      const secret = named(manifests, 'Secret', container?.envFrom?.[0]?.secretRef.name ?? '').stringData;
      const own = Object.fromEntries((container?.env ?? []).map(({ name, value = '' }) => [name, value]));
      const settings = settingsIn({ ...secret, ...own }, file);
      expect(settings).toMatchObject(brokerAndDatabase);
      expect(settings.http.trustedProxies).toContain('10.0.0.0/8');
      expect(settings.http.apiKeys).toHaveLength(1);
      if (role !== 'csms-server') continue;
      for (const url of [
        settings.daemons.messageManagerUrl,
        settings.daemons.sessionUrl,
        settings.daemons.deviceManagerUrl,
      ]) {
        const { hostname, port } = new URL(url);
        expect(named(manifests, 'Service', hostname).spec.ports[0]?.port).toBe(Number(port));
      }
    }
  });

  test('every secret that is named has the key', () => {
    const manifests = render({});
    const references = workloads(manifests).flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ env = [] }) =>
        env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
      ),
    );
    expect(references.length).toBeGreaterThan(0);
    for (const { name, key } of references) expect(named(manifests, 'Secret', name).stringData).toHaveProperty(key);
  });
});

const noSystemd = isInPath('systemd-analyze') ? undefined : 'there is no systemd-analyze';
if (noSystemd !== undefined) process.stderr.write(`\nNOT TESTED: the units of systemd (${noSystemd})\n\n`);

describe.skipIf(noSystemd !== undefined)('the units of systemd', () => {
  const services = ['csms-server', 'message-manager', 'session', 'device-manager'];
  const analyze = (folder: string, ...arguments_: string[]) =>
    execFileSync('systemd-analyze', arguments_, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  /** With an instance of the template for each service, as the target starts them. */
  function unitsFolder(): string {
    const folder = temporaryFolder();
    cpSync(join(deploy, 'systemd'), folder, { recursive: true });
    for (const service of services)
      cpSync(join(folder, 'ocpp-csms@.service'), join(folder, `ocpp-csms@${service}.service`));
    return folder;
  }

  test('are valid', () => {
    const units = [
      'ocpp-csms.service',
      'ocpp-csms.target',
      ...services.map((service) => `ocpp-csms@${service}.service`),
    ];
    expect(analyze(unitsFolder(), 'verify', ...units.map((unit) => `./${unit}`))).toBe('');
  });

  test.each(['ocpp-csms.service', 'ocpp-csms@session.service'])('%s may do little', (unit) => {
    // 0 is nothing, 10 is everything; this throws above 2.0.
    const report = analyze(unitsFolder(), 'security', '--offline=true', '--threshold=20', '--no-pager', `./${unit}`);
    expect(report).toContain('Overall exposure level');
  });

  test('the service of one process and that of daemons differ in what they start alone', () => {
    const read = (unit: string) => readFileSync(join(deploy, 'systemd', unit), 'utf8');
    const confinement = (unit: string) => /^Restart=[\s\S]*?(?=\n\[Install\])/m.exec(read(unit))?.[0];
    expect(confinement('ocpp-csms.service')).toContain('LimitNOFILE');
    expect(confinement('ocpp-csms@.service')).toBe(confinement('ocpp-csms.service'));
  });
});
