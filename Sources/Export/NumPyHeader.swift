/// What an .npy file begins with.
enum NumPyHeader {
    /// Magic, version 1.0, length and a Python dictionary in ASCII, padded so that the data begin at a multiple of 64
    /// bytes.
    ///
    /// - Parameter descr: the type as Python writes it, with its quotes or brackets.
    static func bytes(descr: String, shape: [Int]) -> [UInt8] {
        let sizes = shape.map { "\($0)" }.joined(separator: ", ")
        var dictionary =
            "{'descr': \(descr), 'fortran_order': False, 'shape': (\(sizes)\(shape.count == 1 ? "," : "")), }"
        let prefix = 10
        let unpadded = prefix + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = UInt16(dictionary.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(dictionary.utf8)
    }
}
