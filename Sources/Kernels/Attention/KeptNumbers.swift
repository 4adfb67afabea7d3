/// Numbers that a recording keeps one a query or one a block, in memory or in files, read like an array.
///
/// What lies in files is read where it is asked for, and takes no memory before.
package struct KeptNumbers<Number: KeptNumber>: RandomAccessCollection, Sendable {
    /// Open to the modules that read them: each access would ask for the type of the number otherwise.
    @usableFromInline package enum Storage: Sendable {
        case memory([Number])
        case stored(StoredMeasures)
        case repeated(Number, Int)
    }

    @usableFromInline package let storage: Storage

    package init(_ numbers: [Number]) { storage = .memory(numbers) }

    package init(_ stored: StoredMeasures) { storage = .stored(stored) }

    /// The same number everywhere, which takes no memory.
    package init(repeating number: Number, count: Int) { storage = .repeated(number, count) }

    @inlinable package var startIndex: Int { 0 }

    @inlinable package var endIndex: Int {
        switch storage {
        case .memory(let numbers): numbers.count
        case .stored(let stored): stored.count
        case .repeated(_, let count): count
        }
    }

    @inlinable package subscript(place: Int) -> Number {
        switch storage {
        case .memory(let numbers): return numbers[place]
        case .stored(let stored): return Number.checked(stored.word(place), stored)
        case .repeated(let number, let count):
            // Places are those of heads and rows that were recorded.
            precondition(place >= 0 && place < count)
            return number
        }
    }

    /// Some of them, which is several times faster than one after the other.
    package func numbers(_ range: Range<Int>) -> [Number] {
        switch storage {
        case .memory(let numbers): return Array(numbers[range])
        case .stored(let stored): return Number.checked(range, of: stored)
        case .repeated(let number, let count):
            // Ranges are those of heads and rows that were recorded.
            precondition(range.lowerBound >= 0 && range.upperBound <= count)
            return Array(repeating: number, count: range.count)
        }
    }

    @inlinable package func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Number>) throws -> Result
    ) rethrows -> Result? {
        guard case .memory(let numbers) = storage else { return nil }
        return try numbers.withContiguousStorageIfAvailable(body)
    }

    /// Whether they lie in files.
    package var isInFiles: Bool { if case .stored = storage { true } else { false } }

    /// All of them; without a copy where they are in memory.
    package var array: [Number] {
        if case .memory(let numbers) = storage { return numbers }
        return numbers(0..<endIndex)
    }

    /// Memory that they take.
    package var bytes: Int {
        if case .memory(let numbers) = storage { return numbers.count * MemoryLayout<Number>.size }
        return 0
    }
}

extension KeptNumbers: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Number...) { self.init(elements) }
}

extension KeptNumbers: Equatable {
    package static func == (a: Self, b: Self) -> Bool { a.elementsEqual(b) }
}

/// What such numbers are: four bytes in a file.
package protocol KeptNumber: BitwiseCopyable, Sendable, Equatable {
    /// The number of four bytes; one that may not be there is replaced and told of.
    static func checked(_ word: UInt32?, _ stored: StoredMeasures) -> Self
    /// The numbers at some places, each as above.
    static func checked(_ places: Range<Int>, of stored: StoredMeasures) -> [Self]
}

extension Float: KeptNumber {
    package static func checked(_ word: UInt32?, _ stored: StoredMeasures) -> Float {
        guard let word else { return 0 }
        let number = Float(bitPattern: word)
        guard case .within(let range, let other) = stored.kind, !range.contains(number) else { return number }
        switch other {
        case .infinity? where number == .infinity: return number
        case .some(let none) where none.isNaN && !number.isFinite: return number
        default:
            stored.noteProblem()
            return other ?? 0
        }
    }

    package static func checked(_ places: Range<Int>, of stored: StoredMeasures) -> [Float] {
        guard case .within(let range, _) = stored.kind else { return places.map { checked(stored.word($0), stored) } }
        return stored.numbers(places) { word in
            let number = word.map { Float(bitPattern: $0) } ?? .nan
            return range.contains(number) ? number : checked(word, stored)
        }
    }
}

