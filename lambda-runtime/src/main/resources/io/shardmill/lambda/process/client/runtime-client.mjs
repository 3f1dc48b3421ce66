// Runs a JavaScript function of AWS Lambda: a client of Lambda's Runtime API, for Node.js 18 and newer.
//
// What a function can observe follows Lambda's own client (aws-lambda-ric): names, messages, logs, what counts as an
// error. But nothing freezes the process: timers go on between invocations.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util from 'node:util';

const LOGS_JSON = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';

// Lambda's Node.js 24 is the first that takes no callbacks, and sends what a handler returns that is no promise.
const TAKES_CALLBACKS = /nodejs(18|20|22)/.test(process.env.AWS_EXECUTION_ENV);

/** The running invocation; undefined before the first one, and between two. */
let running;
let loaded = false;

/** An error of Lambda's own. It has no frames, which would all be of this file. */
class RuntimeError extends Error {
  constructor(type, message, place = '') {
    super(message);
    this.name = `Runtime.${type}`;
    this.stack = [`${this.name}: ${message}`, place].join('\n').trimEnd();
  }
}

// ---- The Runtime API, over connections that are kept. An idle one does not keep the process alive.

const agent = new http.Agent({ keepAlive: true });
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');

function call(method, resource, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, hostname, port, method, path: `/2018-06-01/runtime${resource}` };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      const { statusCode, headers } = response;
      response.on('end', () => resolve({ statusCode, headers, body: Buffer.concat(chunks) }));
    });
    request.setHeader('Content-Type', 'application/json').on('error', reject).end(body);
  });
}

/** Waits for an event as long as it takes. */
async function next() {
  const { statusCode, headers, body } = await call('GET', '/invocation/next');
  if (statusCode !== 200) {
    throw new Error(`no event could be got: ${statusCode} ${body}`);
  }
  return { headers, body };
}

function errorDocument(error) {
  if (util.types.isNativeError(error) || (error?.name && error.message && error.stack)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  try {
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

const fail = (resource, error) => call('POST', resource, JSON.stringify(errorDocument(error)));

// ---- Logs: a line an event. The console's functions are the function's log, as on Lambda.

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function patchConsole() {
  const level = process.env.AWS_LAMBDA_LOG_LEVEL ?? (LOGS_JSON ? 'INFO' : 'TRACE');
  const least = Math.max(0, LEVELS.indexOf(level.toUpperCase()));
  LEVELS.forEach((name, i) => {
    console[name.toLowerCase()] = i < least && name !== 'FATAL' ? () => {} : (...what) => log(name, what);
  });
  console.log = console.info;
}

let lastRequestId;

function log(level, what) {
  const timestamp = new Date().toISOString();
  const text = () => [timestamp, lastRequestId, level, util.format(...what)].join('\t');
  process.stdout.write((LOGS_JSON ? jsonLine(timestamp, level, what) : text()) + '\n');
}

function jsonLine(timestamp, level, what) {
  const line = { timestamp, level, requestId: lastRequestId };
  if (what.length === 1) {
    const withErrors = (_, value) => (value instanceof Error ? errorMembers(value) : value);
    try {
      return JSON.stringify({ ...line, message: what[0] }, withErrors);
    } catch {
      return JSON.stringify({ ...line, message: util.format(what[0]) }); // it has circles, or a BigInt
    }
  }
  const { errorType, errorMessage, stackTrace } = errorMembers(what.find((each) => each instanceof Error));
  return JSON.stringify({ ...line, message: util.format(...what), errorType, errorMessage, stackTrace });
}

function errorMembers(error) {
  if (error === undefined) {
    return {};
  }
  const errorType = error.constructor?.name ?? 'UnknownError';
  return { errorType, errorMessage: error.message, stackTrace: error.stack?.split?.('\n'), ...error };
}

function logError(what, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  if (LOGS_JSON) {
    console.error(error);
    return;
  }
  const { name, message, code, stack } = error;
  const members = { errorType: name, errorMessage: message, code, ...error, stack: String(stack).split('\n') };
  try {
    console.error(what, '\t' + JSON.stringify(members));
  } catch {
    console.error(what, '\t' + JSON.stringify(errorDocument(error)));
  }
}

// ---- Loading

/** @param handler such as folder/file.exported.name */
async function load(handler) {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handler);
  const separator = base.indexOf('.');
  if (separator < 0) {
    throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  }
  const layers = process.env.SHARDMILL_LAYERS_ROOT ?? '/opt';
  const folder = path.dirname(handler).replace(/^\/opt(?=\/)/, () => layers);
  const file = path.resolve(process.env.LAMBDA_TASK_ROOT, folder, base.slice(0, separator));
  const loadedModule = await loadModule(file);
  const found = base.slice(separator + 1).split('.').reduce((nested, name) => nested?.[name], loadedModule);
  if (typeof found !== 'function') {
    const reason = found ? 'not a function' : 'undefined or not exported';
    const fix = 'export such a function, or name another as the handler';
    throw new RuntimeError('HandlerNotFound', `${handler} is ${reason}; ${fix}`);
  }
  if (found.length > 2 && !TAKES_CALLBACKS) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Return a promise, or a value, instead of calling the third parameter.',
    );
  }
  return found;
}

