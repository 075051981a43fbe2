// What must compile where @types/node is installed: its types are ours.

import type { ConnectClient } from 'cloudblue-connect-native';
import { createReadStream, createWriteStream } from 'fs';
import * as http from 'http';
import * as https from 'https';
import { pipeline, type Readable } from 'stream';

declare const client: ConnectClient;
declare function look(...values: unknown[]): void;

async function node(): Promise<void> {
  const response = await client.fetch('/usage/files', {
    method: 'POST',
    body: Buffer.from('x'),
    agent: new http.Agent({ keepAlive: true }),
    signal: new AbortController().signal,
  });
  await client.fetch('/x', { agent: new https.Agent() });
  await client.fetch('/x', {
    agent: (url: URL) => (url.protocol === 'https:' ? new https.Agent() : new http.Agent()),
  });
  await client.fetch('/x', { agent: ({ hostname }) => (hostname ? http.globalAgent : https.globalAgent) });
  await client.fetch('/x', { signal: AbortSignal.timeout(1000), headers: { Accept: 'text/plain' } });

  const bytes: Buffer = await response.buffer();
  const blob: Blob = await response.blob();
  const form: FormData = await response.formData();
  look(bytes.readUInt8(0), blob.size, [...form.keys()]);
  if (response.body !== null) {
    const stream: Readable = response.body;
    pipeline(response.body, createWriteStream('/dev/null'), () => {});
    stream.pipe(process.stdout);
    for await (const chunk of response.body) look(chunk);
    const { value, done } = await response.body.getReader().read();
    look(value, done);
  }
  await client.usageFiles.upload('UF-1', createReadStream('january.xlsx'));
  await client.usageFiles.upload('UF-1', new Blob(['x']));
  await client.usageFiles.upload('UF-1', new Blob(['x']).stream());
  const chunk: Buffer = await client.usageChunks.download('UFC-1');
  look(chunk.toString('hex'));
  // @ts-expect-error 2322: an agent is no text.
  await client.fetch('/x', { agent: 'proxy' });
  // @ts-expect-error 2551: Buffer's own methods, and no others.
  look(bytes.readUInt9(0));
}
node();
