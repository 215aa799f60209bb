import { type Check, type DoctorContext, type Finding, failed, ok, skipped } from './check.ts';
import { portsOf, type ServicePort } from './ports.ts';

export const running: Check = {
  name: 'running',
  run: (context) => Promise.all(portsOf(context.settings).map((place) => inspectInstance(place, context))),
};

async function inspectInstance({ service, port }: ServicePort, { runningAt }: DoctorContext): Promise<Finding> {
  const name = `running ${service}`;
  const instance = port === 0 ? undefined : await runningAt(port);
  if (instance === undefined) return skipped(name, port === 0 ? 'at a port that is not known' : `not at port ${port}`);
  if (instance.ready) return ok(name, `ready (${instance.checks.map((check) => check.name).join(', ')})`);
  const wrong = instance.checks.filter((check) => !check.ok);
  return failed(
    name,
    `not ready: ${wrong.map((check) => check.name).join(', ')}`,
    wrong.map(({ name: part, detail }) => `${part}: ${detail}`).join('; '),
  );
}
