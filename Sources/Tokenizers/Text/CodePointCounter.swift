/// Turns byte places of a text into counts of code points; cheap where the places hardly go back.
struct CodePointCounter {
    private var byte = 0
    private var count: Int32 = 0

    /// How many characters begin before `place`.
    mutating func codePoints(before place: Int, in text: UnsafeRawBufferPointer) -> Int32 {
        let place = min(place, text.count)
        while byte < place {
            if !UTF8Text.isContinuation(text[byte]) { count += 1 }
            byte += 1
        }
        while byte > place {
            byte -= 1
            if !UTF8Text.isContinuation(text[byte]) { count -= 1 }
        }
        return count
    }
}
