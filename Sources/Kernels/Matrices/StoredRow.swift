import CRopewalkKernels

/// A row that is multiplied with weights as their file keeps them, in the form that their format asks for.
struct StoredRow {
    private let input: UnsafePointer<Float>
    private let format: WeightFormat
    private let blocks: Int
    /// Where whole numbers are multiplied. [inputs / 32]
    private let digits: [ck_digits]

    /// `input` has `count` numbers, whole blocks of the format; it is read as long as this is used.
    init(_ input: UnsafePointer<Float>, count: Int, format: WeightFormat) {
        self.input = input
        self.format = format
        blocks = count / format.blockLength
        let groups = count / Self.length
        digits =
            ck_takes_digits(format.code) == 0
            ? []
            : [ck_digits](unsafeUninitializedCapacity: groups) { buffer, initialised in
                if let base = buffer.baseAddress { ck_split(input, groups, base) }
                initialised = groups
            }
    }

    /// output[r] = row `first` + r of the weights · input, for `rows` rows.
    func multiply(_ weights: UnsafeRawPointer, rows first: Int, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        let start = weights + first * blocks * format.blockBytes
        digits.withUnsafeBufferPointer {
            ck_block_products(format.code, start, count, blocks, input, $0.baseAddress, output)
        }
    }

    /// Numbers whose digits share a unit.
    private static let length = 32
}
