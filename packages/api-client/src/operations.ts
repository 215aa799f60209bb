import type { Operations } from './generated/api.ts';

/** `GET /device-manager/charge-points` */
export type OperationName = keyof Operations & string;

/** The paths that there are for a method. */
export type PathOf<Method extends string> = OperationName extends infer Name
  ? Name extends `${Method} ${infer Path}`
    ? Path
    : never
  : never;

export type AnswerOf<Name extends OperationName> = Operations[Name]['answer'];

type Part<Name extends OperationName, Key extends string> = Key extends keyof Operations[Name]
  ? Operations[Name][Key]
  : never;

export type QueryOf<Name extends OperationName> = NonNullable<Part<Name, 'query'>>;
export type BodyOf<Name extends OperationName> = NonNullable<Part<Name, 'body'>>;

/** What a list answers with, page by page. */
export type ItemOf<Name extends OperationName> =
  AnswerOf<Name> extends { items: (infer Item)[]; nextCursor?: string } ? Item : never;

export type ListPath =
  PathOf<'GET'> extends infer Path
    ? Path extends PathOf<'GET'>
      ? ItemOf<`GET ${Path}`> extends never
        ? never
        : Path
      : never
    : never;

export type StreamPath =
  PathOf<'GET'> extends infer Path
    ? Path extends PathOf<'GET'>
      ? Operations[`GET ${Path}`] extends { events: true }
        ? Path
        : never
      : never
    : never;

/** `params` are the parts of the path in braces. */
export type RequestOf<Name extends OperationName> = Pick<
  Operations[Name],
  Extract<keyof Operations[Name], 'params' | 'query' | 'body'>
>;

/** The parameters of a function that may be left out when the operation needs nothing. */
export type Arguments<Name extends OperationName, Options> =
  Record<never, never> extends RequestOf<Name>
    ? [request?: RequestOf<Name> & Options]
    : [request: RequestOf<Name> & Options];
