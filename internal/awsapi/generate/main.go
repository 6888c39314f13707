// Command generate writes the table of AWS service models that internal/awsapi
// embeds, from the service descriptions in a copy of botocore:
//
//	go run ./internal/awsapi/generate -data BOTOCORE/data -o internal/awsapi/models.bin
//
// It is run by hand when AWS has new services. The same copy of botocore gives
// the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pawl.dev/internal/awsapi/model"
)

func main() {
	data := flag.String("data", "", "botocore's data directory")
	out := flag.String("o", "models.bin", "file to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	newest, err := newestModels(data)
	if err != nil {
		return err
	}
	partitions, err := readPartitions(filepath.Join(data, "partitions.json"))
	if err != nil {
		return err
	}
	var services []*model.Service
	operations, shapes, exceptions := 0, 0, 0
	source := make(map[string]string) // by Step Functions' name
	for _, dir := range newest {
		s, err := readService(dir, partitions)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		name := model.StepFunctionsName(s.ID)
		if first := source[name]; first != "" {
			// botocore keeps a service's old name beside the new one.
			fmt.Printf("%s is another name of %s\n", s.Source, first)
			continue
		}
		source[name] = s.Source
		services = append(services, s)
		operations += len(s.Operations)
		shapes += len(s.Shapes)
		exceptions += min(len(s.Endpoints), 1)
	}
	table, err := model.AppendTable(nil, services)
	if err != nil {
		return err
	}
	fmt.Printf("%d services (%d with endpoints of their own), %d operations, %d shapes, %d bytes\n",
		len(services), exceptions, operations, shapes, len(table))
	return os.WriteFile(out, table, 0o644) //nolint:gosec // part of the source
}

// newestModels returns the directory of the newest version of each service.
func newestModels(data string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(data, "*", "*", "service-2.json.gz"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no models in %q; give botocore's data directory with -data", data)
	}
	slices.Sort(files) // versions are dates
	newest := make(map[string]string)
	var order []string
	for _, f := range files {
		version := filepath.Dir(f)
		service := filepath.Base(filepath.Dir(version))
		if newest[service] == "" {
			order = append(order, service)
		}
		newest[service] = version
	}
	dirs := make([]string, 0, len(order))
	for _, service := range order {
		dirs = append(dirs, newest[service])
	}
	return dirs, nil
}

func readService(dir string, partitions []partition) (*model.Service, error) {
	var from botoService
	if err := readGzip(filepath.Join(dir, "service-2.json.gz"), &from); err != nil {
		return nil, err
	}
	s, err := convert(filepath.Base(filepath.Dir(dir)), &from)
	if err != nil {
		return nil, err
	}
	rulesFile := filepath.Join(dir, "endpoint-rule-set-1.json.gz")
	if _, err := os.Stat(rulesFile); err != nil {
		return s, nil // a service without rules is where most are
	}
	var rules ruleSet
	if err := readGzip(rulesFile, &rules); err != nil {
		return nil, err
	}
	s.Endpoints = endpointExceptions(s.EndpointPrefix, &rules, partitions)
	return s, nil
}
