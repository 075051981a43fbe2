'use strict';

const fs = require('fs');
const http2 = require('http2');
const https = require('https');
const path = require('path');
const { execFile } = require('child_process');
const { promisify } = require('util');
const { ConnectionError } = require('..');
const { ca, folder: certificates, leaf, read } = require('./support/certificates');
const { useFolder } = require('./support/folder');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Which certificates the engine trusts, and that it rejects the others with Node's error codes.

/** The ca as `openssl x509 -addtrust` writes it: followed by a use (an object identifier) that it is trusted for. */
function trustedFor(use) {
  const bytes = Buffer.from(ca.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const text = Buffer.concat([bytes, Buffer.from(`300c300a${use}`, 'hex')]).toString('base64');
  const lines = text.match(/.{1,64}/g).join('\n');
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${lines}\n-----END TRUSTED CERTIFICATE-----\n`;
}

const folder = useFolder();
const listen = useListen(afterEach);
/** The URL of a server that presents a certificate. */
async function serve(cert, key = leaf.key, createServer = https.createServer) {
  const server = createServer({ cert, key, allowHTTP1: true }, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ http: request.httpVersion, host: request.headers.host }));
  });
  return (await listen(server)).url;
}

const make = PATHS['the engine'];
const get = (client) => client.usageRecords.get('UR-1');

describe.each(Object.entries(PATHS))('over %s', (_path, client) => {
  test.each([
    ['one certificate', [ca]],
    ['a Buffer', [Buffer.from(ca)]],
    ['a Uint8Array', [new Uint8Array(Buffer.from(ca))]],
    ['several, of which one is right', [[read('cert'), Buffer.from(ca)]]],
    ['several in one text, with words between them', [`# ca\n${read('cert')}\n# other\n${ca}`]],
    ['with a byte order mark', [`\uFEFF${ca}`]],
    ['with one in the middle', [Buffer.from(`${read('cert')}\uFEFF${ca}`)]],
    ["under OpenSSL's older label", [ca.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')]],
    ['trusted, it says, for servers', [trustedFor('06082b06010505070301')]],
  ])('the option ca: %s', async (_, [certificate]) => {
    const url = await serve(leaf.cert);
    expect(await get(client(url, { ca: certificate }))).toMatchObject({ host: url.slice('https://'.length) });
  });

  test('a ca that is trusted for mail alone, it says', async () => {
    const url = await serve(leaf.cert);
    await expect(get(client(url, { ca: trustedFor('06082b06010505070304') }))).rejects.toThrow(
      'the option ca must contain certificates in PEM',
    );
  });

  test('a chain with an intermediate', async () => {
    expect(await get(client(await serve(read('chain')), { ca }))).toHaveProperty('host');
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
    const error = await failure(get(client(await serve(read(cert), key && read(key)), { ca })));
    expect(error).toBeInstanceOf(ConnectionError);
    // Node itself gives the same code, nothing was sent, and waiting would not help.
    expect(error).toMatchObject({ code, maybeProcessed: false, attempts: 1 });
  });

  test.each([
    ['leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['chain', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['chain-with-root', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ])('a server of an unknown root is rejected: %s', async (cert, code) => {
    await expect(get(client(await serve(read(cert))))).rejects.toMatchObject({ code, attempts: 1 });
  });

  test('ca takes the place of the bundled cas, and of no check', async () => {
    await expect(get(client(await serve(leaf.cert), { ca: read('cert') }))).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    // Its own authority, but another one's name.
    const url = (await serve(read('cert'), read('key'))).replace('localhost', '127.0.0.2');
    await expect(get(client(url, { ca: read('cert') }))).rejects.toBeInstanceOf(ConnectionError);
  });

  test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'a ca without a certificate is named: %p',
    async (certificate) => {
      const url = await serve(leaf.cert);
      await expect(get(client(url, { ca: certificate }))).rejects.toThrow(
        'the option ca must contain certificates in PEM',
      );
      await expect(get(client(url, { ca: certificate }))).rejects.toBeInstanceOf(TypeError);
    },
  );

  test('HTTP/2 where the server offers it, HTTP/1.1 where it does not', async () => {
    const two = await serve(leaf.cert, undefined, http2.createSecureServer);
    expect(await get(client(two, { ca }))).toMatchObject({ http: '2.0' });
    // Many at once, over one connection.
    const many = client(two, { ca });
    expect(await Promise.all(Array.from({ length: 100 }, () => get(many)))).toHaveLength(100);
    expect(await get(client(await serve(leaf.cert), { ca }))).toMatchObject({ http: '1.1' });
  });
});

