# Two commands for a newcomer: `make demo` and `make test`. Everything they build lies in artifacts/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo build test compatibility conformance interop differential faults soak timing docs diagrams fuzz bench cpython wheel ironpython pack reproducible clean

help:
	@echo "make demo        build both hosts and show them talking TLS, to each other and to OpenSSL"
	@echo "make test        build and run every test suite on every host present; IRONPYTHON_TESTS=FOLDER"
	@echo "                 names IronPython's own tests, Src/StdLib/Lib/test of its source, to run its test_ssl too;"
	@echo "                 IPY=FOLDER its console for .NET 8, with ipy.dll and lib, to drop the module into it"
	@echo "                 PYTHONS=\"COMMAND ...\" names the CPython interpreters, which are else those present"
	@echo "make compatibility"
	@echo "                 run the clients and servers of the standard library and of others, once built, and"
	@echo "                 write docs/compatibility.md; CLIENTS_PYTHON names an interpreter that has them"
	@echo "make conformance run suites of others, given as folders: BORINGSSL=FOLDER (the source, of which the TLS test runner is"
	@echo "                 run against the module for CPython; OWN=1 against the interpreter's own ssl as well, CASES=PATTERN a"
	@echo "                 part), LIMBO=FOLDER (x509-limbo's chains), WYCHEPROOF=FOLDER (test vectors)"
	@echo "make interop     play our client and server against the programs of others, and write docs/interop.md; OWN=1 plays"
	@echo "                 CPython's own ssl in our place (15 minutes at most)"
	@echo "make docs        render the pages to HTML in artifacts/docs and check every link in them"
	@echo "make diagrams    draw the pictures of docs anew from their text (needs Graphviz's dot)"
	@echo "make fuzz        damage a million certificates, CRLs, keys and PEM texts (FUZZ_ROUNDS, FUZZ_SEED);"
	@echo "                 with TARGET=NAME, or all, and TIME=SECONDS afl-fuzz does it, guided by the engine's coverage"
	@echo "make differential  play random programs of sockets and contexts on SslModule and on Python's own ssl (PROGRAMS, SEED)"
	@echo "make faults      delay, split, change, repeat, leave out and end the bytes of connections, one fault each (STEP: at"
	@echo "                 every so many bytes, 3; OFFSET), with ours as client and as server on both hosts"
	@echo "make soak        keep 200 connections going in each process for TIME seconds (120), every byte checked: memory,"
	@echo "                 descriptors and threads have to stay where they are"
	@echo "make timing      measure whether times tell secrets apart, as dudect does (TARGET, SAMPLES; hours for all of it)"
	@echo "make bench       measure both hosts against their own _ssl, in ratios, and leave a page in artifacts/bench:"
	@echo "                 some 10 minutes once all is built (QUICK=1: 90 seconds; PUBLISH=1: put a full run's"
	@echo "                 results into bench/results; PYTHONS as above, the one with the newest OpenSSL is the peer)"
	@echo "make build       compile the solution (warnings are errors)"
	@echo "make cpython     leave the module for CPython in artifacts/cpython"
	@echo "make wheel       leave it, for pip, in artifacts/wheels"
	@echo "make ironpython  leave the module and the console for IronPython in artifacts/ironpython,"
	@echo "                 and the console for .NET 8 in artifacts/ironpython-net8.0"
	@echo "make pack        leave the NuGet packages SslModule.Engine, SslModule.IronPython and"
	@echo "                 SslModule.IronPython.Console in artifacts/packages"
	@echo "make reproducible  build wheel and packages twice, from two clones of the commit, and compare their bytes"
	@echo "make clean       remove what the above made"

build:
	@tools/build.sh solution

cpython:
	@tools/build.sh cpython

wheel:
	@tools/build.sh wheel

ironpython:
	@tools/build.sh ironpython

pack:
	@tools/pack.sh

reproducible:
	@tools/reproducible.sh

demo:
	@tools/demo.sh

test:
	@tools/test.sh

compatibility:
	@$${CLIENTS_PYTHON:-/usr/bin/python3} tests/clients/run.py --write

conformance:
	@tools/conformance.sh

interop:
	@tools/interop.sh

docs:
	@tools/docs.sh

diagrams:
	@for text in docs/diagrams/*.dot; do dot -Tsvg "$$text" -o "$${text%.dot}.svg" || exit 1; done

differential:
	@tools/differential.sh

faults:
	@tools/faults.sh

soak:
	@tools/soak.sh

timing:
	@tools/timing.sh

fuzz:
	@tools/fuzz.sh

bench:
	@tools/bench.sh

clean:
	rm -rf artifacts
