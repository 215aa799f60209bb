import { createRequire } from 'node:module';
import { type Call, GrpcError, GrpcServer } from './grpc-server.ts';
import { FakeSubscription, type Stored, type Stream } from './pubsub-subscription.ts';

// The protos that the client library ships; a CommonJS module without names that `import` could find.
const { google } = createRequire(import.meta.url)('@google-cloud/pubsub/build/protos/protos.js');
const v1 = google.pubsub.v1;

const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const UNAVAILABLE = 14;
const UNIMPLEMENTED = 12;

// biome-ignore lint/suspicious/noExplicitAny: the messages of the protos, which have no types at run time
type Message = any;

/**
 * A stand-in for Google Cloud Pub/Sub, as its documentation describes it, for the calls that we use: topics,
 * subscriptions with filter, ordering keys, acknowledgement deadlines, redelivery and flow control. Keeps everything in
 * memory, through `stop` and `start`.
 */
export class PubsubServer {
  readonly #topics = new Map<string, FakeSubscription[]>();
  readonly #subscriptions = new Map<string, FakeSubscription>();
  readonly #server = new GrpcServer((path, call) => this.#handle(path, call));
  #count = 0;
  /** Called for each `Publish`; an error that it returns is the answer. */
  refusePublish: ((topic: string) => GrpcError | undefined) | undefined;

  get endpoint(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  subscription(name: string): FakeSubscription | undefined {
    return [...this.#subscriptions].find(([full]) => full.endsWith(`/${name}`))?.[1];
  }

  get subscriptionNames(): string[] {
    return [...this.#subscriptions.keys()].map((name) => name.slice(name.lastIndexOf('/') + 1));
  }

  #handle(path: string, call: Call): void {
    const method = path.slice(path.lastIndexOf('/') + 1);
    if (method === 'StreamingPull') this.#pull(call);
    else this.#answer(method, call);
  }

  #answer(method: string, call: Call): void {
    call.onMessage((bytes) => {
      try {
        const [request, answer, handle] = this.#method(method);
        call.write(answer.encode(handle(request.decode(bytes))).finish());
        call.end();
      } catch (error) {
        call.end(error instanceof GrpcError ? error : new GrpcError(13, String(error)));
      }
    });
  }

  #method(name: string): [Message, Message, (request: Message) => Message] {
    const empty = google.protobuf.Empty;
    switch (name) {
      case 'GetTopic':
        return [v1.GetTopicRequest, v1.Topic, ({ topic }) => ({ name: this.#known(this.#topics, topic) && topic })];
      case 'CreateTopic':
        return [v1.Topic, v1.Topic, (topic) => this.#createTopic(topic)];
      case 'Publish':
        return [v1.PublishRequest, v1.PublishResponse, (request) => this.#publish(request)];
      case 'GetSubscription':
        return [v1.GetSubscriptionRequest, v1.Subscription, ({ subscription }) => this.#of(subscription).settings];
      case 'CreateSubscription':
        return [v1.Subscription, v1.Subscription, (settings) => this.#createSubscription(settings)];
      case 'DeleteSubscription':
        return [v1.DeleteSubscriptionRequest, empty, ({ subscription }) => this.delete(subscription)];
      case 'Acknowledge':
        return [v1.AcknowledgeRequest, empty, ({ subscription, ackIds }) => this.#of(subscription).acknowledge(ackIds)];
      case 'ModifyAckDeadline':
        return [
          v1.ModifyAckDeadlineRequest,
          empty,
          (request) => this.#of(request.subscription).modifyDeadline(request.ackIds, request.ackDeadlineSeconds),
        ];
      default:
        throw new GrpcError(UNIMPLEMENTED, `the stand-in has no ${name}`);
    }
  }

  #createTopic({ name }: Message): Message {
    if (this.#topics.has(name)) throw new GrpcError(ALREADY_EXISTS, `Resource already exists: ${name}`);
    this.#topics.set(name, []);
    return { name };
  }

  #createSubscription(settings: Message): Message {
    const subscriptions = this.#known(this.#topics, settings.topic);
    if (this.#subscriptions.has(settings.name)) {
      throw new GrpcError(ALREADY_EXISTS, `Resource already exists: ${settings.name}`);
    }
    const subscription = new FakeSubscription(settings);
    this.#subscriptions.set(settings.name, subscription);
    subscriptions.push(subscription);
    return settings;
  }

  delete(name: string): Message {
    const subscription = this.#of(name);
    this.#subscriptions.delete(name);
    for (const [topic, others] of this.#topics)
      this.#topics.set(
        topic,
        others.filter((other) => other !== subscription),
      );
    subscription.end(new GrpcError(NOT_FOUND, `Resource not found (resource=${name}).`));
    return {};
  }

  #publish({ topic, messages }: Message): Message {
    const subscriptions = this.#known(this.#topics, topic);
    const refusal = this.refusePublish?.(topic);
    if (refusal) throw refusal;
    const messageIds = messages.map((message: Message) => {
      const stored: Stored = { ...message, messageId: `${++this.#count}`, orderingKey: message.orderingKey ?? '' };
      for (const subscription of subscriptions) subscription.publish(stored);
      return stored.messageId;
    });
    return { messageIds };
  }

  #pull(call: Call): void {
    let stop: (() => void) | undefined;
    let stream: Stream | undefined;
    call.onMessage((bytes) => {
      const { subscription: name, ...request } = v1.StreamingPullRequest.decode(bytes);
      if (stream) {
        if (request.streamAckDeadlineSeconds > 0) stream.deadlineSeconds = request.streamAckDeadlineSeconds;
        return;
      }
      const subscription = this.#subscriptions.get(name);
      if (!subscription) {
        call.end(new GrpcError(NOT_FOUND, `Resource not found (resource=${name}).`));
        return;
      }
      stream = {
        most: Number(request.maxOutstandingMessages) || Number.POSITIVE_INFINITY,
        outstanding: 0,
        deadlineSeconds: request.streamAckDeadlineSeconds,
        send: (receivedMessages) => call.write(v1.StreamingPullResponse.encode({ receivedMessages }).finish()),
        end: (error) => call.end(error ?? new GrpcError(UNAVAILABLE, 'The service was unable to fulfill your request')),
      };
      stop = subscription.stream(stream);
    });
    call.onClose(() => stop?.());
  }

  #of(name: string): FakeSubscription {
    return this.#known(this.#subscriptions, name);
  }

  #known<Thing>(things: ReadonlyMap<string, Thing>, name: string): Thing {
    const thing = things.get(name);
    if (thing === undefined) throw new GrpcError(NOT_FOUND, `Resource not found (resource=${name}).`);
    return thing;
  }
}