describe('over HTTP/2', () => {
  const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;
  let seen;
  /** A server that resets the first streams, and answers the others. */
  const resetting = async (code, times) => {
    seen = 0;
    const server = http2.createSecureServer(leaf);
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
    return (await listen(server)).url;
  };
  const close = (url, options) =>
    make(url, { ca, backOff: 1, ...options }).usageRecords.close('UR-1', 'INV-7');

  test('a refused stream is sent again, a POST too', async () => {
    expect(await close(await resetting(NGHTTP2_REFUSED_STREAM, 2))).toEqual({ id: 'UR-1' });
    expect(seen).toBe(3);
    const error = await failure(close(await resetting(NGHTTP2_REFUSED_STREAM, 1), { maxRetries: 0 }));
    expect(error).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR', maybeProcessed: false, attempts: 1 });
    expect(seen).toBe(1);
  });

  test('a body that ends before its announced length is an error', async () => {
    const server = http2.createSecureServer(leaf);
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': '500' });
      setTimeout(() => stream.close(http2.constants.NGHTTP2_NO_ERROR), 20);
    });
    const error = await failure(close((await listen(server)).url));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.maybeProcessed).toBe(true);
  });

  test('a stream that broke for any other reason is not sent again', async () => {
    const error = await failure(close(await resetting(NGHTTP2_INTERNAL_ERROR, 1)));
    expect(error).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR', maybeProcessed: true, attempts: 1 });
    expect(seen).toBe(1);
  });
});

test.each([1, true, [], [1], {}])('the option ca: %p is refused', (certificate) => {
  expect(() => make('https://localhost', { ca: certificate })).toThrow(
    'the option ca must be certificates in PEM',
  );
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

  const pem = path.join(certificates, 'ca.pem');

  test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('%s adds trusted certificates', async (name) => {
    const url = await serve(leaf.cert);
    expect(await run(url, { [name]: pem })).toEqual({ said: 'answered', stderr: '' });
    expect(await run(url, {})).toMatchObject({ said: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test.each([
    ['a byte order mark', `\uFEFF${ca}`],
    ["OpenSSL's older label", ca.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['what it is trusted for', trustedFor('06082b06010505070301')],
  ])('a file with %s is read', async (_, text) => {
    const file = path.join(folder, 'ca.pem');
    fs.writeFileSync(file, text);
    const url = await serve(leaf.cert);
    expect(await run(url, { NODE_EXTRA_CA_CERTS: file })).toEqual({ said: 'answered', stderr: '' });
    expect(await run(url, { SSL_CERT_FILE: file })).toEqual({ said: 'answered', stderr: '' });
  });

  // `tls.getCACertificates` of newer versions of Node, for tests on an older one.
  const nodeThatTrusts = (trusted) => `
    const lists = { bundled: ['# none'], extra: [] };
    const ca = require('fs').readFileSync(${JSON.stringify(pem)}, 'utf8');
    const set = (trusted) => { lists.default = trusted; };
    require('tls').getCACertificates = (name) => lists[name];
    set(${trusted});`;

  test('certificates that Node trusts by its own settings are trusted', async () => {
    const url = await serve(leaf.cert);
    expect(await run(url, {}, `${nodeThatTrusts('[ca]')}${program}`)).toEqual({
      said: 'answered',
      stderr: '',
    });
    // With its default certificates, ours are the bundled ones.
    expect(await run(url, {}, `${nodeThatTrusts("['# none']")}${program}`)).toMatchObject({
      said: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  test('certificates that Node trusts later are trusted by clients that are made then', async () => {
    const code = `${nodeThatTrusts("['# none']")}
      const { ConnectClient } = require(process.argv[1]);
      const get = (options) => new ConnectClient(process.argv[2], 'ApiKey SU-000-000:secret', options).usageRecords
        .get('UR-1').then(() => 'answered', (error) => error.code);
      (async () => {
        const said = [await get(), await get({ proxy: undefined })];
        set([ca]);
        said.push(await get(), await get({ proxy: undefined }));
        set(['# none']);
        said.push(await get());
        console.log(said.join());
      })();`;
    const no = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
    const { said } = await run(await serve(leaf.cert), {}, code);
    expect(said).toBe([no, no, 'answered', 'answered', no].join());
  });

  test('a file that cannot be used is ignored with a warning, as Node does', async () => {
    const url = await serve(leaf.cert);
    const { said, stderr } = await run(url, { SSL_CERT_FILE: path.join(folder, 'gone.pem') });
    expect(said).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(stderr.match(/SSL_CERT_FILE is ignored: cannot use .*gone\.pem \(ENOENT\)/g)).toHaveLength(1);
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 accepts any certificate, and warns once', async () => {
    const { said, stderr } = await run(await serve(read('expired')), { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(said).toBe('answered');
    expect(stderr.match(/disables certificate checks/g)).toHaveLength(1);
    expect(stderr).not.toContain('secret');
  });
});
