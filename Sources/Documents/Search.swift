import Foundation
import RopewalkTokenizers

/// Where a search found what it looked for.
package struct SearchResult: Sendable, Equatable {
    /// The bytes of the place in the text.
    package let bytes: Range<Int>
    /// Whether the search went past the end of the text, or its start, to get there.
    package let wrapped: Bool
}

extension SourceText {
    package enum Direction: Sendable { case forwards, backwards }

    /// The first place of `needle` that begins after `byte`, or the last that begins before it; nil where there is
    /// none in the whole text. A needle without capital letters ignores case. Linear in the text's size.
    package func find(_ needle: String, from byte: Int, _ direction: Direction = .forwards) -> SearchResult? {
        guard let finder = NeedleFinder(needle) else { return nil }
        return bytes.withUnsafeBufferPointer { text in
            switch direction {
            case .forwards:
                let start = max(0, byte + 1)
                if let found = finder.first(in: text, from: start, to: text.count) {
                    return SearchResult(bytes: found, wrapped: false)
                }
                return finder.first(in: text, from: 0, to: min(start, text.count))
                    .map { SearchResult(bytes: $0, wrapped: true) }
            case .backwards:
                if let found = finder.last(in: text, from: 0, to: min(max(0, byte), text.count)) {
                    return SearchResult(bytes: found, wrapped: false)
                }
                return finder.last(in: text, from: max(0, byte), to: text.count)
                    .map { SearchResult(bytes: $0, wrapped: true) }
            }
        }
    }
}

/// Looks for a string by the automaton of Knuth, Morris and Pratt over folded characters.
private struct NeedleFinder {
    private let needle: [UInt32]
    /// [length matched]: the longest shorter match that ends there too.
    private let fallbacks: [Int]
    private let ignoresCase: Bool

    init?(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return nil }
        ignoresCase = !scalars.contains { $0.properties.isUppercase }
        needle = scalars.map(\.value)
        var fallbacks = [0, 0]
        for index in scalars.indices.dropFirst() {
            var length = fallbacks[index]
            while length > 0, scalars[index] != scalars[length] { length = fallbacks[length] }
            fallbacks.append(scalars[index] == scalars[length] ? length + 1 : 0)
        }
        self.fallbacks = fallbacks
    }

    /// The first place that begins in `start..<end`; it may reach beyond `end`.
    func first(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Range<Int>? {
        var result: Range<Int>?
        forEach(in: text, from: start, to: end) {
            result = $0
            return false
        }
        return result
    }

    /// The last place that begins in `start..<end`.
    func last(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Range<Int>? {
        var result: Range<Int>?
        forEach(in: text, from: start, to: end) {
            result = $0
            return true
        }
        return result
    }

    private func forEach(
        in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, _ body: (Range<Int>) -> Bool
    ) {
        // Characters of the needle may have other lengths in the text where case is ignored: keep their starts.
        var starts = [Int](repeating: 0, count: needle.count)
        var matched = 0
        var at = start
        while at < text.count, UTF8Text.isContinuation(text[at]) { at += 1 }
        var count = 0
        while at < text.count, matched > 0 || at < end {
            let place = at
            let value = folded(text, &at)
            starts[count % needle.count] = place
            count += 1
            while matched > 0, needle[matched] != value { matched = fallbacks[matched] }
            if needle[matched] == value { matched += 1 }
            guard matched == needle.count else { continue }
            let first = starts[count % needle.count]
            if first >= end || !body(first..<at) { return }
            matched = fallbacks[matched]
        }
    }

    private func folded(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32 {
        let byte = text[at]
        if byte < 0x80 {
            at += 1
            return ignoresCase && byte >= 0x41 && byte <= 0x5A ? UInt32(byte) + 32 : UInt32(byte)
        }
        let count = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        var code = UInt32(byte) & (0xFF >> UInt32(count + 1))
        let stop = min(at + count, text.count)
        for index in at + 1..<max(at + 1, stop) { code = code << 6 | UInt32(text[index] & 0x3F) }
        at = stop
        guard ignoresCase, let scalar = Unicode.Scalar(code), scalar.properties.isUppercase else { return code }
        return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? code
    }
}
