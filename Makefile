# The commands of this project; `make help` lists them. Needs python3 (3.11 or newer), git and make.
# PYTHON names the interpreter, VENV the folder of the virtual environment.

PYTHON ?= python3
VENV ?= .venv
# uv reads the machine's own certificates, as pip does.
export UV_SYSTEM_CERTS = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Without its bytecode every start would read a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
CATALOGUE := consult/translations/en/LC_MESSAGES/messages.po
SBOM ?= dist/consult.cdx.json
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

# From the locks only, every file checked by its hash: quickly by uv, else (other platform, pip-only mirror) by pip.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) \
	|| $(BIN)/python -m pip install -qq $(1)
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# A virtual environment whose Python is gone, or that was made for another folder, cannot be mended: start again.
ifneq ($(wildcard $(RUNTIME)),)
ifneq ($(shell $(BIN)/python -c 'print("starts")' 2>/dev/null)$(shell cat $(RUNTIME)),starts$(CURDIR))
$(shell rm -rf $(VENV))
endif
endif

.DEFAULT_GOAL := help
.PHONY: help run test proofs servers lint format lock sbom bench messages environment clean

help: ## this list
	@grep -hE '^[a-z]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.* ## /\1\t/' | expand -t 14

run: $(RUNTIME) ## set up what is missing, then web, worker and mail catcher with sample data; Ctrl-C ends it
	@exec $(BIN)/consult demo

test: $(DEV) ## every test but the long proofs; PYTEST="-k moments" narrows it
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not proof" $(PYTEST)

proofs: $(DEV) ## what sweeps widely or runs long: PostgreSQL too, every page through axe, races, fuzz, 50,000 questions
	@$(BIN)/python -m pytest -n $(WORKERS) -m proof $(PYTEST)

servers: $(DEV) ## every test once more as on many machines: on PostgreSQL, with the limits in Redis
	@CONSULT_TEST_REQUIRE=postgres,redis $(BIN)/python -m pytest -n $(WORKERS) --servers $(PYTEST)

lint: $(DEV) ## style, types, templates, arrows between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports --no-logo

format: $(DEV) ## write the code the one way
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(DEV) ## write the hashed locks again after a change in pyproject.toml; UPGRADE=1 takes newer versions
	$(COMPILE) pyproject.toml --extra postgres --extra redis -o requirements.txt
	$(COMPILE) pyproject.toml --extra dev --group setup -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group pyproject.toml:setup -c requirements-dev.txt -o requirements-setup.txt

sbom: $(DEV) ## what an installation runs, as a CycloneDX list in dist/; the same locks give the same bytes
	@mkdir -p $(dir $(SBOM))
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o $(SBOM) requirements.txt

bench: $(DEV) ## the benchmarks; they print ratios
	@for file in $$(grep -l __main__ bench/*.py); do $(BIN)/python "$$file" || exit 1; done

messages: $(DEV) ## collect the texts of the screens, update the English catalogue, compile it
	$(BIN)/pybabel -q extract --project=consult --no-location --sort-output -F pyproject.toml -k _l -k lazy_gettext -k lazy_ngettext:1,2 \
		-o $(VENV)/messages.pot .
	@test -e $(CATALOGUE) || $(BIN)/pybabel -q init -l en -i $(VENV)/messages.pot -o $(CATALOGUE)
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-l en -i $(VENV)/messages.pot -o $(CATALOGUE)
	$(BIN)/pybabel -q compile -l en -i $(CATALOGUE) -o $(CATALOGUE:.po=.mo)

clean: ## remove the virtual environment and caches; the local database stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist

# A stamp is written last, so an interrupted set-up is simply taken up again.
$(RUNTIME): requirements.txt requirements-setup.txt pyproject.toml | environment
	@echo "Setting up $(VENV) (once) …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-setup.txt
	@$(call INSTALL,--require-hashes -r requirements.txt)
	@$(call INSTALL,--no-deps --no-build-isolation -e .)
	@echo "$(CURDIR)" > $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Setting up what tests and checks need (once) …"
	@$(call INSTALL,--require-hashes -r requirements-dev.txt)
	@touch $@

# A virtual environment that works stays. One that does not (a half one, or its Python is gone) is made anew.
# Bare Debian has no ensurepip: `python3 -m venv` then fails and leaves half a folder.
environment:
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		command -v $(PYTHON) >/dev/null || { echo "python3 is missing. Type: sudo apt-get install python3-venv" >&2; exit 1; }; \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
			|| { echo "$(PYTHON) is older than 3.11: name a newer one with make PYTHON=…" >&2; exit 1; }; \
		rm -rf $(VENV); \
		if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
			if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
				echo "Installing python3-venv …"; \
				said=$$(apt-get -qq update 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get -qqy install python3-venv 2>&1) \
					|| { echo "$$said"; echo "Type: apt-get install python3-venv" >&2; exit 1; }; \
			else \
				echo "python3-venv is missing. Type: sudo apt-get install python3-venv" >&2; exit 1; \
			fi; \
		fi; \
		$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	}
