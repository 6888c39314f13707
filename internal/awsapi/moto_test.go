package awsapi

import (
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"pawl.dev/value"
)

// motoURL starts a server that stands in for AWS's services, for one test.
func motoURL(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a server")
	}
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed (pip install 'moto[server]')")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), program, "-H", host, "-p", port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill() // its end is all that is wanted
		_ = server.Wait()
	})
	url := "http://" + net.JoinHostPort(host, port)
	ready := time.NewTicker(50 * time.Millisecond)
	defer ready.Stop()
	for range 400 {
		if resp, err := http.Get(url + "/moto-api/"); err == nil { //nolint:noctx // a test's own server
			_ = resp.Body.Close()
			return url
		}
		<-ready.C
	}
	t.Skip("moto_server does not start")
	return ""
}

// TestCall_moto makes real exchanges with every kind of protocol.
func TestCall_moto(t *testing.T) {
	t.Parallel()
	url := motoURL(t)
	endpoints := make(map[string]string)
	for _, name := range []string{"sqs", "sns", "dynamodb", "s3", "eventbridge", "secretsmanager", "ec2", "kms"} {
		endpoints[name] = url
	}
	c, err := Open(t.Context(), Config{
		Region: "us-east-1", Endpoints: endpoints, Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	do := func(name, input string) value.Value {
		t.Helper()
		text, err := call(t, c, name, input)
		if err != nil {
			t.Fatalf("%s %s: %v", name, input, err)
		}
		v, err := value.Parse(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := func(v value.Value, path, want string) {
		t.Helper()
		for _, name := range strings.Split(path, "/") {
			if v.Is(value.Array) {
				v = v.At(0)
			}
			v = v.Member(name)
		}
		if got := TextOf(v); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}

	queue := do("sqs:createQueue", `{"QueueName":"q"}`).Member("QueueUrl").JSON()
	do("sqs:sendMessage", `{"QueueUrl":`+queue+`,"MessageBody":{"a":1},"MessageAttributes":{"n":{"DataType":"Number","StringValue":7}}}`)
	got := do("sqs:receiveMessage", `{"QueueUrl":`+queue+`,"MessageAttributeNames":["All"]}`)
	want(got, "Messages/Body", `{"a":1}`)
	want(got, "Messages/MessageAttributes/n/StringValue", "7")

	topic := do("sns:createTopic", `{"Name":"t","Tags":[{"Key":"k","Value":"v"}]}`).Member("TopicArn").JSON()
	want(do("sns:listTagsForResource", `{"ResourceArn":`+topic+`}`), "Tags/Value", "v")
	want(do("sns:listTopics", `{}`), "Topics/TopicArn", strings.Trim(topic, `"`))

	do("dynamodb:createTable", `{"TableName":"t","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`)
	do("dynamodb:putItem", `{"TableName":"t","Item":{"id":{"S":"a"},"m":{"M":{"x":{"BOOL":true},"y":{"NULL":true}}}}}`)
	want(do("dynamodb:query", `{"TableName":"t","KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"a"}}}`), "Items/m/M/y/Nul", "true")

	do("s3:createBucket", `{"Bucket":"bucket"}`)
	do("s3:putObject", `{"Bucket":"bucket","Key":"a b/é","Body":{"x":[1]},"Metadata":{"owner":"me"}}`)
	object := do("s3:getObject", `{"Bucket":"bucket","Key":"a b/é"}`)
	want(object, "Body", `{"x":[1]}`)
	want(object, "Metadata/owner", "me")
	want(do("s3:listObjectsV2", `{"Bucket":"bucket"}`), "Contents/Key", "a b/é")
	do("s3:deleteObjects", `{"Bucket":"bucket","Delete":{"Objects":[{"Key":"a b/é"}]}}`)
	want(do("s3:listObjectsV2", `{"Bucket":"bucket"}`), "KeyCount", "0")

	do("secretsmanager:createSecret", `{"Name":"s","SecretString":{"password":"x"}}`)
	want(do("secretsmanager:getSecretValue", `{"SecretId":"s"}`), "SecretString", `{"password":"x"}`)
	want(do("eventbridge:putEvents", `{"Entries":[{"Source":"s","DetailType":"d","Detail":{}}]}`), "FailedEntryCount", "0")
	want(do("ec2:describeAvailabilityZones", `{"Filters":[{"Name":"zone-name","Values":["us-east-1b"]}]}`), "AvailabilityZones/ZoneName", "us-east-1b")

	key := do("kms:createKey", `{}`).Member("KeyMetadata").Member("KeyId").JSON()
	sealed := do("kms:encrypt", `{"KeyId":`+key+`,"Plaintext":"secret"}`).Member("CiphertextBlob")
	if sealed.Str() == "" {
		t.Error("nothing was encrypted")
	}
}
