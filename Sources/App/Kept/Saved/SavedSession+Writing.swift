import RopewalkMethods

extension SavedSession: Encodable {
    private enum Name: String, CodingKey { case format, version, shown, screen, texts }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Name.self)
        try members.encode(Self.format, forKey: .format)
        try members.encode(Self.version, forKey: .version)
        try members.encode(shown, forKey: .shown)
        try members.encode(screen, forKey: .screen)
        try members.encode(texts, forKey: .texts)
    }

    /// As a file has it.
    package func json() throws -> String { try JSONText.encodeAsWritten(self) }
}
