# SPDX-License-Identifier: GPL-2.0
# Shared by the shell scripts: messages, the cache folder and the settings of
# the architecture in $ARCH. Sourced with $TOP set to the top of the tree.

ARCH=${ARCH:-$(uname -m | sed 's/^aarch64$/arm64/')}
AXVM_CACHE=${AXVM_CACHE:-${HOME:-/root}/.cache/axvm}
ARCH_SETTINGS=$TOP/scripts/arch/$ARCH.sh

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	say "$*"
	exit 1
}

[ -r "$ARCH_SETTINGS" ] ||
	die "ARCH=$ARCH is not supported; use one of:" \
		"$(cd "$TOP/scripts/arch" && echo *.sh | sed 's/\.sh//g')"
# shellcheck source=scripts/arch/x86_64.sh
. "$ARCH_SETTINGS"

# Both empty where the machine is of the architecture it builds for.
CROSS_COMPILE=
SYSROOT=
if [ "$(uname -m)" != "$MACHINE" ]; then
	CROSS_COMPILE=$CROSS
	SYSROOT=$AXVM_CACHE/$ARCH/sysroot
fi
export ARCH CROSS_COMPILE

KERNELS_DIR=$AXVM_CACHE/$ARCH/kernels
BUILD_DIR=$TOP/build/$ARCH
# What cells boot besides Linux.
GUEST_IMAGES=$AXVM_CACHE/$ARCH/guests

# kernel_dir NAME - where the kernel called NAME (6.1, 6.12 or debug) lives.
# It holds vmlinuz, release and build/ (what KDIR= wants).
kernel_dir()
{
	echo "$KERNELS_DIR/$1"
}
