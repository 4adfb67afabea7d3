import RopewalkDocuments
import RopewalkModels

/// Another text that the model has read, so that queries can look into it.
package struct MemoryText: Equatable, Sendable {
    package let document: Document
    package let recording: Recording
    /// Tokens of the whole text; more than were read where it is too long.
    package let wanted: Int

    package static func == (a: MemoryText, b: MemoryText) -> Bool {
        a.recording.run == b.recording.run && a.document.text.name == b.document.text.name
    }

    /// The name of its file, without the folder.
    package var name: String { document.text.name.split(separator: "/").last.map(String.init) ?? document.text.name }

    /// Tokens that are read of it at most: as many as the longest memory that was published.
    static let tokenLimit = 65_536
    /// Bytes of its file at most.
    static let sizeLimit = 64 << 20
}

/// The other text of a session, or what becomes of it.
package struct MemoryStore: Equatable, Sendable {
    package var text: MemoryText?
    /// Of the file that is being read; nil where none is.
    package var reading: String?
    /// Tells what was asked for later from what was asked for before.
    var number = 0
}
