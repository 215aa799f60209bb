import type { FastifyRequest } from 'fastify';

/** The first steps of all paths that are no pages: what is not found there is an error and not a page. */
const notPages = new Set([
  'assets',
  'demo',
  'device-manager',
  'docs',
  'health',
  'log-levels',
  'login',
  'message-manager',
  'metrics',
  'ocpp',
  'openapi.json',
  'process',
  'session',
]);

/** A browser that goes to a page of the console. Programs that ask for an address that is not there are told so. */
export function isPageRequest({ method, headers, url }: FastifyRequest): boolean {
  const [, first = ''] = url.split(/[/?]/, 2);
  return method === 'GET' && (headers.accept ?? '').includes('text/html') && !notPages.has(first);
}
