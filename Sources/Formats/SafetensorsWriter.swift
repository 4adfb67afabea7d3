import RopewalkPhrases

/// Writes safetensors files, one tensor after the other, so that no tensor is in memory twice.
package struct SafetensorsWriter: ~Copyable {
    /// A tensor that will be written.
    package struct Declaration: Sendable, Equatable {
        package let name: String
        package let type: ElementType
        package let shape: [Int]

        package init(_ name: String, _ type: ElementType, shape: [Int]) {
            self.name = name
            self.type = type
            self.shape = shape
        }
    }

    private let path: String
    private let declarations: [Declaration]
    private let ends: [Int]
    private let file: AtomicFile
    private var written = 0

    /// Begins the file with its header; the tensors' data follow through `append`, in the order declared.
    package init(
        path: String, tensors: [Declaration], metadata: [String: String] = [:]
    ) throws(FormatError) {
        let ends = try Self.ends(tensors, path: path)
        let file = try AtomicFile(path: path)
        try file.write(Self.header(tensors, ends, metadata))
        self.path = path
        self.declarations = tensors
        self.ends = ends
        self.file = file
    }

    /// Where each tensor's data end, counted from the first one's start.
    private static func ends(_ tensors: [Declaration], path: String) throws(FormatError) -> [Int] {
        var ends: [Int] = []
        var names: Set<String> = []
        for tensor in tensors {
            let start = ends.last ?? 0
            let (end, overflow) = start.addingReportingOverflow(tensor.type.byteCount(shape: tensor.shape) ?? -1)
            guard end >= start, !overflow else {
                throw .tensor(
                    file: path, tensor: tensor.name, byte: 0, problem: say("shape \(tensor.shape) is impossible"))
            }
            guard names.insert(tensor.name).inserted, tensor.name != "__metadata__" else {
                throw .tensor(file: path, tensor: tensor.name, byte: 0, problem: say("the name is taken"))
            }
            ends.append(end)
        }
        return ends
    }

    /// Appends bytes of the tensor whose turn it is; one tensor's bytes may come in many parts.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        guard bytes.count <= (ends.last ?? 0) - written else {
            throw .unwritable(file: path, reason: say("more data than its tensors have"))
        }
        try file.write(bytes)
        written += bytes.count
    }

    /// Appends numbers of the tensor whose turn it is.
    package mutating func append<Number>(_ numbers: [Number]) throws(FormatError) where Number: BitwiseCopyable {
        var failure: FormatError?
        numbers.withUnsafeBytes { bytes in
            do throws(FormatError) { try append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Gives the complete file its name; without it no file is left.
    package consuming func finish() throws(FormatError) {
        guard written == ends.last ?? 0 else {
            let missing = ends.firstIndex { $0 > written } ?? 0
            throw .tensor(
                file: path, tensor: declarations[missing].name, byte: written, problem: say("its data are not complete")
            )
        }
        try file.commit()
    }

    /// The length, the header, and spaces up to a multiple of eight, so that the data are aligned.
    private static func header(_ tensors: [Declaration], _ ends: [Int], _ metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var start = 0
        for (tensor, end) in zip(tensors, ends) {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(start),\(end)]}")
            start = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        while text.count % 8 != 0 { text.append(0x20) }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
