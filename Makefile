# make demo    builds the tool and shows the entities of a sample note
# make test    everything: formatting, lints, Rust, C, Valgrind, AddressSanitizer
# make setup   only the set-up of these two: compiler, Rust, Valgrind

RELEASE = target/release
# Checks against references beside the repository say whether they ran or were skipped.
REFERENCE = cargo test --release --test reference -- --nocapture

.PHONY: demo test setup build lint test-rust test-c

demo: build
	@$(RELEASE)/biobert ner --whole --format html examples/notes/discharge.txt > target/demo.html
	@$(RELEASE)/biobert ner --whole --format text examples/notes/discharge.txt
	@echo "The same as a page for a browser: target/demo.html"

test: lint test-rust test-c
	@echo "all tests passed"

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
