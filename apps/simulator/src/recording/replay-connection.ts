import { actionInfo, type JsonObject } from '@ocpp-csms/ocpp';
import { AnswerMissing, createLink, ErrorAnswer, type LinkOptions, NotConnected } from '../link.ts';
import type { Answer } from './recording.ts';

type FromLink = 'url' | 'networkId' | 'version' | 'password' | 'watch' | 'answerTimeoutMs' | 'answer';

export interface ConnectionOptions extends Pick<LinkOptions, FromLink | 'onOpen' | 'onClosed'> {
  /** Ends it. */
  signal: AbortSignal;
}

/** What came back: an answer, or why there is none; neither for a SEND. */
export interface Outcome {
  answer?: Answer;
  why?: string;
}

/** The connection of a charge point that is played. */
export interface Connection {
  /** Resolves when there is a connection; rejects with `HandshakeRefused`, or when the signal came. */
  ready(): Promise<void>;
  /** Closes it and makes another. */
  renew(): Promise<void>;
  say(action: string, payload: JsonObject): Promise<Outcome>;
  close(): void;
}

/** The upgrade was refused with this HTTP status or, without one, nobody answered. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused';
  readonly status: number | undefined;
  constructor(status: number | undefined, reason: string) {
    super(reason);
    this.status = status;
  }
}

export function openConnection({ signal, onOpen, onClosed, ...options }: ConnectionOptions): Connection {
  let isOpen = false;
  let opened = promised();
  const link = createLink({
    ...options,
    quirks: new Set(),
    onOpen() {
      isOpen = true;
      opened.resolve();
      onOpen();
    },
    onClosed(code, reason) {
      if (isOpen) lost();
      if (!signal.aborted) onClosed(code, reason);
    },
    onRefused(status, reason) {
      opened.reject(new HandshakeRefused(status, reason));
      link.stop();
    },
  });
  signal.addEventListener('abort', () => {
    opened.reject(signal.reason);
    link.stop();
  });
  link.start();

  function lost(): void {
    isOpen = false;
    opened = promised();
  }

  return {
    ready: () => opened.promise,
    renew() {
      if (isOpen) {
        lost();
        link.restart();
      }
      return opened.promise;
    },
    async say(action, payload) {
      try {
        if (actionInfo(options.version, action)?.kind !== 'send')
          return { answer: { result: await link.call(action, payload) } };
        await link.sendUnconfirmed(action, payload);
        return {};
      } catch (error) {
        if (error instanceof ErrorAnswer)
          return { answer: { error: { code: error.code, description: error.description } } };
        if (error instanceof AnswerMissing || error instanceof NotConnected) return { why: error.message };
        throw error;
      }
    },
    close: link.stop,
  };
}

/** Nobody may be waiting at the moment when it is rejected. */
function promised(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => undefined);
  return made;
}
