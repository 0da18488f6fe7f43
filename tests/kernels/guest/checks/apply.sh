# The lab comes up, and the applier loads, proves and attaches the bundle in it.
. /guest/lab.sh
lab_down
lab_up "$1"
in_space lb /weir/weir-applier apply --bundle "/bundles/$1/bundle" --object "/bundles/$1/lb.o" --interface "$interface"
in_space lb /weir/weir-applier status --json
ip -n lb -d link show "$interface" | tee /tmp/link
grep -q xdp /tmp/link