async function loadModule(file) {
  const require = createRequire(file);
  try {
    const js = file + '.js';
    if (fs.existsSync(js)) {
      return isModule(path.dirname(js)) ? await import(pathToFileURL(js)) : require(js);
    }
    return fs.existsSync(file + '.mjs') ? await import(pathToFileURL(file + '.mjs')) : require(cjs(file));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const place = placeOf(error, file);
      throw new RuntimeError('UserCodeSyntaxError', String(error) + lineOf(place), place);
    }
    if (error?.code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error) + advice(error));
    }
    if (error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', error.message + advice(error)); // Lambda's type is Error
    }
    if (error instanceof Error) {
      error.message += advice(error);
    }
    throw error;
  }
}

/** Returns where a syntax error is, as Node.js prints it: the file and line, the line itself, and a mark below it; or ''. */
function placeOf(error, file) {
  const stack = String(error.stack);
  const [printed] = stack.split(/^SyntaxError/m, 1);
  if (printed) {
    return printed.trimEnd();
  }
  if (/^SyntaxError.*\n\s+at .*\(node:internal\/modules\//.test(stack)) {
    return printedPlaceOf(file);
  }
  const frame = /(?<=[ (])(?:file:\/\/)?\/[^()]+:\d+(?=:\d+\)?$)/;
  const lines = stack.split('\n').filter((line) => !line.includes(import.meta.url));
  return lines.map((line) => frame.exec(line)?.[0]).find(Boolean) ?? '';
}

/**
 * Lets another Node.js print it, which an ES module's error holds hidden. No module is run that imports one which can't be parsed;
 * what loads one later, by import() or require(), is run up to there again, as by Lambda's second start.
 */
function printedPlaceOf(file) {
  const url = String(pathToFileURL(['.js', '.mjs'].map((ending) => file + ending).find(fs.existsSync) ?? file));
  const options = { env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8', timeout: 5_000 };
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `import(${JSON.stringify(url)})`], options);
  return /^file:\/\/.*:\d+\n.*\n.*\^/m.exec(stderr)?.[0] ?? '';
}

/** Returns the file, as seen from the code's folder, and the line in parentheses. */
function lineOf(place) {
  const [, file, line] = /^(.*):(\d+)$/m.exec(place) ?? [];
  if (file === undefined) {
    return '';
  }
  const name = file.startsWith('file:') ? fileURLToPath(file) : file;
  return ` (${path.relative(process.env.LAMBDA_TASK_ROOT, name)}:${line})`;
}

function cjs(file) {
  return fs.existsSync(file + '.cjs') ? file + '.cjs' : file;
}

/** Returns whether the nearest package.json makes .js files ES modules. */
function isModule(folder) {
  if (path.basename(folder) === 'node_modules') {
    return false;
  }
  const description = path.join(folder, 'package.json');
  if (fs.existsSync(description)) {
    return JSON.parse(fs.readFileSync(description)).type === 'module';
  }
  return folder !== path.dirname(folder) && isModule(path.dirname(folder));
}

/** Returns what to do about a package that Lambda has and this system lacks, or that was built for another system. */
function advice(error) {
  const [, specifier] = /^Cannot find (?:module|package) '((?:@[^'/]+\/)?[^'/.][^'/]*)/.exec(error.message) ?? [];
  const isInLayer = (folder) => fs.existsSync(path.join(folder, specifier));
  if (specifier && (process.env.NODE_PATH ?? '').split(path.delimiter).some(isInLayer)) {
    return `\nIt is in a layer, where import finds no package, as on Lambda: load it by createRequire(import.meta.url)('${specifier}')`;
  }
  const [, missing] = /^Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^'/]+)/.exec(error.message) ?? [];
  if (missing) {
    return `\nLambda brings ${missing} along, this Node.js does not: run 'npm install ${missing}' in the folder of the code, and deploy it`;
  }
  if (error.code === 'ERR_DLOPEN_FAILED') {
    return `\nIt was built for another system: run 'npm ci' in the folder of the code on one with Node.js ${process.versions.node} (${process.platform}-${process.arch}), and deploy it`;
  }
  if (specifier) {
    return `\nPut it into the code: run 'npm install ${specifier}' in its folder, and deploy it`;
  }
  return '';
}

