/// The letters that byte-level vocabularies write bytes with (GPT-2, `bytes_to_unicode`): printable Latin-1 stands
/// for itself, the rest follows from U+0100 on, so that a space is "Ġ" and a newline "Ċ".
enum ByteAlphabet {
    /// [byte]: its letter.
    static let letters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { byte in
            if isPrintable(UInt8(byte)) { return Unicode.Scalar(UInt8(byte)) }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }()

    /// [code point below U+0144]: its byte, or -1.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, letter) in letters.enumerated() { bytes[Int(letter.value)] = Int16(byte) }
        return bytes
    }()

    /// The bytes that `token` stands for; nil where a character is no letter of the alphabet.
    static func decode(_ token: some Sequence<Unicode.Scalar>) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in token {
            guard scalar.value < bytes.count, bytes[Int(scalar.value)] >= 0 else { return nil }
            result.append(UInt8(bytes[Int(scalar.value)]))
        }
        return result
    }

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
        default: false
        }
    }
}
