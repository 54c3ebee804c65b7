# make demo    builds the tool and shows entities, relations and answers of a sample note
# make test    everything: formatting, lints, Rust, C, Valgrind, AddressSanitizer
# make bench   the kernels' micro-benchmarks; the table is kept in benches/results
# make setup   only the set-up of these two: compiler, Rust, Valgrind

RELEASE = target/release
# Checks against references beside the repository say whether they ran or were skipped.
REFERENCE = cargo test --release --test reference -- --nocapture

.PHONY: demo test bench setup build lint test-rust test-c test-cpus

NOTE = --whole examples/notes/discharge.txt

demo: build
	@$(RELEASE)/biobert ner --format text $(NOTE)
	@$(RELEASE)/biobert re --format html $(NOTE) > target/demo.html
	@echo "Relations:"
	@$(RELEASE)/biobert re --format text $(NOTE) | grep →
	@echo
	@$(RELEASE)/biobert qa --format text --top 1 --question "What did the urine culture grow?" \
	    --question "How high was the sodium on arrival?" $(NOTE)
	@echo "Entities and relations as a page for a browser: target/demo.html"

test: lint test-rust test-c test-cpus
	@echo "all tests passed"

bench: setup
	@sh scripts/bench.sh

setup:
	@sh scripts/setup.sh

build: setup
	cargo build --release
	@ln -sf libbiobert.so $(RELEASE)/libbiobert.so.1

lint: setup
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings
	cargo clippy --release --test reference -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --workspace

test-rust: setup
	cargo test --release --workspace
	$(REFERENCE)

test-c: build
	sh tests/c/run.sh
	$(MAKE) -C examples/c
	examples/c/notes models/bio-minilm examples/notes/discharge.txt

test-cpus: build
	sh scripts/test-other-cpus.sh
