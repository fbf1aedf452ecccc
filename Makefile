# make run      serve on 127.0.0.1:8000 (PORT=… for another port); the first time sets up everything
# make data     the same without serving
# make test     lint, and the suite on SQLite and on a throw-away PostgreSQL
# make prove    the same properties at full size
# make bench    measure, and write bench/RESULTS.md
# make lint     lint alone
# make pins     write the requirements anew from pyproject.toml (needs uv)
# make clean    take away what tools left behind; the ledger in var/ stays

.PHONY: run data test prove bench lint pins clean

run:
	@bin/run

data:
	@bin/set-up

test:
	@bin/test

prove:
	@bin/prove

bench:
	@bin/bench

lint:
	@bin/install requirements-test.txt
	@bin/lint

pins:
	@bin/pins

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
