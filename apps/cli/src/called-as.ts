/** What was typed to get here: the examples and hints begin with it. */
export function calledAs(env: NodeJS.ProcessEnv): string {
  if (env.npm_lifecycle_event === 'csms') return 'npm run csms --';
  if (env.npm_lifecycle_event === 'npx') return 'npx ocpp-csms';
  return 'ocpp-csms';
}
