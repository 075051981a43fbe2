'use strict';

// A server of which one answer in twenty is a failure, of five kinds in turn; sends its address to whoever forked it.

const http = require('http');

const RECORD = JSON.stringify({ id: 'UR-1', status: 'closed', note: 'x'.repeat(800) });
const json = { 'Content-Type': 'application/json' };

const FAILURES = [
  (outgoing) => outgoing.writeHead(500, json).end('{"error_code":"SYS","errors":["no"]}'),
  (outgoing) => outgoing.writeHead(503).end('busy'),
  (outgoing) => outgoing.destroy(),
  (outgoing) => {
    outgoing.writeHead(200, { ...json, 'Content-Length': 1000 });
    outgoing.write('{"id":', () => outgoing.destroy());
  },
  (outgoing) => outgoing.writeHead(200, json).end('not JSON'),
];

let count = 0;
const server = http.createServer((incoming, outgoing) => {
  // A client that turns away half-way is part of it.
  outgoing.on('error', () => undefined);
  incoming.on('error', () => undefined);
  incoming.resume();
  incoming.on('end', () => {
    count += 1;
    if (count % 20 === 0) FAILURES[(count / 20) % FAILURES.length](outgoing);
    else outgoing.writeHead(200, json).end(incoming.url.includes('?') ? `[${RECORD}]` : RECORD);
  });
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());
