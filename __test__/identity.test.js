'use strict';

const crypto = require('crypto');
const https = require('https');
const { inspect } = require('util');
const { ca, leaf, read } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Client certificates: a server that asks for one gets it, and the key is never shown.

const { cert, key } = leaf;
const [chain, rsaCert, rsaKey] = ['chain', 'cert', 'key'].map(read);
const exported = (pem, options) => crypto.createPrivateKey(pem).export({ format: 'pem', ...options });

const listen = useListen(afterAll);
let url;
beforeAll(async () => {
  const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
  const server = https.createServer(options, (request, response) => {
    const { issuer } = request.socket.getPeerCertificate();
    const { authorized, remotePort } = request.socket;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ issuer: issuer?.CN, authorized, port: remotePort }));
  });
  url = (await listen(server)).url;
});

const get = (client) => client.usageRecords.get('UR-1');

describe.each(Object.entries(PATHS))('over %s', (_path, connect) => {
  const client = (options) => connect(url, { ca, ...options });

  test('no certificate is sent unless the options have one', async () => {
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

  test('clients with different certificates share no connection', async () => {
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
    ['no certificate', { cert: 'none', key }, 'the option cert must contain a certificate in PEM'],
    ['no key', { cert, key: 'none' }, 'the option key must contain a private key in PEM'],
    ['a certificate as a key', { cert, key: cert }, 'the option key must contain a private key in PEM'],
    ['an encrypted key', { cert, key: encrypted }, 'the option key is encrypted, which is not supported'],
    ['an older encrypted key', { cert: rsaCert, key: encryptedOld }, 'the option key is encrypted'],
    ["another's key", { cert, key: rsaKey }, 'the option key does not match the first certificate'],
    [
      'a kind of key that is not known',
      { cert, key: curve.export({ type: 'pkcs8', format: 'pem' }) },
      'unsupported private key in the option key',
    ],
  ])('%s is named by the first request', async (_, options, words) => {
    const error = await failure(get(client(options)));
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
  [{ cert }, 'the options cert and key must be given together; key is missing'],
  [{ key }, 'the options cert and key must be given together; cert is missing'],
  [{ cert, key: undefined }, 'the options cert and key must be given together; key is missing'],
  [{ cert: 7, key }, 'the option cert must be a certificate in PEM'],
  [{ cert: [], key }, 'the option cert must be a certificate in PEM'],
  [{ cert, key: [key] }, 'the option key must be a private key in PEM: a string or a Buffer; got an array'],
  [
    { cert, key: { pem: key } },
    'the option key must be a private key in PEM: a string or a Buffer; got an object',
  ],
])('the constructor refuses options that cannot be used: %#', (options, words) => {
  const make = () => PATHS['the engine'](url, options);
  expect(make).toThrow(words);
  expect(make).toThrow(TypeError);
  expect(make).not.toThrow(key.split('\n')[1]);
});
