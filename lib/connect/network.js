'use strict';

/** What the options and the environment say of certificates and proxies, as the engine reads it. */

const fs = require('fs');
const binding = require('../../binding.js');

/** Files of certificates that are trusted besides the bundled ones; Node knows the first, OpenSSL the second. */
const FILES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/** What was read from these files, by variable and path: they are read once, as Node does. */
const texts = new Map();

/** The networks of options. */
const networks = new WeakMap();

/** The network of clients whose options are silent, and of what it was made. */
let usual = { environment: undefined, trusted: undefined, network: undefined };

/** Node's module `tls`, once it is known that it has something to say. */
let tls;

/** Whom Node trusted when it was last looked, and whether it is whom it usually trusts. */
let compared = { trusted: undefined, isUsual: true };

let isWarned = false;

function readFile(name, path) {
  let text = '';
  let reason = 'there is no certificate in it';
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    reason = error.code;
  }
  if (text !== '' && binding.countCertificates(text) > 0) return text;
  // As Node does: a variable that is out of date must not stop those who do not need what it names.
  process.emitWarning(`${name} is ignored: ${path} cannot be used (${reason})`);
  return '';
}

function certificatesOf(environment) {
  return FILES.map((name) => {
    const path = environment[name];
    if (!path) return '';
    const key = `${name}=${path}`;
    if (!texts.has(key)) texts.set(key, readFile(name, path));
    return texts.get(key);
  }).join('\n');
}

/** What Node was started with, once somebody asks: it does not change. */
let flags;

function hasFlag(flag) {
  if (flags === undefined) {
    flags = new Set([...process.execArgv, ...`${process.env.NODE_OPTIONS || ''}`.split(/\s+/)]);
    if (process.env.NODE_USE_SYSTEM_CA === '1') flags.add('--use-system-ca');
  }
  return flags.has(flag);
}

/** How many of Node's modules were loaded when it was last looked which. */
let loaded = 0;

/** Whether `tls` may have been told whom to trust: by somebody who loaded it (we do not, it takes milliseconds) or a flag. */
function mayKnow() {
  const modules = process.moduleLoadList;
  if (modules !== undefined && modules.length !== loaded) {
    loaded = modules.length;
    if (modules.includes('NativeModule tls')) return true;
  }
  return hasFlag('--use-system-ca');
}

/**
 * Whom Node trusts, where it says so and it is not its bundled roots and the file of NODE_EXTRA_CA_CERTS:
 * `--use-system-ca`, `tls.setDefaultCACertificates`.
 *
 * @returns {string[]|undefined} Certificates in PEM; always the same array while they are the same.
 */
function trustedByNode() {
  // With this one Node trusts OpenSSL's files, which it does not tell.
  if (hasFlag('--use-openssl-ca')) return undefined;
  if (tls === undefined && mayKnow()) tls = require('tls');
  // Node knows it from 22.15 on.
  if (typeof tls?.getCACertificates !== 'function') return undefined;
  const trusted = tls.getCACertificates('default');
  if (trusted !== compared.trusted) {
    const expected = [...tls.getCACertificates('bundled'), ...tls.getCACertificates('extra')];
    const isUsual = trusted.length === expected.length && trusted.every((pem, at) => pem === expected[at]);
    compared = { trusted, isUsual };
  }
  return compared.isUsual ? undefined : trusted;
}

/** Whom a client trusts that has no `ca`, as the addon's `Network` reads it. */
function usualTrust(environment, trusted) {
  return trusted === undefined ? { extra: certificatesOf(environment) } : { ca: trusted.join('\n') };
}

function isBlind(environment) {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return false;
  if (!isWarned) {
    isWarned = true;
    process.emitWarning(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are not checked, and whoever is on the way can read and ' +
        'change what is sent, the API key included',
    );
  }
  return true;
}

/** Whether Node itself is told to go through the proxies of the environment, as its newer versions can be. */
function isProxied(environment) {
  return environment.NODE_USE_ENV_PROXY === '1' || hasFlag('--use-env-proxy');
}

/**
 * The variables that may name the proxy of `http:` addresses. Within a CGI program `HTTP_PROXY` is a header of the request,
 * which anybody can send; on Windows, where names of variables ignore case, so is `http_proxy`.
 */
function httpVariables(environment, platform) {
  if (!environment.REQUEST_METHOD) return ['http_proxy', 'HTTP_PROXY'];
  return platform === 'win32' ? [] : ['http_proxy'];
}

/**
 * The proxies: what `proxy` says, or the usual variables where it says `'env'`.
 *
 * @param {string} [proxy] The option.
 * @param {object} environment The variables.
 * @param {string} [platform] The system that they are of.
 * @returns {object} Addresses, and the variables that they are from, as the addon's `Network` reads them.
 */
function proxiesOf(proxy, environment, platform = process.platform) {
  if (!proxy) return {};
  const variable = (...names) => names.find((name) => environment[name]);
  const noProxy = environment.no_proxy || environment.NO_PROXY;
  if (proxy !== 'env') return { httpProxy: proxy, httpsProxy: proxy, noProxy };
  const all = ['all_proxy', 'ALL_PROXY'];
  const httpVariable = variable(...httpVariables(environment, platform), ...all);
  const httpsVariable = variable('https_proxy', 'HTTPS_PROXY', ...all);
  return {
    httpProxy: httpVariable && environment[httpVariable],
    httpVariable,
    httpsProxy: httpsVariable && environment[httpsVariable],
    httpsVariable,
    noProxy,
  };
}

/** The network of clients whose options are silent: one for all, as long as the environment stays as it is. */
function usualNetwork(environment) {
  const read = [...FILES, 'NODE_TLS_REJECT_UNAUTHORIZED'].map((name) => environment[name]).join('\n');
  const trusted = trustedByNode();
  if (usual.environment !== read || usual.trusted !== trusted) {
    const settings = { ...usualTrust(environment, trusted), isBlind: isBlind(environment) };
    usual = { environment: read, trusted, network: new binding.Network(settings) };
  }
  return usual.network;
}

/** Certificates as text; they may be bytes. */
function textOf(pem) {
  return typeof pem === 'string'
    ? pem
    : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8');
}

/** Whether an option was left out. */
const isAbsent = (value) => value === undefined || value === null;

/** One or several texts in PEM as one. */
const joined = (pems) => (isAbsent(pems) ? undefined : [pems].flat().map(textOf).join('\n'));

function makeNetwork({ ca, cert, key, proxy }, environment) {
  return new binding.Network({
    ...(isAbsent(ca) ? usualTrust(environment, trustedByNode()) : { ca: joined(ca) }),
    cert: joined(cert),
    key: joined(key),
    isBlind: isBlind(environment),
    ...proxiesOf(proxy || (isProxied(environment) ? 'env' : undefined), environment),
  });
}

/**
 * The network of a client: whom it trusts, who it says that it is, and which way its requests go.
 *
 * @param {object} options The client's options, as `readOptions` gives them; none of them need be there.
 * @returns {object} The addon's `Network`; made when the client first sends, and kept.
 */
function networkOf(options) {
  const known = networks.get(options);
  if (known !== undefined) return known;
  const given = options.ofNetwork === undefined ? {} : options.ofNetwork();
  const isSilent = isAbsent(given.ca) && isAbsent(given.cert) && !given.proxy && !isProxied(process.env);
  const network = isSilent ? usualNetwork(process.env) : makeNetwork(given, process.env);
  networks.set(options, network);
  return network;
}

module.exports = { networkOf, proxiesOf };
