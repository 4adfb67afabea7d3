/// In its memory layers the keys of highest score of all the text, in the others a window.
package struct FocusedTransformer: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "fot", family: .selection, title: "Focused Transformer",
        summary:
            "In the memory layers each head reads, beside the window, the keys with the highest score of all the text "
            + "before it, in one softmax; the other layers read the window only.",
        source: "Tworkowski et al., Focused Transformer, 2023 (arXiv 2307.03170), k 128; window 2,048 as in LongLLaMA, "
            + "which reads all of its memory",
        parameters: [
            .count("k", "keys read from the memory", default: 128, from: 0),
            .count("window", "last keys always read", default: 2048),
        ],
        lists: [
            ListDescription(
                "layers", meaning: "memory layers, from 0; every layer where none is given",
                unit: "layer", range: 0...1_048_576, isInteger: true)
        ],
        flops: "N²·d a head for the scores of a memory layer, 4·N·(window + k)·d for what is read",
        memory: "2·N·d numbers a key/value head in a memory layer, 2·window·d in the others")

    package let k: Int
    package let window: Int
    package let memoryLayers: [Int]

    package init(k: Int, window: Int, memoryLayers: [Int] = []) {
        self.k = k
        self.window = window
        self.memoryLayers = memoryLayers
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(k: Int(values[0]), window: Int(values[1]), memoryLayers: (lists.first ?? []).map { Int($0) })
    }
    package var values: [Double] { [Double(k), Double(window)] }
    package var lists: [[Double]] { [memoryLayers.map(Double.init)] }

    func hasMemory(_ place: HeadPlace) -> Bool { memoryLayers.isEmpty || memoryLayers.contains(place.layer) }

    func chooser(for place: HeadPlace, states: any LayerStates) -> MemoryChooser {
        MemoryChooser(
            count: hasMemory(place) ? k : 0, window: window, memory: hasMemory(place) ? .max : 0, score: .product,
            place: place, states: states)
    }
}
