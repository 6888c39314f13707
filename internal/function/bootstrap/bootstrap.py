"""Runs a Python handler against the AWS Lambda Runtime API.

Standard library only. A result and the request for the next event leave in one
send, which halves the wake-ups of an event. Texts and formats of errors are
those of AWS's own runtime interface client.

usage: bootstrap.py HANDLER [SHOWN_ROOT]    (module.function below LAMBDA_TASK_ROOT)

SHOWN_ROOT replaces LAMBDA_TASK_ROOT in stack traces.
"""

import importlib
import json
import os
import socket
import sys
import time

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
ROOT = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
SHOWN_ROOT = sys.argv[2] if len(sys.argv) > 2 else ""
PREFIX = "/2018-06-01/runtime/"
HEAD = " HTTP/1.1\r\nHost: " + API + "\r\nContent-Type: application/json\r\n"
NEXT = ("GET " + PREFIX + "invocation/next HTTP/1.1\r\nHost: " + API + "\r\n\r\n").encode()

# From 3.12 on AWS's runtime writes characters as they are, before it escapes them.
ASCII = sys.version_info < (3, 12)
execution_env = os.environ.get("AWS_EXECUTION_ENV", "")
if execution_env.startswith("AWS_Lambda_python3."):
    ASCII = int(execution_env.rpartition(".")[2]) < 12


