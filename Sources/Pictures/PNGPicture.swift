import CRopewalkPictures

/// A vector picture as dots, drawn by librsvg: the PNG is the SVG.
package enum PNGPicture {
    /// Dots of a picture at most: 256 MB while it is drawn.
    package static let mostDots = 64_000_000
    /// What cairo can count on a side.
    private static let longestSide = 32_767.0
    /// Dots a CSS pixel.
    package static let scales = 0.25...16.0

    package static func bytes(_ picture: VectorPicture, scale: Double) throws(PictureError) -> [UInt8] {
        let (width, height) = ((picture.width * scale).rounded(.up), (picture.height * scale).rounded(.up))
        guard scale.isFinite, (1...longestSide).contains(width), (1...longestSide).contains(height),
            width * height <= Double(mostDots)
        else { throw .size(width: width, height: height) }
        guard cp_load() != 0 else { throw .library(String(cString: cp_problem())) }
        try requireFonts(picture.text)
        return try draw(picture.text, width: Int32(width), height: Int32(height))
    }

    private static func draw(_ svg: String, width: Int32, height: Int32) throws(PictureError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var text = svg
        let isDone = text.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { cp_png($0.baseAddress, $0.count, width, height, &bytes, &count) }
        }
        guard isDone != 0, let bytes else { throw .drawing(String(cString: cp_problem())) }
        defer { cp_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// A character that no font has would be an empty box.
    private static func requireFonts(_ text: String) throws(PictureError) {
        let scalars = Set(text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\u{A0}" }).sorted()
        let missing = cp_first_missing(scalars.map(\.value), scalars.count)
        guard missing >= 0 else { return }
        throw .font(scalars.indices.contains(missing) ? scalars[missing] : " ")
    }
}
