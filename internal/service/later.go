package service

// RedriveExecution is not here yet: the host cannot redrive. It answers
// UnsupportedOperation.
func (s *Service) RedriveExecution() error { return unsupported("RedriveExecution") }

func unsupported(operation string) error {
	return refuse(UnsupportedOperation, "Pawl does not support "+operation+" yet.")
}
