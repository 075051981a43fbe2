'use strict';

const fs = require('fs');
const path = require('path');
const { Readable, Stream } = require('stream');
const { ReadableStream } = require('stream/web');
const { ConnectionError, HttpError } = require('..');
const { useFolder } = require('./support/folder');
const { printedBy } = require('./support/program');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS_AND_FETCH } = require('./support/transports');

// Uploads and downloads of files.

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CONTENT = Buffer.from('PK\u0003\u0004 not a real sheet \u00ff', 'latin1');

const UPLOADED = { json: { id: 'UF-1', status: 'uploaded' } };
const SHEET = { headers: { 'Content-Type': XLSX }, body: CONTENT };

const server = useServer(UPLOADED);
const folder = useFolder();

/** The parts of a multipart form, by their heads. */
function partsOf({ headers, bytes }) {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'])[1];
  const pieces = bytes.toString('latin1').split(`--${boundary}`);
  expect(pieces[0]).toBe('');
  expect(pieces[pieces.length - 1]).toBe('--\r\n');
  return pieces.slice(1, -1).map((piece) => {
    const [head, ...rest] = piece.slice(2, -2).split('\r\n\r\n');
    return { head: head.split('\r\n'), content: Buffer.from(rest.join('\r\n\r\n'), 'latin1') };
  });
}

const onDisk = (name, content = CONTENT) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
};

const FILES = {
  'a Buffer': () => CONTENT,
  'a Uint8Array': () => new Uint8Array(CONTENT),
  'an ArrayBuffer': () => new Uint8Array(CONTENT).buffer,
  'a Blob': () => new Blob([CONTENT]),
  'a Node stream': () => Readable.from([CONTENT.subarray(0, 5), CONTENT.subarray(5)]),
  'a web stream': () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(CONTENT));
        controller.close();
      },
    }),
  'a path': () => ({ path: onDisk('usage_file.xlsx') }),
};

