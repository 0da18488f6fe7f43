# A backend added and one drained: stores into the live maps, after which every flow goes where the changed ring says.
# Bundle; its lab holds the backends of both.
. /guest/lab.sh
lab_read "$1"
program() { ip -n lb -d link show "$interface" | grep -o 'prog/xdp id [0-9]*'; }
before=$(program)
in_space lb /weir/weir-applier apply --bundle "/bundles/$1/changed" --object "/bundles/$1/lb.o" --interface "$interface"
after=$(program)
echo "before $before, after $after"
[ "$before" = "$after" ]
ask "$1" changed tcp
