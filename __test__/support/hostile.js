'use strict';

const net = require('net');
const zlib = require('zlib');

/** Servers that do what no server should, by the names of the rows of docs/hostile-servers.md. */

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const whole = (body, headers = '') =>
  Buffer.concat([
    Buffer.from(`${OK}${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);

/** Answers with bytes, and ends the connection. */
const says = (bytes) => (socket) => socket.end(bytes);
/** Answers with bytes, and then says nothing more. */
const saysAndStalls = (bytes) => (socket) => socket.write(bytes);
/** Writes pieces for as long as anybody listens. */
const endless =
  (piece, start = '', everyMs = 0) =>
  (socket) => {
    const pump = () => {
      if (socket.destroyed) return;
      const goOn = socket.write(piece);
      if (everyMs > 0) setTimeout(pump, everyMs);
      else if (goOn) setImmediate(pump);
      else socket.once('drain', pump);
    };
    if (start) socket.write(start);
    pump();
  };
let zeros;
const bomb = () => {
  zeros = zeros || zlib.gzipSync(Buffer.alloc(64 << 20, ' '), { level: 9 });
  const head = `${OK}Content-Encoding: gzip\r\nContent-Length: ${zeros.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), zeros]);
};
const redirect = (location) => `HTTP/1.1 307 Go\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;

/** `[what it does, (socket, { url, other }) => void]`, once the request is there unless it is to happen `onConnect`. */
const SERVERS = {
  'refuses the connection': { refuses: true },
  'closes the connection at once': { onConnect: (socket) => socket.destroy() },
  'takes the request and closes': (socket) => socket.destroy(),
  'ends the connection without a response': (socket) => socket.end(),
  'closes within the status line': says('HTTP/1.1 20'),
  'closes within the headers': says('HTTP/1.1 200 OK\r\nContent-Ty'),
  'closes after the headers': says(`${OK}Content-Length: 100\r\n\r\n`),
  'closes within a body of known length': says(`${OK}Content-Length: 100\r\n\r\n{"id":`),
  'closes within a chunk': says(`${OK}Transfer-Encoding: chunked\r\n\r\n64\r\n{"id":`),
  'closes before the last chunk': says(`${OK}Transfer-Encoding: chunked\r\n\r\n9\r\n{"id":"X"}\r\n`),
  'is silent from the start': () => undefined,
  'is silent within the status line': saysAndStalls('HTTP/1.1 20'),
  'is silent within the headers': saysAndStalls('HTTP/1.1 200 OK\r\nContent-Ty'),
  'is silent after the headers': saysAndStalls(`${OK}Content-Length: 100\r\n\r\n`),
  'is silent within the body': saysAndStalls(`${OK}Content-Length: 100\r\n\r\n{"id":`),
  'drips the headers': endless('a', 'HTTP/1.1 200 OK\r\nX-Long: ', 40),
  'drips the body': endless(' ', `${OK}Content-Length: 100000\r\n\r\n{"id":`, 40),
  'sends headers without end': endless(`X-More: ${'a'.repeat(1000)}\r\n`, 'HTTP/1.1 200 OK\r\n'),
  'sends a header without end': endless('a'.repeat(10000), 'HTTP/1.1 200 OK\r\nX-Long: '),
  'sends a body without end': endless(Buffer.alloc(65536, ' '), `${OK}\r\n`),
  'sends chunks without end': endless(
    `10000\r\n${' '.repeat(65536)}\r\n`,
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
  ),
  'sends a gzip bomb': (socket) => socket.end(bomb()),
  'sends corrupt gzip': says(whole('this is not gzip', 'Content-Encoding: gzip\r\n')),
  'speaks another protocol': says('SSH-2.0-OpenSSH_9.7\r\n'),
  'sends an invalid status': says('HTTP/1.1 999999 What\r\n\r\n'),
  'sends a NUL in a header': says('HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 2\r\n\r\n{}'),
  'sends more than it announced': says(`${OK}Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK and more`),
  'announces two lengths': says(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `),
  'announces a length that is not a number': says(`${OK}Content-Length: two\r\n\r\n{}`),
  'sends informational responses without end': endless('HTTP/1.1 103 Early Hints\r\n\r\n', '', 1),
  'redirects in a circle': (socket, { url }) => socket.write(redirect(`${url}/again`)),
  'redirects to a host that refuses the connection': says(redirect('http://127.0.0.1:1/')),
  'redirects to another origin': (socket, { other }) => socket.write(redirect(other)),
  'redirects to a file': says(redirect('file:///etc/passwd')),
  'redirects to an invalid URL': says(redirect('http://[')),
  'sends invalid UTF-8': says(whole(Buffer.from('7b226964223a22ff227d', 'hex'))),
  'sends a byte order mark': says(whole('\u{feff}{"id":"X"}')),
  'sends a NUL within JSON': says(whole('{"id":"\0"}')),
  'sends truncated JSON': says(whole('{"id":"X')),
  'sends JSON 5,000 levels deep': says(whole(`${'['.repeat(5000)}${']'.repeat(5000)}`)),
  'sends HTML': says(whole('<html>')),
  'sends status 200 without a body': says(whole('')),
};

/** Whether a request has come as a whole: its head, and the body that the head announces. */
function isWhole(request) {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = request.subarray(0, end).toString('latin1').toLowerCase();
  if (head.includes('transfer-encoding: chunked'))
    return request.subarray(-5).equals(Buffer.from('0\r\n\r\n'));
  const length = /content-length: (\d+)/.exec(head);
  return request.length >= end + 4 + (length ? Number(length[1]) : 0);
}

/**
 * Starts a hostile server.
 *
 * @param {string} name What it does.
 * @param {string} other The address of another server, for those that redirect.
 * @returns {Promise<{ url: string, close: Function }>} Its address; `close` resolves when every socket is gone.
 */
async function startHostile(name, other) {
  const behaviour = SERVERS[name];
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Clients turn away from such servers.
    socket.on('error', () => undefined);
    const url = `http://127.0.0.1:${server.address().port}`;
    if (behaviour.onConnect) {
      behaviour.onConnect(socket);
      return;
    }
    let request = Buffer.alloc(0);
    socket.on('data', (piece) => {
      request = Buffer.concat([request, piece]);
      if (!isWhole(request)) return;
      request = Buffer.alloc(0);
      behaviour(socket, { url, other });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      for (const socket of sockets) socket.destroy();
    });
  if (behaviour.refuses) await close();
  return { url: `http://127.0.0.1:${port}`, close };
}

module.exports = { SERVERS, startHostile };
