# Detaching leaves neither program nor pins behind.
. /guest/lab.sh
lab_read "$1"
ip -n lb -d link show "$interface" >/tmp/link
grep xdp /tmp/link
in_space lb /weir/weir-applier detach --interface "$interface"
ip -n lb -d link show "$interface" | tee /tmp/link
if grep -q xdp /tmp/link; then exit 1; fi
find /sys/fs/bpf
[ -z "$(find /sys/fs/bpf -type f)" ]
