import Foundation
import RopewalkExport
import Testing

struct AnswerTableTests {
    private let table = AnswerTable([
        .init("token", .integers([7, -1])), .init("weight", .numbers([0.25, .nan])),
        .init("word", .words(["a,\"b\"", "孔\n"])),
    ])

    @Test func textAndCSV() {
        let text = String(decoding: table.bytes(.text), as: UTF8.self)
        #expect(text.hasPrefix("token  weight  word\n    7  0.2500  a,\"b\"\n"))
        #expect(
            String(decoding: table.bytes(.csv), as: UTF8.self)
                == "token,weight,word\n7,0.25,\"a,\"\"b\"\"\"\n-1,,\"孔\n\"\n")
    }

    @Test func jsonReadsBack() throws {
        let read = try JSONSerialization.jsonObject(with: Data(table.bytes(.json))) as? [[String: Any]]
        #expect(read?.count == 2)
        #expect(read?[0]["word"] as? String == "a,\"b\"" && read?[0]["weight"] as? Double == 0.25)
        #expect(read?[1]["word"] as? String == "孔\n" && read?[1]["weight"] is NSNull)
        #expect(AnswerTable([.init("a", .integers([]))]).bytes(.json) == Array("[]\n".utf8))
    }

    /// Magic, a header of a multiple of 64 bytes, and rows of 8 + 4 + 4 · 5 bytes.
    @Test func arraysHaveAFieldAColumn() {
        let bytes = table.bytes(.npy)
        let length = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
        #expect(length % 64 == 0 && bytes.count == length + 2 * 32)
        let header = String(decoding: bytes[10..<length], as: UTF8.self)
        #expect(
            header.hasPrefix(
                "{'descr': [('token', '<i8'), ('weight', '<f4'), ('word', '<U5')], 'fortran_order': False, 'shape': (2,), }"
            ))
        #expect(Array(bytes[length..<length + 12]) == [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3E])
        #expect(Array(bytes[length + 32..<length + 40]) == [UInt8](repeating: 255, count: 8))
    }
}
