package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"

	"pawl.dev/internal/awsapi/model"
)

// sampleRegions are the regions, by partition, for which endpoints are asked; the
// first that the rules know counts. us-east-1 comes last because it is special.
var sampleRegions = map[string][]string{
	"aws":        {"eu-west-1", "us-east-1"},
	"aws-cn":     {"cn-north-1"},
	"aws-us-gov": {"us-gov-west-1"},
}

// partition is a group of regions with a domain of their own.
type partition struct {
	ID          string
	Outputs     map[string]any
	RegionRegex string
	Regions     map[string]any
	pattern     *regexp.Regexp
}

func readPartitions(name string) ([]partition, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct{ Partitions []partition }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	for i := range file.Partitions {
		p := &file.Partitions[i]
		if p.pattern, err = regexp.Compile(p.RegionRegex); err != nil {
			return nil, err
		}
	}
	return file.Partitions, nil
}

// endpointExceptions asks the rules for a service's endpoints and returns those
// that are not https://{prefix}.{region}.{suffix}.
func endpointExceptions(prefix string, rules *ruleSet, partitions []partition) []model.Endpoint {
	var found []model.Endpoint
	for _, p := range partitions {
		for _, region := range sampleRegions[p.ID] {
			e := evaluation{partitions: partitions}
			answer, ok := e.resolve(rules, region)
			if !ok {
				continue // the rules want more than a region, or have nothing there
			}
			suffix, _ := p.Outputs["dnsSuffix"].(string)
			host := strings.TrimSuffix(strings.TrimPrefix(answer.url, "https://"), "/")
			usual := host == prefix+"."+region+"."+suffix && (answer.signingRegion == "" || answer.signingRegion == region)
			if usual {
				break
			}
			x := model.Endpoint{Partition: p.ID, Host: strings.ReplaceAll(host, region, "{region}")}
			if answer.signingRegion != region {
				x.SigningRegion = answer.signingRegion
			}
			// A global endpoint lies in the region that its name may hide.
			if x.SigningRegion == "" && !strings.Contains(x.Host, "{region}") {
				x.SigningRegion, _ = p.Outputs["implicitGlobalRegion"].(string)
			}
			found = append(found, x)
			break
		}
	}
	return found
}
