/// A colour as a view asks for it; a terminal with fewer colours shows the nearest it has.
public enum Colour: Equatable, Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// One of the 16 named colours, whose exact shade is the user's choice.
    case ansi(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

/// How many colours the screen has.
public enum ColourDepth: String, CaseIterable, Equatable, Hashable, Sendable {
    /// No colour at all (`NO_COLOR`, monochrome terminals): shades and symbols carry the information.
    case none
    case ansi8
    case ansi16
    case indexed256
}

/// How a cell is drawn.
public struct Style: Equatable, Hashable, Sendable {
    public struct Attributes: OptionSet, Equatable, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let underline = Attributes(rawValue: 4)
        public static let reverse = Attributes(rawValue: 8)
    }

    public var foreground: Colour
    public var background: Colour
    public var attributes: Attributes

    public static let plain = Style()

    public init(foreground: Colour = .standard, background: Colour = .standard, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
