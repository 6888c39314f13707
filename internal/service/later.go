package service

// RedriveExecution is not here yet: the host cannot redrive. It answers
// UnsupportedOperation.
func (s *Service) RedriveExecution() error { return unsupported("RedriveExecution") }

// TestState is not here yet. It answers UnsupportedOperation.
func (s *Service) TestState() error { return unsupported("TestState") }

func unsupported(operation string) error {
	return refuse(UnsupportedOperation, "Pawl does not support "+operation+" yet.")
}
