'use strict';

/** The network settings of a client, from its options, the environment and Node's flags: certificates and proxies. */

const fs = require('fs');
const binding = require('../../../binding.js');

/** Variables that name a file of additional trusted certificates: Node's, and OpenSSL's. */
const FILES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/** The contents of these files, by variable and path: as in Node, each is read once. */
const texts = new Map();

/** The network of each options object. */
const networks = new WeakMap();

/** The network of clients without network options, and what it was created from. */
let shared = { environment: undefined, trusted: undefined, network: undefined };

/** Node's module `tls`, once it may have other certificates than its default ones. */
let tls;

/** The certificates that Node trusted at the last look, and whether they are its default ones. */
let compared = { trusted: undefined, isDefault: true };

let isWarned = false;

function readFile(name, path) {
  let text = '';
  let reason = 'no certificate found in it';
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    reason = error.code;
  }
  if (text !== '' && binding.countCertificates(text) > 0) return text;
  // A warning, as in Node: many programs do not need the file that an outdated variable names.
  process.emitWarning(`${name} is ignored: cannot use ${path} (${reason})`);
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

/** The flags of this process, read on first use. */
let flags;

function hasFlag(flag) {
  if (flags === undefined) {
    flags = new Set([...process.execArgv, ...`${process.env.NODE_OPTIONS || ''}`.split(/\s+/)]);
    if (process.env.NODE_USE_SYSTEM_CA === '1') flags.add('--use-system-ca');
  }
  return flags.has(flag);
}

/** How many of Node's modules were loaded at the last look. */
let loaded = 0;

/**
 * Whether `tls` may have other certificates: by a flag, or because the program uses it. Loading it takes us
 * milliseconds.
 */
function mayHaveOtherCertificates() {
  const modules = process.moduleLoadList;
  if (modules !== undefined && modules.length !== loaded) {
    loaded = modules.length;
    if (modules.includes('NativeModule tls')) return true;
  }
  return hasFlag('--use-system-ca');
}

/**
 * The certificates that Node trusts, if they are not its bundled ones and those of NODE_EXTRA_CA_CERTS but others, by
 * `--use-system-ca` or `tls.setDefaultCACertificates`.
 *
 * @returns {string[]|undefined} Certificates in PEM; the same array as long as they do not change.
 */
function trustedByNode() {
  // Node cannot list the certificates of OpenSSL's files.
  if (hasFlag('--use-openssl-ca')) return undefined;
  if (tls === undefined && mayHaveOtherCertificates()) tls = require('tls');
  // New in Node 22.15.
  if (typeof tls?.getCACertificates !== 'function') return undefined;
  const trusted = tls.getCACertificates('default');
  if (trusted !== compared.trusted) {
    const expected = [...tls.getCACertificates('bundled'), ...tls.getCACertificates('extra')];
    const isDefault = trusted.length === expected.length && trusted.every((pem, at) => pem === expected[at]);
    compared = { trusted, isDefault };
  }
  return compared.isDefault ? undefined : trusted;
}

/** The trusted certificates of a client without `ca`, as the addon's `Network` takes them. */
function defaultTrust(environment, trusted) {
  return trusted === undefined ? { extra: certificatesOf(environment) } : { ca: trusted.join('\n') };
}

function acceptsAnyCertificate(environment) {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return false;
  if (!isWarned) {
    isWarned = true;
    process.emitWarning(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate checks: anyone on the network path can read and change ' +
        'requests, including the API key',
    );
  }
  return true;
}

/** Whether Node itself is to use the proxies of the environment, which newer versions can do. */
function usesEnvironmentProxy(environment) {
  return environment.NODE_USE_ENV_PROXY === '1' || hasFlag('--use-env-proxy');
}

/**
 * The variables that may name the proxy of `http:` URLs. In a CGI program `HTTP_PROXY` is the request header `Proxy`,
 * which anybody can send; so is `http_proxy` on Windows, where the names of variables are case-insensitive.
 */
function httpVariables(environment, platform) {
  if (!environment.REQUEST_METHOD) return ['http_proxy', 'HTTP_PROXY'];
  return platform === 'win32' ? [] : ['http_proxy'];
}

/**
 * The proxies of a client.
 *
 * @param {string|undefined} proxy The option: a URL, or 'env' for the environment's variables.
 * @param {NodeJS.ProcessEnv} environment The variables.
 * @param {string} [platform] Their operating system.
 * @returns {object} Proxy URLs, and the variables that they are from, as the addon's `Network` takes them.
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

/** The network of clients without network options, which share one as long as the environment does not change. */
function sharedNetwork(environment) {
  const read = [...FILES, 'NODE_TLS_REJECT_UNAUTHORIZED'].map((name) => environment[name]).join('\n');
  const trusted = trustedByNode();
  if (shared.environment !== read || shared.trusted !== trusted) {
    const settings = {
      ...defaultTrust(environment, trusted),
      acceptsAnyCertificate: acceptsAnyCertificate(environment),
    };
    shared = { environment: read, trusted, network: new binding.Network(settings) };
  }
  return shared.network;
}

/** A text in PEM, which may be bytes. */
function textOf(pem) {
  return typeof pem === 'string'
    ? pem
    : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8');
}

const isAbsent = (value) => value === undefined || value === null;

/** Joins one or several texts in PEM. */
const joined = (pems) => (isAbsent(pems) ? undefined : [pems].flat().map(textOf).join('\n'));

function createNetwork({ ca, cert, key, proxy }, environment) {
  return new binding.Network({
    ...(isAbsent(ca) ? defaultTrust(environment, trustedByNode()) : { ca: joined(ca) }),
    cert: joined(cert),
    key: joined(key),
    acceptsAnyCertificate: acceptsAnyCertificate(environment),
    ...proxiesOf(proxy || (usesEnvironmentProxy(environment) ? 'env' : undefined), environment),
  });
}

/**
 * The network of a client: its trusted certificates, its own certificate, and its proxies.
 *
 * @param {object} options The client's options as `readClientOptions` returns them; any may be missing.
 * @returns {object} The addon's `Network`, created when the client first sends and then kept.
 */
function networkOf(options) {
  const known = networks.get(options);
  if (known !== undefined) return known;
  const input = options.networkOptions === undefined ? {} : options.networkOptions();
  const isDefault =
    isAbsent(input.ca) && isAbsent(input.cert) && !input.proxy && !usesEnvironmentProxy(process.env);
  const network = isDefault ? sharedNetwork(process.env) : createNetwork(input, process.env);
  networks.set(options, network);
  return network;
}

module.exports = { networkOf, proxiesOf };
