# All tasks of this project. `make` lists them.

.PHONY: help demo emulator test clients chaos soak bench fuzz corpus cargo-fuzz schema faults messages docs docs-check tools tools-all lint windows audit install binary dist release-check release-dry-run

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Show the provider in use: plan, apply, change and destroy against a local API
	@scripts/demo

emulator: ## Run the local API for your own configuration (LISTEN=127.0.0.1:8080), and print how to use it
	@scripts/emulator

# Many tests wait for a timeout of the provider, so more of them than there are processors run at the same time.
test: export RUST_TEST_THREADS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
test: ## Run all tests with each Terraform and OpenTofu that is installed (TF_CLIS=/path/a:/path/b adds others), then the protocol tests over TCP, as on Windows
	@command -v terraform >/dev/null || command -v tofu >/dev/null || [ -n "$$TF_CLIS" ] || $(MAKE) tools
	@rm -f target/skipped
	SKIPPED_TESTS=$(CURDIR)/target/skipped cargo test --locked --workspace; \
		status=$$?; [ ! -e target/skipped ] || sort target/skipped; exit $$status
	TF_PROVIDER_BINARY= TFPLUGIN_TRANSPORT=tcp cargo test --locked --test plugin --test protocol -- --skip soak::

# It builds with stable Rust too, without sanitizers, because all the fuzzed code is safe Rust.
FUZZ := RUSTC_BOOTSTRAP=1 cargo fuzz run --features libfuzzer --sanitizer none --target-dir target/fuzz
SECONDS ?= 60

fuzz: cargo-fuzz ## Fuzz the code that reads external input (TARGET=msgpack SECONDS=60); without TARGET, list the fuzzers
	@if [ -z "$(TARGET)" ]; then cargo fuzz list; else \
		mkdir -p target/fuzz/found/$(TARGET) && \
		$(FUZZ) $(TARGET) target/fuzz/found/$(TARGET) fuzz/corpus/$(TARGET) -- \
			-max_total_time=$(SECONDS) -timeout=20 -print_final_stats=1; \
	fi

corpus: cargo-fuzz ## Add messages of the protocol tests to fuzz/corpus if they reach more code
	RECORD_CORPUS=$(CURDIR)/target/fuzz/recorded cargo test --locked --test protocol
	@for recorded in target/fuzz/recorded/*; do \
		fuzzer=$${recorded##*/}; \
		$(FUZZ) $$fuzzer fuzz/corpus/$$fuzzer $$recorded -- -merge=1 -set_cover_merge=1 -use_counters=0 || exit 1; \
	done

cargo-fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'cargo-fuzz is not installed: cargo install --locked cargo-fuzz' >&2; exit 1; }

chaos: ## Create, change and destroy with random faults and `kill -9` for a long time (SEEDS=10 COUNT=500 MOMENTS=50)
	cargo test --locked --test acceptance -- --ignored --nocapture chaos:: killed::

clients: ## Use the provider with other people's tools, which are built from their packages (CLIENT=tflint: with one)
	@for client in tests/clients/$(or $(CLIENT),*).sh; do \
		echo "== $$client"; \
		$$client || exit 1; \
	done

soak: ## Run OPERATIONS=100000 operations in one process, and check its memory and open files
	cargo test --locked --test protocol -- --ignored --nocapture soak::

bench: ## Measure time, memory and requests, compared with Terraform's own terraform_data, for an hour or more (SECTIONS=start for less; see benches/README.md)
	@command -v terraform >/dev/null || command -v tofu >/dev/null || [ -n "$$TF_CLIS$$TF_CLI" ] || $(MAKE) tools
	@scripts/bench

schema: ## Write the provider's schema to tests/schema.json, after an intended change
	UPDATE_SCHEMA=1 cargo test --locked --test protocol schema

faults: ## Write the outcome of each fault to tests/faults.md, after an intended change
	UPDATE_FAULTS=1 cargo test --locked --test acceptance fault_matrix

messages: ## Write all texts that users can see to tests/messages.md, to review a change of them
	UPDATE_MESSAGES=1 cargo test --locked --test messages

docs: target/tools/tfplugindocs ## Write the registry's pages, docs/, from the schema, templates/ and examples/
	@scripts/docs

docs-check: target/tools/tfplugindocs ## Check that docs/ is what `make docs` writes and that the registry accepts it
	@scripts/docs --check

