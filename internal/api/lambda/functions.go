package lambda

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"pawl.dev/internal/function"
)

// code is the part of a request that brings a package.
type code struct {
	ZipFile  []byte
	S3Bucket string
	ImageUri string
}

func (k *code) check() error {
	switch {
	case k.S3Bucket != "":
		return refuse(http.StatusBadRequest, "InvalidParameterValueException", "Code from S3 is not supported here; send ZipFile.")
	case k.ImageUri != "":
		return refuse(http.StatusBadRequest, "InvalidParameterValueException", "Container images are not supported here; send ZipFile.")
	case len(k.ZipFile) == 0:
		return refuse(http.StatusBadRequest, "InvalidParameterValueException", "Please provide a source for function code.")
	}
	return nil
}

func (c *call) create() error {
	var in struct {
		function.Settings
		FunctionName, PackageType string
		Architectures             []string
		Tags                      map[string]string
		Code                      code
	}
	if err := c.read(&in, "CreateFunction"); err != nil {
		return err
	}
	if err := c.may("CreateFunction", in.FunctionName); err != nil {
		return err
	}
	if err := in.Code.check(); err != nil {
		return err
	}
	conf, err := c.functions.Create(function.CreateInput{
		Settings: in.Settings, FunctionName: in.FunctionName, ZipFile: in.Code.ZipFile,
		PackageType: in.PackageType, Architectures: in.Architectures, Tags: in.Tags,
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusCreated, conf)
}

func (c *call) updateCode(name string) error {
	var in struct {
		code
		Architectures []string
		DryRun        bool
		RevisionId    string
	}
	if err := c.read(&in, "UpdateFunctionCode"); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	conf, err := c.functions.UpdateCode(function.UpdateCodeInput{
		FunctionName: name, ZipFile: in.ZipFile, Architectures: in.Architectures, RevisionID: in.RevisionId, DryRun: in.DryRun,
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, conf)
}

func (c *call) updateConfiguration(name string) error {
	var in struct {
		function.Settings
		RevisionId string
	}
	if err := c.read(&in, "UpdateFunctionConfiguration"); err != nil {
		return err
	}
	conf, err := c.functions.UpdateConfiguration(function.UpdateConfigurationInput{
		Settings: in.Settings, FunctionName: name, RevisionID: in.RevisionId,
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, conf)
}

func (c *call) get(name string) error {
	d, err := c.functions.Function(name, c.query("Qualifier"))
	if err != nil {
		return err
	}
	location := d.Declared
	if location == "" {
		scheme := "http"
		if c.r.TLS != nil {
			scheme = "https"
		}
		location = scheme + "://" + c.r.Host + "/2015-03-31/functions/" + url.PathEscape(d.Configuration.FunctionName) + "/code"
	}
	body := map[string]any{
		"Configuration": d.Configuration,
		"Code":          map[string]string{"RepositoryType": "S3", "Location": location},
	}
	if len(d.Tags) > 0 {
		body["Tags"] = d.Tags
	}
	return c.answer(http.StatusOK, body)
}

func (c *call) getConfiguration(name string) error {
	d, err := c.functions.Function(name, c.query("Qualifier"))
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, d.Configuration)
}

// download serves the zip that GetFunction's Location names.
func (c *call) download(name string) error {
	b, err := c.functions.CodeZip(name)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/zip")
	_, _ = c.w.Write(b) // the client went away
	return nil
}

func (c *call) list() error {
	if err := c.mayList("ListFunctions"); err != nil {
		return err
	}
	limit := 0
	if text := c.query("MaxItems"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return refuse(http.StatusBadRequest, "InvalidParameterValueException", "MaxItems must be a number from 1 to 10000.")
		}
		limit = n
	}
	page, marker, err := c.functions.List(c.query("Marker"), limit)
	if err != nil {
		return err
	}
	body := map[string]any{"Functions": page}
	if marker != "" {
		body["NextMarker"] = marker
	}
	return c.answer(http.StatusOK, body)
}

func (c *call) delete(name string) error {
	if err := c.functions.Delete(name, c.query("Qualifier")); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// versions knows $LATEST alone.
func (c *call) versions(name string) error {
	d, err := c.functions.Function(name, "$LATEST")
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]any{"Versions": []any{d.Configuration}})
}

// none answers what every function has none of.
func (c *call) none(name string, body any) error {
	if _, err := c.functions.Function(name, ""); err != nil {
		return err
	}
	return c.answer(http.StatusOK, body)
}

func (c *call) tags(arn string) error {
	switch c.r.Method {
	case http.MethodGet:
		d, err := c.functions.Function(arn, "")
		if err != nil {
			return err
		}
		tags := d.Tags
		if tags == nil {
			tags = map[string]string{}
		}
		return c.answer(http.StatusOK, map[string]any{"Tags": tags})
	case http.MethodPost:
		var in struct{ Tags map[string]string }
		if err := c.read(&in, "TagResource"); err != nil {
			return err
		}
		return c.tagged(c.functions.SetTags(arn, in.Tags, nil))
	case http.MethodDelete:
		return c.tagged(c.functions.SetTags(arn, nil, c.r.URL.Query()["tagKeys"]))
	}
	return errUnknown
}

func (c *call) tagged(err error) error {
	if err == nil {
		c.w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

// read decodes a JSON body. Members that are not known are ignored: tools send
// many that change nothing here.
func (c *call) read(into any, operation string) error {
	b, err := c.body(maxBodyBytes, operation)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return refuse(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json: "+err.Error())
	}
	return nil
}

func (c *call) body(limit int64, operation string) ([]byte, error) {
	b, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		name := "RequestEntityTooLargeException"
		if operation == "InvokeFunction" {
			name = "RequestTooLargeException"
		}
		return nil, refuse(http.StatusRequestEntityTooLarge, name,
			fmt.Sprintf("Request must be smaller than %d bytes for the %s operation", limit, operation))
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "InvalidRequestContentException", "Could not read the request body.")
	}
	return b, nil
}

func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
