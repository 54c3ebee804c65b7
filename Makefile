# make demo    builds the tool and shows what a sample note says, and answers about another
# make test    everything: formatting, lints, Rust, C, C++, Java, Spark, C#, Valgrind, AddressSanitizer, installing
# make install PREFIX=/usr/local   headers, libraries, CMake and pkg-config files, tool, model
# make dist    target/dist: the same as an archive for glibc 2.28 and later, with the jar and the C# package
#              FEATURES=cuda before either: for GPUs too
# make bench   the kernels' micro-benchmarks; the table is kept in benches/results
# make cuda    compiles the kernels for GPUs, kernels/cuda/built, and lists what they take; needs no GPU
# make setup   only the set-up of the first two: compilers, Rust, JDK, Mono and so on

RELEASE = target/release
# Checks against references beside the repository say whether they ran or were skipped.
REFERENCE = cargo test --release --test reference -- --nocapture

# The combinations of features; a test among the targets, so that the dependencies stay as they are.
FEWER = cargo clippy --release --no-default-features
PARTS = --lib --bins --test abi -- -D warnings

.PHONY: demo test forget-skips install dist bench cuda setup setup-tests build lint
.PHONY: test-deny test-rust test-cuda test-format test-c test-cpp test-java test-spark test-ade test-mining test-csharp test-trials test-install test-dist test-cpus

PREFIX = /usr/local
# More features of the library than the usual ones.
FEATURES =
export FEATURES
NOTES = examples/notes

demo: build
	@$(RELEASE)/biobert extract --format text $(NOTES)/clinic.txt
	@$(RELEASE)/biobert qa --format text --top 1 --question "What did the urine culture grow?" \
	    --question "How high was the sodium on arrival?" --whole $(NOTES)/discharge.txt
	@$(RELEASE)/biobert extract --format html $(NOTES)/*.txt > target/demo.html
	@echo "All sample notes as a page for a browser: target/demo.html"

test: forget-skips lint test-deny test-rust test-cuda test-format test-c test-cpp test-java test-spark test-ade test-mining test-csharp test-trials test-install test-dist test-cpus
	@cat target/skipped.txt
	@echo "all tests passed$$([ ! -s target/skipped.txt ] || echo ', but for what was skipped')"

forget-skips:
	@mkdir -p target && : > target/skipped.txt

install: build
	@sh scripts/install.sh "$(PREFIX)"

dist: build
	@sh scripts/dist.sh

bench: setup
	@sh scripts/bench.sh

cuda:
	@sh scripts/cuda.sh

setup:
	@sh scripts/setup.sh build

setup-tests:
	@sh scripts/setup.sh test

build: setup
	cargo build --release $(if $(FEATURES),--features $(FEATURES))
	@ln -sf libbiobert.so $(RELEASE)/libbiobert.so.1
	@sh scripts/prelink.sh

lint: setup
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings
	cargo clippy --release --test reference -- -D warnings
	cargo clippy --release --features cuda --all-targets -- -D warnings
	$(FEWER) --features train $(PARTS)
	$(FEWER) --features cli $(PARTS)
	$(FEWER) $(PARTS)
	RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --workspace

test-deny: setup-tests
	@sh scripts/test.sh deny cargo-deny scripts/deny.sh

test-format: setup-tests
	@sh scripts/test.sh "bundle format" python3 tests/bundle_reader.sh

test-rust: setup
	cargo test --release --workspace
	cargo test --release --no-default-features --lib ffi::tests
	$(REFERENCE)

test-cuda: setup-tests
	@sh scripts/test.sh "GPU, emulated" c++ tests/cuda/run.sh

test-c: setup-tests build
	@sh scripts/test.sh C "cc valgrind strace" tests/c/run.sh

test-cpp: setup-tests build
	@sh scripts/test.sh C++ "c++ pkg-config" tests/cpp/run.sh

test-java: setup-tests build
	@sh scripts/test.sh Java "javac mvn" bindings/java/test.sh

test-spark: setup-tests build
	@sh scripts/test.sh Spark "javac mvn cc" bindings/spark/test.sh

test-ade: setup-tests build
	@sh scripts/test.sh "adverse events" "javac mvn" examples/ade/test.sh

test-mining: setup-tests build
	@sh scripts/test.sh mining python3 examples/mining/test.sh

test-csharp: setup-tests build
	@sh scripts/test.sh "C#" "mcs mono nunit-console" bindings/csharp/test.sh

test-trials: setup-tests build
	@sh scripts/test.sh "trial matching" "mcs mono python3" examples/trials/test.sh

test-install: setup-tests build
	@sh scripts/test.sh install "c++ cmake pkg-config" scripts/test-install.sh

test-dist: setup-tests build
	@sh scripts/test.sh dist "python3 javac mvn" scripts/test-dist.sh

test-cpus: build
	sh scripts/test-other-cpus.sh
