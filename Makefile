# `make help` lists the targets. Everything is installed into .venv and dealroom/client/node_modules, nothing elsewhere
# (but Chromium and WebKit for the browser tests, where there is none), and nothing is done again that is up to date.

PORT ?= 8000
BIN := .venv/bin
CLIENT := dealroom/client
BUNDLE := $(CLIENT)/dist/manifest.json
CLIENT_SOURCES := $(shell find $(CLIENT)/src -name '*.ts' ! -name '*.test.ts') \
	$(CLIENT)/package-lock.json $(CLIENT)/esbuild.config.mjs $(CLIENT)/tsconfig.json
# Two processes are what the smallest machine we build on has cores for; pytest takes as many as there are.
PYTEST := $(BIN)/pytest --numprocesses auto --dist worksteal

# Containers often say that nothing compiled is to be kept; each of the many programs here would compile it all again.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help demo setup bundle test lint types layers client docs pytest unit browser packaging chromium webkit \
	openssh fix lock screenshots update-pictures update-sessions clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup .dealroom/key ## build every plan in plans/ and serve the preview; PORT=8000 chooses the port
	@$(BIN)/dealroom serve --build --show-access --port $(PORT)

# A clone's demo rooms get a key of their own; git never sees it.
.dealroom/key: | setup
	@$(BIN)/dealroom key init

setup: .venv/.installed $(BUNDLE) ## make .venv and the client's bundle

bundle: $(BUNDLE) ## bundle the client's TypeScript

.venv/.bootstrapped: requirements/bootstrap.txt scripts/bootstrap
	@echo "making .venv"
	@scripts/bootstrap
	@touch $@

.venv/.synced: .venv/.bootstrapped requirements/dev.txt
	@echo "installing the locked packages into .venv"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@touch $@

# After the bundle: building the package would install the client's packages too, but without the development tools.
.venv/.installed: .venv/.synced pyproject.toml hatch_build.py | $(BUNDLE)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

$(BUNDLE): .venv/.synced hatch_build.py $(CLIENT_SOURCES)
	@echo "bundling the client"
	@$(BIN)/python hatch_build.py
	@touch $@

test: lint types layers client docs pytest ## all checks, the quick ones first

lint: setup ## format and lint of Python, TypeScript and CSS
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	scripts/with-node biome ci --error-on-warnings ../..

types: setup ## mypy and tsc, both strict
	$(BIN)/mypy
	scripts/with-node tsc -p .
	scripts/with-node tsc -p tsconfig.test.json
	scripts/with-node tsc -p tsconfig.worker.json

layers: setup ## the house of DESIGN: no module imports one to its right
	$(BIN)/lint-imports --no-logo

client: setup ## the client's unit tests
	scripts/with-node vitest run

docs: setup ## the user guide, with every warning an error
	$(BIN)/mkdocs build --strict --quiet

pytest: setup chromium webkit openssh
	$(PYTEST)

unit: setup openssh ## unit tests, command-line sessions, bad inputs, vectors
	$(PYTEST) --ignore tests/browser --ignore tests/packaging

browser: setup chromium webkit ## browser tests
	$(PYTEST) tests/browser

packaging: setup ## the wheel in an empty environment
	$(BIN)/pytest tests/packaging

openssh: setup
	@$(BIN)/python -m tests.openssh > /dev/null

chromium: setup
	@$(BIN)/python -m tests.browser.chromium

# Where it cannot be installed, its own tests fail and say why; all others run.
webkit: setup ## the second engine of the browser tests, installed where that is possible
	-@$(BIN)/python -m tests.browser.webkit

fix: setup ## format, and mend what the linters can
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --fix
	scripts/with-node biome check --write ../..

lock: setup ## refresh requirements/*.txt and package-lock.json
	scripts/lock

screenshots: setup chromium ## pictures of the demo rooms: build/screenshots to look at, docs/images for the guide
	$(BIN)/python -m tests.browser.screenshots
	$(BIN)/python -m tests.browser.brands

update-pictures: setup chromium ## renew the reference pictures of rooms that look different now; look at them
	$(BIN)/pytest tests/browser/test_pictures.py --update-pictures

update-sessions: setup ## rewrite the expected output of tests/scripts from what is printed now; read the diff
	$(BIN)/pytest tests/scripts --update-sessions

clean: ## remove what was built and installed here
	rm -rf .venv build dist site $(CLIENT)/node_modules $(CLIENT)/dist
