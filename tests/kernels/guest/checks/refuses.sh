# The applier refuses the bundle, says why, and leaves the interface as it was. Bundle, words that it must say.
. /guest/lab.sh
bundle=$1
shift
lab_down
lab_up "$bundle"
if in_space lb /weir/weir-applier apply --bundle "/bundles/$bundle/bundle" --object "/bundles/$bundle/lb.o" --interface "$interface" >/tmp/said 2>&1; then
    cat /tmp/said
    echo "it was not refused"
    exit 1
fi
cat /tmp/said
tr '\n' ' ' </tmp/said | grep -q "$*"
ip -n lb -d link show "$interface" | tee /tmp/link
if grep -q xdp /tmp/link; then exit 1; fi
