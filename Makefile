# The words of this project. Each prepares what it needs; none depends on another having run.
SHELL := /bin/bash
STACK ?= local
RUN := .venv/bin/python -m automation
SET := $(if $(NODES),--set "nodes.count=$(NODES)")

.DEFAULT_GOAL := help
.PHONY: help setup up down release colours unlock image preview preflight permissions check faults outputs password test lint format docker-test erp-test exhaustive-test goals-test cluster-test patient-test golden schema lock acceptance-test artifacts engine bench program-bench cache-clear-bench erp-cache-clear-bench node-boot-bench clean

help: ## Say what each word does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Make the Python environment with the locked packages
	@automation/python-environment

up: setup ## Bring the cluster up and check it (NODES=3 for one run with three nodes)
	@$(RUN) up --stack "$(STACK)" $(SET)

down: setup ## Remove everything that `make up` made, once confirmed (without a terminal: CONFIRM=<stack>)
	@$(RUN) down --stack "$(STACK)" $(if $(CONFIRM),--confirm "$(CONFIRM)") $(if $(FORGOTTEN),--forgotten "$(FORGOTTEN)")

release: setup ## Update a stack on AWS and wait for its servers (ALARMS=ignore while some ring; CONFIRM=<stack>)
	@$(RUN) release --stack "$(STACK)" $(if $(CONFIRM),--confirm "$(CONFIRM)") $(if $(filter ignore,$(ALARMS)),--ignore-alarms)

colours: setup ## Show who gets new visitors, and whether the other colour is left
	@$(RUN) colours --stack "$(STACK)"

unlock: setup ## Take away the lock of an update that ended in the middle (without a terminal: CONFIRM=<stack>)
	@$(RUN) unlock --stack "$(STACK)" $(if $(CONFIRM),--confirm "$(CONFIRM)")

preview: setup ## Show what `make up` would change
	@$(RUN) preview --stack "$(STACK)" $(SET)

preflight: setup ## Ask the account on AWS whether it has what STACK needs; nothing is changed
	@$(RUN) preflight --stack "$(STACK)" $(SET)

permissions: setup ## Print the IAM policies that a deployer of STACK needs (FOLDER=path writes files)
	@$(RUN) permissions --stack "$(STACK)" $(if $(FOLDER),--folder "$(FOLDER)")

check: setup ## Check that the running cluster keeps its promises
	@$(RUN) check --stack "$(STACK)"

faults: setup ## The same, and kill a broker and a node while doing so
	@$(RUN) check --stack "$(STACK)" --faults

outputs: setup ## Print the stack's outputs as JSON
	@$(RUN) outputs --stack "$(STACK)"

password: setup ## Print the password of the ERP's administrator, the user admin
	@$(RUN) password --stack "$(STACK)"

test: setup ## Every test that needs no Docker engine
	@$(RUN) tools test
	@.venv/bin/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder -m 'not docker and not cluster and not real_erp and not exhaustive and not acceptance and not alone'

docker-test: setup ## Tests that need a Docker engine: images, the air-gapped provider
	@$(RUN) tools docker
	@.venv/bin/python -m pytest -m 'docker and not cluster and not real_erp'

erp-test: setup ## Tests on your own built Scipio tree (SCIPIO_HOME=/path)
	@$(RUN) tools docker
	@.venv/bin/python -m pytest -m real_erp

exhaustive-test: setup ## Every key of the settings on AWS reaches a resource: some minutes
	@.venv/bin/python -m pytest -n 2 -m exhaustive

goals-test: setup ## The goals of the cache clear, measured: two minutes, and nothing else may run
	@$(RUN) tools test
	@.venv/bin/python -m pytest -s -m alone

acceptance-test: setup ## Terraform's AWS provider takes every argument, and an emulator makes it
	@.venv/bin/python -m tests.acceptance.terraform
	@$(MAKE) --no-print-directory .cache/acceptance/bin/moto_server .cache/checker/bin/checkov
	@.venv/bin/python -m pytest -n 4 --dist worksteal -m acceptance tests/acceptance

.cache/acceptance/bin/moto_server: tests/acceptance/requirements.txt
	@.venv/bin/python -m venv .cache/acceptance
	@.cache/acceptance/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.cache/checker/bin/checkov: tests/acceptance/checker-requirements.txt
	@.venv/bin/python -m venv .cache/checker
	@.cache/checker/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

cluster-test: setup ## Tests on the cluster that `make up` brought up
	@.venv/bin/python -m pytest -m 'cluster and not patient'

patient-test: setup ## The ones of them that take minutes: nodes that die, images that change
	@.venv/bin/python -m pytest -m 'cluster and patient'

lint: setup ## Style, types and shell scripts
	@$(RUN) tools lint
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/python -m mypy .
	@shellcheck $$(git ls-files | xargs grep -lE '^#!(/usr/bin/env bash|/bin/(ba)?sh)' --)

format: setup ## Rewrite the code in the one style
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

golden: setup ## Accept the registrations and documents as they are now
	@.venv/bin/python -m pytest tests/components tests/unit --snapshot-update -q

schema: setup ## Write the generated schemas and references again
	@.venv/bin/python -m contract.schema --write
	@.venv/bin/python -m settings.schema --write
	@.venv/bin/python -m settings.reference --write

lock: setup ## Resolve the dependencies again and write the four lock files
	@.venv/bin/python -m pip install --quiet uv
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group dev pyproject.toml --output-file requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group node --output-file image/requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group emulator --output-file tests/acceptance/requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group checker --output-file tests/acceptance/checker-requirements.txt

artifacts: setup ## Make what the images are built from: jars and Python packages
	@$(RUN) artifacts

engine: setup ## Find, install or build the Pulumi CLI
	@$(RUN) engine

image: setup ## Make a node's image of your own built Scipio tree (HOME_DIR=/path [TAG=name:tag])
	@$(RUN) image $(if $(HOME_DIR),--home "$(HOME_DIR)") $(if $(TAG),--tag "$(TAG)")

bench: setup ## Measure, and write docs/performance.md
	@$(MAKE) --no-print-directory program-bench
	@$(RUN) bench $(if $(CONFIRM),--confirm "$(CONFIRM)")
	@$(MAKE) --no-print-directory cache-clear-bench

program-bench: setup ## Measure the program's import and `make preview STACK=prod`, into docs/performance.md
	@$(RUN) program-bench

cache-clear-bench: setup ## Measure stock and resilient cache clear side by side, into docs/performance.md
	@$(RUN) tools test
	@.venv/bin/python -m tests.benchmark.cache_clear

erp-cache-clear-bench: setup ## The same inside the ERP of the running STACK, into docs/performance.md
	@.venv/bin/python -m tests.benchmark.erp --stack "$(STACK)"

node-boot-bench: setup ## Boot a node of the running STACK with each measure, ROUNDS=3 times, into docs/performance.md
	@$(RUN) node-boot-bench --stack "$(STACK)" $(if $(ROUNDS),--rounds "$(ROUNDS)")

clean: ## Remove caches and built artifacts, never state
	@rm -rf .cache .venv image/*/artifacts image/*/target
