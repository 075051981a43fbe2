'use strict';

const fs = require('fs');
const path = require('path');
const { Readable } = require('stream');
const { ConnectClient, GenericResource } = require('..');
const { useFolder } = require('./support/folder');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS_AND_FETCH } = require('./support/transports');

// `create` of a reconciliation: a file and a note, or an object as in the original. Files of all kinds: `files.test.js`.

const CREATED = { id: 'RCF-1', status: 'uploaded' };
const CONTENT = Buffer.from('PK a sheet');

const server = useServer({ status: 201, json: CREATED });
const folder = useFolder();

const heads = () => server.requests[0].body.match(/Content-Disposition: .*/g);

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (_, connect) => {
  const create = (...args) => connect(server.url).usageReconciliations.create(...args);

  test('a file on disk and its note are two fields of one form, of a known length', async () => {
    const file = path.join(folder, 'billed.xlsx');
    fs.writeFileSync(file, CONTENT);
    expect(await create({ path: file }, 'a "note"\r\nof two lines')).toEqual(CREATED);
    expect(heads()).toEqual([
      'Content-Disposition: form-data; name="recon_file"; filename="billed.xlsx"',
      'Content-Disposition: form-data; name="upload_note"',
    ]);
    const [{ body, bytes, headers }] = server.requests;
    expect(body).toContain('\r\n\r\na "note"\r\nof two lines\r\n--');
    expect(headers['content-length']).toBe(`${bytes.length}`);
  });

  test('a stream and a note', async () => {
    expect(await create(Readable.from([CONTENT]), 'streamed')).toEqual(CREATED);
    expect(server.requests[0].bytes.includes(CONTENT)).toBe(true);
    expect(heads()).toHaveLength(2);
  });

  test.each([[[]], [[undefined]], [[null]]])('without a note there is no field for it: %j', async (note) => {
    expect(await create(CONTENT, ...note)).toEqual(CREATED);
    expect(heads()).toEqual([
      'Content-Disposition: form-data; name="recon_file"; filename="recon_file.xlsx"',
    ]);
  });

  test('an empty note is one', async () => {
    await create(CONTENT, '');
    expect(heads()).toHaveLength(2);
  });

  test('the options of the call stand behind the note, or behind an object', async () => {
    await create(CONTENT, undefined, { headers: { 'X-Mine': '1' } });
    await create({ a: 1 }, { headers: { 'X-Mine': '2' } });
    await create({ a: 1 }, undefined, { headers: { 'X-Mine': '3' } });
    expect(server.requests.map(({ headers }) => headers['x-mine'])).toEqual(['1', '2', undefined]);
  });

  test.each([
    [{ timeout: 5 }, 'an object'],
    [7, 'a number'],
    [['a'], 'an array'],
    [CONTENT, 'an object'],
  ])('a note that is no text is refused: %p', async (note, got) => {
    const error = await failure(create(CONTENT, note));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(`create: \`uploadNote\` must be a string; got ${got}`);
    expect(server.requests).toEqual([]);
  });

  test.each(['billed.xlsx', 'word', '', 'id;amount\nUR-1;2'])('text is no file: %j', async (text) => {
    const error = await failure(create(text, 'note'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^create: `reconFile` must be a file: \{ path: '.*' \}, a Buffer, /);
    expect(error.message).not.toContain('UR-1');
    expect(server.requests).toEqual([]);
  });

  test.each([[{ recon_file: CONTENT, upload_note: 'a' }], [{ file: { path: 'billed.xlsx' } }]])(
    'a file within an object is refused instead of sent as JSON',
    async (object) => {
      const error = await failure(create(object));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^create: a file must be the first argument, and the note the second/);
      expect(server.requests).toEqual([]);
    },
  );

  test('a form of the caller’s own is sent as it is', async () => {
    const form = new FormData();
    form.append('recon_file', new Blob([CONTENT]), 'mine.xlsx');
    expect(await create(form)).toEqual(CREATED);
    expect(server.requests[0].headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(server.requests[0].body).toContain('filename="mine.xlsx"');
  });
});

test('a stub of GenericResource’s `create` is called with an object, as in the original', async () => {
  const stub = jest.spyOn(GenericResource.prototype, 'create').mockImplementation(async () => 'stubbed');
  try {
    const { usageReconciliations } = new ConnectClient(server.url, 'key');
    expect(await usageReconciliations.create({ a: 1 })).toBe('stubbed');
    expect(await usageReconciliations.create(CONTENT)).toEqual(CREATED);
  } finally {
    stub.mockRestore();
  }
});
