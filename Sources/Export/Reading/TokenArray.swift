import RopewalkMethods
import RopewalkPhrases

/// An array with a number a token, or a document: padding, where documents begin, positions, document numbers.
struct TokenArray {
    private let array: MaskArray
    private let path: String
    private let items: Int
    private let hasItems: Bool

    /// Axes of one between items and keys, as masks have that are spread over heads and queries, say nothing.
    init(_ array: MaskArray) throws(ExportError) {
        self.array = array
        path = array.path
        guard (1...4).contains(array.shape.count), array.shape.dropFirst().dropLast().allSatisfy({ $0 == 1 }),
            array.strides.last == 1 || array.shape.last == 1
        else {
            throw .mask(file: path, problem: say("\(array.shape): numbers of tokens are [keys] or [batch, keys]"))
        }
        hasItems = array.shape.count > 1
        items = hasItems ? array.shape[0] : 1
        guard array.shape.allSatisfy({ $0 <= MaskFile.largestSide }), array.shape.reduce(1, *) <= 1 << 26 else {
            throw .mask(file: path, problem: say("\(array.shape): too many numbers"))
        }
    }

    func stack(_ reading: MaskReading, fingerprint: Int) throws(ExportError) -> MaskStack {
        var planes: [any MaskRows] = []
        var remarks = [remark(reading.content)]
        if reading.content == .padding, let hidden = additive(reading) {
            remarks.append(say("additive: hidden are −∞ and what is below \(MethodSpec.format(hidden))"))
            for item in 0..<items { planes.append(try padding(item, below: hidden, reading)) }
        } else {
            for item in 0..<items { planes.append(try mask(numbers(item), reading)) }
        }
        guard let keys = planes.first?.tokens, planes.allSatisfy({ $0.tokens == keys }) else {
            throw .mask(file: path, problem: say("its items have different lengths"))
        }
        return MaskStack(
            planes: planes, lengths: hasItems ? [items] : [], axes: hasItems ? [.batch] : [],
            remarks: remarks + doubts(planes), fingerprint: fingerprint)
    }

    private func remark(_ content: MaskReading.Content) -> String {
        switch content {
        case .padding: say("tokens with 0 are padding, hidden from all")
        default: say("every token sees its own document")
        }
    }

    /// A text that is nothing but padding is rare: 1 may stand for padding, as it does in some interfaces.
    private func doubts(_ planes: [any MaskRows]) -> [String] {
        let empty = planes.indices.filter { planes[$0].row(0).isEmpty }
        guard let first = empty.first else { return [] }
        return [say("item \(first) is nothing but padding: --invert takes 1 for padding")]
    }

    /// Below which number of an additive mask a token is padding; nil where its numbers are 0 and 1.
    private func additive(_ reading: MaskReading) -> Double? {
        if let bound = reading.hiddenBelow { return bound }
        let isAdditive = (0..<items).contains { item in values(item).contains { $0 < MaskReading.usualThreshold } }
        return isAdditive ? MaskReading.usualThreshold : nil
    }

    private func values(_ item: Int) -> [Double] {
        let count = array.shape[array.shape.count - 1]
        let bytes = array.row(hasItems ? item * array.strides[0] : 0, count: count)
        return bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / array.element.size).map { array.element.value(buffer, at: $0) }
        }
    }

    private func padding(_ item: Int, below bound: Double, _ reading: MaskReading) throws(ExportError) -> any MaskRows {
        var row = RowBuilder()
        for (index, value) in values(item).enumerated() {
            guard !value.isNaN, value < .infinity else {
                throw .mask(
                    file: path, problem: say("token \(index.grouped) of item \(item): \(value), no mask has that"))
            }
            row.append((value >= bound) != reading.isInverted)
        }
        return SameRows(tokens: row.key, keys: row.finish())
    }

    private func numbers(_ item: Int) throws(ExportError) -> [Int] {
        let count = array.shape[array.shape.count - 1]
        let bytes = array.row(hasItems ? item * array.strides[0] : 0, count: count)
        var numbers: [Int] = []
        numbers.reserveCapacity(count)
        for index in 0..<count {
            let value = bytes.withUnsafeBytes { array.element.value($0, at: index) }
            guard value == value.rounded(), abs(value) < 1e12 else {
                throw .mask(file: path, problem: say("number \(index.grouped) of item \(item): no whole number"))
            }
            numbers.append(Int(value))
        }
        return numbers
    }

    private func mask(_ numbers: [Int], _ reading: MaskReading) throws(ExportError) -> any MaskRows {
        switch reading.content {
        case .mask, .padding:
            var row = RowBuilder()
            for (index, number) in numbers.enumerated() {
                guard number == 0 || number == 1 else {
                    throw .mask(file: path, problem: say("token \(index.grouped): \(number), neither 0 nor 1"))
                }
                row.append((number == 1) != reading.isInverted)
            }
            return SameRows(tokens: numbers.count, keys: row.finish())
        case .starts:
            guard numbers.first == 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 <= $1 }),
                let end = numbers.last,
                (1...MaskFile.largestSide).contains(end)
            else {
                throw .mask(
                    file: path, problem: say("starts of documents begin with 0 and ascend to the number of tokens"))
            }
            return DocumentRows(tokens: end, starts: Array(Set(numbers.dropLast())).sorted())
        case .positions:
            return DocumentRows(
                tokens: numbers.count,
                starts: numbers.indices.filter { index in
                    index == 0 || numbers[index] != numbers[index - 1] + 1
                })
        case .documents:
            return DocumentRows(tokens: numbers.count, numbers: numbers)
        }
    }
}

/// All queries see the same keys.
private struct SameRows: MaskRows {
    let tokens: Int
    let keys: KeyRanges
    func row(_ query: Int) -> KeyRanges { keys }
}

/// Every token sees its own document.
private struct DocumentRows: MaskRows {
    let tokens: Int
    private let documents: [KeyRanges]
    private let own: [Int]

    init(tokens: Int, starts: [Int]) {
        self.tokens = tokens
        var own: [Int] = []
        documents = starts.indices.map { index in
            let end = index + 1 < starts.count ? starts[index + 1] : tokens
            own += [Int](repeating: index, count: max(0, end - starts[index]))
            return KeyRanges(from: starts[index], to: end)
        }
        self.own = own
    }

    /// Tokens with one number are one document, wherever they stand.
    init(tokens: Int, numbers: [Int]) {
        self.tokens = tokens
        var places: [Int: [Range<Int>]] = [:]
        for (index, number) in numbers.enumerated() { places[number, default: []].append(index..<index + 1) }
        let names = places.keys.sorted()
        documents = names.map { KeyRanges(places[$0] ?? []) }
        let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        own = numbers.map { index[$0] ?? 0 }
    }

    func row(_ query: Int) -> KeyRanges { documents[own[query]] }
}