// ---- Invoking

function contextOf(headers) {
  const text = (name) => {
    const value = headers[`lambda-runtime-${name}`];
    return value && Buffer.from(value, 'latin1').toString(); // a header's bytes are UTF-8
  };
  const parsed = (name, what) => {
    try {
      return text(name) && JSON.parse(text(name));
    } catch (error) {
      throw new Error(`Cannot parse ${what} as json: ${error}`);
    }
  };
  const trace = text('trace-id');
  if (trace) {
    process.env._X_AMZN_TRACE_ID = trace;
  } else {
    delete process.env._X_AMZN_TRACE_ID;
  }
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed('client-context', 'ClientContext'),
    identity: parsed('cognito-identity', 'CognitoIdentity'),
    invokedFunctionArn: text('invoked-function-arn'),
    awsRequestId: text('aws-request-id'),
    tenantId: text('aws-tenant-id'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** An invocation, which ends once: by its promise, its callback, or because nothing is left to happen. */
class Invocation {
  constructor(id) {
    this.id = id;
    this.outcome = new Promise((resolve) => (this.settle = resolve));
    this.claimed = false;
  }

  /** Lets only the first of its functions have an effect. */
  first(action) {
    return (...args) => {
      if (!this.claimed) {
        this.claimed = true;
        action(...args);
      }
    };
  }

  start(handler, headers, body) {
    const succeed = (result) => this.settle({ result });
    const reject = (error) => this.settle({ error });
    const isNone = (error) => error === undefined || error === null;
    const done = this.first((error, result) => (isNone(error) ? succeed(result) : reject(error)));
    const isAsync = handler.constructor.name === 'AsyncFunction';
    this.whenIdle = this.first(() => (isAsync || !TAKES_CALLBACKS ? reject(neverSettled()) : succeed(null)));
    try {
      const context = contextOf(headers);
      if (!TAKES_CALLBACKS) {
        const result = handler(JSON.parse(body), context);
        Promise.resolve(result).then((value) => done(null, value), (error) => done(error ?? 'handled'));
        return;
      }
      Object.assign(context, {
        callbackWaitsForEmptyEventLoop: true,
        done,
        succeed: (result) => done(null, result),
        fail: (error) => done(error ?? 'handled'),
      });
      const callback = this.first((error, result) => {
        if (!isNone(error)) {
          reject(error);
        } else if (context.callbackWaitsForEmptyEventLoop) {
          this.whenIdle = () => succeed(result);
        } else {
          succeed(result);
        }
      });
      const result = handler(JSON.parse(body), context, callback);
      if (typeof result?.then === 'function') {
        result.then(context.succeed, context.fail);
      }
    } catch (error) {
      done(error ?? 'handled');
    }
  }
}

function neverSettled() {
  return new RuntimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

function serialized({ result, error }) {
  if (error === undefined) {
    try {
      return { body: JSON.stringify(result) ?? 'null' };
    } catch {
      return { error: new Error('Unable to stringify response body') };
    }
  }
  return { error };
}

async function serve(handler) {
  for (;;) {
    const { headers, body } = await next();
    running = new Invocation(headers['lambda-runtime-aws-request-id']);
    lastRequestId = running.id;
    running.start(handler, headers, body);
    const answer = serialized(await running.outcome);
    if (answer.error === undefined) {
      await call('POST', `/invocation/${running.id}/response`, answer.body); // the server has told the caller of a 413
    } else {
      logError('Invoke Error', answer.error);
      await fail(`/invocation/${running.id}/error`, answer.error);
    }
    running = undefined;
  }
}

/** Ends the process for an error that nobody has caught. One between two invocations is nobody's. */
async function die(what, error, status) {
  logError(what, error);
  try {
    if (running || !loaded) {
      await fail(running ? `/invocation/${running.id}/error` : '/init/error', error);
    }
  } finally {
    process.exit(status);
  }
}

function unhandled(reason) {
  return Object.assign(new RuntimeError('UnhandledPromiseRejection', String(reason)), { reason });
}

patchConsole();
process.on('beforeExit', () => running?.whenIdle());
process.on('uncaughtException', (error) => die('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => die('Unhandled Promise Rejection', unhandled(reason), 128));
globalThis.awslambda = {
  streamifyResponse() {
    throw new RuntimeError('MalformedStreamingHandler', 'Response streaming is not supported here: return the response.');
  },
};
try {
  const handler = await load(process.env._HANDLER);
  loaded = true;
  await serve(handler);
} catch (error) {
  await die('Uncaught Exception', error, 129);
}
