/// A colour as a view asks for it; a terminal with fewer colours shows the nearest it has.
package enum Colour: Equatable, Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// One of the 16 named colours, whose exact shade is the user's choice.
    case ansi(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

/// How many colours the screen has.
package enum ColourDepth: String, CaseIterable, Equatable, Hashable, Sendable {
    /// No colour at all (`NO_COLOR`, monochrome terminals): shades and symbols carry the information.
    case none
    case ansi8
    case ansi16
    case indexed256
    /// 24 bits a colour.
    case direct

    /// Whether there are shades enough for grounds and letters of their own.
    package var isRich: Bool { self == .indexed256 || self == .direct }
}

/// How a cell is drawn.
package struct Style: Equatable, Hashable, Sendable {
    package struct Attributes: OptionSet, Equatable, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let underline = Attributes(rawValue: 4)
        package static let reverse = Attributes(rawValue: 8)
    }

    package var foreground: Colour
    package var background: Colour
    package var attributes: Attributes

    package static let plain = Style()

    package init(foreground: Colour = .standard, background: Colour = .standard, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
