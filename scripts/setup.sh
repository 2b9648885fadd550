#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Install what building and testing needs on Debian 12 or 13, and unpack the
# stock kernels into the cache. Does nothing, quickly, when all is there. For an
# architecture that is not the machine's own, that includes a cross compiler and
# that architecture's libraries, unpacked into the cache: dpkg is not told of it.
#
# The machine's apt configuration is read (for the mirror it uses) and never
# changed: backports and the other release's kernels come from a private
# configuration in the cache.

set -euo pipefail
TOP=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$TOP/scripts/lib.sh"

PACKAGES="gcc make flex bison bc libelf-dev libssl-dev cpio kmod xz-utils zstd
	pkg-config sparse perl python3 python3-yaml python3-jsonschema
	libc6-dev libnl-3-dev libnl-genl-3-dev libjansson-dev busybox-static
	shellcheck file $ARCH_PACKAGES"
[ -z "$CROSS_COMPILE" ] || PACKAGES="$PACKAGES $CROSS_PACKAGES"
QEMU_MIN=10
NATIVE=$(dpkg --print-architecture)

usage()
{
	cat <<END
usage: scripts/setup.sh [--update] [packages] [sysroot] [kernels] [source]
  packages  build tools, QEMU and libraries (needs root or sudo if missing)
  sysroot   libraries of another architecture, into $AXVM_CACHE/$ARCH/sysroot
  kernels   Debian's stock kernels and headers, into $KERNELS_DIR,
            and what else cells boot in the tests
  source    the source of the debug kernel, into $AXVM_CACHE/source
Default: all but the source. --update fetches newer stock kernels.
END
}

# Tools in /sbin are needed, and a plain user does not have it in PATH.
PATH=$PATH:/usr/sbin:/sbin

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		die "not root and no sudo: run '$*' as root, then try again"
	fi
}

# apt_for ARCHITECTURE - the private apt's lists and choices, from here on
apt_for()
{
	apt_arch=$1
	APT_DIR=$AXVM_CACHE/apt/$1
}

private_apt()
{
	local tool=$1
	shift
	"$tool" -q \
		-o Dir::Etc::sourcelist="$APT_DIR/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences="$APT_DIR/preferences" \
		-o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State::lists="$APT_DIR/lists" \
		-o Dir::Cache="${apt_cache:-$APT_DIR/cache}" \
		-o APT::Sandbox::User=root \
		-o APT::Architecture="$apt_arch" \
		-o APT::Architectures="$apt_arch" \
		-o Acquire::Languages=none \
		-o Dpkg::Use-Pty=0 \
		"$@"
}

# mirror_of SUITE-SUFFIX - URI that the machine's apt uses for the release it
# runs, with that suffix ("" or "-security"). Where apt has never fetched a list
# it hides that source, unless told not to look at what it fetched.
mirror_of()
{
	local info
	for info in --release-info --no-release-info; do
		apt-get indextargets "$info" \
			--format '$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT) $(CREATED_BY)'
	done | awk -v want="$VERSION_CODENAME$1" \
		'($2 == want || $3 == want) && $4 == "main" && $5 == "Packages" && !uri { uri = $1 }
		END { print uri }'
}

write_sources()
{
	local main security opts="" release
	# shellcheck disable=SC1091
	. /etc/os-release
	[ "${ID:-}" = debian ] ||
		die "this is ${PRETTY_NAME:-an unknown system}; only Debian 12 and 13 are known" \
			"here. Install by hand: $PACKAGES QEMU >= $QEMU_MIN"
	case $VERSION_CODENAME in
	bookworm|trixie) ;;
	*) die "Debian '$VERSION_CODENAME' is not known here; use 12 (bookworm) or 13 (trixie)" ;;
	esac
	main=$(mirror_of "")
	security=$(mirror_of -security)
	[ -n "$main" ] ||
		die "apt has no source for '$VERSION_CODENAME main';" \
			"add one to /etc/apt/sources.list.d, then try again"
	[ -n "$security" ] ||
		say "apt has no source for $VERSION_CODENAME-security; going on without it"
	[ -r /usr/share/keyrings/debian-archive-keyring.gpg ] &&
		opts="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "

	mkdir -p "$APT_DIR/lists/partial" "$APT_DIR/cache/archives/partial"
	for release in $VERSION_CODENAME bookworm; do
		echo "deb $opts$main $release main"
		[ -z "$security" ] || echo "deb $opts$security $release-security main"
	done | sort -u >"$APT_DIR/sources.list"
	if [ "$VERSION_CODENAME" = bookworm ]; then
		echo "deb $opts$main bookworm-backports main"
	fi >>"$APT_DIR/sources.list"
	# Only what is asked for by name may come from another suite.
	cat >"$APT_DIR/preferences" <<END
