# SPDX-License-Identifier: GPL-2.0
# What a user types; 'make help' lists it. The module's own rules are in Kbuild.
#
# ARCH=    x86_64 or arm64 (default: this machine's, and all of $(PORTS) for 'test')
# KDIR=    build the module for this kernel build folder (default: the running one)
# KERNEL=  the same, by name, for a kernel of the test host: 6.1, 6.12 or debug
# ONLY=    run only the tests whose name contains this

# What 'make test' covers without ARCH=.
PORTS	:= x86_64 arm64

ifneq ($(origin ARCH),undefined)
PORTS	:= $(ARCH)
endif
ARCH	?= $(patsubst aarch64,arm64,$(shell uname -m))
KDIR	?= /lib/modules/$(shell uname -r)/build
DESTDIR	?=
PREFIX	?= /usr/local
JOBS	?= $(shell nproc)
V	?= 0

BUILD	:= $(CURDIR)/build/$(ARCH)
TARGET	:= $(or $(KERNEL),$(KDIR))
TOOL_INSTALL := OUT=$(BUILD)/tools IVC_BENCH=$(BUILD)/guests/ivc.elf DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)
STOCK	= $(shell sed -n 's/^STOCK_KERNELS="\(.*\)"/\1/p' scripts/arch/$(ARCH).sh)
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

export ARCH
# These reach the kernel's and the tool's makefiles only where meant.
unexport KERNEL KDIR ONLY

.DEFAULT_GOAL := all
.PHONY: all module tools guests install uninstall setup stock debug-kernel
.PHONY: demo test bench shell check size clean help

all: module tools guests

module:
	scripts/build-module $(TARGET) "" $(PARALLEL)

tools:
	scripts/cross $(MAKE) -C tools/axvmctl OUT=$(BUILD)/tools

guests:
	scripts/cross $(MAKE) -C tests/guests OUT=$(BUILD)/guests

# The module for every kernel that the test host can boot.
stock: $(STOCK:%=module-%)
debug-kernel:
	scripts/debug-kernel.sh
module-debug: debug-kernel
module-%:
	scripts/build-module $* "" $(PARALLEL)

install: all
	scripts/install-module "$(KDIR)" "$(DESTDIR)"
	scripts/cross $(MAKE) -C tools/axvmctl install $(TOOL_INSTALL)

uninstall:
	scripts/install-module --remove "$(KDIR)" "$(DESTDIR)"
	$(MAKE) -C tools/axvmctl uninstall $(TOOL_INSTALL)

setup:
	scripts/setup.sh
setup-%:
	ARCH=$* scripts/setup.sh

demo: setup
	scripts/demo

test: $(PORTS:%=setup-%)
	scripts/run-tests $(PORTS:%=--arch %) $(if $(KERNEL),--kernel $(KERNEL)) $(if $(ONLY),--only $(ONLY))

shell: setup
	scripts/prepare $(or $(KERNEL),6.12)
	scripts/testhost --kernel $(or $(KERNEL),6.12) --boot-images --shell

check: setup
	scripts/check

bench: setup
	scripts/bench

size:
	scripts/core-size

clean:
	rm -rf build

help:
	@echo 'make              build the module (for KDIR or the running kernel) and axvmctl'
	@echo 'make install      install both (DESTDIR, PREFIX); make uninstall removes them'
	@echo 'make demo         show what it does, in a disposable test host'
	@echo 'make test         run every test (ONLY=name, KERNEL=6.1|6.12|debug, ARCH=)'
	@echo 'make shell        a shell in the test host, module loaded (KERNEL=6.1|6.12|debug)'
	@echo 'make check        W=1, sparse, checkpatch, shellcheck'
	@echo 'make bench        instructions of an exit, as a cell and under KVM'
	@echo 'make size         lines and bytes of the resident core'
	@echo 'make setup        install what the above need (Debian 12 or 13)'
	@echo '     ARCH=arm64   any of these for, or on, an arm64 machine'
	@echo 'make module KERNEL=6.1   build only the module, for a kernel of the test host'
