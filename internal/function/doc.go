// Package function runs AWS Lambda style functions as local processes.
//
// A function is a zip uploaded through the Lambda API, a folder of files, or a
// command named by the program. Its processes speak the Lambda Runtime API
// with the server over loopback, stay warm in a pool that grows to the
// concurrency asked for, and are killed with the server.
//
// The package must not know about state machines, HTTP skins or the engine:
// package api/lambda puts the REST API in front of it, the lambda task calls
// it. It imports nothing of Pawl.
//
// Invariants:
//   - F1: an instance (one process) handles one invocation at a time.
//   - F2: every invocation that Submit accepted is answered exactly once, also
//     when the process dies, hangs or the service closes.
//   - F3: no process outlives the service; on Linux not even a kill -9 of it.
//   - F4: a handler's failure is data in the Response, never a Go error.
//
// Locks are taken in this order: Service.changes, entry.mu, Service.mu; and pool.mu,
// starter.mu; output.mu, functionLog.mu last.
// No callback of a caller runs under any of them.
package function
