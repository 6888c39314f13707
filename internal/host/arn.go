package host

import "pawl.dev/internal/store"

// arnPrefix is "arn:aws:states:REGION:ACCOUNT:".
func (h *Host) arnPrefix() string {
	return "arn:aws:states:" + h.config.Region + ":" + h.config.Account + ":"
}

func labelled(machine, label string) string {
	if label == "" {
		return machine
	}
	return machine + "/" + label
}

// executionARN is the ARN of an execution: name is "name:uuid" for Express.
func (h *Host) executionARN(machine, label, name string, express bool) string {
	kind := "execution:"
	if express {
		kind = "express:"
	}
	return h.arnPrefix() + kind + labelled(machine, label) + ":" + name
}

func (h *Host) stateMachineARN(machine, label string) string {
	return h.arnPrefix() + "stateMachine:" + labelled(machine, label)
}

func (h *Host) mapRunARN(s *store.Summary) string {
	return h.arnPrefix() + "mapRun:" + labelled(s.Machine, s.Label) + ":" + s.Name
}