Package: *
Pin: release n=bookworm*
Pin-Priority: $([ "$VERSION_CODENAME" = bookworm ] && echo 500 || echo 50)

Package: *
Pin: release n=bookworm-backports
Pin-Priority: 50
END
}

refresh_lists()
{
	case " ${lists_fresh:-} " in
	*" $apt_arch "*) return 0 ;;
	esac
	write_sources
	say "reading package lists for $apt_arch"
	private_apt apt-get update >&2
	lists_fresh="${lists_fresh:-} $apt_arch"
}

missing_packages()
{
	local p
	for p in $PACKAGES; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null |
			grep -q '^installed$' || echo "$p"
	done
}

qemu_is_new()
{
	local v
	v=$("$QEMU" --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
	[ "${v:-0}" -ge "$QEMU_MIN" ]
}

install_packages()
{
	local missing target=()
	apt_for "$NATIVE"
	missing=$(missing_packages)
	if [ -n "$missing" ]; then
		refresh_lists
		say "installing" $missing
		as_root env AXVM_CACHE="$AXVM_CACHE" ARCH="$ARCH" DEBIAN_FRONTEND=noninteractive \
			bash "$0" --apt-install $missing >&2
	fi
	qemu_is_new && return
	refresh_lists
	grep -q bookworm-backports "$APT_DIR/sources.list" &&
		target=(-t bookworm-backports)
	say "installing $QEMU_PACKAGE"
	as_root env AXVM_CACHE="$AXVM_CACHE" ARCH="$ARCH" DEBIAN_FRONTEND=noninteractive \
		bash "$0" --apt-install "${target[@]}" "$QEMU_PACKAGE" >&2
	qemu_is_new ||
		die "$QEMU is still older than $QEMU_MIN after installing $QEMU_PACKAGE;" \
			"is an older one first in PATH?"
}

# newest_image SERIES - the newest stock image package, e.g. linux-image-6.1.0-56-amd64
newest_image()
{
	private_apt apt-cache pkgnames "linux-image-$1." |
		grep -E "^linux-image-${1//./\\.}\.[0-9]+[-+][a-z0-9]+-$KERNEL_FLAVOUR\$" |
		sort -V | tail -n 1
}

# Debian's headers name the compiler that built the kernel and the place where
# they would be installed. Neither need exist here.
relocate_headers()
{
	local root=$1 release=$2 hdr=$1/usr/src/linux-headers-$2 link
	sed -i "s|/usr/src/|$root/usr/src/|g" "$hdr/Makefile"
	if [ -f "$hdr/.kernelvariables" ]; then
		sed -i "s|^\(override \)\?CCPATH.*|CCPATH = |; s|\bgcc-[0-9]*|gcc|g" \
			"$hdr/.kernelvariables"
	fi
	for link in scripts tools; do
		[ -d "$hdr/$link/" ] ||
			ln -sfn "$(echo "$root"/usr/lib/linux-kbuild-*/"$link")" "$hdr/$link"
	done
	ln -sfn "usr/src/linux-headers-$release" "$root/build"
}

# download ARCHITECTURE FOLDER PACKAGE...
download()
{
	local folder=$2
	apt_for "$1"
	shift 2
	refresh_lists
	mkdir -p "$folder"
	(cd "$folder" && private_apt apt-get download "$@" >&2)
}

unpack()
{
	local deb
	for deb in "$1"/*.deb; do
		say "unpacking ${deb##*/}"
		dpkg-deb -x "$deb" "$2"
	done
	rm -rf "$1"
}

