'use strict';

/** The classes as JavaScript objects: descriptors, subclasses, and the same class at every path. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const sdk = require('..');
const { useFolder } = require('./support/folder');
const { useServer } = require('./support/server');
const { KEY } = require('./support/transports');

const { ConnectClient, DefaultHttpAdapter, GenericResource, UsageRecordResource } = sdk;

const server = useServer({ json: { id: 1 } });
const folder = useFolder();
const make = () => new ConnectClient(server.url, KEY);

test('classes are ordinary: chain, names, lengths, descriptors', () => {
  expect(Object.getPrototypeOf(UsageRecordResource)).toBe(GenericResource);
  expect(UsageRecordResource.name).toBe('UsageRecordResource');
  const { close, closeRecords } = UsageRecordResource.prototype;
  expect([close.name, close.length, closeRecords.length]).toEqual(['close', 3, 4]);
  const { get, create, update, delete: remove, search, fetch } = GenericResource.prototype;
  expect([get, create, update, remove, search, fetch].map(({ length }) => length)).toEqual([
    1, 1, 2, 1, 1, 2,
  ]);
  const { value, ...flags } = Object.getOwnPropertyDescriptor(UsageRecordResource.prototype, 'close');
  expect([typeof value, flags]).toEqual([
    'function',
    { writable: true, configurable: true, enumerable: false },
  ]);
  expect(() => UsageRecordResource(make())).toThrow(TypeError);
  expect(() => new close()).toThrow(TypeError);
});

test('classes are the same at every path', () => {
  expect(require('../lib/connect')).toBe(sdk);
  expect(require('../lib/connect/client')).toBe(ConnectClient);
  expect(require('../lib/connect/api/base')).toBe(GenericResource);
  expect(require('../lib/connect/api/usageRecords')).toBe(UsageRecordResource);
  expect(require('../lib/connect/api').UsageRecordResource).toBe(UsageRecordResource);
  expect(require('../lib/connect/api/errors').APIError).toBe(sdk.APIError);
  expect(require('../lib/connect/http/adapter').DefaultHttpAdapter).toBe(DefaultHttpAdapter);
  expect(require('../lib/connect/http').AbstractHttpAdapter).toBe(sdk.AbstractHttpAdapter);
});

test('classes can be extended: own path, own methods, super', async () => {
  class Things extends GenericResource {
    constructor(client) {
      super(client, '/things');
    }

    get baseUri() {
      return '/other/things';
    }

    async get(id) {
      return [await super.get(id)];
    }
  }
  expect(await new Things(make()).get('T-1')).toEqual([{ id: 1 }]);
  const records = new UsageRecordResource(make());
  records._baseUri = '/elsewhere';
  await records.close('UR-1');
  expect(server.requests.map(({ url }) => url)).toEqual(['/other/things/T-1', '/elsewhere/UR-1/close']);
});

test('a method without its object rejects', async () => {
  const { close } = make().usageRecords;
  await expect(close('UR-1')).rejects.toBeInstanceOf(TypeError);
  await expect(close.call({}, 'UR-1')).rejects.toBeInstanceOf(TypeError);
  await expect(close.call('text', 'UR-1')).rejects.toBeInstanceOf(TypeError);
});

test('an ES module imports the same classes, and the sandbox, by the name of the package', () => {
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(
    path.join(__dirname, '..'),
    path.join(folder, 'node_modules/cloudblue-connect-native'),
    'junction',
  );
  const script = `
      import * as module from 'cloudblue-connect-native';
      import { startSandbox } from 'cloudblue-connect-native/testing';
      import GenericResource from 'cloudblue-connect-native/lib/connect/api/base';
      import errors from 'cloudblue-connect-native/lib/connect/api/errors.js';
      import api from 'cloudblue-connect-native/lib/connect/api';
      import { createRequire } from 'module';
      const required = createRequire(import.meta.url)('cloudblue-connect-native');
      const names = Object.keys(required);
      const { default: all, ...named } = module;
      const same =
        all === required &&
        names.length === Object.keys(named).length &&
        names.every((name) => named[name] === required[name]);
      const deep = [GenericResource === module.GenericResource, errors.APIError === module.APIError, api.GenericResource === GenericResource];
      console.log(JSON.stringify([same, deep, typeof startSandbox]));`;
  fs.writeFileSync(path.join(folder, 'program.mjs'), script);
  const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: '[true,[true,true,true],"function"]\n', stderr: '' });
});
