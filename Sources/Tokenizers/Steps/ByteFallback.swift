/// Tokens such as "<0x0A>" for the bytes of characters that are no token.
enum ByteFallback {
    /// [byte]: its token, or -1; empty where there is none for any byte.
    static func tokens(_ find: (String.UTF8View) -> Int32?) -> [Int32] {
        let digits = Array("0123456789ABCDEF")
        let tokens = (0..<256).map { find("<0x\(digits[$0 / 16])\(digits[$0 % 16])>".utf8) ?? -1 }
        return tokens.contains { $0 >= 0 } ? tokens : []
    }
}