# Headers are this kernel's; the programs of linux-kbuild run on this machine.
fetch_kernel()
{
	local series=$1 dir tmp image release headers deps
	dir=$(kernel_dir "$series")
	apt_for "$DEB_ARCH"
	refresh_lists
	image=$(newest_image "$series")
	[ -n "$image" ] || die "no linux-image-$series.*-$KERNEL_FLAVOUR in the package lists"
	release=${image#linux-image-}
	if [ -f "$dir/release" ] && [ "$(cat "$dir/release")" = "$release" ]; then
		return
	fi
	headers=linux-headers-$release
	deps=$(private_apt apt-cache depends "$headers" | awk '/Depends:/ { print $2 }')
	say "fetching $image and its headers"
	tmp=$dir.new
	rm -rf "$tmp"
	download "$DEB_ARCH" "$tmp/debs" "$image" "$headers" \
		"$(grep -E '^linux-headers-.*-common' <<<"$deps")"
	download "$NATIVE" "$tmp/debs" "$(grep -E '^linux-kbuild-' <<<"$deps")"
	unpack "$tmp/debs" "$tmp"
	rm -rf "$dir"
	mv "$tmp" "$dir"
	relocate_headers "$dir" "$release"
	ln -sfn "boot/vmlinuz-$release" "$dir/vmlinuz"
	echo "$release" >"$dir/release"
}

fetch_kernels()
{
	local series
	for series in $STOCK_KERNELS; do
		if [ -z "${update:-}" ] && [ -f "$(kernel_dir "$series")/release" ]; then
			continue
		fi
		fetch_kernel "$series"
	done
}

# Only what the tool links to and what the test host runs; the C library comes
# with the cross compiler.
fetch_sysroot()
{
	local name target dir=$AXVM_CACHE/$ARCH/sysroot tmp=$AXVM_CACHE/$ARCH/sysroot.new
	[ -n "$CROSS_COMPILE" ] || return 0
	[ -z "${update:-}" ] && [ "$(cat "$dir/packages" 2>/dev/null)" = "$SYSROOT_PACKAGES" ] && return
	rm -rf "$tmp"
	say "fetching libraries for $DEB_ARCH"
	# shellcheck disable=SC2086
	download "$DEB_ARCH" "$tmp/debs" $SYSROOT_PACKAGES
	unpack "$tmp/debs" "$tmp"
	# They point to where the packages would be installed.
	find "$tmp" -type l -lname '/*' -printf '%P %l\n' | while read -r name target; do
		ln -sfnr "$tmp$target" "$tmp/$name"
	done
	echo "$SYSROOT_PACKAGES" >"$tmp/packages"
	rm -rf "$dir"
	mv "$tmp" "$dir"
}

fetch_guest()
{
	local tmp=$GUEST_IMAGES.new
	[ -n "$GUEST_PACKAGE" ] || return 0
	[ -z "${update:-}" ] && [ -f "$GUEST_IMAGES/${GUEST_FILE##*/}" ] && return
	rm -rf "$tmp"
	say "fetching $GUEST_PACKAGE"
	download "$DEB_ARCH" "$tmp/debs" "$GUEST_PACKAGE"
	unpack "$tmp/debs" "$tmp/root"
	mv "$tmp/root/$GUEST_FILE" "$tmp/"
	rm -rf "$tmp/root" "$GUEST_IMAGES"
	mv "$tmp" "$GUEST_IMAGES"
}

fetch_source()
{
	local dir=$AXVM_CACHE/source tmp=$AXVM_CACHE/source.new
	[ -z "${update:-}" ] && [ -f "$dir/version" ] && return
	apt_for "$NATIVE"
	refresh_lists
	rm -rf "$tmp"
	mkdir -p "$tmp"
	say "fetching linux-source-6.12"
	(cd "$tmp" && private_apt apt-get download linux-source-6.12 >&2)
	dpkg-deb -f "$tmp"/linux-source-*.deb Version >"$tmp/version.new"
	dpkg-deb -x "$tmp"/linux-source-*.deb "$tmp/deb"
	say "unpacking $(cat "$tmp/version.new")"
	tar -C "$tmp" -xf "$tmp"/deb/usr/src/linux-source-6.12.tar.xz
	rm -rf "$tmp/deb" "$tmp"/*.deb "$dir"
	mv "$tmp/version.new" "$tmp/version"
	mv "$tmp" "$dir"
}

if [ "${1:-}" = --apt-install ]; then
	shift
	# Nothing that root owns may stay in a user's cache.
	apt_for "$NATIVE"
	apt_cache=$(mktemp -d)
	trap 'rm -rf "$apt_cache"' EXIT
	private_apt apt-get install -y --no-install-recommends "$@"
	exit
fi

what=
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	packages|sysroot|kernels|source) what="$what $1" ;;
	-h|--help) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done

mkdir -p "$AXVM_CACHE/$ARCH" "$KERNELS_DIR"
for step in ${what:-packages sysroot kernels}; do
	case $step in
	packages) install_packages ;;
	sysroot) fetch_sysroot ;;
	kernels) fetch_kernels && fetch_guest ;;
	source) fetch_source ;;
	esac
done
