# SPDX-License-Identifier: GPL-2.0
# Bash completion for axvmctl.

_axvmctl_cells()
{
	axvmctl list 2>/dev/null | awk 'NR > 1 { print $2 }'
}

_axvmctl_options()
{
	case $1 in
	create) echo "--no-start --json --help" ;;
	list|show|record|version) echo "--json --help" ;;
	console) echo "--until= --idle= --help" ;;
	mem) echo "--gpa= --size= --type= --hpa= --flags= --to= --json --help" ;;
	log) echo "--follow --json --help" ;;
	stats) echo "--json --watch --diff= --help" ;;
	top) echo "--count= --help" ;;
	ivc) echo "--key= --size= --publisher= --rights= --linux= --gpa= --irq= --image= --rounds= --bytes= --json --help" ;;
	pci) echo "--slot= --unsafe-no-iommu --json --help" ;;
	inject) echo "--vcpu= --irq= --help" ;;
	irq) echo "--host= --guest= --trigger= --json --help" ;;
	dev) echo "--size= --gpa= --access= --json --help" ;;
	events) echo "--count= --json --help" ;;
	check) echo "--offline --json --help" ;;
	*) echo "--help" ;;
	esac
}

_axvmctl()
{
	local commands="create start stop suspend resume reset destroy list show stats top record mem inject irq pci dev ivc console log
		events
		check version help"
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		return
	fi
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_axvmctl_options "$command")" -- "$word")
		[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace
		return
	fi
	if [ "$command" = dev ]; then
		case $COMP_CWORD in
		2) mapfile -t COMPREPLY < <(compgen -W "attach detach list" -- "$word") ;;
		3) mapfile -t COMPREPLY < <(compgen -W "$(_axvmctl_cells)" -- "$word") ;;
		4) mapfile -t COMPREPLY < <(compgen -W "ports mmio testdev" -- "$word") ;;
		esac
		return
	fi
	if [ "$command" = record ] && [ "$COMP_CWORD" -gt 2 ]; then
		mapfile -t COMPREPLY < <(compgen -W "on off dump" -- "$word")
		return
	fi
	if [ "$command" = mem ]; then
		if [ "$COMP_CWORD" = 2 ]; then
			mapfile -t COMPREPLY < <(compgen -W "map unmap remap list" -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -W "$(_axvmctl_cells)" -- "$word")
		fi
		return
	fi
	if [ "$command" = ivc ]; then
		case $COMP_CWORD in
		2) words="create destroy attach detach list show bench" ;;
		3) [ "${COMP_WORDS[2]}" = bench ] || words=$(axvmctl ivc list 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
		*) words=$(_axvmctl_cells) ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		return
	fi
	if [ "$command" = pci ]; then
		case $COMP_CWORD in
		2) words="attach detach list" ;;
		3) words=$(_axvmctl_cells) ;;
		*) words=$(ls /sys/bus/pci/devices 2>/dev/null) ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		return
	fi
	case $command in
	create|check)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -X '!*.json' -- "$word"; compgen -d -- "$word")
		;;
	start|stop|suspend|resume|reset|destroy|show|stats|record|inject|console|log)
		mapfile -t COMPREPLY < <(compgen -W "$(_axvmctl_cells)" -- "$word")
		;;
	help)
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		;;
	esac
}

complete -F _axvmctl axvmctl
