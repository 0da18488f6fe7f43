-- GUE (draft-ietf-intarea-gue-09, section 3), which tshark does not know: variant 0 has a header of 4 bytes and its
-- extension words, variant 1 is the IP packet itself, whose version numbers 4 and 6 both have 01 as their first two bits.
local gue = Proto("gue", "Generic UDP Encapsulation")
local variant = ProtoField.uint8("gue.variant", "Variant", base.DEC, nil, 0xc0)
local control = ProtoField.uint8("gue.control", "Control", base.DEC, nil, 0x20)
local words = ProtoField.uint8("gue.hlen", "Words of extensions", base.DEC, nil, 0x1f)
local protocol = ProtoField.uint8("gue.protocol", "Protocol", base.DEC)
local flags = ProtoField.uint16("gue.flags", "Flags", base.HEX)
gue.fields = { variant, control, words, protocol, flags }

local inner = DissectorTable.get("ip.proto")

function gue.dissector(buffer, packet, tree)
    local first = buffer(0, 1):uint()
    local branch = tree:add(gue, buffer(0, first < 64 and 4 or 1))
    branch:add(variant, buffer(0, 1))
    if first >= 64 then
        inner:try((first >= 96 and first < 112) and 41 or 4, buffer, packet, tree)
        return
    end
    branch:add(control, buffer(0, 1))
    branch:add(words, buffer(0, 1))
    branch:add(protocol, buffer(1, 1))
    branch:add(flags, buffer(2, 2))
    inner:try(buffer(1, 1):uint(), buffer(4 + 4 * (first % 32)):tvb(), packet, tree)
end

for _, port in ipairs({ 6080, 9999 }) do
    DissectorTable.get("udp.port"):add(port, gue)
end
