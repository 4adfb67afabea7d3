import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// Makes masks of an array's numbers: 0 and 1, or an additive mask in which the hidden are far below 0.
struct ArrayDecoder: Sendable {
    private let array: MaskArray
    private let starts: [Int]
    private let rows: Int
    private let columns: Int
    /// All numbers, where a row does not lie dense.
    private let whole: [UInt8]?

    init(_ array: MaskArray, starts: [Int], rows: Int, columns: Int) {
        self.array = array
        self.starts = starts
        self.rows = rows
        self.columns = columns
        let isDense = array.strides.last == 1 || columns == 1
        whole =
            isDense || array.source.count > MaskArray.memoryLimit
            ? nil : array.source.bytes(at: 0, count: array.source.count)
    }

    /// What the numbers mean.
    enum Meaning: Sendable {
        case zeroOrOne
        /// Visible from here on.
        case visible(from: Double)
    }

    /// Why they cannot mean that.
    private struct Misfit {
        let plane: Int
        let query: Int
        let key: Int
        let value: Double
    }

    mutating func decode(_ reading: MaskReading) throws(ExportError) -> ([any MaskRows], [String]) {
        if array.strides.last != 1, columns > 1, whole == nil {
            throw .mask(
                file: array.path,
                problem: say(
                    """
                    an array in Fortran order of over \(MaskArray.memoryLimit.grouped) bytes: save \
                    numpy.ascontiguousarray of it
                    """))
        }
        if let bound = reading.hiddenBelow {
            return (
                try masks(.visible(from: bound), reading), [say("hidden are values below \(MethodSpec.format(bound))")]
            )
        }
        var zeros = true
        if let misfit = try firstMisfit(&zeros) {
            if try isPicture(misfit) {
                return (try masks(.visible(from: 128), reading), [say("visible are 255, hidden are zeros")])
            }
            guard try hasHidden(after: misfit) else { throw unclear(misfit) }
            let bound = MaskReading.usualThreshold
            return (
                try masks(.visible(from: bound), reading),
                [say("additive: hidden are −∞, the least number of the type, and what is below −5,000")]
            )
        }
        if zeros, array.element.isFloat {
            throw .mask(
                file: array.path,
                problem: say(
                    """
                    all values are 0: added to scores they hide nothing, as 0 and 1 they hide everything; \
                    --hidden-below -5000 says the one, --hidden-below 0.5 the other
                    """))
        }
        return (
            try masks(.zeroOrOne, reading), array.element.isFloat ? [say("visible are ones, hidden are zeros")] : []
        )
    }

    private func unclear(_ misfit: Misfit) -> ExportError {
        .mask(
            file: array.path,
            problem:
                say(
                    """
                    row \(misfit.query.grouped), column \(misfit.key.grouped): neither 0 nor 1 \
                    (\(misfit.value)), and nothing is below −5,000 as in an additive mask: --hidden-below X \
                    says what is hidden
                    """))
    }

    /// The first number that is neither 0 nor 1; `zeros` stays true where all are 0.
    private func firstMisfit(_ zeros: inout Bool) throws(ExportError) -> Misfit? {
        for (plane, start) in starts.enumerated() {
            for query in 0..<rows {
                var found: (key: Int, value: Double)?
                var ones = false
                try forEach(start, query) { key, value in
                    if value == 1 { ones = true } else if value != 0, found == nil { found = (key, value) }
                }
                if ones { zeros = false }
                if let found { return Misfit(plane: plane, query: query, key: found.key, value: found.value) }
            }
        }
        return nil
    }

    /// Whether bytes are 0 and 255, as those of a picture.
    private func isPicture(_ misfit: Misfit) throws(ExportError) -> Bool {
        guard array.element.kind == .unsigned, array.element.size == 1, misfit.value == 255 else { return false }
        for start in starts {
            for query in 0..<rows {
                var fits = true
                try forEach(start, query) { _, value in if value != 0, value != 255 { fits = false } }
                guard fits else { return false }
            }
        }
        return true
    }

