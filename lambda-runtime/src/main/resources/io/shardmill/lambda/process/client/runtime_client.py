"""Runs a Python function of AWS Lambda: a client of Lambda's Runtime API, for Python 3.8 and newer.

What a function can observe follows Lambda's own client (awslambdaric): names, messages, logs, what counts as an error.
"""

import decimal
import glob
import http.client
import importlib
import importlib.machinery
import json
import logging
import os
import sys
import time
import traceback

API = "/2018-06-01/runtime"
LOGS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

# Lambda's Python 3.12 is the first that writes characters beyond ASCII as they are.
ESCAPES = os.environ.get("AWS_EXECUTION_ENV", "").replace("AWS_Lambda_python3.", "") in ("8", "9", "10", "11")


class Fault(Exception):
    """An error of Lambda's own, of a type such as Runtime.HandlerNotFound."""

    def __init__(self, name, message, trace=()):
        super().__init__(message)
        self.type = "Runtime." + name
        self.message = message
        self.trace = list(trace)


class Api:
    """The Runtime API, over one connection that is kept."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)

    def next(self):
        """Waits for an event as long as it takes; returns its headers and its bytes."""
        self._connection.request("GET", API + "/invocation/next")
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError("no event could be got: %d %s" % (response.status, body))
        return response.headers, body

    def respond(self, request_id, body, content_type):
        # 413 is the caller's error: the server has told it so.
        self._post("/invocation/%s/response" % request_id, body, {"Content-Type": content_type})

    def fail(self, path, error):
        self._post(path, to_json(error).encode(), {"Content-Type": "application/json"})

    def _post(self, path, body, headers):
        self._connection.request("POST", API + path, body, headers)
        self._connection.getresponse().read()


def header(headers, name):
    """Returns a header's text, which is in UTF-8, or None."""
    value = headers.get("Lambda-Runtime-" + name)
    return value and value.encode("latin-1").decode("utf-8", "replace")


class Encoder(json.JSONEncoder):
    """Writes Decimals as numbers, as Lambda does; here with the precision of a double."""

    def default(self, o):
        if isinstance(o, decimal.Decimal):
            return int(o) if o.is_finite() and o == o.to_integral_value() else float(o)
        return super().default(o)


def to_json(value):
    return json.dumps(value, cls=Encoder, ensure_ascii=ESCAPES)


class Fields:
    """An object with the named members of a dict; None for those that it lacks."""

    def __init__(self, members, **names):
        for name, key in names.items():
            setattr(self, name, members.get(key))

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, vars(self))


class ClientContext(Fields):
    def __init__(self, members):
        super().__init__(members, custom="custom", env="env", client="client")
        if self.client is not None:
            names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
            self.client = Fields(self.client, **{name: name for name in names})


class LambdaContext:
    """What a handler is told of its invocation."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.invoked_function_arn = header(headers, "Invoked-Function-Arn")
        self.tenant_id = header(headers, "Aws-Tenant-Id")
        client = parsed(headers, "Client-Context", "Client Context")
        self.client_context = None if client is None else ClientContext(client)
        self.identity = Fields(
            parsed(headers, "Cognito-Identity", "Cognito Identity") or {},
            cognito_identity_id="cognitoIdentityId",
            cognito_identity_pool_id="cognitoIdentityPoolId",
        )
        self._deadline_millis = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_millis - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        return "LambdaContext(%s)" % vars(self)


def parsed(headers, name, what):
    text = header(headers, name)
    try:
        return json.loads(text) if text else None
    except ValueError as error:
        raise Fault("LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (what, error))


class RequestIds(logging.Filter):
    """Gives each record the running invocation's id."""

    request_id = ""

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


