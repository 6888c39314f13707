package lambda
import ("testing";"net/http";"net/http/httptest";"os";"os/exec";"fmt";"pawl.dev/internal/function")
func TestScratch(t *testing.T) {
	fs, _ := function.Open(function.Config{Dir: t.TempDir()})
	defer fs.Close()
	h := New(fs)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request){ fmt.Println("REQ", r.Method, r.URL.String()); h.ServeHTTP(w, r) }))
	defer srv.Close()
	d := t.TempDir()
	os.WriteFile(d+"/f.zip", zipOf(t, "handler.py", "def handler(e,c): return e"), 0o644)
	os.WriteFile(d+"/main.tf", []byte(`
terraform { required_providers { aws = { source = "hashicorp/aws" } } }
provider "aws" {
  region = "us-east-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "x"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
  skip_region_validation = true
  endpoints { lambda = "`+srv.URL+`" }
}
resource "aws_lambda_function" "f" {
  function_name = "tf"
  role = "arn:aws:iam::123456789012:role/r"
  handler = "handler.handler"
  runtime = "python3.12"
  filename = "f.zip"
  source_code_hash = filebase64sha256("f.zip")
  environment { variables = { FOO = "bar" } }
  tags = { a = "b" }
}
`), 0o644)
	for _, a := range [][]string{{"init","-plugin-dir=/opt/tf-plugins"},{"apply","-auto-approve"},{"plan","-detailed-exitcode"},{"destroy","-auto-approve"}} {
		c := exec.CommandContext(t.Context(), "terraform", append(a, "-no-color")...)
		c.Dir = d; c.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE=/dev/null")
		o, err := c.CombinedOutput(); if len(o) > 2500 { o = o[len(o)-2500:] }
		fmt.Println(a, err, string(o))
	}
}
