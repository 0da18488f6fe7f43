# The kernel is the one asked for, and has what the labs are made of.
uname -r
case $(uname -r) in "$1".*) ;; *) echo "not a kernel of series $1"; exit 1 ;; esac
/sbin/ip link
for device in tunl0 sit0 ip6tnl0; do /sbin/ip link show "$device" >/dev/null; done
grep -q ' /sys/fs/bpf bpf ' /proc/mounts
