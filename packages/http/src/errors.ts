import { randomUUID } from 'node:crypto';
import type { ErrorObject } from 'ajv';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import type { SendPage } from './console/install-console.ts';
import { isPageRequest } from './console/page-request.ts';
import { Problem, problemBody } from './problem.ts';
import { valueErrors } from './validation.ts';

/**
 * Every error leaves as problem details, and nothing of our insides with it. `sendPage`: what a browser gets where there
 * is no route.
 */
export function installErrors(app: App, sendPage?: SendPage): void {
  app.setErrorHandler((error, request, reply) => sendProblem(toProblem(error, request), request, reply));
  app.setNotFoundHandler((request, reply) => {
    if (sendPage !== undefined && isPageRequest(request)) return sendPage(request, reply);
    const problem = new Problem(404, 'no-such-route', `There is no ${request.method} ${pathOf(request)}. See /docs.`);
    return sendProblem(problem, request, reply);
  });
}

/** The path without the query, which may hold a key. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { retryAfterSeconds } = problem.extra;
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds));
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(problem, pathOf(request)));
}

const retryAfterSeconds = 5;

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return unexpected(error, request);
  if (isFastifyError(error) && error.validation) return invalidRequest(error);
  if (error.name === 'BusError') return fromBus(error, request);
  if ('transient' in error && error.transient === true) return notNow(error, request);
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) {
    return new Problem(error.statusCode, clientErrorCodes[error.statusCode] ?? 'invalid-request', error.message);
  }
  return unexpected(error, request);
}

const clientErrorCodes: Readonly<Record<number, string>> = {
  404: 'not-found',
  413: 'body-too-large',
  415: 'media-type-not-supported',
  429: 'too-many-requests',
};

const isFastifyError = (error: Error): error is FastifyError => 'statusCode' in error || 'validation' in error;

function invalidRequest({ validation = [], validationContext = 'body' }: FastifyError): Problem {
  const errors = valueErrors(validation as ErrorObject[], validationContext);
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(
    400,
    'invalid-request',
    first ? `${first.path} ${first.message}${more}.` : 'The request is not valid.',
    {
      errors,
    },
  );
}

/** By name and code, since the bus is not a dependency: it is whatever the services use. */
function fromBus(error: Error, request: FastifyRequest): Problem {
  const code = 'code' in error ? error.code : undefined;
  request.log.warn({ err: error }, 'the bus did not deliver a question of the API');
  if (code === 'Timeout' || code === 'Deadline') {
    return new Problem(504, 'service-timeout', 'The service that answers this did not answer in time.', {
      retryAfterSeconds,
    });
  }
  if (code === 'Refused')
    return new Problem(502, 'service-refused', `The service that answers this refused: ${error.message}`);
  return new Problem(503, 'service-away', 'The service that answers this is not there.', { retryAfterSeconds });
}

function notNow(error: Error, request: FastifyRequest): Problem {
  request.log.warn({ err: error }, 'an API request failed for the moment');
  return new Problem(503, 'try-again', 'This cannot be done at the moment. Try again.', { retryAfterSeconds });
}

function unexpected(error: unknown, request: FastifyRequest): Problem {
  const reference = randomUUID();
  request.log.error({ err: error, reference, method: request.method, path: pathOf(request) }, 'an API request failed');
  return new Problem(500, 'unexpected', `Something failed that should not. The log has it under ${reference}.`, {
    reference,
  });
}