extension Int32: KeptNumber {
    package static func checked(_ word: UInt32?, _ stored: StoredMeasures) -> Int32 {
        guard let word else { return -1 }
        let number = Int32(bitPattern: word)
        if case .whole(let range) = stored.kind, !range.contains(number) {
            stored.noteProblem()
            return range.lowerBound
        }
        return number
    }

    package static func checked(_ places: Range<Int>, of stored: StoredMeasures) -> [Int32] {
        stored.numbers(places) { checked($0, stored) }
    }
}

/// Measures of a chunk that lie in files, [head, row, width].
package struct StoredMeasures: Sendable {
    /// What numbers they may be.
    package enum Kind: Sendable, Equatable {
        /// Within bounds; or +infinity, or NaN and both infinities, where that is given.
        case within(ClosedRange<Float>, or: Float? = nil)
        case whole(ClosedRange<Int32>)
    }

    /// Tensors that have different heads, and the row of each that the chunk begins with.
    private let pieces: [(tensor: FileTensor, first: Int)]
    private let heads: Int
    private let rows: Int
    private let width: Int
    let kind: Kind
    /// Of one tensor that has all heads: where it begins, and the bytes from one head to the next.
    nonisolated(unsafe) private let direct: UnsafeRawPointer?
    private let perHead: Int

    /// - Parameters:
    ///   - pieces: tensors that have different heads, and the row where the chunk begins; heads that none of them has are
    ///     0, or −1.
    ///   - rows: of the chunk; every tensor has as many from there on.
    package init(
        _ pieces: [(tensor: FileTensor, first: Int)], heads: Int, rows: Int, width: Int = 1, kind: Kind
    ) {
        // The reader of recordings holds the shapes of tensors to those of the model (RecordingPart).
        precondition(
            pieces.allSatisfy {
                $0.first >= 0 && $0.first + rows <= $0.tensor.rows && $0.tensor.width == width
                    && $0.tensor.format.size == 4
            })
        self.pieces = pieces
        self.heads = heads
        self.rows = rows
        self.width = width
        self.kind = kind
        let only = pieces.count == 1 && pieces[0].tensor.heads == 0..<heads ? pieces[0] : nil
        let start = only.flatMap { $0.tensor.start(row: $0.first) }
        (direct, perHead) = (start?.first, start?.perHead ?? 0)
    }

    package var count: Int { heads * rows * width }

    package func word(_ place: Int) -> UInt32? {
        // Places are those of heads and rows that were recorded.
        precondition(place >= 0 && place < count)
        let (head, inside) = place.quotientAndRemainder(dividingBy: rows * width)
        if let direct { return direct.loadUnaligned(fromByteOffset: head * perHead + 4 * inside, as: UInt32.self) }
        guard let (tensor, first) = pieces.first(where: { $0.tensor.heads.contains(head) }) else { return nil }
        return tensor.word(head: head, row: first + inside / width, column: inside % width)
    }

    /// Numbers made of the words at some places, a head's one after the other where they lie so in the file.
    @inline(__always)
    fileprivate func numbers<Number>(_ places: Range<Int>, _ number: (UInt32?) -> Number) -> [Number] {
        // Ranges are those of heads and rows that were recorded.
        precondition(places.lowerBound >= 0 && places.upperBound <= count)
        return [Number](unsafeUninitializedCapacity: places.count) { buffer, filled in
            filled = places.count
            guard let target = buffer.baseAddress else { return }
            guard let direct else {
                for place in places { (target + place - places.lowerBound).initialize(to: number(word(place))) }
                return
            }
            let size = rows * width
            var place = places.lowerBound
            while place < places.upperBound {
                let head = place / size
                let end = min(places.upperBound, (head + 1) * size)
                let source = direct + head * perHead - 4 * head * size
                for place in place..<end {
                    (target + place - places.lowerBound).initialize(
                        to: number(source.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)))
                }
                place = end
            }
        }
    }

    func noteProblem() { pieces.first?.tensor.noteProblem() }
}
