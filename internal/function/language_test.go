package function

import (
	"strings"
	"testing"
)

// The formats are those that AWS's own runtimes send; see the texts in the
// Lambda guide and in recorded histories.
func TestPython_answersAsAWS(t *testing.T) {
	t.Parallel()
	needPython(t)
	s := openService(t, Config{})
	tests := []struct {
		name, source, event string
		failed              bool
		want                string
	}{
		{"none", "def handler(e, c): pass", `{}`, false, `null`},
		{"separators", "def handler(e, c): return {'a': [1, 2], 'b': None, 'c': True}", `{}`, false, `{"a": [1, 2], "b": null, "c": true}`},
		{"numbers keep their kind", "def handler(e, c): return [e['i'], e['f'], 1e100]", `{"i": 1, "f": 1.0}`, false, `[1, 1.0, 1e+100]`},
		{"text as it is", "def handler(e, c): return 'ü€😀'", `{}`, false, `"ü€😀"`},
		{"bytes of JSON", `def handler(e, c): return b'"text"'`, `{}`, false, `"text"`},
		{"other bytes", "def handler(e, c): return [b'text', {'k': b'v'}]", `{}`, false, `["text", {"k": "v"}]`},
		{"decimal", "import decimal\ndef handler(e, c): return {'d': decimal.Decimal('1.10')}", `{}`, false, `{"d": 1.10}`},
		{"context", "def handler(e, c): return [c.function_name, c.function_version, c.memory_limit_in_mb, c.log_group_name, c.invoked_function_arn, 0 < c.get_remaining_time_in_millis() <= 20000, c.client_context, c.identity.cognito_identity_id]", `{}`, false,
			`["context", "$LATEST", "128", "/aws/lambda/context", "arn:aws:lambda:us-east-1:123456789012:function:context", true, null, null]`},
		{"exception", "def handler(e, c):\n    raise Exception(\"Some exception was raised.\")\n", `{}`, true,
			`{"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": "ID", "stackTrace": ["  File \"/var/task/handler.py\", line 2, in handler\n    raise Exception(\"Some exception was raised.\")\n"]}`},
		{"own exception", "class Custom(Exception):\n    pass\ndef f():\n    raise Custom()\ndef handler(e, c):\n    f()\n", `{}`, true,
			`{"errorMessage": "", "errorType": "Custom", "requestId": "ID", "stackTrace": ["  File \"/var/task/handler.py\", line 6, in handler\n    f()\n", "  File \"/var/task/handler.py\", line 4, in f\n    raise Custom()\n"]}`},
		{"not serializable", "def handler(e, c): return {1, 2}", `{}`, true,
			`{"errorMessage": "Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError", "requestId": "ID", "stackTrace": []}`},
		{"not JSON", "def handler(e, c): return e", `{`, true,
			`{"errorMessage": "Unable to unmarshal input: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", "errorType": "Runtime.UnmarshalError", "requestId": "ID", "stackTrace": []}`},
		{"missing module", "import nowhere\ndef handler(e, c): pass", `{}`, true,
			`{"errorMessage": "Unable to import module 'handler': No module named 'nowhere'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}`},
		{"missing handler", "x = 1", `{}`, true,
			`{"errorMessage": "Handler 'handler' missing on module 'handler'", "errorType": "Runtime.HandlerNotFound", "requestId": "", "stackTrace": []}`},
		{"failing module", "raise ValueError('early')", `{}`, true, ``},
		{"syntax", "def handler(e, c:\n", `{}`, true, ``},
		{"exit", "import sys\ndef handler(e, c): sys.exit(4)", `{}`, true,
			`{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 4"}`},
		{"own folder", "import os\ndef handler(e, c): return [os.getcwd() == os.environ['LAMBDA_TASK_ROOT'], os.environ['AWS_EXECUTION_ENV'], os.environ['_HANDLER'], os.environ['TZ'], 'GOPATH' in os.environ]", `{}`, false,
			`[true, "AWS_Lambda_python3.12", "handler.handler", ":UTC", false]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := strings.ReplaceAll(test.name, " ", "-")
			createPython(t, s, name, test.source)
			r := invoke(t, s, name, test.event)
			switch test.name {
			case "failing module":
				if !strings.HasPrefix(string(r.Payload), `{"errorMessage": "early", "errorType": "ValueError", "requestId": "", "stackTrace": [`) {
					t.Errorf("got %s", r.Payload)
				}
			case "syntax":
				if !strings.Contains(string(r.Payload), `"errorType": "Runtime.UserCodeSyntaxError"`) || !strings.Contains(string(r.Payload), `/var/task/handler.py\" Line 1`) {
					t.Errorf("got %s", r.Payload)
				}
			default:
				wantPayload(t, r, test.failed, test.want)
			}
			if err := s.Delete(name, ""); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPython_logs(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	createPython(t, s, "f", "import logging\nlog = logging.getLogger()\nlog.setLevel(logging.INFO)\n"+
		"def handler(e, c):\n    print('one')\n    log.info('two %s', 2)\n    print('three', end='')\n")
	for range 2 {
		r := invoke(t, s, "f", `{}`)
		tail := string(r.LogResult)
		one, two, three, end := strings.Index(tail, "one\n"), strings.Index(tail, "\t"+r.RequestID+"\ttwo 2\n"), strings.Index(tail, "three\n"), strings.Index(tail, "END ")
		if !strings.HasPrefix(tail, "START ") || one < 0 || two < one || three < two || end < three || !strings.Contains(tail, "[INFO]\t20") {
			t.Errorf("log is\n%s", tail)
		}
		lines, err := s.Logs("f", LogOptions{RequestID: r.RequestID})
		if err != nil || len(lines) != 6 {
			t.Errorf("lines of the invocation: %+v, %v", lines, err)
		}
	}
}

func TestNode_answersAsAWS(t *testing.T) {
	t.Parallel()
	needNode(t)
	s := openService(t, Config{})
	tests := []struct {
		name, source string
		failed       bool
		want         string
	}{
		{"async", "export const handler = async (e, c) => ({ a: [1, 2], f: c.functionName })", false, `{"a":[1,2],"f":"async"}`},
		{"undefined", "export const handler = async () => {}", false, `null`},
		{"callback", "export function handler(e, c, done) { setTimeout(() => done(null, 'later'), 5) }", false, `"later"`},
		{"callback error", "export function handler(e, c, done) { done(new Error('no')) }", true, ``},
		{"nothing left to do", "export function handler(e, c) { setTimeout(() => {}, 5) }", false, `null`},
		{"context done", "export function handler(e, c) { setTimeout(() => c.succeed(7), 5) }", false, `7`},
		{"error", "export const handler = async () => { throw new TypeError('bad') }", true, ``},
		{"text", "export const handler = async () => { throw 'text' }", true, `{"errorType":"string","errorMessage":"text","trace":[]}`},
		{"named", "export const handler = async () => { const e = new Error('m'); e.name = 'Own'; e.stack = 'Own: m'; throw e }", true,
			`{"errorType":"Own","errorMessage":"m","trace":["Own: m"]}`},
		{"no handler", "export const other = 1", true, ``},
		{"syntax", "export const handler = (", true, ``},
		{"exit", "export const handler = async () => { process.exit(3) }", true,
			`{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3"}`},
		{"uncaught", "export const handler = () => new Promise(() => { setTimeout(() => { throw new RangeError('far') }, 1) })", true, ``},
	}
	starts := map[string]string{
		"callback error": `{"errorType":"Error","errorMessage":"no","trace":["Error: no","    at handler (file:///var/task/index.mjs:1:`,
		"error":          `{"errorType":"TypeError","errorMessage":"bad","trace":["TypeError: bad","    at `,
		"no handler":     `{"errorType":"Runtime.HandlerNotFound","errorMessage":"index.handler is undefined or not exported","trace":["Runtime.HandlerNotFound: index.handler is`,
		"syntax":         `{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: Unexpected end of input","trace":[`,
		"uncaught":       `{"errorType":"RangeError","errorMessage":"far","trace":["RangeError: far",`,
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := strings.ReplaceAll(test.name, " ", "-")
			createNode(t, s, name, test.source)
			r := invoke(t, s, name, `{}`)
			if start := starts[test.name]; start != "" {
				if !strings.HasPrefix(string(r.Payload), start) || r.FunctionError == "" {
					t.Errorf("got %s", r.Payload)
				}
			} else {
				wantPayload(t, r, test.failed, test.want)
			}
			if err := s.Delete(name, ""); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNode_modules(t *testing.T) {
	t.Parallel()
	needNode(t)
	s := openService(t, Config{})
	create(t, s, "commonjs", "nodejs22.x", "src/app.run", "src/app.js", "const x = require('./x');\nexports.run = async () => x;\n", "src/x.js", "module.exports = 5;\n")
	wantPayload(t, invoke(t, s, "commonjs", `{}`), false, `5`)
	create(t, s, "missing", "nodejs22.x", "nowhere.handler", "index.mjs", "")
	r := invoke(t, s, "missing", `{}`)
	if !strings.HasPrefix(string(r.Payload), `{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'nowhere'\nRequire stack:\n- /var/task/`) {
		t.Errorf("got %s", r.Payload)
	}
	create(t, s, "console", "nodejs22.x", "index.handler", "index.mjs", "export const handler = async () => { console.warn('w %d', 1) }")
	r = invoke(t, s, "console", `{}`)
	if !strings.Contains(string(r.LogResult), "Z\t"+r.RequestID+"\tWARN\tw 1\n") {
		t.Errorf("log is\n%s", r.LogResult)
	}
}
