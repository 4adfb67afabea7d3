/// What a layer reads where a text is read in two levels.
package enum TextLevel: Hashable, Sendable {
    /// Every part alone.
    case parts
    /// All parts together, by the tokens that stand for them or by all of their tokens.
    case document
}

/// A window that lets some layers read the parts of a text alone, and others join them.
package protocol LevelledWindow: WindowMethod {
    /// What a layer reads; nil where the method has one level in all of them.
    func level(ofLayer layer: Int, of layers: Int) -> TextLevel?
    /// What is read of each part, in order; empty where nothing is.
    func parts(tokens: Int) -> [Range<Int>]
    /// The token that reads for a query where parts are joined: the one that stands for its part, or itself; nil where
    /// nothing of its part is read.
    func reader(of query: Int, tokens: Int) -> Int?
}

extension LevelledWindow {
    /// The layer that joins parts and the one that reads them alone of which a layer is one: with it the nearest of the other
    /// level, which lies below where it joins and above where it reads parts. Nil where there is none.
    package func layers(around layer: Int, of layers: Int) -> (joining: Int, reading: Int)? {
        guard (0..<layers).contains(layer) else { return nil }
        switch level(ofLayer: layer, of: layers) {
        case .document:
            return (0..<layer).last { level(ofLayer: $0, of: layers) == .parts }.map { (layer, $0) }
        case .parts:
            return (layer + 1..<layers).first { level(ofLayer: $0, of: layers) == .document }.map { ($0, layer) }
        case nil: return nil
        }
    }
}

extension Scenario {
    /// The first of its windows that has two levels: in all heads, and by itself.
    package var levels: (any LevelledWindow)? { windows.lazy.compactMap { $0 as? any LevelledWindow }.first }
}

extension Hibert: LevelledWindow {
    package func level(ofLayer layer: Int, of layers: Int) -> TextLevel? {
        level > 0 ? nil : layer * 2 < layers ? .parts : .document
    }

    package func parts(tokens: Int) -> [Range<Int>] {
        (0..<partCount(tokens: tokens)).map { sentence($0, tokens: tokens) }
    }

    package func reader(of query: Int, tokens: Int) -> Int? {
        (0..<tokens).contains(query) ? sentence(part(of: query), tokens: tokens).last : nil
    }
}

extension ChunkJoin: LevelledWindow {
    package func level(ofLayer layer: Int, of layers: Int) -> TextLevel? {
        layer < layers - joined ? .parts : .document
    }

    package func parts(tokens: Int) -> [Range<Int>] {
        guard unit == nil else {
            let borders = borders ?? PartBorders(starts: [0])
            return (0..<borders.count(in: tokens)).map { borders.tokens(ofPart: $0, in: tokens) }
        }
        return stride(from: 0, to: tokens, by: size).map { $0..<min($0 + size, tokens) }
    }

    package func reader(of query: Int, tokens: Int) -> Int? { (0..<tokens).contains(query) ? query : nil }
}

extension HierarchicalSegments: LevelledWindow {
    package func level(ofLayer layer: Int, of layers: Int) -> TextLevel? {
        step(ofLayer: layer, of: layers) == 1 ? .parts : .document
    }

    package func parts(tokens: Int) -> [Range<Int>] {
        stride(from: 0, to: tokens, by: segment).map { $0..<min($0 + segment, tokens) }
    }

    package func reader(of query: Int, tokens: Int) -> Int? {
        (0..<tokens).contains(query) ? query / segment * segment : nil
    }
}
