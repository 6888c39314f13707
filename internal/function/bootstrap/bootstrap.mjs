// Runs a Node handler against the AWS Lambda Runtime API.
//
// No packages. A result and the request for the next event leave in one write,
// which halves the wake-ups of an event. Texts and formats of errors are those
// of AWS's own runtime interface client.
//
// usage: bootstrap.mjs HANDLER [SHOWN_ROOT]    (file.function below LAMBDA_TASK_ROOT)
//
// SHOWN_ROOT replaces LAMBDA_TASK_ROOT in stack traces.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
const [, , handlerName, shownRoot] = process.argv;
const prefix = '/2018-06-01/runtime/';
const head = ` HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\n`;
const next = `GET ${prefix}invocation/next HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;

let requestId = '';

// ---- errors

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function shown(text) {
  return shownRoot ? text.replaceAll(root, shownRoot) : text;
}

function errorPayload(error) {
  if (!util.types.isNativeError(error) && !(error?.name && error?.message !== undefined && error?.stack)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: String(error.name).replaceAll('\x7f', '%7F'),
    errorMessage: shown(String(error.message)).replaceAll('\x7f', '%7F'),
    trace: shown(String(error.stack)).replaceAll('\x7f', '%7F').split('\n'),
  };
}

function logError(what, payload) {
  write(`${new Date().toISOString()}\t${requestId || 'undefined'}\tERROR\t${what}\t${JSON.stringify({ ...payload, stack: payload.trace, trace: undefined })}`);
}

// ---- logging: console's lines get AWS's prefix

function write(line) {
  fs.writeSync(1, line.replaceAll('\n', '\r') + '\n');
}

function patchConsole() {
  for (const [method, level] of [['log', 'INFO'], ['info', 'INFO'], ['debug', 'DEBUG'], ['trace', 'TRACE'], ['warn', 'WARN'], ['error', 'ERROR']]) {
    console[method] = (...args) => write(`${new Date().toISOString()}\t${requestId || 'undefined'}\t${level}\t${util.format(...args)}`);
  }
}

// ---- the connection

const socket = net.connect({ host, port: Number(port), noDelay: true });
let received = Buffer.alloc(0);
let onAnswer = () => {};
socket.on('error', () => process.exit(0)); // the server is gone
socket.on('close', () => process.exit(0));
socket.on('data', (data) => {
  received = received.length ? Buffer.concat([received, data]) : data;
  for (;;) {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const headers = {};
    for (const line of received.latin1Slice(0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(': ');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
    }
    const stop = end + 4 + Number(headers['content-length'] ?? 0);
    if (received.length < stop) return;
    const body = received.utf8Slice(end + 4, stop);
    received = received.subarray(stop);
    onAnswer(headers, body);
  }
});

function post(what, text, kind) {
  const error = kind ? `Lambda-Runtime-Function-Error-Type: ${kind}\r\n` : '';
  return `POST ${prefix}${what}${head}${error}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

// ---- loading the handler

function find(name) {
  for (const extension of ['.js', '.mjs', '.cjs', '']) {
    const file = path.resolve(root, name + extension);
    if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
  }
  return undefined;
}

async function load(name) {
  const base = path.basename(name ?? '');
  const dot = base.indexOf('.');
  if (dot <= 0 || dot === base.length - 1 || name.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  }
  const moduleName = path.join(path.dirname(name), base.slice(0, dot));
  const file = find(moduleName);
  let module;
  try {
    if (file === undefined) {
      // For the message that Node itself gives.
      createRequire(path.join(root, 'package.json')).resolve('./' + moduleName);
    }
    module = await import(pathToFileURL(file).href);
  } catch (e) {
    if (e instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', e.toString());
    if (e?.code === 'MODULE_NOT_FOUND' || e?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', e.toString().replace(`'./${moduleName}'`, `'${moduleName}'`));
    }
    throw e;
  }
  let value = module;
  for (const part of base.slice(dot + 1).split('.')) value = value?.[part] ?? (value === module ? module.default?.[part] : undefined);
  if (value === undefined) throw new RuntimeError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof value !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${name} is not a function`);
  return value;
}

// ---- invocations

function makeContext(headers, done) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const client = headers['lambda-runtime-client-context'];
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: client ? JSON.parse(client) : undefined,
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done: (error, result) => done(error, result),
    succeed: (result) => done(null, result),
    fail: (error) => done(error ?? new Error('handled')),
  };
}

// A handler answers by a promise, by the callback, by context.done, or not at
// all: then the answer is null once nothing is left to do, which Node tells by
// beforeExit when our own socket does not count.
function call(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const idle = () => settle(resolve)(undefined);
    const settle = (finish) => (value) => {
      process.off('beforeExit', idle);
      socket.ref();
      finish(value);
    };
    const done = (error, result) => (error === null || error === undefined ? settle(resolve)(result) : settle(reject)(error));
    const result = handler(event, makeContext(headers, done), done);
    if (typeof result?.then === 'function') result.then(resolve, reject);
    else if (result !== undefined) resolve(result);
    else {
      socket.unref();
      process.on('beforeExit', idle);
    }
  });
}

function marshal(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function invoke(handler, headers, body) {
  try {
    return post(`invocation/${requestId}/response`, marshal(await call(handler, JSON.parse(body), headers)));
  } catch (e) {
    const payload = errorPayload(e);
    logError('Invoke Error', payload);
    return post(`invocation/${requestId}/error`, JSON.stringify(payload), 'Unhandled');
  }
}

// An error outside of any promise that we await ends the process, as on AWS.
function die(error, name) {
  const payload = errorPayload(error);
  if (name) Object.assign(payload, { errorType: name, errorMessage: String(error) });
  logError('Uncaught Exception', payload);
  const what = requestId ? `invocation/${requestId}/error` : 'init/error';
  onAnswer = () => process.exit(129);
  socket.write(post(what, JSON.stringify(payload), payload.errorType));
}

patchConsole();
process.on('uncaughtException', (e) => die(e));
process.on('unhandledRejection', (e) => die(e, 'Runtime.UnhandledPromiseRejection'));
try {
  const handler = await load(handlerName);
  onAnswer = async (headers, body) => {
    if (!headers['lambda-runtime-aws-request-id']) return; // the answer to a result
    requestId = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
    const answer = await invoke(handler, headers, body);
    requestId = '';
    socket.write(answer + next);
  };
  socket.write(next);
} catch (e) {
  die(e);
}
