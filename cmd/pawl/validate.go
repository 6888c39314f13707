package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pawl.dev/asl"
)

func newValidate() *cobra.Command {
	var kind, output string
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Say what is wrong with definitions",
		Long: `Say everything that is wrong with definitions, as AWS would, without running them.

One finding is one line, FILE:LINE: ERROR CODE: text at /States/A/Next, on
standard output. Files called .yaml or .yml are read as YAML; "-" is standard input.

Exit status: 0 without errors (warnings are none), 1 with errors, 2 when the
command itself is wrong.`,
		Example: `  pawl validate order.asl.json
  pawl validate --type express *.asl.json *.asl.yaml
  pawl validate --output json order.asl.json | jq -r '.[].findings[].message'
  cdk synth | jq … | pawl validate -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("name the files to validate, such as: pawl validate order.asl.json (or - for standard input)")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error {
			machine, err := parseMachineType(kind)
			if err != nil {
				return err
			}
			asJSON, err := parseOutput(output)
			if err != nil {
				return err
			}
			return validate(cmd.InOrStdin(), cmd.OutOrStdout(), files, machine, asJSON)
		},
	}
	cmd.Flags().StringVar(&kind, "type", "standard", "type of the state machines: standard or express")
	outputFlag(cmd, &output)
	return cmd
}

// validation is what is said of one file.
type validation struct {
	File     string    `json:"file"`
	OK       bool      `json:"ok"`
	Findings []finding `json:"findings"`
}

func validate(stdin io.Reader, out io.Writer, files []string, kind asl.MachineType, asJSON bool) error {
	results := make([]validation, 0, len(files))
	failed := false
	for _, path := range files {
		d, err := readDefinition(path, stdin)
		if err != nil {
			return &statusError{exitMisuse, err}
		}
		program, findings := d.compile(kind)
		failed = failed || program == nil
		results = append(results, validation{path, program != nil, findings})
	}
	if err := printValidations(out, results, asJSON); err != nil {
		return err
	}
	if failed {
		return exitError(exitFailed)
	}
	return nil
}

func printValidations(out io.Writer, results []validation, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(results)
	}
	for _, r := range results {
		for _, f := range r.Findings {
			f.print(out, r.File)
		}
		if len(r.Findings) == 0 {
			if _, err := fmt.Fprintf(out, "%s: ok\n", r.File); err != nil {
				return err
			}
		}
	}
	return nil
}

func parseMachineType(text string) (asl.MachineType, error) {
	switch text {
	case "standard", "STANDARD":
		return asl.Standard, nil
	case "express", "EXPRESS":
		return asl.Express, nil
	}
	return 0, misuse("--type %s: use standard or express", text)
}
