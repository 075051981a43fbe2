'use strict';

// Connections that are opened again resume TLS sessions: their handshakes cost both sides a fraction of full ones.

const https = require('https');
const net = require('net');
const { ConnectClient } = require('..');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');

const listen = useListen(afterEach);

/** As many as the engine opens at once. */
const CROWD = 64;

/**
 * A server that accepts connections, and answers requests, when a whole crowd of them has come; then it closes these. So no
 * handshake can resume a session of the same crowd.
 */
async function serve(options) {
  const isReused = [];
  const gather = (then) => {
    let waiting = [];
    return (one) => {
      waiting.push(one);
      if (waiting.length < CROWD) return;
      waiting.forEach(then);
      waiting = [];
    };
  };
  const answer = gather((response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end('{"id":"UR-1"}');
  });
  const server = https.createServer({ ...leaf, ...options }, (request, response) => {
    isReused.push(request.socket.isSessionReused());
    answer(response);
  });
  const { port } = await listen(net.createServer(gather((socket) => server.emit('connection', socket))));
  const handshakes = () => {
    const resumed = isReused.filter(Boolean).length;
    return { full: isReused.splice(0).length - resumed, resumed };
  };
  return { url: `https://localhost:${port}`, handshakes };
}

/** Clients with the same settings share sessions, which are kept by the name of the server. So each test has its own. */
let clients = 0;
function connect(url) {
  clients += 1;
  return new ConnectClient(url, 'ApiKey SU-1:secret', { ca: Array(clients).fill(ca) });
}

const getAll = ({ usageRecords }) =>
  Promise.all(Array.from({ length: CROWD }, (_, number) => usageRecords.get(`UR-${number}`)));

const FULL = { full: CROWD, resumed: 0 };
const RESUMED = { full: 0, resumed: CROWD };

test('TLS 1.3: with each ticket once, of which this server gives two', async () => {
  const { url, handshakes } = await serve();
  const client = connect(url);
  for (const expected of [FULL, RESUMED, RESUMED, FULL]) {
    await getAll(client);
    expect(handshakes()).toEqual(expected);
  }
});

test('TLS 1.2: with one session', async () => {
  const { url, handshakes } = await serve({ maxVersion: 'TLSv1.2' });
  const client = connect(url);
  for (const expected of [FULL, RESUMED, RESUMED, RESUMED]) {
    await getAll(client);
    expect(handshakes()).toEqual(expected);
  }
});

test('a server that does not know the sessions of another of its name', async () => {
  await getAll(connect((await serve()).url));
  const { url, handshakes } = await serve();
  clients -= 1;
  await getAll(connect(url));
  expect(handshakes()).toEqual(FULL);
});
