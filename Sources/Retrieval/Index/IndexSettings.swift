/// What an index was made with: another one is made where any of it has changed.
package struct IndexSettings: Equatable, Sendable {
    /// A document of an index.
    package struct Source: Equatable, Sendable {
        package let path: String
        package let bytes: Int
        /// FNV-1a of its bytes.
        package let digest: UInt64

        package init(path: String, _ text: [UInt8]) {
            self.path = path
            bytes = text.count
            digest = text.withUnsafeBufferPointer { bytes in
                bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            }
        }

        init(path: String, bytes: Int, digest: UInt64) { (self.path, self.bytes, self.digest) = (path, bytes, digest) }
    }

    package var plan: ChunkPlan
    /// What cuts texts: the name of a model's tokenizer; empty for words.
    package var units: String
    /// What makes vectors; empty for nothing.
    package var vectors: String
    package var sources: [Source]

    package init(plan: ChunkPlan, units: String = "", vectors: String = "", sources: [Source]) {
        (self.plan, self.units, self.vectors, self.sources) = (plan, units, vectors, sources)
    }

    /// Raised with every change of the file's form or of how terms are read.
    static let version = 2

    /// As the file has them, without the documents.
    var fields: [(String, String)] {
        [
            ("version", "\(Self.version)"), ("size", "\(plan.size)"), ("overlap", "\(plan.overlap)"),
            ("sentences", "\(plan.keepsSentences)"), ("units", units), ("vectors", vectors),
        ]
    }
}
