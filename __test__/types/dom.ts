// What must compile where the DOM library is there, for whose types ours are a stand-in otherwise.
import type { ConnectClient } from 'cloudblue-connect-native';

declare const client: ConnectClient;
declare function look(...values: unknown[]): void;

async function dom(): Promise<void> {
  const response = await client.fetch('/x', {
    signal: new AbortController().signal,
    body: new URLSearchParams('a=1'),
  });
  const blob: Blob = await response.blob();
  const form: FormData = await response.formData();
  const url: URL = new URL(response.url);
  look(blob.slice(0, 1), form.getAll('x'), url.href);
  // @ts-expect-error 2551: a Blob's own methods, and no others.
  look(blob.slices(0));
}
dom();
