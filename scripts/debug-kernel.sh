#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build the debug kernel that the KUnit tests run in: Debian's 6.12 source,
# configured by the fragments in tests/testkernel/. The result is cached
# outside the tree, keyed by everything that went into it.

set -euo pipefail
TOP=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$TOP/scripts/lib.sh"

FRAGMENTS="$TOP/tests/testkernel/common.config $TOP/tests/testkernel/$ARCH.config"
SOURCE=$AXVM_CACHE/source

# Options that did not survive olddefconfig vanish without a word, so compare.
# "# CONFIG_X is not set" and "CONFIG_X=n" are met by absence as well.
dropped_options()
{
	local line name
	cat $FRAGMENTS | while read -r line; do
		case $line in
		"# CONFIG_"*" is not set")
			name=${line#\# }
			name=${name%% *}
			;;
		CONFIG_*=n)
			name=${line%%=*}
			;;
		CONFIG_*)
			grep -qxF -- "$line" "$1" || echo "$line"
			continue
			;;
		*)
			continue
			;;
		esac
		! grep -q "^$name=" "$1" || echo "$line"
	done
}

kernel_make()
{
	nice make -s -C "$src" O="$out" ARCH="$KBUILD_ARCH" "$@"
}

[ -f "$SOURCE/version" ] || "$TOP/scripts/setup.sh" source
version=$(cat "$SOURCE/version")
src=$(echo "$SOURCE"/linux-source-*)
# shellcheck disable=SC2086
key=$( (cat $FRAGMENTS; echo "$version $ARCH"; "${CC:-${CROSS_COMPILE}gcc}" --version | head -n 1) |
	sha256sum | cut -c 1-12)
dir=$KERNELS_DIR/debug-$key
out=$dir/out

if [ ! -f "$dir/release" ]; then
	say "building the debug kernel $version (8 to 10 minutes on 2 CPUs) in $dir"
	mkdir -p "$out"
	exec 9>"$dir/lock"
	flock 9
fi
if [ ! -f "$dir/release" ]; then
	# shellcheck disable=SC2086
	cat $FRAGMENTS >"$dir/wanted.config"
	kernel_make KCONFIG_ALLCONFIG="$dir/wanted.config" allnoconfig >"$dir/build.log" 2>&1 ||
		die "allnoconfig failed; see $dir/build.log"
	dropped=$(dropped_options "$out/.config")
	[ -z "$dropped" ] ||
		die "dropped from the configuration: ${dropped//$'\n'/ };" \
			"add what these depend on to tests/testkernel/"
	kernel_make -j"$(nproc)" "${KERNEL_IMAGE##*/}" modules >>"$dir/build.log" 2>&1 ||
		die "the debug kernel does not build; see $dir/build.log:" \
			"$(tail -n 3 "$dir/build.log")"
	ln -sfn "out/$KERNEL_IMAGE" "$dir/vmlinuz"
	ln -sfn out "$dir/build"
	cp "$out/include/config/kernel.release" "$dir/release"
	say "the debug kernel is ready: $(cat "$dir/release")"
fi
ln -sfn "debug-$key" "$KERNELS_DIR/debug"
