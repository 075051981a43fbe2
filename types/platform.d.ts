// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.

/** The type of what `new Name()` makes, where the platform's types have one. */
type Platform<Name extends string, Otherwise> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Own };
}
  ? Own
  : Otherwise;

/** The type itself; the other one where it could not be resolved. */
type Resolved<T, Otherwise> = 0 extends 1 & T ? Otherwise : T;

/** Node's Buffer; a Uint8Array, which it is, without @types/node. */
export type NodeBuffer = typeof globalThis extends { Buffer: { alloc(size: number): infer Own } }
  ? Own
  : Uint8Array;

/** Node's `http.Agent` or `https.Agent`. */
// @ts-ignore: without @types/node there is no such module.
export type NodeAgent = Resolved<import('http').Agent, object>;

// @ts-ignore: as above.
type NodeReadable = Resolved<import('stream').Readable, MinimalReadable>;

// @ts-ignore: as above.
type WebReadable = Resolved<import('stream/web').ReadableStream<any>, MinimalWebStream>;

/** A Node stream that has the methods of a web stream as well. */
export type ResponseBody = NodeReadable &
  Pick<WebReadable, 'getReader' | 'pipeTo' | 'pipeThrough' | 'tee' | 'cancel' | 'locked'>;

/** The platform's Blob, or what every Blob has. */
export type PlatformBlob = Platform<
  'Blob',
  {
    readonly size: number;
    readonly type: string;
    text(): Promise<string>;
    arrayBuffer(): Promise<ArrayBuffer>;
  }
>;

/** The platform's FormData, or what is read of a form. */
export type PlatformFormData = Platform<
  'FormData',
  { get(name: string): unknown; has(name: string): boolean }
>;

/** The platform's URL, or what a choice of agent depends on. */
export type PlatformUrl = Platform<
  'URL',
  { readonly href: string; readonly protocol: string; readonly hostname: string; readonly port: string }
>;

/** What is needed of an AbortSignal; the platform's has it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface MinimalReadable extends AsyncIterable<NodeBuffer> {
  pipe<Destination extends object>(destination: Destination, options?: { end?: boolean }): Destination;
  on(event: string, listener: (...args: any[]) => void): this;
  once(event: string, listener: (...args: any[]) => void): this;
  read(size?: number): any;
  destroy(error?: Error): this;
}

interface MinimalWebStream {
  readonly locked: boolean;
  getReader(options?: any): any;
  pipeTo(destination: any, options?: any): Promise<void>;
  pipeThrough(transform: any, options?: any): any;
  tee(): [any, any];
  cancel(reason?: any): Promise<void>;
}
