'use strict';

const tls = require('tls');

const ignore = () => undefined;

/**
 * Lets a server listen on a free port of 127.0.0.1. A client that breaks off is no error: tests are about such clients.
 *
 * @param {net.Server} server Any server: of TCP, HTTP, HTTPS or HTTP/2.
 * @returns {Promise<object>} `url`, `port`; the numbers of connections: `accepted`, `secured` (after the TLS handshake),
 *   `open()`; `cut()` destroys the open ones; `close()` does, and resolves when the server is gone.
 */
async function listen(server) {
  const sockets = new Set();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      cut();
    });
  const listening = { accepted: 0, secured: 0, open: () => sockets.size, cut, close };
  server.on('tlsClientError', ignore).on('sessionError', ignore);
  server.on('session', (session) => session.on('error', ignore));
  server.on('secureConnection', () => {
    listening.secured += 1;
  });
  server.on('connection', (socket) => {
    listening.accepted += 1;
    sockets.add(socket.on('error', ignore).once('close', () => sockets.delete(socket)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  listening.port = server.address().port;
  // The test certificates are for this name.
  const origin = server instanceof tls.Server ? 'https://localhost' : 'http://127.0.0.1';
  return Object.assign(listening, { url: `${origin}:${listening.port}` });
}

/** Gives a `listen` whose servers are closed by one of Jest's hooks, `afterEach` or `afterAll`. */
function useListen(hook) {
  const open = [];
  hook(() => Promise.all(open.splice(0).map(({ close }) => close())));
  return async (server) => {
    const listening = await listen(server);
    open.push(listening);
    return listening;
  };
}

module.exports = { listen, useListen };
