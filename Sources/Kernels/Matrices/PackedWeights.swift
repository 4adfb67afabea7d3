import CRopewalkKernels
import Foundation

/// Weights as packages for quantising keep them: codes of a few bits that stand for numbers of a table, in groups that
/// share a scale and what is subtracted or added.
///
/// weight[output][input] = (table[code] − zero) · scale + minimum, widened a row at a time.
package struct PackedWeights: Sendable {
    /// How the codes lie in their bytes.
    package enum Order: Sendable, Equatable {
        /// Row after row, the lowest bits first; so many bytes from one row to the next.
        case alongRows(rowBytes: Int)
        /// Row after row without gaps, two codes a byte, the high one first.
        case highFirst
        /// Words of 32 bits with codes of one row. [input · bits / 32, output]
        case downColumns
        /// Words of 32 bits with the codes of eight rows, 0 2 4 6 1 3 5 7. [input, output / 8]
        case interleaved
        /// Codes of eight bits. [input, output]
        case alongColumns
    }

    /// Which weights share a scale.
    package struct Grouping: Sendable {
        /// Columns of a group.
        package var size: Int
        /// Rows that share their scales.
        package var rows = 1
        /// From a row's numbers to the next one's, and from a group's.
        package var rowStride: Int
        package var groupStride = 1
        /// The group of each column where they do not lie one after the other. [input]
        package var columns: [Int32]?
        /// Whether groups run on from row to row.
        package var isFlat = false

        package init(size: Int, rowStride: Int, groupStride: Int = 1) {
            self.size = size
            self.rowStride = rowStride
            self.groupStride = groupStride
        }
    }

    package let outputs: Int
    package let inputs: Int
    package let bits: Int
    package let codes: Data
    package let order: Order
    /// What a code stands for. [2^bits]
    package let table: [Float]
    package let scales: PackedNumbers
    package let grouping: Grouping
    package var minima: PackedNumbers?
    /// What is subtracted is this and `zeroShift`; empty for none. [group]
    package var zeros: [UInt8] = []
    package var zeroShift = 0

    package init(
        outputs: Int, inputs: Int, bits: Int, codes: Data, order: Order, table: [Float], scales: PackedNumbers,
        grouping: Grouping
    ) {
        self.outputs = outputs
        self.inputs = inputs
        self.bits = bits
        self.codes = codes
        self.order = order
        self.table = table
        self.scales = scales
        self.grouping = grouping
    }

    /// Whether every row can be widened: all that is read lies within what there is.
    package var isWhole: Bool {
        guard outputs > 0, inputs > 0, outputs <= 1 << 31, inputs <= 1 << 31, (1...8).contains(bits),
            table.count == 1 << bits, scales.isReadable, minima?.isReadable ?? true, codes.count >= codeBytes,
            grouping.size > 0, grouping.rows > 0, grouping.rowStride >= 0, grouping.groupStride >= 0
        else { return false }
        if let columns = grouping.columns {
            guard columns.count == inputs, columns.allSatisfy({ $0 >= 0 }) else { return false }
        }
        let places = lastGroup + 1
        return scales.count >= places && (minima.map { $0.count >= places } ?? true)
            && (zeros.isEmpty || zeros.count >= places)
    }

    /// The bytes of all codes; more than there can be where that exceeds an Int.
    private var codeBytes: Int {
        let (count, overflow) = outputs.multipliedReportingOverflow(by: inputs)
        guard !overflow, count < Int.max / 16 else { return .max }
        switch order {
        case .alongRows(let rowBytes):
            guard rowBytes >= (inputs * bits + 7) / 8 else { return .max }
            let (bytes, overflow) = outputs.multipliedReportingOverflow(by: rowBytes)
            return overflow ? .max : bytes
        case .highFirst: return bits == 4 ? (count + 1) / 2 : .max
        case .downColumns: return (inputs * bits + 31) / 32 * outputs * 4
        case .interleaved: return bits == 4 && outputs % 8 == 0 ? outputs / 8 * inputs * 4 : .max
        case .alongColumns: return bits == 8 ? count : .max
        }
    }

    /// The last place among the scales that is read.
    private var lastGroup: Int {
        let (row, rowOverflow) = ((outputs - 1) / grouping.rows).multipliedReportingOverflow(by: grouping.rowStride)
        let last =
            grouping.columns?.max().map(Int.init)
            ?? ((grouping.isFlat ? outputs * inputs : inputs) - 1) / grouping.size
        let (place, overflow) = last.multipliedReportingOverflow(by: grouping.groupStride)
        return rowOverflow || overflow || place > Int.max - row - 1 ? Int.max - 1 : row + place
    }

    /// Writes rows as float32, one after the other.   target: [rows.count, inputs]
    func widen(_ rows: some Sequence<Int>, into target: UnsafeMutablePointer<Float>) {
        withPacked { packed in
            withUnsafePointer(to: packed) { pointer in
                for (place, row) in rows.enumerated() { ck_widen_packed(pointer, row, target + place * inputs) }
            }
        }
    }

    /// All numbers as float32. [output, input]
    package func values() -> [Float] {
        [Float](unsafeUninitializedCapacity: outputs * inputs) { buffer, count in
            if let base = buffer.baseAddress { widen(0..<outputs, into: base) }
            count = outputs * inputs
        }
    }

    /// The place of the first weight that is NaN or infinite. [output · inputs + input]
    package func firstNotFinite(workers: Workers) -> Int? {
        let found = workers.map(outputs) { row in
            [Float](unsafeUninitializedCapacity: inputs) { buffer, count in
                if let base = buffer.baseAddress { widen(CollectionOfOne(row), into: base) }
                count = inputs
            }.firstIndex { !$0.isFinite } ?? -1
        }
        return found.firstIndex { $0 >= 0 }.map { $0 * inputs + found[$0] }
    }

    private func withPacked<Result>(_ body: (ck_packed) -> Result) -> Result {
        codes.withUnsafeBytes { codes in
            table.withUnsafeBufferPointer { table in
                zeros.withUnsafeBufferPointer { zeros in
                    (grouping.columns ?? []).withUnsafeBufferPointer { columns in
                        scales.withNumbers { scales in
                            (minima ?? .floats([])).withNumbers { minima in
                                var packed = ck_packed()
                                packed.codes = codes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                                packed.table = table.baseAddress
                                packed.zeros = self.zeros.isEmpty ? nil : zeros.baseAddress
                                packed.groups = grouping.columns == nil ? nil : columns.baseAddress
                                packed.scales = scales
                                if self.minima != nil { packed.minima = minima }
                                setSizes(&packed)
                                return body(packed)
                            }
                        }
                    }
                }
            }
        }
    }

    private func setSizes(_ packed: inout ck_packed) {
        packed.bits = bits
        packed.outputs = outputs
        packed.inputs = inputs
        packed.zero_shift = zeroShift
        packed.group_size = grouping.size
        packed.rows_of_scale = grouping.rows
        packed.row_stride = grouping.rowStride
        packed.group_stride = grouping.groupStride
        packed.is_flat = grouping.isFlat ? 1 : 0
        switch order {
        case .alongRows(let rowBytes):
            packed.order = CK_ALONG_ROWS
            packed.row_bytes = rowBytes
        case .highFirst: packed.order = CK_HIGH_FIRST
        case .downColumns: packed.order = CK_DOWN_COLUMNS
        case .interleaved: packed.order = CK_INTERLEAVED
        case .alongColumns: packed.order = CK_ALONG_COLUMNS
        }
    }
}
