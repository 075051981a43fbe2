// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type { CallOptions } from './options';
import type { NodeBuffer, PlatformBlob } from './platform';

/**
 * A file to upload: its bytes, a Blob, a stream of Node or of the web, an async generator, or where it is on disk. It is
 * read while it is sent, not before; a stream is closed when its request has ended, whatever became of it.
 */
export type UploadFile =
  | NodeBuffer
  | ArrayBuffer
  | ArrayBufferView
  | PlatformBlob
  | ReadableSource
  | AsyncIterable<string | ArrayBufferView>
  | UploadPath;

/** A file on disk. */
export interface UploadPath {
  /** Its path. If there is no such file, the call rejects with Node's error, and nothing is sent. */
  path: string;
  /** The name that Connect is told. Default: the last part of the path. */
  name?: string;
  /** The media type. Default: that of an Excel sheet (xlsx). */
  type?: string;
}

/** A stream that can be read: Node's or the web's. */
export type ReadableSource =
  | { pipe(destination: any, options?: any): any; [Symbol.asyncIterator](): AsyncIterator<any> }
  | { getReader(): any };

/** The options of a download. */
export interface DownloadOptions extends CallOptions {
  /**
   * The path of a file that the answer is written to, instead of into memory. It appears there when it is whole; what
   * was there before is replaced then, and stays if the download fails.
   */
  to?: string | undefined;
}

/** Where a download was saved. */
export interface SavedFile {
  /** The path, as it was given. */
  path: string;
  /** How many bytes it has. */
  bytes: number;
}
