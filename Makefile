# Thin names for what scripts/, mvn and kestrel/Makefile do. `make` alone lists them.

MVN ?= mvn -B -ntp
# Warnings fail the build, so they have to be seen: not -q, which hides them.
QUIET = -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
# Maven with a JDK that fits; find-jdk says what to do when there is none. The flag hides warnings about Maven itself.
JAVA = JAVA_HOME=$$(scripts/find-jdk) && export JAVA_HOME && \
	export MAVEN_OPTS="$$MAVEN_OPTS --sun-misc-unsafe-memory-access=allow" &&
# Every shell script of ours: by first line, as some have no suffix.
SHELL_SCRIPTS = grep -rlIE '^(\#!/usr/bin/env bash|\#!/bin/(ba)?sh|\# shellcheck shell=)' \
	scripts .ci src/main/dist kestrel fledge --exclude-dir=build

.DEFAULT_GOAL := help
.PHONY: help deps build kestrel kernel fmt check test demo down fuzz bench golden clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what is missing (as root; otherwise say what is)
	scripts/install-deps

build: deps kestrel ## build everything into target/volant
	$(JAVA) $(MVN) $(QUIET) package -DskipTests
	scripts/build-aot

kestrel: deps ## build the guest agent: kestrel/build/kestrel
	$(MAKE) -C kestrel

kernel: ## build our own microVM kernel (about 11 minutes on 2 cores)
	scripts/build-kernel

fmt: ## format the Java sources
	$(JAVA) $(MVN) $(QUIET) spotless:apply

check: ## formatting, shell scripts, architecture and tidiness; no VM
	$(JAVA) $(MVN) $(QUIET) spotless:check
	$(SHELL_SCRIPTS) | xargs shellcheck -x
	$(JAVA) $(MVN) test -Dtest='ArchitectureTest,TidyTest'

test: deps kestrel ## every test, real microVMs among them (as root)
	$(MAKE) -C kestrel test
	scripts/tests/scripts-test
	scripts/fetch-kernel
	kestrel/kernel/tests/boot-test
	$(JAVA) $(MVN) verify

demo: build ## boot a real microVM and talk to it
	scripts/fetch-kernel
	scripts/demo

down: ## stop the demo's daemon and VMs, leave nothing behind
	scripts/down

fuzz: ## fuzz the guest agent's parsers
	scripts/install-deps fuzz
	$(MAKE) -C kestrel fuzz

bench: build ## measure; JSON and a table
	scripts/install-deps bench
	scripts/bench

golden: ## rewrite the golden files; look at the diff before you commit
	$(JAVA) $(MVN) test -Dgolden=rewrite
	git diff --stat

clean: ## remove what was built here
	rm -rf target
	$(MAKE) -C kestrel clean
