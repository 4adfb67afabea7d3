extension String {
    /// Whether these letters stand in it, in capitals or not; Foundation's search in strings trapped with some that can be
    /// typed.
    package func has(letters: String) -> Bool {
        let (own, wanted) = (Array(lowercased().utf8), Array(letters.lowercased().utf8))
        return wanted.isEmpty || own.indices.contains { own[$0...].starts(with: wanted) }
    }
}
