#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The host boots another kernel with kexec while cells run: that kernel finds
# all CPUs as the firmware leaves them, and can start them.
# (Linux 6.12 itself cannot kexec where arm64 has FEAT_LPA2: it oopses.)
# host: panics=yes boot=yes arm64.qemu=-cpu arm64.qemu=max,lpa2=off

# shellcheck shell=dash
. ./cells.sh
plan 2

# Runs in the new kernel: tells the debug port, byte by byte, how many CPUs it has.
mkdir -p /tmp/kexec
cat >/tmp/kexec/report <<END
#!/bin/sh
put()
{
	$DEBUG_PUT
}
END
cat >>/tmp/kexec/report <<'END'
say()
{
	text=$1
	while [ -n "$text" ]; do
		rest=${text#?}
		put "${text%"$rest"}"
		text=$rest
	done
}
for line in 1 2 3; do
	say "kexec: cpus=$(nproc) line=$line
"
done
END
chmod +x /tmp/kexec/report
# An archive begins at a multiple of 4.
size=$(stat -c %s /axvm/boot/initrd)
(cat /axvm/boot/initrd && head -c $(((4 - size % 4) % 4)) /dev/zero && cd /tmp/kexec && echo report | cpio -o -H newc) >/tmp/kexec.initrd 2>/dev/null

run tick 1 tick.elf
ok "a running cell" expect tick 'ready hz=100'
run smp 2,3 stray.elf
ok "beside another one" expect smp ready
expect_after_panic 3 "kexec: cpus=$(nproc --all) line=" "the new kernel has all CPUs"
sleep 1
kexec "/axvm/boot/vmlinuz-$(uname -r | cut -d. -f1,2)" /tmp/kexec.initrd \
	"console=$HOST_CONSOLE axvm.run=/report"