    private func isHidden(_ value: Double) -> Bool {
        value < MaskReading.usualThreshold || value == array.element.lowest && value < 0
    }

    private func hasHidden(after misfit: Misfit) throws(ExportError) -> Bool {
        for start in starts[misfit.plane...] {
            for query in 0..<rows {
                var isFound = false
                try forEach(start, query) { _, value in
                    if isHidden(value) { isFound = true }
                }
                if isFound { return true }
            }
        }
        return false
    }

    private func masks(_ meaning: Meaning, _ reading: MaskReading) throws(ExportError) -> [any MaskRows] {
        if whole == nil, starts.count * rows * columns > reading.eagerLimit {
            return starts.map {
                DecodedRows(
                    decoder: self, start: $0, count: rows, tokens: columns, meaning: meaning,
                    isInverted: reading.isInverted)
            }
        }
        var masks: [any MaskRows] = []
        for start in starts {
            masks.append(
                try ListedMask(queries: rows, keys: columns) { query throws(ExportError) in
                    try row(start, query, meaning, isInverted: reading.isInverted).keys
                })
        }
        return masks
    }

    func row(
        _ start: Int, _ query: Int, _ meaning: Meaning, isInverted: Bool
    ) throws(ExportError) -> KeyBits {
        var words = [UInt64](repeating: 0, count: (columns + 63) / 64)
        var bad: Int?
        try forEach(start, query) { key, value in
            let isVisible: Bool
            switch meaning {
            case .zeroOrOne: isVisible = value == 1
            case .visible(let bound): isVisible = value >= bound && !(value == array.element.lowest && bound < 0)
            }
            if value.isNaN || value == .infinity { bad = bad ?? key }
            if isVisible != isInverted { words[key >> 6] |= 1 << UInt64(key & 63) }
        }
        if let bad {
            throw .mask(
                file: array.path,
                problem: say(
                    "row \(query.grouped), column \(bad.grouped): not a number, or infinity: a mask has neither"))
        }
        return KeyBits(tokens: columns, words: words)
    }

    /// The numbers of a row in order.
    @inline(__always)
    private func forEach(
        _ start: Int, _ query: Int, _ body: (_ key: Int, _ value: Double) -> Void
    ) throws(ExportError) {
        let (element, first) = (array.element, start + query * array.rowStride)
        if let whole {
            let stride = array.strides[array.strides.count - 1]
            whole.withUnsafeBytes { bytes in
                for key in 0..<columns { body(key, element.value(bytes, at: first + key * stride)) }
            }
            return
        }
        let bytes = array.row(first, count: columns)
        guard bytes.count == columns * element.size else {
            throw .mask(file: array.path, problem: say("the data end in row \(query.grouped) of \(rows.grouped)"))
        }
        bytes.withUnsafeBytes { bytes in
            element.forEach(bytes, count: columns, body)
        }
    }

    /// Says that a row cannot be read, long after the file was opened.
    func note(_ error: ExportError) {
        guard case .mask(let file, let problem) = error else { return }
        ReadFailures.note(file, .kind(file: file, problem: problem))
    }
}

/// The rows of a large array of numbers, decoded when they are asked for. What cannot be read is hidden, and noted.
struct DecodedRows: MaskRows {
    let decoder: ArrayDecoder
    let start: Int
    let count: Int
    let tokens: Int
    let meaning: ArrayDecoder.Meaning
    let isInverted: Bool

    var queries: Range<Int> { 0..<count }

    func row(_ query: Int) -> KeyRanges { bits(query).keys }

    func bits(_ query: Int) -> KeyBits {
        do throws(ExportError) {
            return try decoder.row(start, query, meaning, isInverted: isInverted)
        } catch {
            decoder.note(error)
            return KeyBits(KeyRanges(), tokens: tokens)
        }
    }
}
