import Ropewalk

// Which head looks back for what followed the last time, what it reads, and what a window would hide from it.
let model = try Model(contentsOf: "samples/books-4m")
let text = try model.document(contentsOf: "samples/texts/alice.txt").prefix(tokens: 1_000)
let recording = try Recorder(model: model).record(text.ids) { snapshot in
    print("read \(snapshot.tokens) of \(text.tokenCount) tokens")
    return true  // false would end the run
}

let lens = Lens(recording)
let best = lens.headScores().sorted { $0.induction > $1.induction }[0]
let (layer, head) = (best.layer, best.head)  // from 0
print("layer \(layer), head \(head): \(percent(best.induction)) on what followed the last time")

let query = 206
print("token \(query), \(text.displayName(ofToken: query)), reads")
for key in lens.row(layer: layer, head: head, query: query)?.topKeys(3) ?? [] {
    print("  \(percent(key.weight)) of token \(key.token), \(text.displayName(ofToken: key.token))")
}

let window = try lens.preview(model.scenario("lambda:sink=4,window=64"))
if let row = window.maskRow(layer: layer, head: head, query: query),
    let reason = window.reason(layer: layer, head: head, query: query, key: 100)
{
    print("a window keeps \(percent(row.massKept)) of the attention; token 100 is \(reason.sentence)")
}

if let map = lens.map(layer: layer, head: head, side: 16) {
    print("the highest weights between stretches of \(map.cell) tokens, in tenths")
    for row in 0..<map.rows { print(String((0...row).map { shade(map[row, $0]) })) }
}

func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }

func shade(_ weight: Float) -> Character { Array(".123456789#")[Int(weight * 10)] }
