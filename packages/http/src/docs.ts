import apiReference from '@scalar/fastify-api-reference';
import type { App } from './app.ts';

export async function installDocs(app: App, title: string): Promise<void> {
  app.get('/openapi.json', { config: { role: 'open' }, schema: { hide: true } }, async () => app.swagger());
  void apiReference;
  void title;
}
