# phanbien: `make demo` runs the main job, `make test` the tests; both set up what they need first.
# Everything else is for whoever works on it: build, lint, bench, clean.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

SWIFT ?= swift
# Two compilers at once are what a small office machine bears; a larger one may say JOBS=8.
JOBS ?= 2
# An import that Package.swift does not declare is an error, not a matter of luck.
STRICT := --explicit-target-dependency-import-check error

.PHONY: deb demo test build lint bench bench-screen crash corrupt fuzz abuse simulate setup clean help

help:
	@echo 'make demo    dựng máy chủ mẫu với Kế hoạch năm 2025 và chạy trọn một chuyên đề'
	@echo 'make test    chạy toàn bộ kiểm thử'
	@echo 'make build   dựng bản chính thức vào .build/release'
	@echo 'make lint    kiểm tra định dạng mã'
	@echo 'make conformance  xét máy chủ theo từng quy tắc của giao thức (HOST= PORT= CA= cho máy chủ khác)'
	@echo 'make abuse   tấn công thử máy chủ và đo tác hại'
	@echo 'make deb     dựng gói Debian vào .build/deb'
	@echo 'make bench   đo tốc độ và bộ nhớ'
	@echo 'make bench-screen  đo từ lúc bấm phím đến lúc vẽ xong, văn bản 2 MiB có 5.000 ý kiến'
	@echo 'make crash   1.000 lần kill -9, 300 lần mất điện, đĩa đầy và đĩa lỗi ở từng lần ghi'
	@echo 'make simulate 4.000 lần chạy cả hệ thống trong thời gian ảo, với lỗi gieo trước phải bị phát hiện'
	@echo 'make corrupt 5.000 lần làm hỏng cơ sở dữ liệu'
	@echo 'make fuzz    thử dữ liệu ngẫu nhiên, 30 giây mỗi đích (SECONDS=3600 TARGETS=framer)'

setup:
	@Tests/setup

demo: setup
	@$(SWIFT) build -j $(JOBS) $(STRICT) --product phanbiend
	@$(SWIFT) build -j $(JOBS) $(STRICT) --product phanbien
	@clients/demo/demo

# What drives whole programs waits for them on its threads: it runs by itself, so that the rooms' tests have theirs.
test: setup
	$(SWIFT) build -j $(JOBS) $(STRICT) --build-tests
	$(SWIFT) test --skip-build --parallel --skip EndToEndTests
	$(SWIFT) test --skip-build --parallel --filter EndToEndTests
	@$(MAKE) --no-print-directory lint

build: setup
	$(SWIFT) build -j $(JOBS) $(STRICT) -c release --product phanbiend
	$(SWIFT) build -j $(JOBS) $(STRICT) -c release --product phanbien

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources clients Tests

# Judges a server by the transcripts of the specification: its own, or HOST= PORT= CA= of another one.
.PHONY: conformance
conformance: setup
	@HOST='$(HOST)' PORT='$(PORT)' CA='$(CA)' JOBS='$(JOBS)' Tests/Conformance/run $(if $(ONLY),--only '$(ONLY)')

# A Debian package with the Swift library inside; the machine that installs it needs no toolchain.
deb: setup
	@Sources/Packaging/build-deb

bench: setup
	@Tests/Benchmarks/run

# From a key to the repainted window, in a draft of 2 MiB with 5,000 comments.
bench-screen: setup
	@for product in screen-benchmark phanbiend phanbien; do \
	    $(SWIFT) build -j $(JOBS) $(STRICT) -c release --product $$product || exit; done
	@$(SWIFT) build -j $(JOBS) $(STRICT) --build-tests
	@$$($(SWIFT) build -c release --show-bin-path)/screen-benchmark
	@PHANBIEN_FIGURES=1 PROGRAMS=$$($(SWIFT) build -c release --show-bin-path) $(SWIFT) test --skip-build \
	    --filter EndToEndTests.ScreenFigureTests | grep -v '^[✔◇↳]\|^\[\|^Test Suite\|Executed'

# The proofs of Tests/Faults/README.md, in full.
CRASHES ?= 1000
CUTS ?= 300
STEP ?= 1

# What people run is what dies here: the release program, which also comes through its starts in a fifth of the time.
crash: setup
	@for product in phanbiend phanbien; do $(SWIFT) build -j $(JOBS) $(STRICT) -c release --product $$product || exit; done
	$(SWIFT) build -j $(JOBS) $(STRICT) --build-tests
	PROGRAMS="$$($(SWIFT) build -c release --show-bin-path)" PHANBIEN_CRASHES=$(CRASHES) PHANBIEN_POWER_CUTS=$(CUTS) PHANBIEN_DISK_STEP=$(STEP) \
	$(if $(SEED),PHANBIEN_SEED=$(SEED)) $(SWIFT) test --skip-build --filter 'EndToEndTests.(Crash|Power|DiskFault|OperatorFault|Refusal)Tests'

# The whole system under one seeded scheduler, and the bugs planted to prove that it would notice.
SEEDS ?= 4000

simulate: setup
	$(SWIFT) build -j $(JOBS) $(STRICT) --build-tests
	PHANBIEN_SEEDS=$(SEEDS) $(if $(SEED),PHANBIEN_SEED=$(SEED)) $(SWIFT) test --skip-build --filter '^SimulationTests'

corrupt: setup
	$(SWIFT) build -j $(JOBS) $(STRICT) --build-tests
	PHANBIEN_CORRUPTIONS=5000 $(if $(SEED),PHANBIEN_SEED=$(SEED)) $(SWIFT) test --skip-build --filter CorruptionTests

fuzz: SECONDS ?= 30
fuzz: setup
	@JOBS=$(JOBS) Tests/Fuzz/run fuzz $(SECONDS) $(TARGETS)

abuse: setup
	@Tests/Abuse/run

clean:
	rm -rf .build demo-data
