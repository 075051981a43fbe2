'use strict';

/** Runs schemathesis, a fuzzer for APIs with an OpenAPI document, against a sandbox. */

const { execFile } = require('child_process');
const fs = require('fs');
const path = require('path');
const { contract } = require('./document.js');

/** The folder that `pip install --target` put requirements.txt into; none where the fuzzer is not to be had. */
const folder = process.env.CONNECT_SCHEMATHESIS;

// Not among them: what refuses requests by the letter of a schema. Connect takes numbers for texts, and refuses texts that
// name no object.
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];

/** A schema that half of the time gives one of these values. */
const often = (values, schema) => ({ anyOf: [{ enum: values }, schema] });

/** Which objects the id of a path is that of. */
const OBJECTS = ['records', 'files', 'chunks', 'reconciliations', 'products'];

/**
 * The contract with the ids of the objects of a sandbox: a fuzzer that has to guess them only ever sees 404.
 *
 * @param {Record<string, string[]>} ids by kind of object
 */
function withIds(ids) {
  const copy = structuredClone(contract);
  const { id: parameter } = copy.components.parameters;
  for (const [name, item] of Object.entries(copy.paths)) {
    const kind = OBJECTS.find((one) => name.startsWith(`/usage/${one}/{id}`));
    if (kind) item.parameters = [{ ...parameter, schema: { enum: ids[kind] } }];
  }
  const body = (operation) => operation.requestBody.content['application/json'].schema;
  const create = body(copy.paths['/usage/files'].post);
  create.required = ['product'];
  const { product } = create.properties;
  product.required = ['id'];
  product.properties.id = { enum: ids.products };
  const closed = body(copy.paths['/usage/records/close-records'].post).items.properties;
  closed.id = often(ids.records, closed.id);
  return copy;
}

function argumentsOf({ url, apiKey }, { document, report, seed, seconds, operation, maxFailures }) {
  return [
    '-m',
    'schemathesis.cli',
    '--no-color',
    'run',
    document,
    '--url',
    url,
    '--header',
    `Authorization: ${apiKey}`,
    '--checks',
    CHECKS.join(),
    '--seed',
    String(seed),
    '--max-time',
    String(seconds),
    '--generation-database',
    'none',
    '--report',
    'json',
    '--report-json-path',
    report,
    ...(operation ? ['--include-operation-id', operation] : []),
    ...(maxFailures ? ['--max-failures', String(maxFailures)] : []),
  ];
}

/** Runs Python in a folder; resolves to what it printed. Whether it found something is told by the report. */
function python(args, cwd) {
  // No bytecode beside the packages, and no proxy between the fuzzer and the sandbox.
  const env = {
    ...process.env,
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    SCHEMATHESIS_HOOKS: path.join(__dirname, '../../contract/uploads.py'),
    NO_PROXY: '*',
    no_proxy: '*',
  };
  return new Promise((resolve) => {
    execFile('python3', args, { cwd, env, maxBuffer: 1 << 28 }, (_error, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}

/**
 * Fuzzes a sandbox.
 *
 * @param {{ url: string, apiKey: string }} sandbox what is fuzzed
 * @param {object} options
 * @param {Record<string, string[]>} options.ids the ids of its objects, by kind
 * @param {string} options.cwd a folder for the files of the run
 * @param {number} options.seed the same seed makes the same requests
 * @param {number} options.seconds how long at most
 * @param {string} [options.operation] only this one
 * @param {number} [options.maxFailures] it ends after so many
 * @returns {Promise<{ report: any, output: string }>} the report, and what was printed
 */
async function fuzz(sandbox, { ids, cwd, ...options }) {
  const document = path.join(cwd, 'openapi.json');
  const report = path.join(cwd, 'report.json');
  fs.rmSync(report, { force: true });
  fs.writeFileSync(document, JSON.stringify(withIds(ids)));
  const output = await python(argumentsOf(sandbox, { document, report, ...options }), cwd);
  if (!fs.existsSync(report)) throw new Error(`schemathesis has made no report: ${output}`);
  return { report: JSON.parse(fs.readFileSync(report, 'utf8')), output };
}

module.exports = { folder, fuzz };
