# On their way to the backends, a bit of every outer checksum is flipped: whoever was promised a checksum must hear
# nothing, everybody else as before. Bundle, protocol.
. /guest/lab.sh
lab_read "$1"
ip -n r link set dev r-lb xdp off
ip -n r link set dev r-lb xdp obj /guest/spoil.o sec xdp
restore() {
    ip -n r link set dev r-lb xdp off
    ip -n r link set dev r-lb xdp obj /guest/pass.o sec xdp
}
trap restore EXIT
ask "$1" spoilt "$2"
