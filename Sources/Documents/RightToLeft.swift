/// Scripts that are written from right to left.
package enum RightToLeft {
    /// Whether a part of a text in UTF-8 has letters of Hebrew, Arabic, Syriac or Thaana, U+0590 to U+07BF.
    package static func isIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        // In two bytes each: 0xD6 0x90 to 0xDE 0xBF.
        zip(bytes, bytes.dropFirst()).contains { first, second in
            first == 0xD6 ? second >= 0x90 && second < 0xC0 : (0xD7...0xDE).contains(first) && second & 0xC0 == 0x80
        }
    }
}
