package function

import (
	"slices"
	"strconv"
	"strings"
)

// runtimes is AWS's list of September 2026. Only those of runnable have a
// bootstrap here; the others are accepted when the code brings its own.
var runtimes = []string{
	"nodejs20.x", "nodejs22.x", "nodejs24.x",
	"python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
	"java8.al2", "java11", "java17", "java21", "java25",
	"dotnet8", "dotnet10", "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0",
	"provided.al2", "provided.al2023",
}

// retired runtimes get a text of their own.
var retired = []string{
	"go1.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "python2.7", "python3.6", "python3.7",
	"python3.8", "python3.9", "ruby2.5", "ruby2.7", "java8", "dotnetcore3.1", "dotnet6", "provided",
}

// reserved variables cannot be set by a function. Source: Lambda guide,
// "Defined runtime environment variables".
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

// apply lays the settings over a configuration and checks the result.
func (s *Settings) apply(c *Configuration) error {
	if s.Description != nil {
		c.Description = *s.Description
	}
	if s.Environment != nil {
		if err := checkEnvironment(s.Environment.Variables); err != nil {
			return err
		}
		c.Environment = s.Environment
	}
	if s.EphemeralStorage != nil {
		if err := checkRange(s.EphemeralStorage.Size, "ephemeralStorage.size", defaultStorage, maxStorage); err != nil {
			return err
		}
		c.EphemeralStorage = *s.EphemeralStorage
	}
	if s.MemorySize != nil {
		if err := checkRange(*s.MemorySize, "memorySize", defaultMemory, maxMemory); err != nil {
			return err
		}
		c.MemorySize = *s.MemorySize
	}
	if s.Timeout != nil {
		if err := checkRange(*s.Timeout, "timeout", 1, maxTimeout); err != nil {
			return err
		}
		c.Timeout = *s.Timeout
	}
	if s.LoggingConfig != nil {
		c.LoggingConfig = *s.LoggingConfig
		c.LoggingConfig.LogFormat = or(c.LoggingConfig.LogFormat, "Text")
		c.LoggingConfig.LogGroup = or(c.LoggingConfig.LogGroup, "/aws/lambda/"+c.FunctionName)
	}
	if s.TracingConfig != nil {
		c.TracingConfig = *s.TracingConfig
	}
	c.Handler, c.Role, c.Runtime = or(s.Handler, c.Handler), or(s.Role, c.Role), or(s.Runtime, c.Runtime)
	return checkRuntime(s.Runtime)
}

func checkRuntime(name string) error {
	switch {
	case name == "" || slices.Contains(runtimes, name):
		return nil
	case slices.Contains(retired, name):
		return errorInvalid("The runtime parameter of %s is no longer supported for creating or updating AWS Lambda functions. "+
			"We recommend you use a supported runtime while creating or updating functions.", name)
	}
	return errorInvalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [%s] or be a valid ARN",
		name, strings.Join(runtimes, ", "))
}

func checkRange(value int, field string, low, high int) error {
	v := strconv.Itoa(value)
	if value < low {
		return errorValidation(v, field, "Member must have value greater than or equal to "+strconv.Itoa(low))
	}
	if value > high {
		return errorValidation(v, field, "Member must have value less than or equal to "+strconv.Itoa(high))
	}
	return nil
}

func checkEnvironment(variables map[string]string) error {
	size := 0
	var forbidden []string
	for name, value := range variables {
		size += len(name) + len(value)
		if slices.Contains(reserved, name) {
			forbidden = append(forbidden, name)
		}
		if !validName(name) || strings.Contains(name, "-") || len(name) < 2 || strings.IndexByte("0123456789_", name[0]) >= 0 {
			return errorInvalid("1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: "+
				"Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+] (%s)", name)
		}
		if strings.IndexByte(value, 0) >= 0 {
			return errorInvalid("The environment variable %s holds a NUL character.", name)
		}
	}
	if len(forbidden) > 0 {
		slices.Sort(forbidden)
		return errorInvalid("Lambda was unable to configure your environment variables because the environment variables you have "+
			"provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s",
			strings.Join(forbidden, ", "))
	}
	if size > maxEnvironmentBytes {
		return errorInvalid("Lambda was unable to configure your environment variables because the environment variables you have "+
			"provided exceeded the 4KB limit. String measured: %d", size)
	}
	return nil
}
