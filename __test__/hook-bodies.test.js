'use strict';

/** Hooks that read the body of a response, or make another response of it: the file of a download is whole. */

const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { useServer } = require('./support/server');
const { TRANSPORTS_AND_FETCH } = require('./support/transports');

const server = useServer();
const folder = useFolder();

async function collect(chunks) {
  const all = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* read(reader) {
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}

const plain = ({ ok, status, headers }, more) => ({ ok, status, headers, ...more });

/** Hooks that return another response with the same body. */
const COPYING = {
  'its body': (r) => new Response(r.body, r),
  "a copy's body": (r) => new Response(r.clone().body, r),
  'its bytes': async (r) => new Response(await r.arrayBuffer(), r),
  'its text': async (r) => new Response(await r.text(), r),
  'its Blob': async (r) => new Response(await r.blob(), r),
  'its chunks': async (r) => new Response(await collect(r.body), r),
  "its reader's chunks": async (r) => new Response(await collect(read(r.body.getReader())), r),
  'a copy, after its body was looked at': async (r) => {
    if (r.body) await collect(r.clone().body);
    return new Response(await collect(r.body), r);
  },
  'its body, in an object': (r) => plain(r, { body: r.body }),
  'its bytes, in an object': async (r) => plain(r, { body: await r.arrayBuffer() }),
  'its Blob, in an object': async (r) => plain(r, { body: await r.blob() }),
  'a function, in an object': (r) => plain(r, { arrayBuffer: () => r.arrayBuffer() }),
};

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (_, connect) => {
  const client = (hook) => {
    const made = connect(server.url, { maxRetries: 0 });
    made.addAfterResponseHook(hook);
    return made;
  };
  const sheet = (body) => ({ body, headers: { 'Content-Type': 'application/octet-stream' } });
  const to = path.join(folder, 'file');

  test.each(Object.entries(COPYING))('a file is whole after a hook that returns %s', async (_name, hook) => {
    for (const size of [0, 4, 3 << 20]) {
      server.answer = sheet('x'.repeat(size));
      fs.writeFileSync(to, 'old');
      expect(await client(hook).usageChunks.download('UFC-1', { to })).toEqual({ path: to, bytes: size });
      expect(fs.readFileSync(to, 'latin1')).toBe('x'.repeat(size));
    }
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });

  test.each([
    ['drained', (r) => new Response(r.body, r)],
    ['drained, in an object', (r) => plain(r, { body: r.body })],
  ])('a body that a hook has %s is refused, and the file is not emptied', async (_name, copy) => {
    server.answer = sheet('x'.repeat(3 << 20));
    fs.writeFileSync(to, 'old');
    const hook = async (r) => {
      const other = copy(r);
      await collect(other.body);
      return other;
    };
    const made = client(hook);
    await expect(made.usageChunks.download('UFC-1', { to })).rejects.toMatchObject({
      status: 200,
    });
    await expect(made.usageChunks.download('UFC-1')).rejects.toThrow('a body that was read already');
    // The engine had saved it before the hook was called.
    expect(['old', 'x'.repeat(3 << 20)]).toContain(fs.readFileSync(to, 'utf8'));
  });

  test('a file has what a hook returns in its place', async () => {
    server.answer = sheet('PK');
    const hook = async (r) => new Response(`${await r.text()}!`, r);
    expect(await client(hook).usageChunks.download('UFC-1', { to })).toEqual({ path: to, bytes: 3 });
    expect(fs.readFileSync(to, 'utf8')).toBe('PK!');
  });
});

describe.each(Object.entries(TRANSPORTS_AND_FETCH).slice(0, 3))('a saved response over %s', (_, connect) => {
  const to = path.join(folder, 'file');

  test('is read from its file, as often as it is copied', async () => {
    server.answer = { json: { a: 'ü' } };
    const response = await connect(server.url).fetch('/x', { to });
    const copy = response.clone();
    expect(await response.clone().json()).toEqual({ a: 'ü' });
    expect(await response.text()).toBe('{"a":"ü"}');
    await expect(response.text()).rejects.toThrow('body used already');
    expect((await collect(copy.body)).toString()).toBe('{"a":"ü"}');
    expect(copy.bodyUsed).toBe(true);
  });

  test('says that its file was changed, and is gone', async () => {
    server.answer = { json: {} };
    const response = await connect(server.url).fetch('/x', { to });
    const copies = [response.clone(), response.clone()];
    fs.writeFileSync(to, 'another');
    await expect(copies[0].text()).rejects.toThrow('was changed after the response was saved to it');
    fs.rmSync(to);
    await expect(copies[1].text()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is where a hook has it saved', async () => {
    server.answer = { body: 'PK' };
    const client = connect(server.url);
    client.addBeforeRequestHook((url, options) => ({ url, options: { ...options, to } }));
    expect(await client.usageChunks.download('UFC-1')).toEqual({ path: to, bytes: 2 });
  });
});
