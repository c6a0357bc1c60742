package bench

import rego.v1

gap contains concat(":", [gate.id, want.kind, want.subject]) if {
	some gate in data.gates
	input.tier in gate.tiers
	data.rank[gate.to] <= data.rank[input.stage]
	some want in gate.require
	wanted(want)
	not met(want)
}

wanted(want) if want.unless_false == ""

wanted(want) if {
	want.unless_false != ""
	not input.facts[want.unless_false] == false
}

met(want) if {
	want.kind == "test"
	input.tests[want.subject]
}

met(want) if {
	want.kind == "artifact"
	some id in array.concat([want.subject], want.or)
	good(id, want.status)
}

good(id, "final") if input.artifacts[id] == "met"

good(id, status) if {
	status != "final"
	input.artifacts[id]
}
