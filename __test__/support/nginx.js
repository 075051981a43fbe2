'use strict';

const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

/** A real nginx in front of a server of a test. CONNECT_NGINX is the path of its program, set by .ci/run. */

const program = process.env.CONNECT_NGINX;
const certificates = path.join(__dirname, '../fixtures/tls');

/** nginx takes no port 0: what was free a moment ago is tried. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Everything that nginx writes is kept in the folder. */
const configuration = ({ folder, port, backend, tls, http, location }) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  log_format short '$request_method $uri $status';
  access_log ${folder}/access.log short;
  upstream backend { server ${new URL(backend).host}; keepalive 64; }
  ${http}
  server {
    listen 127.0.0.1:${port}${tls ? ' ssl http2' : ''};
    ${tls ? `ssl_certificate ${certificates}/leaf.pem; ssl_certificate_key ${certificates}/leaf-key.pem;` : ''}
    location / {
      ${location}
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      # What nginx repeats of its own accord would be counted twice.
      proxy_next_upstream off;
    }
  }
}
`;

/** Whether somebody listens there. */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy()).once('connect', () => socket.destroy());
  });

/** Starts it once; undefined where its port was taken by somebody else meanwhile. */
async function attempt(folder, options) {
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  fs.writeFileSync(file, configuration({ ...options, folder, port }));
  const child = spawn(program, ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let hasEnded = false;
  child.stderr.on('data', (data) => {
    said += data;
  });
  const ended = new Promise((resolve) => {
    const end = (reason) => {
      hasEnded = true;
      resolve(reason);
    };
    child.once('error', end).once('exit', end);
  });
  while (!hasEnded && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!hasEnded) return { child, ended, port, said: () => said };
  if (said.includes('Address already in use')) return undefined;
  throw new Error(`nginx did not start: ${said}`);
}

/**
 * Starts nginx on a free port of 127.0.0.1.
 *
 * @param {object} options `backend`: the address of the server behind it; `tls`: whether to speak HTTP/2 over TLS;
 *   `http`, `location`: directives of these blocks.
 * @returns {Promise<{ url: string, requests: Function, close: Function }>} `requests` gives a line for each request
 *   that was answered (`GET /path 200`); `close` resolves when nginx has ended.
 */
async function startNginx({ backend, tls = false, http = '', location = '' }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-nginx-'));
  let running;
  try {
    while (running === undefined) running = await attempt(folder, { backend, tls, http, location });
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const { child, ended, port, said } = running;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    said,
    requests: () =>
      fs.readFileSync(path.join(folder, 'access.log'), 'utf8').trim().split('\n').filter(Boolean),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

module.exports = { program, startNginx };
