'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const path = require('path');
const { inspect } = require('util');
const { ConnectClient } = require('..');

// Client certificates: servers that ask get them, and nobody else sees the key.

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');
const [ca, cert, key, chain] = ['ca', 'leaf', 'leaf-key', 'chain'].map(read);
const [rsaCert, rsaKey] = [read('cert'), read('key')];
const exported = (pem, options) => crypto.createPrivateKey(pem).export({ format: 'pem', ...options });

let server;
const sockets = new Set();

beforeAll(async () => {
  const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
  server = https.createServer(options, (request, response) => {
    const { issuer } = request.socket.getPeerCertificate();
    const { authorized, remotePort } = request.socket;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ issuer: issuer?.CN, authorized, port: remotePort }));
  });
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
});

const make = (options) =>
  new ConnectClient(`https://localhost:${server.address().port}`, 'ApiKey SU-000-000:secret', {
    ca,
    ...options,
  });
const hooked = (options) => {
  const client = make(options);
  client.addAfterResponseHook((response) => response);
  return client;
};
const get = (client) => client.usageRecords.get('UR-1');

describe.each([
  ['the engine', make],
  ['a hook', hooked],
])('over %s', (_road, client) => {
  test('none unless given', async () => {
    expect(await get(client())).toMatchObject({ authorized: false });
  });

  test.each([
    ['text', { cert, key }, 'Test Root'],
    ['bytes', { cert: Buffer.from(cert), key: new Uint8Array(Buffer.from(key)) }, 'Test Root'],
    ['one text with both', { cert: key + cert, key: key + cert }, 'Test Root'],
    ['with byte order marks', { cert: `\uFEFF${cert}`, key: `\uFEFF${key}` }, 'Test Root'],
    ['with an intermediate', { cert: chain, key }, 'Test Intermediate'],
    ['an array', { cert: [chain], key }, 'Test Intermediate'],
    ['a key of SEC 1', { cert, key: exported(key, { type: 'sec1' }) }, 'Test Root'],
  ])('%s', async (_, options, issuer) => {
    expect(await get(client(options))).toMatchObject({ issuer, authorized: true });
  });

  test.each(['pkcs8', 'pkcs1'])('an RSA key of %s', async (type) => {
    // Signed by itself: this server does not know it, but reads it.
    const options = { cert: rsaCert, key: exported(rsaKey, { type }) };
    expect(await get(client(options))).toMatchObject({ issuer: 'localhost' });
  });

  test('connections are not shared by those who are somebody else', async () => {
    const one = { cert, key };
    const first = await get(client(one));
    expect(await get(client({ cert: chain, key }))).toMatchObject({ issuer: 'Test Intermediate' });
    expect(await get(client())).toMatchObject({ authorized: false });
    expect(await get(client({ ...one }))).toEqual(first);
  });

  const encrypted = exported(key, { type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'p' });
  const encryptedOld = exported(rsaKey, { type: 'pkcs1', cipher: 'aes-256-cbc', passphrase: 'p' });
  const curve = crypto.generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
  test.each([
    ['no certificate', { cert: 'none', key }, 'the option cert must hold a certificate in PEM'],
    ['no key', { cert, key: 'none' }, 'the option key must hold a private key in PEM'],
    ['a certificate as a key', { cert, key: cert }, 'the option key must hold a private key in PEM'],
    ['an encrypted key', { cert, key: encrypted }, 'the option key is encrypted, which is not supported'],
    ['an older encrypted key', { cert: rsaCert, key: encryptedOld }, 'the option key is encrypted'],
    [
      "another's key",
      { cert, key: rsaKey },
      'the option key is not the private key of the first certificate',
    ],
    [
      'a kind of key that is not known',
      { cert, key: curve.export({ type: 'pkcs8', format: 'pem' }) },
      'the option key is of a kind that is not supported',
    ],
  ])('%s is named by the first request', async (_, options, words) => {
    const error = await get(client(options)).catch((reason) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain(key.split('\n')[1]);
  });

  test('nothing shows the key', async () => {
    const sender = client({ cert, key });
    await get(sender);
    const bare = { depth: Infinity, showHidden: true, maxStringLength: Infinity };
    for (const shown of [inspect(sender, bare), inspect(sender), JSON.stringify(sender, secretly())])
      expect(shown).not.toContain(key.split('\n')[1]);
  });
});

/** For values that hold themselves. */
function secretly() {
  const seen = new Set();
  return (_, value) => {
    if (seen.has(value)) return undefined;
    if (typeof value === 'object') seen.add(value);
    return value;
  };
}

test.each([
  [{ cert }, 'the options cert and key belong together; there is no key'],
  [{ key }, 'the options cert and key belong together; there is no cert'],
  [{ cert, key: undefined }, 'the options cert and key belong together; there is no key'],
  [{ cert: 7, key }, 'the option cert must be a certificate in PEM'],
  [{ cert: [], key }, 'the option cert must be a certificate in PEM'],
  [{ cert, key: [key] }, 'the option key must be a private key in PEM: a string or a Buffer; got an array'],
  [
    { cert, key: { pem: key } },
    'the option key must be a private key in PEM: a string or a Buffer; got an object',
  ],
])('a client is not made with what cannot be used: %#', (options, words) => {
  expect(() => make(options)).toThrow(words);
  expect(() => make(options)).toThrow(TypeError);
  expect(() => make(options)).not.toThrow(key.split('\n')[1]);
});
