import CRopewalkFiles
import Testing

@testable import RopewalkFormats

/// The examples of FIPS 180-4, and lengths around that of a block.
struct SHA256Tests {
    private static func hash(_ text: String, parts: Int = 1) -> String {
        var hash = SHA256()
        let bytes = Array(text.utf8)
        let size = max(1, (bytes.count + parts - 1) / parts)
        for start in stride(from: 0, to: bytes.count, by: size) {
            hash.add(bytes[start..<min(start + size, bytes.count)])
        }
        return hash.hexadecimal()
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func isThatOfTheStandard(text: String, digits: String) {
        #expect(Self.hash(text) == digits)
        #expect(Self.hash(text, parts: 3) == digits)
    }

    @Test func partsAreTheWhole() {
        for count in [55, 56, 63, 64, 65, 119, 120, 128, 1000] {
            let text = String(repeating: "x", count: count)
            #expect(Self.hash(text, parts: 7) == Self.hash(text), "\(count)")
        }
    }

    /// The processor's own instructions do what the standard says.
    @Test func ownInstructionsGiveTheSame() {
        let bytes = (0..<64 * 37).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        for count in [0, 1, 2, 37] {
            var (state, plain): ([UInt32], [UInt32]) = (Array(1...8), Array(1...8))
            sha256_blocks(&state, bytes, count)
            sha256_blocks_plain(&plain, bytes, count)
            #expect(state == plain)
        }
    }
}
