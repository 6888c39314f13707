package service

import (
	"slices"
	"strings"
)

// LoggingConfiguration says which events of executions are logged and where to.
type LoggingConfiguration struct {
	Level                string `json:"level"` // ALL, ERROR, FATAL or OFF; "" is OFF
	IncludeExecutionData bool   `json:"data,omitempty"`
	// Destinations are ARNs of log groups. AWS shows an empty list when one was
	// given, and nothing when none was: nil.
	Destinations []LogDestination `json:"destinations,omitzero"`
}

// LogDestination is a log group.
type LogDestination struct {
	LogGroupARN *string `json:"group,omitempty"` // nil: not given, which is refused
}

func (c LoggingConfiguration) equal(d LoggingConfiguration) bool {
	return c.Level == d.Level && c.IncludeExecutionData == d.IncludeExecutionData &&
		slices.EqualFunc(c.Destinations, d.Destinations, func(a, b LogDestination) bool {
			return *a.LogGroupARN == *b.LogGroupARN
		})
}

// checkLogging returns the configuration with its defaults. given may be nil.
func checkLogging(given *LoggingConfiguration) (LoggingConfiguration, error) {
	if given == nil {
		return LoggingConfiguration{Level: "OFF"}, nil
	}
	c := *given
	if c.Level == "" {
		c.Level = "OFF"
	}
	if c.Level != "OFF" && len(c.Destinations) != 1 {
		return c, badLogging("Must specify exactly one Log Destination.")
	}
	for _, d := range c.Destinations {
		if err := checkLogGroup(d.LogGroupARN); err != nil {
			return c, err
		}
	}
	return c, nil
}

func checkLogGroup(arn *string) error {
	if arn == nil || *arn == "" {
		return badLogging("Must set valid CloudWatch Log Group ARN.")
	}
	parts := strings.SplitN(*arn, ":", 8)
	if len(parts) < 7 || parts[0] != "arn" || parts[2] != "logs" || parts[5] != "log-group" {
		return badLogging("Provided ARN is not CloudWatch Logs Log Group ARN.")
	}
	if len(parts) != 8 || parts[7] != "*" {
		return badLogging("Log Group ARN must be provided with '*' qualifier.")
	}
	return nil
}

func badLogging(why string) error {
	return refuse(InvalidLoggingConfiguration, "Invalid Logging Configuration: "+why)
}

// The types of EncryptionConfiguration.
const (
	AWSOwnedKey        = "AWS_OWNED_KEY"
	CustomerManagedKey = "CUSTOMER_MANAGED_KMS_KEY"
)

// EncryptionConfiguration says which key a resource is encrypted with. Pawl keeps
// and reports it; what it stores is as safe as its disk.
type EncryptionConfiguration struct {
	Type        string `json:"type"`
	KMSKeyID    string `json:"key,omitempty"`
	ReusePeriod int    `json:"reuse,omitempty"` // kmsDataKeyReusePeriodSeconds, 60 to 900; 0: not given
}

// defaultReusePeriod is how long, in seconds, AWS keeps a customer's data key.
const defaultReusePeriod = 300

// checkEncryption returns the configuration with its defaults. given may be nil.
func (s *Service) checkEncryption(given *EncryptionConfiguration) (EncryptionConfiguration, error) {
	if given == nil {
		return EncryptionConfiguration{Type: AWSOwnedKey}, nil
	}
	c := *given
	if c.Type == AWSOwnedKey {
		if c.KMSKeyID != "" {
			return c, badEncryption("Custom kmsKeyId is not allowed when selecting AWS_OWNED_KEY.")
		}
		if c.ReusePeriod != 0 {
			return c, badEncryption("Custom kmsDataKeyReusePeriodSeconds is not allowed when selecting AWS_OWNED_KEY.")
		}
		return c, nil
	}
	if c.KMSKeyID == "" {
		return c, badEncryption("Must set a valid kmsKeyId.")
	}
	if parts := strings.SplitN(c.KMSKeyID, ":", 6); parts[0] == "arn" {
		if len(parts) < 6 || parts[2] != "kms" {
			return c, badEncryption("Must set a valid kmsKeyId.")
		}
		if parts[3] != s.config.Region {
			return c, badEncryption("Invalid arn " + parts[3])
		}
	}
	if c.ReusePeriod == 0 {
		c.ReusePeriod = defaultReusePeriod
	}
	return c, nil
}

func badEncryption(why string) error {
	return refuse(InvalidEncryptionConfiguration, "Invalid Encryption Configuration: "+why)
}
