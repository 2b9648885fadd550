#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Wrong input: files, images, messages. Each gets a reason, none leaves a mark.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 42

HELLO=$(guest hello.elf)

bad()
{
	printf '%s' "$1" >/tmp/bad.json
	axvmctl create /tmp/bad.json
}

# with MEMBERS - a cell that would be right without them
with()
{
	bad "{\"name\": \"bad\", \"cpus\": [1], $1}"
}

MEMORY='"memory": [{"size": "16M"}]'
free=$(mem_free)
refused "no file" 'nothere.json' axvmctl create /tmp/nothere.json
refused "an empty file" 'bad.json:1' bad ''
refused "a truncated file" 'bad.json:1:[0-9]+' bad '{"name": "bad", "cpus": [1'
refused "no object" 'described by an object' bad '[1, 2]'
refused "a wrong type, with its place and what is accepted" \
	"bad.json:1:[0-9]+: key 'cpus'.*not a list; accepted: " bad '{"name": "bad", "cpus": "all", "memory": []}'
refused "an unknown key, with the near one" "key 'memry'.*memory" with '"memry": []'
refused "a missing key" "'memory' is missing" with "$HELLO"
refused "nothing to run" 'nothing to run' with "$MEMORY"
refused "a size that is none" "memory\[0\].size" with "$HELLO, \"memory\": [{\"size\": \"lots\"}]"
refused "a negative size" "memory\[0\].size" with "$HELLO, \"memory\": [{\"size\": -4096}]"
refused "a size of all there is" "memory\[0\].size" with "$HELLO, \"memory\": [{\"size\": \"99999999999999999999G\"}]"
refused "a bad name" "key 'name'" bad "{\"name\": \"../etc\", \"cpus\": [1], $MEMORY, $HELLO}"
refused "a name of 40 characters" "key 'name'" \
	bad "{\"name\": \"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd\", \"cpus\": [1], $MEMORY, $HELLO}"
(printf '{"name": "bad", "x": "'; dd if=/dev/zero bs=1M count=64 2>/dev/null | tr '\0' a; echo '"}') >/tmp/huge.json
refused "64 MiB of JSON" 'huge.json' axvmctl create /tmp/huge.json
rm /tmp/huge.json
(n=0; while [ $((n += 1)) -le 20000 ]; do printf '['; done) >/tmp/deep.json
refused "20000 brackets" 'deep.json' axvmctl create /tmp/deep.json
dd if=/dev/urandom of=/tmp/noise.json bs=4k count=16 2>/dev/null
refused "noise" 'noise.json' axvmctl create /tmp/noise.json
refused "a folder" '/tmp' axvmctl create /tmp

refused "a missing image" "key 'image.file'.*nothere.elf.*No such file" \
	with "$MEMORY, \"image\": {\"file\": \"nothere.elf\"}"
: >/tmp/empty.elf
refused "an empty image" 'empty.elf.*is empty' with "$MEMORY, \"image\": {\"file\": \"empty.elf\"}"
head -c 100 /axvm/guests/hello.elf >/tmp/short.elf
refused "a truncated ELF file" 'short.elf.*truncated' with "$MEMORY, \"image\": {\"file\": \"short.elf\"}"
head -c 5000 /axvm/guests/hello.elf >/tmp/short.elf
refused "one whose segment is cut off" 'short.elf.*truncated' with "$MEMORY, \"image\": {\"file\": \"short.elf\"}"
dd if=/dev/zero of=/tmp/large.bin bs=1M count=20 2>/dev/null
refused "an image larger than memory" 'does not fit' with "$MEMORY, \"image\": {\"file\": \"large.bin\"}"
refused "a kernel that is none" 'not a Linux kernel' with "$MEMORY, \"linux\": {\"kernel\": \"large.bin\"}"
rm /tmp/large.bin
refused "an image in a hole" 'does not fit' \
	with "\"memory\": [{\"size\": \"2M\"}], \"image\": {\"file\": \"/axvm/guests/$RAW\", \"gpa\": \"$(ram 0x1000000)\"}"
refused "an entry outside memory" 'outside' \
	with "$MEMORY, \"image\": {\"file\": \"/axvm/guests/$RAW\", \"entry\": \"$(ram 0x4000000)\"}"
refused "mode 17" "image.mode" with "$MEMORY, \"image\": {\"file\": \"/axvm/guests/$RAW\", \"mode\": 17}"
refused "the host's own memory as a device" "MMIO at HPA $(ram 0x20000000)" \
	with "$MEMORY, $HELLO, \"devices\": [{\"mmio\": {\"gpa\": \"0xe0000000\", \"hpa\": \"$(ram 0x20000000)\"}}]"
refused "$FORBIDDEN_NAME" "$FORBIDDEN_TEXT" \
	with "$MEMORY, $HELLO, \"console\": false, \"devices\": [$FORBIDDEN_DEVICE]"
refused "what a driver of the host has" "$BUSY_TEXT" \
	with "$MEMORY, $HELLO, \"console\": false, \"devices\": [$BUSY_DEVICE]"
refused "an unknown command" "no command 'crate'; did you mean 'create'" axvmctl crate
refused "an unknown option" 'option' axvmctl list --jason
refused "no argument" 'argument is missing' axvmctl create
ok "no cell is left" no_cells

cell victim 3 "$HELLO"
start victim
expect victim uart=ok
ok "malformed messages are refused" nlfuzz malformed
ok "and unprivileged ones" nlfuzz unprivileged
ok "random ones do no harm" nlfuzz random 1 20000
refused "nobody may not even ask" 'not permitted|Permission|permission' su -s /bin/sh nobody -c 'axvmctl list'
axvmctl log >/tmp/log
ok "the log is still readable" test -s /tmp/log
ok "the cell beside them did not notice" answers victim hello 'echo=hello'
destroy victim
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
