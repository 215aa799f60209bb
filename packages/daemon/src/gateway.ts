import httpProxy from '@fastify/http-proxy';
import { type App, Problem, reachableHost, reachedHostHeader } from '@ocpp-csms/http';

const answerWithinMs = 120_000;
const documentWithinMs = 5000;

/**
 * Passes on what is asked below the paths of the other services, so that charge points and the API share one port as
 * in one process. Who may ask is decided by the service that answers.
 */
export async function installGateway(
  app: App,
  upstreams: Readonly<Record<string, string>>,
  listenHost: string,
): Promise<void> {
  for (const [service, upstream] of Object.entries(upstreams)) {
    await app.register(httpProxy, {
      upstream,
      prefix: `/${service}`,
      rewritePrefix: `/${service}`,
      disableRequestLogging: true,
      http: { requestOptions: { timeout: answerWithinMs } },
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => ({
          ...headers,
          [reachedHostHeader]: reachableHost(request, listenHost),
        }),
        onError: (reply) => {
          void reply.send(
            new Problem(503, 'service-away', `${service} does not answer now. Is it running? See its log.`),
          );
        },
      },
    });
  }
}

/** Their OpenAPI documents; of those that answer. */
export async function readDocuments(upstreams: Readonly<Record<string, string>>): Promise<object[]> {
  const documents = await Promise.allSettled(
    Object.values(upstreams).map(async (upstream) => {
      const response = await fetch(`${upstream}/openapi.json`, { signal: AbortSignal.timeout(documentWithinMs) });
      if (!response.ok) throw new Error(`${upstream} answered with ${response.status}`);
      return (await response.json()) as object;
    }),
  );
  return documents.flatMap((document) => (document.status === 'fulfilled' ? [document.value] : []));
}
