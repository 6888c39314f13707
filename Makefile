# Everything that is done to this repository. No target is needed to use it:
# go build, go run and go test work by themselves.

GO ?= go
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT ?= $(shell command -v golangci-lint 2>/dev/null || echo $(TOOLS)/golangci-lint)
TOOLS := $(CURDIR)/.tools
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# Of single targets: make sim SEED=7, make fuzz FUZZTIME=1m, make bench BENCH=Commit PKG=./internal/store/...
SEED ?=
SEEDS ?= 20000
FUZZTIME ?= 10s
BENCH ?= .
PKG ?= ./...
FILES ?= 500000

.DEFAULT_GOAL := help
.PHONY: help build test test-all race lint fmt fmt-check check bench bench-demo fuzz sim conformance clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build ./pawl, a static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o pawl ./cmd/pawl

test: ## run the tests
	$(GO) test ./...

test-all: ## run the tests and the slow ones (PAWL_SLOW=1, many more simulated seeds)
	PAWL_SLOW=1 $(GO) test -timeout 20m ./...
	$(GO) test ./internal/sim -timeout 20m -run Sim -sim.n $(SEEDS)

race: ## run the tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 30m $(PKG)

fmt: ## format the source
	gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go')

fmt-check:
	@out=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi

lint: fmt-check $(GOLANGCI_LINT) ## gofmt, go vet and golangci-lint
	$(GO) vet ./...
	$(GOLANGCI_LINT) run ./...

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

check: ## run what continuous integration runs
	.ci/run

bench: ## run the benchmarks (BENCH=pattern PKG=packages)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 60m $(PKG)

bench-demo: ## run the main job on FILES=500000 files, in a directory of its own
	$(GO) run ./cmd/pawl demo --files $(FILES) --data "$$(mktemp -d)"

fuzz: ## run every fuzz target for FUZZTIME=10s
	@$(GO) list -f '{{.ImportPath}} {{.Dir}}' $(PKG) | while read -r package dir; do \
	  for name in $$(grep -ohE '^func Fuzz[A-Za-z0-9_]+' "$$dir"/*_test.go 2>/dev/null | cut -c6-); do \
	    echo "$$package $$name"; \
	    $(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

sim: ## simulate storms: SEEDS=20000 seeds, or SEED=n to repeat one
	$(GO) test ./internal/sim -v -count=1 -timeout 60m -run Sim $(if $(SEED),-seed $(SEED),-sim.n $(SEEDS))

conformance: ## judge a server by recordings of AWS (CONFORMANCE=directory of the kit)
	.ci/conformance

clean: ## remove what the targets make
	rm -rf pawl $(TOOLS)