class Fault(Exception):
    """An error of the runtime rather than of the handler."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind, self.message, self.trace = kind, message, trace or []


class Identity:
    def __init__(self):
        self.cognito_identity_id = self.cognito_identity_pool_id = None


class Client:
    def __init__(self, about):
        about = about or {}
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, about.get(name))


class ClientContext:
    def __init__(self, about):
        self.custom, self.env = about.get("custom"), about.get("env")
        self.client = Client(about.get("client"))


class Context:
    """The handler's second argument."""

    function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
    function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
    memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
    log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")

    def __init__(self, headers):
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self._deadline = int(headers.get("lambda-runtime-deadline-ms") or 0)
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self.identity = Identity()
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Connection:
    """One keep-alive connection to the Runtime API."""

    def __init__(self):
        host, _, port = API.rpartition(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send = self.socket.sendall
        self.buffer = b""

    def receive(self):
        """The next answer: (headers, body)."""
        buffer = self.buffer
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            buffer += self.more()
        headers = {}
        for line in buffer[:end].decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        start = end + 4
        stop = start + int(headers.get("content-length", 0))
        if len(buffer) < stop:
            parts, have = [buffer], len(buffer)
            while have < stop:
                parts.append(self.more())
                have += len(parts[-1])
            buffer = b"".join(parts)
        self.buffer = buffer[stop:]
        return headers, buffer[start:stop]

    def event(self):
        """The next event, past the answers to results."""
        while True:
            headers, body = self.receive()
            if "lambda-runtime-aws-request-id" in headers:
                return headers, body

    def more(self):
        data = self.socket.recv(262144)
        if not data:
            os._exit(0)  # the server is gone
        return data


def post(path, body, kind=None):
    error = "Lambda-Runtime-Function-Error-Type: " + kind + "\r\n" if kind else ""
    return ("POST " + PREFIX + path + HEAD + error + "Content-Length: " + str(len(body)) + "\r\n\r\n").encode() + body


class Decimals:
    """Keeps the spelling of decimal.Decimal through json, as simplejson does."""

    def __init__(self):
        self.mark, self.used = "", False

    def token(self, value):
        if not self.used:
            self.mark, self.used = "decimal-" + os.urandom(12).hex() + ":", True
        return self.mark + str(value)

    def restore(self, text):
        import re

        return re.sub('"' + self.mark + '([^"]*)"', r"\1", text) if self.used else text


def to_json(value):
    if isinstance(value, bytes):
        return from_bytes(value)
    decimals = Decimals()

    def default(o):
        if isinstance(o, bytes):
            return o.decode()
        if type(o).__name__ == "Decimal":
            return float("nan") if o.is_nan() else decimals.token(o)
        raise TypeError("Object of type " + type(o).__name__ + " is not JSON serializable")

    return decimals.restore(json.dumps(value, ensure_ascii=ASCII, default=default)).encode("utf-8", "surrogatepass")


PLAIN = json.JSONEncoder(ensure_ascii=ASCII).encode


def marshal(value):
    try:
        try:
            if not isinstance(value, bytes):
                return PLAIN(value).encode()
        except (TypeError, UnicodeEncodeError):
            pass
        if hasattr(value, "read"):
            return value.read()
        return to_json(value)
    except Exception as e:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: " + str(e)) from e


def from_bytes(value):
    """Bytes that are JSON stand for themselves, others for the text they hold."""
    try:
        json.loads(value)
        return value
    except ValueError:
        return json.dumps(value.decode(), ensure_ascii=ASCII).encode()


def shown(path):
    if SHOWN_ROOT and path.startswith(ROOT):
        return SHOWN_ROOT + path[len(ROOT):]
    return path


def error_payload(kind, message, trace, request_id):
    log_error(kind, message, trace)
    return to_json({"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace})


def fault_payload(fault, request_id):
    return error_payload(fault.kind, fault.message, fault.trace, request_id)


def exception_payload(e, request_id):
    import traceback

    frames = traceback.extract_tb(e.__traceback__)
    own = 0
    while own < len(frames) and frames[own].filename == __file__:
        own += 1
    frames = [(shown(f.filename), f.lineno, f.name, f.line) for f in (frames[own:] or frames)]
    return error_payload(type(e).__name__, str(e), traceback.format_list(frames), request_id)


def log_error(kind, message, trace):
    lines = ["[ERROR] " + (kind + ": " + message if message else kind)]
    if trace:
        lines.append("Traceback (most recent call last):")
        lines += [entry.rstrip("\n") for entry in trace]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def load(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName",
                    "Bad handler '" + name + "': not enough values to unpack (expected 2, got 1)")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict",
                    "Cannot use built-in module " + module_name + " as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as e:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '" + module_name + "': " + str(e)) from e
    except SyntaxError as e:
        trace = ['  File "%s" Line %s\n    %s' % (shown(e.filename or ""), e.lineno, e.text)]
        raise Fault("Runtime.UserCodeSyntaxError",
                    "Syntax error in module '" + module_name + "': " + str(e), trace) from e
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound",
                    "Handler '" + function_name + "' missing on module '" + module_name + "'") from None


def prepare_logging(current):
    """Gives the root logger AWS's format, if the handler uses logging at all."""
    logging = sys.modules.get("logging")
    if logging is None or logging.getLogger().handlers:
        return

    class RequestID(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current[0]
            return True

    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(RequestID())
    logging.getLogger().addHandler(handler)


def invoke(handler, headers, body, request_id):
    """The request that answers the event."""
    try:
        try:
            event = json.loads(body)
        except ValueError as e:
            raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: " + str(e)) from e
        result = handler(event, Context(headers))
        return post("invocation/" + request_id + "/response", marshal(result))
    except Fault as e:
        return post("invocation/" + request_id + "/error", fault_payload(e, request_id), e.kind)
    except Exception as e:
        return post("invocation/" + request_id + "/error", exception_payload(e, request_id), "Unhandled")


def main():
    sys.path[0] = ROOT  # the folder of this file is nobody's business
    connection = Connection()
    current = [""]
    try:
        handler = load(sys.argv[1])
    except Exception as e:
        payload = fault_payload(e, "") if isinstance(e, Fault) else exception_payload(e, "")
        kind = e.kind if isinstance(e, Fault) else "Runtime.Unknown"
        connection.send(post("init/error", payload, kind))
        connection.receive()
        sys.exit(1)
    prepare_logging(current)
    connection.send(NEXT)
    while True:
        headers, body = connection.event()
        request_id = current[0] = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        connection.send(invoke(handler, headers, body, request_id) + NEXT)


if __name__ == "__main__":
    main()
