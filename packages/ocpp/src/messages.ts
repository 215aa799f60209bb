import type { Requests as Requests16, Responses as Responses16 } from './generated/ocpp1.6/types.ts';
import type { Requests as Requests201, Responses as Responses201 } from './generated/ocpp2.0.1/types.ts';
import type { Requests as Requests21, Responses as Responses21 } from './generated/ocpp2.1/types.ts';
import type { OcppVersion } from './versions.ts';

interface RequestsByVersion {
  'ocpp1.6': Requests16;
  'ocpp2.0.1': Requests201;
  'ocpp2.1': Requests21;
}

interface ResponsesByVersion {
  'ocpp1.6': Responses16;
  'ocpp2.0.1': Responses201;
  'ocpp2.1': Responses21;
}

/** The actions that every one of the versions knows. */
export type ActionOf<V extends OcppVersion> = keyof RequestsByVersion[V] & string;

/** What a handler that serves these versions may receive: the shape of any of them. */
export type RequestOf<V extends OcppVersion, A extends ActionOf<V>> = RequestsByVersion[V][A];

/** What a handler that serves these versions must answer: a shape that is valid in all of them; `undefined` for a SEND. */
export type ResponseOf<V extends OcppVersion, A extends ActionOf<V>> = Intersection<
  V extends OcppVersion ? (response: Member<ResponsesByVersion[V], A>) => void : never
>;

type Member<T, A> = A extends keyof T ? T[A] : undefined;

/** Turns a union of functions into the intersection of what they take. */
type Intersection<F> = [F] extends [never] ? never : F extends (value: infer T) => void ? T : never;
