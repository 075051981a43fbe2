'use strict';

const fs = require('fs');
const http2 = require('http2');
const https = require('https');
const os = require('os');
const path = require('path');
const { execFile } = require('child_process');
const { promisify } = require('util');
const { ConnectClient, ConnectionError } = require('..');

// Whom the engine trusts, and that it says why it does not with the codes that Node users know.

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');
const root = read('ca');

/** The root as `openssl x509 -addtrust` writes it: behind it stands a use (an object identifier) that it is trusted for. */
function trustedFor(use) {
  const bytes = Buffer.from(root.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const text = Buffer.concat([bytes, Buffer.from(`300c300a${use}`, 'hex')]).toString('base64');
  const lines = text.match(/.{1,64}/g).join('\n');
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${lines}\n-----END TRUSTED CERTIFICATE-----\n`;
}

const servers = [];
/** A server that shows a certificate; `url` is its address by the name of localhost. */
async function serve(cert, key = read('leaf-key'), make = https.createServer) {
  const server = make({ cert, key, allowHTTP1: true }, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ http: request.httpVersion, host: request.headers.host }));
  });
  // A client that turns away is what is tested.
  server.on('tlsClientError', () => undefined);
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `https://localhost:${server.address().port}`;
}
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

const make = (url, options) => new ConnectClient(url, 'ApiKey SU-000-000:secret', options);
const hooked = (url, options) => {
  const client = make(url, options);
  client.addBeforeRequestHook((address, given) => ({ url: address, options: given }));
  return client;
};
const get = (client) => client.usageRecords.get('UR-1');

describe.each([
  ['the engine', make],
  ['a hook', hooked],
])('over %s', (_road, client) => {
  test.each([
    ['one certificate', [root]],
    ['a Buffer', [Buffer.from(root)]],
    ['a Uint8Array', [new Uint8Array(Buffer.from(root))]],
    ['several, of which one is right', [[read('cert'), Buffer.from(root)]]],
    ['several in one text, with words between them', [`# root\n${read('cert')}\n# other\n${root}`]],
    ['with a byte order mark', [`\uFEFF${root}`]],
    ['with one in the middle', [Buffer.from(`${read('cert')}\uFEFF${root}`)]],
    ["under OpenSSL's older label", [root.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')]],
    ['trusted, it says, for servers', [trustedFor('06082b06010505070301')]],
  ])('the option ca: %s', async (_, [ca]) => {
    const url = await serve(read('leaf'));
    expect(await get(client(url, { ca }))).toMatchObject({ host: url.slice('https://'.length) });
  });

  test('a ca that is trusted for mail alone, it says', async () => {
    const url = await serve(read('leaf'));
    await expect(get(client(url, { ca: trustedFor('06082b06010505070304') }))).rejects.toThrow(
      'the option ca must hold certificates in PEM',
    );
  });

  test('a chain with an intermediate', async () => {
    expect(await get(client(await serve(read('chain')), { ca: root }))).toHaveProperty('host');
  });

  test('a certificate that is its own authority, given as ca: what `openssl req -x509` makes', async () => {
    expect(await get(client(await serve(read('cert'), read('key')), { ca: read('cert') }))).toHaveProperty(
      'host',
    );
  });

  test.each([
    ['expired', 'expired', undefined, 'CERT_HAS_EXPIRED'],
    ['not valid yet', 'early', undefined, 'CERT_NOT_YET_VALID'],
    ['of another host', 'elsewhere', undefined, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['self-signed', 'cert', 'key', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('a certificate that is %s is refused', async (_, cert, key, code) => {
    const error = await get(client(await serve(read(cert), key && read(key)), { ca: root })).catch((e) => e);
    expect(error).toBeInstanceOf(ConnectionError);
    // Node itself gives the same code, nothing was sent, and waiting would not help.
    expect(error).toMatchObject({ code, maybeProcessed: false, attempts: 1 });
  });

  test.each([
    ['leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['chain', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['chain-with-root', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ])('nobody trusts a stranger: %s', async (cert, code) => {
    await expect(get(client(await serve(read(cert))))).rejects.toMatchObject({ code, attempts: 1 });
  });

  test('ca takes the place of the bundled roots, and of no check', async () => {
    await expect(get(client(await serve(read('leaf')), { ca: read('cert') }))).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    // Its own authority, but another one's name.
    const url = (await serve(read('cert'), read('key'))).replace('localhost', '127.0.0.2');
    await expect(get(client(url, { ca: read('cert') }))).rejects.toBeInstanceOf(ConnectionError);
  });

  test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'a ca without a certificate is named: %p',
    async (ca) => {
      const url = await serve(read('leaf'));
      await expect(get(client(url, { ca }))).rejects.toThrow('the option ca must hold certificates in PEM');
      await expect(get(client(url, { ca }))).rejects.toBeInstanceOf(TypeError);
    },
  );

  test('HTTP/2 where the server offers it, HTTP/1.1 where it does not', async () => {
    const two = await serve(read('leaf'), undefined, http2.createSecureServer);
    expect(await get(client(two, { ca: root }))).toMatchObject({ http: '2.0' });
    // Many at once, over one connection.
    const many = client(two, { ca: root });
    expect(await Promise.all(Array.from({ length: 100 }, () => get(many)))).toHaveLength(100);
    expect(await get(client(await serve(read('leaf')), { ca: root }))).toMatchObject({ http: '1.1' });
  });
});

describe('over HTTP/2', () => {
  const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;
  let seen;
  /** A server that resets the first streams, and answers the others. */
  const resetting = async (code, times) => {
    seen = 0;
    const server = http2.createSecureServer({ cert: read('leaf'), key: read('leaf-key') });
    const sessions = new Set();
    server.on('session', (session) => sessions.add(session.on('error', () => undefined)));
    server.on('stream', (stream) => {
      seen += 1;
      stream.on('error', () => undefined);
      if (seen <= times) {
        stream.close(code);
        return;
      }
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('{"id":"UR-1"}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          for (const session of sessions) session.destroy();
        }),
    );
    return `https://localhost:${server.address().port}`;
  };
  const close = (url, options) =>
    make(url, { ca: root, backOff: 1, ...options }).usageRecords.close('UR-1', 'INV-7');

  test('a stream that the server refused is sent again, a POST too: nothing was done', async () => {
    expect(await close(await resetting(NGHTTP2_REFUSED_STREAM, 2))).toEqual({ id: 'UR-1' });
    expect(seen).toBe(3);
    const error = await close(await resetting(NGHTTP2_REFUSED_STREAM, 1), { maxRetries: 0 }).catch((e) => e);
    expect(error).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR', maybeProcessed: false, attempts: 1 });
    // Nobody else sends it again either.
    expect(seen).toBe(1);
  });

  test('an answer that ends before the length that it announced is no answer', async () => {
    const server = http2.createSecureServer({ cert: read('leaf'), key: read('leaf-key') });
    const sessions = new Set();
    server.on('session', (session) => sessions.add(session.on('error', () => undefined)));
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': '500' });
      setTimeout(() => stream.close(http2.constants.NGHTTP2_NO_ERROR), 20);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          for (const session of sessions) session.destroy();
        }),
    );
    const error = await close(`https://localhost:${server.address().port}`).catch((e) => e);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.maybeProcessed).toBe(true);
  });

  test('a stream that broke for any other reason is not', async () => {
    const error = await close(await resetting(NGHTTP2_INTERNAL_ERROR, 1)).catch((e) => e);
    expect(error).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR', maybeProcessed: true, attempts: 1 });
    expect(seen).toBe(1);
  });
});

test.each([1, true, [], [1], {}])('the option ca: %p is refused', (ca) => {
  expect(() => make('https://localhost', { ca })).toThrow('the option ca must be certificates in PEM');
});

describe('the environment', () => {
  const program = `
    const { ConnectClient } = require(process.argv[1]);
    const client = new ConnectClient(process.argv[2], 'ApiKey SU-000-000:secret');
    const hooked = new ConnectClient(process.argv[2], 'ApiKey SU-000-000:secret');
    hooked.addAfterResponseHook((response) => response);
    Promise.all([client, hooked, client].map((one) => one.usageRecords.get('UR-1'))).then(
      () => console.log('answered'),
      (error) => console.log(error.code),
    );`;

  async function run(url, env, code = program) {
    const args = ['-e', code, path.join(__dirname, '..'), url];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '', ...env },
    });
    return { said: stdout.trim(), stderr };
  }

  const pem = path.join(__dirname, 'fixtures/tls/ca.pem');

  test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('%s is trusted besides', async (name) => {
    const url = await serve(read('leaf'));
    expect(await run(url, { [name]: pem })).toEqual({ said: 'answered', stderr: '' });
    expect(await run(url, {})).toMatchObject({ said: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test.each([
    ['a byte order mark', `\uFEFF${root}`],
    ["OpenSSL's older label", root.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['what it is trusted for', trustedFor('06082b06010505070301')],
  ])('a file with %s is read', async (_, text) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-tls-'));
    try {
      const file = path.join(folder, 'ca.pem');
      fs.writeFileSync(file, text);
      const url = await serve(read('leaf'));
      expect(await run(url, { NODE_EXTRA_CA_CERTS: file })).toEqual({ said: 'answered', stderr: '' });
      expect(await run(url, { SSL_CERT_FILE: file })).toEqual({ said: 'answered', stderr: '' });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  // What newer versions of Node tell, for those that run this on an older one.
  const told = (trusted) => `
    const lists = { bundled: ['# none'], extra: [] };
    const root = require('fs').readFileSync(${JSON.stringify(pem)}, 'utf8');
    const set = (trusted) => { lists.default = trusted; };
    require('tls').getCACertificates = (name) => lists[name];
    set(${trusted});`;

  test('whom Node trusts by its own settings is trusted', async () => {
    const url = await serve(read('leaf'));
    expect(await run(url, {}, `${told('[root]')}${program}`)).toEqual({ said: 'answered', stderr: '' });
    // Where it trusts those that it usually does, we trust ours.
    expect(await run(url, {}, `${told("['# none']")}${program}`)).toMatchObject({
      said: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  test('whom Node is told to trust later is trusted by the clients that are made then', async () => {
    const code = `${told("['# none']")}
      const { ConnectClient } = require(process.argv[1]);
      const ask = (options) => new ConnectClient(process.argv[2], 'ApiKey SU-000-000:secret', options).usageRecords
        .get('UR-1').then(() => 'answered', (error) => error.code);
      (async () => {
        const said = [await ask(), await ask({ proxy: undefined })];
        set([root]);
        said.push(await ask(), await ask({ proxy: undefined }));
        set(['# none']);
        said.push(await ask());
        console.log(said.join());
      })();`;
    const no = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
    const { said } = await run(await serve(read('leaf')), {}, code);
    expect(said).toBe([no, no, 'answered', 'answered', no].join());
  });

  test('a file that cannot be used is ignored with a warning, as Node does', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-tls-'));
    try {
      const url = await serve(read('leaf'));
      const { said, stderr } = await run(url, { SSL_CERT_FILE: path.join(folder, 'gone.pem') });
      expect(said).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(stderr.match(/SSL_CERT_FILE is ignored: .*gone\.pem cannot be used \(ENOENT\)/g)).toHaveLength(
        1,
      );
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 trusts anybody, and warns once', async () => {
    const { said, stderr } = await run(await serve(read('expired')), { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(said).toBe('answered');
    expect(stderr.match(/certificates are not checked/g)).toHaveLength(1);
    expect(stderr).not.toContain('secret');
  });
});
