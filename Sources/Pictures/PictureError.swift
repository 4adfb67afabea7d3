import RopewalkCellGrid
import RopewalkPhrases

/// Why a picture of dots could not be made.
package enum PictureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the system says of the library that draws.
    case library(String)
    /// No font of this machine has the character.
    case font(Unicode.Scalar)
    /// In dots.
    case size(width: Double, height: Double)
    case drawing(String)

    /// One line: what is wrong, and what to do.
    package var description: String {
        switch self {
        case .library(let reason):
            say(
                """
                png needs librsvg, which cannot be loaded (\(Self.line(reason))): install librsvg2-2, or write svg or html
                """)
        case .font(let scalar):
            say("png: no font here has \(Self.name(scalar)): install \(Self.package(scalar)), or write svg or html")
        case .size(let width, let height):
            say(
                """
                png: \(Self.number(width)) × \(Self.number(height)) dots are too many (at most \
                \(PNGPicture.mostDots / 1_000_000) million): give a smaller --scale, or write svg
                """)
        case .drawing(let reason): say("png: librsvg cannot draw the picture: \(Self.line(reason))")
        }
    }

    /// What a library says, in one line.
    private static func line(_ reason: String) -> String {
        Printable.text(reason.split(whereSeparator: \.isNewline).joined(separator: "; "))
    }

    private static func number(_ value: Double) -> String {
        value.isFinite && value < 1e9 ? String(Int(value)) : say("too many")
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        let code = String(scalar.value, radix: 16, uppercase: true)
        let shown = Printable.text(String(scalar))
        return "“\(shown)” (U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code))"
    }

    /// The package of Debian with a font that has it.
    private static func package(_ scalar: Unicode.Scalar) -> String {
        if scalar.value < 0x250 { return "fonts-dejavu-core" }
        if scalar.properties.isEmojiPresentation { return "fonts-noto-color-emoji" }
        return CellWidth.of(String(scalar)) == 2 ? "fonts-wqy-microhei" : "fonts-noto-core"
    }
}
