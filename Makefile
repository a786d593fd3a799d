# Two commands matter to a newcomer: `make demo` and `make test`. Both set up what they need first. `make` alone lists all.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: audit bench botapi chaos clean demo format fuzz guide help lock pictures races rights story test week wheel words

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: .venv/ready ## see the main job in a browser, without an account
	$(BIN)/concierge demo

rights: .venv/ready ## write docs/rights.md anew from the table of rights
	$(BIN)/python -m tools.rights

story: .venv/ready ## play the main scenario in the terminal
	$(BIN)/concierge story

pictures: .venv/ready ## retake the README's screenshots from the running demo
	$(BIN)/python tools/pictures.py

# Six workers: a story waits for half of its time, for the bot or its Telegram. What fails there runs once more with the
# machine to itself, since promises of seconds need one; a test that fails by itself, too, has failed. What needed the
# second try is named at the end of the output, and stands in .cache/second-tries.
test: .venv/ready ## formatting, lint, types, architecture, all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/run_tests.py -n 6

# Many minutes, not seconds: for a night, or before a release. `make test` has a smaller size of each.
chaos: .venv/ready ## on each database two hundred kills by a schedule, a storm of two estates, and the model's long run
	$(BIN)/python -m tests.chaos --kills 200
	$(BIN)/python -m tests.chaos --kills 200 --postgresql
	$(BIN)/python -m tests.estates.storm --people 100
	$(BIN)/python -m tests.model
	$(BIN)/python -m tests.model --postgresql
	$(BIN)/pytest --hypothesis-profile long tests/queues/test_notification_policy.py

guide: .venv/ready ## carry out the operator's guide with all packages fetched, as on a new machine; needs the network
	GUIDE_FETCHES=1 $(BIN)/pytest tests/test_guide.py

races: .venv/ready ## all tests five times with two busy processes beside them: what needs a second try has a race
	$(BIN)/python tools/repeat_tests.py --times 5 --busy 2 -- -n 6

week: .venv/ready ## live through a week of an estate, and compare who heard what (four minutes)
	$(BIN)/python -m tests.week

bench: .venv/ready ## measure everything, an hour or so, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

fuzz: .venv/ready ## 100,000 updates, sound, odd and broken, and what becomes of them (about ten minutes)
	$(BIN)/python -m tests.fuzz

audit: .venv/ready ## check the pinned packages for known vulnerabilities; needs the network
	$(BIN)/pip install --quiet pip-audit
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements-print.lock

format: .venv/ready ## format the code and apply ruff's automatic fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

words: .venv/ready ## extract all texts and update every language file
	$(BIN)/pybabel --quiet extract --mapping-file locales/babel.cfg --output-file locales/concierge.pot \
		--keywords "text html plural_text:1,2 plural_html:1,2 context_text:1c,2 context_html:1c,2" --sort-output --add-location file \
		--omit-header .
	$(BIN)/pybabel --quiet update --input-file locales/concierge.pot --output-dir locales --domain concierge \
		--no-fuzzy-matching --ignore-obsolete --omit-header
	$(BIN)/python -m tools.po_headers

botapi: .venv/ready ## write anew what the playground knows of the Bot API, after an upgrade of aiogram
	$(BIN)/python tools/botapi.py

lock: .venv/ready ## update the lock files from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev \
		--extra print pyproject.toml --output-file requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--constraint requirements-dev.lock pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra print \
		--constraint requirements-dev.lock pyproject.toml --output-file requirements-print.lock
	echo "hatchling>=1.27" | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--constraint requirements-dev.lock - --output-file requirements-build.lock

wheel: .venv/ready ## what deploy/ installs: dist/villa_concierge-….whl
	$(BIN)/hatchling build -t wheel

.venv/ready: requirements-dev.lock pyproject.toml
	sh tools/make-venv.sh "$(PYTHON)" .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean: ## forget the environment and every cache
	rm -rf .venv .cache .hypothesis
