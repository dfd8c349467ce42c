# The commands of this project. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help lock

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lock: ## Lock the requirements anew after editing a requirements*.in
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements.in --output-file requirements.txt
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in --output-file requirements-dev.txt