class JsonFormatter(logging.Formatter):
    """Lambda's JSON logs: what is given as `extra` becomes a member, too."""

    KNOWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id"}

    def format(self, record):
        line = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if record.exc_info:
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
        for name, value in vars(record).items():
            if name not in self.KNOWN and value is not None:
                line.setdefault(name, value)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging(ids):
    """As on Lambda the root logger has a handler already, so that logging.basicConfig() changes nothing."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(JsonFormatter() if LOGS_JSON else logging.Formatter(text, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(ids)
    logging.getLogger().addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO" if LOGS_JSON else "").upper()
    level = {"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level)
    if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        logging.getLogger().setLevel(level)


def log_error(error):
    if LOGS_JSON:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        print(to_json({"timestamp": now, "log_level": "ERROR", **error}))
    else:
        print("[ERROR] %s: %s" % (error["errorType"], error["errorMessage"]))
        if error["stackTrace"]:
            trace = "\n".join(element.rstrip("\n") for element in error["stackTrace"])
            print("Traceback (most recent call last):\n" + trace)


def error_of(thrown, request_id=""):
    """Returns Lambda's error document, without the frames of this file."""
    if isinstance(thrown, Fault):
        name, message, trace = thrown.type, thrown.message, thrown.trace
    else:
        frames = traceback.extract_tb(thrown.__traceback__)
        while frames and frames[0].filename == __file__:
            frames.pop(0)
        name, message, trace = type(thrown).__name__, str(thrown), traceback.format_list(frames)
    return {"errorMessage": message, "errorType": name, "requestId": request_id, "stackTrace": trace}


def load(handler):
    module, separator, name = handler.rpartition(".")
    if not separator:
        message = "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler
        raise Fault("MalformedHandlerName", message)
    if module.split(".")[0] in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module)
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        raise Fault("ImportModuleError", "Unable to import module '%s': %s%s" % (module, error, advice(error)))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text or "")]
        raise Fault("UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module, error), trace)
    try:
        return getattr(loaded, name)
    except AttributeError:
        message = "Handler '%s' missing on module '%s'; define it there, or name another as the function's handler"
        raise Fault("HandlerNotFound", message % (name, module))


def advice(error):
    """Returns what to do about a module that Lambda has and this system lacks, or that was built for another system."""
    missing = error.name or ""
    root = missing.split(".")[0]
    if root in ("boto3", "botocore"):
        install = sys.executable + " -m pip install boto3"
        return (
            f"; Lambda brings {root} along, this Python does not: run '{install}',"
            f" or put it into the code by '{install} --target <folder of the code>'"
        )
    own = [glob.escape(folder) for folder in sys.path[:3]]  # the code's, and those of layers
    foreign = [so for folder in own for so in glob.glob(os.path.join(folder, missing.replace(".", "/") + ".*.so"))]
    if isinstance(error, ModuleNotFoundError) and foreign:
        return foreign_module(foreign[0])
    if error.path and ".so" in str(error.path):
        return foreign_module(error.path)
    if isinstance(error, ModuleNotFoundError):
        install = sys.executable + " -m pip install --target <folder of the code>"
        return f"; put it into the code or a layer, or its package by '{install} <package>'"
    return ""


def foreign_module(path):
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    return f"; {path} was built for another system: install its package on one whose modules end in {suffix}"


def serve(api, handler, ids):
    while True:
        headers, body = api.next()
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        ids.request_id = request_id
        os.environ.pop("_X_AMZN_TRACE_ID", None)
        if header(headers, "Trace-Id"):
            os.environ["_X_AMZN_TRACE_ID"] = header(headers, "Trace-Id")
        try:
            result, content_type = invoke(handler, headers, body)
        except Exception as thrown:  # SystemExit ends the process, as on Lambda
            error = error_of(thrown, request_id)
            log_error(error)
            api.fail("/invocation/%s/error" % request_id, error)
        else:
            api.respond(request_id, result, content_type)


def invoke(handler, headers, body):
    context = LambdaContext(headers)
    try:
        event = json.loads(body)
    except ValueError as error:
        raise Fault("UnmarshalError", "Unable to unmarshal input: %s" % error)
    result = handler(event, context)
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return to_json(result).encode(), "application/json"
    except Exception as error:
        raise Fault("MarshalError", "Unable to marshal response: %s" % error)


def main():
    python = os.path.join(os.environ.get("SHARDMILL_LAYERS_ROOT", "/opt"), "python")
    version = os.environ["AWS_EXECUTION_ENV"].replace("AWS_Lambda_", "")
    layers = [os.path.join(python, "lib", version, "site-packages"), python]
    sys.path[0:1] = [os.environ["LAMBDA_TASK_ROOT"], *layers]  # in place of this file's folder
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    ids = RequestIds()
    set_up_logging(ids)
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as thrown:
        error = error_of(thrown)
        log_error(error)
        api.fail("/init/error", error)
        sys.exit(1)
    serve(api, handler, ids)


if __name__ == "__main__":
    main()