tools: target/tools/tofu ## Build OpenTofu from Go modules, for machines without a Terraform

tools-all: tools ## Build the other versions of Terraform and OpenTofu that `make test` should run with too, for an hour or more
	@scripts/clis
	@echo "To test with them: TF_CLIS=$$(echo $(CURDIR)/target/tools/clis/* | tr ' ' :) make test"

lint: ## Check formatting, lints, documentation, wording, licenses, dependencies and workflows
	@scripts/plain-english
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --quiet --no-deps --workspace
	@if command -v cargo-deny >/dev/null; then \
		cargo deny --locked check bans licenses sources; \
	else \
		echo 'deny.toml was not checked: cargo-deny is not installed (cargo install --locked cargo-deny)'; \
	fi
	@if $(MAKE) --silent target/tools/actionlint target/tools/zizmor >target/lint.log 2>&1; then \
		target/tools/actionlint && target/tools/zizmor/bin/zizmor --quiet --offline .github; \
	else \
		echo '.github/ was not checked: actionlint or zizmor could not be installed (target/lint.log)'; \
	fi

audit: ## Check the dependencies for known vulnerabilities with RustSec's database from GitHub
	@command -v cargo-deny >/dev/null || { echo 'cargo-deny is not installed (cargo install --locked cargo-deny)' >&2; exit 1; }
	cargo deny --locked check advisories

install: ## Build the release and copy it to ~/.terraform.d/plugins
	@scripts/install

binary: ## Build what is released for one platform (TARGET=x86_64-unknown-linux-musl)
	@scripts/binary $(TARGET)

dist: ## Build the registry's files for Linux and Windows in target/dist/, and check them (REPRODUCE=1: build twice and compare; BUILT=folder adds other platforms)
	@scripts/dist
	@scripts/dist-check

windows: ## Check the code for Windows, if Rust's Windows target and zig are available
	@if rustup target add x86_64-pc-windows-gnu 2>/dev/null && $(MAKE) --silent target/tools/zig; then \
		PATH=$(CURDIR)/target/tools/zig/bin:$$PATH \
			cargo-zigbuild clippy --locked --tests --package terraform-provider-deepslate --package tfplugin --package deepslate \
				--target x86_64-pc-windows-gnu -- -D warnings; \
	else \
		echo 'Windows was not checked: Rust has no library for x86_64-pc-windows-gnu here, or zig could not be installed'; \
	fi

release-check: ## Check that the version is the same everywhere, including the tag of a tagged commit
	@scripts/release-check

release-dry-run: ## Build, sign and install a whole release from a clone, for half an hour or more; a second run must give the same bytes
	@scripts/release-dry-run

# The flag removes `-dev` from the version that OpenTofu reports.
target/tools/tofu: tools/go.mod tools/go.sum
	@command -v go >/dev/null || { echo 'Building OpenTofu requires Go, which is not on the PATH: https://go.dev/doc/install' >&2; exit 1; }
	cd tools && go build -ldflags '-X github.com/opentofu/opentofu/version.dev=no' -o ../target/tools/tofu github.com/opentofu/opentofu/cmd/tofu

target/tools/tfplugindocs: tools/docs/go.mod tools/docs/go.sum
	@command -v go >/dev/null || { echo 'Building tfplugindocs requires Go, which is not on the PATH: https://go.dev/doc/install' >&2; exit 1; }
	cd tools/docs && go build -o ../../target/tools/tfplugindocs github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs

# Zig's C compiler and linker, the command that makes cargo use them, and the tool for Windows import libraries under the name that Rust expects.
target/tools/zig: Makefile
	python3 -m venv $@
	$@/bin/pip install --quiet cargo-zigbuild==0.24.0 ziglang==0.16.0
	printf '#!/bin/sh\nexec "$${0%%/*}/python-zig" dlltool "$$@"\n' >$@/bin/x86_64-w64-mingw32-dlltool
	chmod +x $@/bin/x86_64-w64-mingw32-dlltool
	touch $@

target/tools/actionlint: Makefile
	GOBIN=$(CURDIR)/target/tools go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
	touch $@

target/tools/zizmor: Makefile
	python3 -m venv $@
	$@/bin/pip install --quiet zizmor==1.32.0
	touch $@

target/tools/cyclonedx: Makefile
	cargo install --quiet --locked --root $@ --version 0.5.9 cargo-cyclonedx
	touch $@