/** A stream as libraries made them before Node had `Readable`: no iterator, no `read`. */
function oldStream(chunks, end = 'end') {
  const stream = new Stream();
  stream.readable = true;
  stream.destroy = () => undefined;
  setImmediate(() => {
    for (const chunk of chunks) stream.emit('data', chunk);
    if (end instanceof Error) stream.emit('error', end);
    else stream.emit(end);
    if (end === 'end') stream.emit('close');
  });
  return stream;
}

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (_, connect) => {
  const make = () => connect(server.url);

  test.each(Object.entries(FILES))('%s is uploaded as a form', async (_kind, file) => {
    const uploaded = await make().usageFiles.upload('UF-1', file());
    expect(uploaded).toEqual(UPLOADED.json);
    const [request] = server.requests;
    expect(`${request.method} ${request.url}`).toBe('POST /usage/files/UF-1/upload');
    expect(request.headers.authorization).toBe(KEY);
    const [part, ...more] = partsOf(request);
    expect(more).toEqual([]);
    expect(part.head).toEqual([
      'Content-Disposition: form-data; name="usage_file"; filename="usage_file.xlsx"',
      `Content-Type: ${XLSX}`,
    ]);
    expect(part.content).toEqual(CONTENT);
  });

  test('a size that is known is announced', async () => {
    await make().usageFiles.upload('UF-1', { path: onDisk('usage_file.xlsx') });
    const [{ headers, bytes }] = server.requests;
    expect(headers['content-length']).toBe(`${bytes.length}`);
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  test('a reconciliation has the name that the API gives it, and its own name and type', async () => {
    await make().usageFiles.reconciliation('UF-1', { path: onDisk('a"b.csv'), type: 'text/csv' });
    const [request] = server.requests;
    expect(request.url).toBe('/usage/files/UF-1/reconciliation');
    expect(partsOf(request)[0].head).toEqual([
      'Content-Disposition: form-data; name="recon_file"; filename="a%22b.csv"',
      'Content-Type: text/csv',
    ]);
  });

  test('an empty file is uploaded', async () => {
    await make().usageFiles.upload('UF-1', { path: onDisk('empty.xlsx', '') });
    expect(partsOf(server.requests[0])[0].content).toEqual(Buffer.alloc(0));
  });

  test('a file that is not there costs no request', async () => {
    const upload = make().usageFiles.upload('UF-1', { path: path.join(folder, 'missing.xlsx') });
    await expect(upload).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(make().usageFiles.upload('UF-1', { path: folder })).rejects.toThrow(TypeError);
    expect(server.requests).toEqual([]);
  });

  test('a stream that fails is the reason, and what was sent is not taken for the whole', async () => {
    const broken = new Error('the disk is gone');
    const source = Readable.from(
      (async function* pieces() {
        yield CONTENT;
        throw broken;
      })(),
    );
    await expect(make().usageFiles.upload('UF-1', source)).rejects.toBe(broken);
    expect(server.requests).toEqual([]);
  });

  test('a stream that was read already, or destroyed, is refused, and is no empty file', async () => {
    const read = Readable.from([CONTENT]);
    for await (const piece of read) expect(piece).toEqual(CONTENT);
    const destroyed = fs.createReadStream(__filename).destroy();
    for (const stream of [read, destroyed]) {
      await expect(make().usageFiles.upload('UF-1', stream)).rejects.toThrow(
        /^usage_file: the stream has already ended/,
      );
    }
    expect(server.requests).toEqual([]);
  });

  test('what is no file is sent as in the original', async () => {
    await make().usageFiles.upload('UF-1', 'text');
    await make().usageFiles.upload('UF-1');
    await make().usageFiles.upload('UF-1', { some: 'object' });
    expect(server.requests.map(({ body }) => body)).toEqual([
      '{"usage_file":"text"}',
      '{}',
      '{"usage_file":{"some":"object"}}',
    ]);
    expect(server.requests[0].headers['content-type']).toBe('application/json');
  });

  test.each([
    ['upload', 'usageFile'],
    ['reconciliation', 'reconFile'],
  ])('%s refuses a path, and says what was meant', async (method, argument) => {
    for (const path of ['/tmp/path.xlsx', 'january.xlsx', 'C:\\january.xlsx', './january', '']) {
      const call = make().usageFiles[method]('UF-1', path);
      if (path === '') {
        await expect(call).resolves.toEqual(UPLOADED.json);
        continue;
      }
      const error = await failure(call);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe(
        `${method}: \`${argument}\` must be a file: { path: '${path}' }, a Buffer, a Blob or a stream; got a string`,
      );
    }
    const csv = await failure(make().usageFiles[method]('UF-1', 'record_id,amount\nUR-1,2\n'));
    expect(csv.message).toMatch(/\{ path: '\/path\.xlsx' \}/);
    expect(csv.message).not.toContain('UR-1');
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([expect.anything()]);
  });

  test('a stream of the older kind, which has only `pipe` and events', async () => {
    await make().usageFiles.upload('UF-1', oldStream([CONTENT, Buffer.alloc(100_000, 'x')]));
    const [{ bytes }] = server.requests;
    expect(bytes.includes(Buffer.concat([CONTENT, Buffer.alloc(100_000, 'x')]))).toBe(true);
    const broken = new Error('the disk is gone');
    await expect(make().usageFiles.upload('UF-1', oldStream([CONTENT], broken))).rejects.toBe(broken);
    // Closed before its end, it is no whole file.
    await expect(make().usageFiles.upload('UF-1', oldStream([CONTENT], 'close'))).rejects.toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('such a stream is a body of `client.fetch` as well', async () => {
    await make().fetch('/x', { method: 'POST', body: oldStream([CONTENT, 'more']) });
    expect(server.requests[0].bytes).toEqual(Buffer.concat([CONTENT, Buffer.from('more')]));
    await make().fetch('/x', { method: 'POST', body: Readable.from([CONTENT, 'more']) });
    expect(server.requests[1].bytes).toEqual(server.requests[0].bytes);
    const broken = new Error('the disk is gone');
    const failed = make().fetch('/x', { method: 'POST', body: oldStream([CONTENT], broken) });
    await expect(failed).rejects.toBe(broken);
  });

  test('a refused upload says so', async () => {
    server.answer = { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } };
    const upload = make().usageFiles.upload('UF-1', CONTENT);
    await expect(upload).rejects.toMatchObject({ status: 400, errorCode: 'VAL_001' });
  });

  test('a download is a Buffer', async () => {
    server.answer = SHEET;
    const chunk = await make().usageChunks.download('UFC-1');
    expect(Buffer.isBuffer(chunk)).toBe(true);
    expect(chunk).toEqual(CONTENT);
    expect(server.requests[0].url).toBe('/usage/chunks/UFC-1/download');
  });

  test('a download that is JSON is parsed, as in the original', async () => {
    server.answer = { json: { some: 'json' } };
    expect(await make().usageChunks.download('UFC-1')).toEqual({ some: 'json' });
    server.answer = { headers: { 'content-type': 'text/plain' }, body: '[1]' };
    expect(await make().usageReconciliations.processedFile('RCF-1')).toEqual([1]);
    server.answer = { headers: { 'content-type': 'text/csv' }, body: '[a]' };
    expect(await make().usageReconciliations.uploadedFile('RCF-1')).toEqual(Buffer.from('[a]'));
  });

  test('a download goes to a file', async () => {
    const to = path.join(folder, 'chunk.xlsx');
    fs.writeFileSync(to, 'what was there before, and longer than what comes');
    server.answer = SHEET;
    const saved = await make().usageChunks.download('UFC-1', { to });
    expect(saved).toEqual({ path: to, bytes: CONTENT.length });
    expect(fs.readFileSync(to)).toEqual(CONTENT);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a refused download leaves the file alone', async () => {
    const to = path.join(folder, 'kept.xlsx');
    fs.writeFileSync(to, 'kept');
    server.answer = { status: 404, json: { error_code: 'NOT', errors: [] } };
    await expect(make().usageChunks.download('UFC-1', { to })).rejects.toMatchObject({ status: 404 });
    expect(fs.readFileSync(to, 'utf8')).toBe('kept');
  });

  test('a download that is cut off leaves the file alone', async () => {
    const to = path.join(folder, 'whole.xlsx');
    fs.writeFileSync(to, 'whole');
    server.answer = { raw: (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf') };
    await expect(make().usageChunks.download('UFC-1', { to })).rejects.toThrow();
    expect(fs.readFileSync(to, 'utf8')).toBe('whole');
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a file that cannot be written is Node’s error', async () => {
    server.answer = SHEET;
    const to = path.join(folder, 'no', 'such', 'folder.xlsx');
    const error = await failure(make().usageChunks.download('UFC-1', { to }));
    expect(error).toMatchObject({ code: 'ENOENT' });
    expect(error).not.toBeInstanceOf(HttpError);
    expect(error).not.toBeInstanceOf(ConnectionError);
  });

  test('an option that is not one is ignored, a wrong one refused', async () => {
    server.answer = SHEET;
    const { usageChunks } = make();
    const chunks = await Promise.all(['UFC-1', 'UFC-2'].map(usageChunks.download, usageChunks));
    expect(chunks).toEqual([CONTENT, CONTENT]);
    await expect(usageChunks.download('UFC-1', { to: 7 })).rejects.toThrow('the option to must be the path');
    await expect(usageChunks.download('UFC-1', { to: '' })).rejects.toThrow('the option to must be the path');
  });

  test('an id that cannot be used uploads and downloads nothing', async () => {
    await expect(make().usageFiles.upload(undefined, CONTENT)).rejects.toThrow('upload: `id` must be');
    await expect(make().usageChunks.download('')).rejects.toThrow('download: `id` must be');
    expect(server.requests).toEqual([]);
  });
});

test('a large file travels both ways in constant memory', async () => {
  const size = 96 << 20;
  const file = path.join(folder, 'large.xlsx');
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, size);
  const program = `
    const http = require('http');
    const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const { peakMegabytes } = require(${JSON.stringify(require.resolve('./support/peakMemory'))});
    let received = 0;
    const server = http.createServer((request, response) => {
      if (request.url.endsWith('/download')) {
        response.setHeader('content-type', '${XLSX}');
        require('fs').createReadStream(${JSON.stringify(file)}).pipe(response);
        return;
      }
      request.on('data', (piece) => { received += piece.length; });
      request.on('end', () => response.end('{}'));
    });
    server.listen(0, '127.0.0.1', async () => {
      const client = new ConnectClient('http://127.0.0.1:' + server.address().port, 'key');
      await client.usageChunks.get('UFC-1');
      const before = peakMegabytes();
      await client.usageFiles.upload('UF-1', { path: ${JSON.stringify(file)} });
      const saved = await client.usageChunks.download('UFC-1', { to: ${JSON.stringify(`${file}.copy`)} });
      const grown = peakMegabytes() - before;
      console.log(JSON.stringify({ received: received > ${size}, bytes: saved.bytes, grown }));
      server.close();
    });`;
  // Its own process, for memory is measured; small heaps show that the file is not in them.
  const { received, bytes, grown } = await printedBy(program, {
    flags: ['--max-old-space-size=64', '--max-semi-space-size=4'],
  });
  expect({ received, bytes }).toEqual({ received: true, bytes: size });
  // Far less than the file, in MB.
  expect(grown).toBeLessThan(64);
});
