export { type ApiClient, type ApiClientOptions, createApiClient, type RequestOptions } from './client.ts';
export type { FollowOptions, LiveEvent, StreamState } from './event-stream/follow.ts';
export type * from './generated/api.ts';
export type { AnswerOf, BodyOf, ItemOf, ListPath, OperationName, PathOf, QueryOf, StreamPath } from './operations.ts';
export { ApiProblem, type ValueError } from './problem.ts';
