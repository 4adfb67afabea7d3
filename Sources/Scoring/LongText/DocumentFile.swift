import Foundation
import RopewalkDocuments
import RopewalkFormats
import RopewalkPhrases

/// A document of a corpus.
package struct CorpusDocument: Equatable, Sendable {
    package let file: String
    /// Its line in a file of several documents, from 1; 0 where the file is the document.
    package let line: Int
    package let id: String
    /// Where it is from: what its line says, else the folder that its file lies in.
    package let domain: String
    /// UTF-8.
    package let text: [UInt8]
}

/// A file of documents: a text, or JSON lines with a text in `content` or `text`.
package struct DocumentFile: Sendable {
    package let path: String
    private let bytes: [UInt8]
    private let isLines: Bool

    /// - Throws: `DocumentError` where it is no text.
    package init(contentsOf path: String) throws {
        self.path = path
        bytes = try SourceText(contentsOf: path).bytes
        isLines = [".jsonl", ".ndjson"].contains { path.lowercased().hasSuffix($0) }
    }

    /// Gives every document to `body`, which says whether to go on; broken lines are passed over and counted.
    package func read(_ body: (CorpusDocument) throws -> Bool) throws -> BenchmarkFile.Problems {
        var problems = BenchmarkFile.Problems()
        let folder = ((path as NSString).deletingLastPathComponent as NSString).lastPathComponent
        guard isLines else {
            let name = (path as NSString).lastPathComponent
            _ = try body(CorpusDocument(file: path, line: 0, id: name, domain: folder, text: bytes))
            return problems
        }
        var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var number = 0
        while place < bytes.count {
            let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            defer { place = end + 1 }
            number += 1
            let line = bytes[place..<end]
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            do {
                let value = try JSONDocument(Data(line), source: path).root
                guard let text = (value["content"] ?? value["text"])?.string, !text.isEmpty else {
                    throw FormatError.json(
                        file: path, line: 1, problem: say("it has neither content nor text with a text in it"))
                }
                let document = CorpusDocument(
                    file: path, line: number, id: Self.id(value) ?? "\(number)", domain: Self.domain(value) ?? folder,
                    text: Array(text.utf8))
                if try !body(document) { return problems }
            } catch let error as FormatError {
                guard case .json(_, _, let problem) = error else { throw error }
                problems.add(.line(file: path, line: number, problem: problem))
            }
        }
        return problems
    }

    private static func id(_ value: JSONValue) -> String? {
        let id = value["id"] ?? value["_id"]
        return id?.string ?? id?.integer.map { String($0) }
    }

    /// As SlimPajama and others write it.
    private static func domain(_ value: JSONValue) -> String? {
        let meta = value["meta"]
        return (value["domain"] ?? value["source"] ?? meta?["redpajama_set_name"] ?? meta?["domain"])?.string
    }
}
