import Foundation

/// How light the eye finds a colour.
package enum Lightness {
    /// Linear luminance relative to white, 0 to 1 (sRGB).
    package static func luminance(_ colour: Palette.Components) -> Double {
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }

    /// CIE L*, 0 to 100: equal steps look equal.
    package static func of(_ colour: Palette.Components) -> Double {
        let luminance = luminance(colour)
        return luminance > 216.0 / 24389 ? 116 * cbrt(luminance) - 16 : luminance * 24389 / 27
    }

    /// The WCAG contrast ratio, 1 to 21.
    package static func contrast(_ a: Palette.Components, _ b: Palette.Components) -> Double {
        let (first, second) = (luminance(a), luminance(b))
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    /// Black or white, whichever reads better on `background`.
    package static func readableForeground(on background: Colour) -> Colour {
        guard let components = Palette.components(of: background) else { return .standard }
        let onWhite = contrast(components, (255, 255, 255))
        let onBlack = contrast(components, (0, 0, 0))
        if case .ansi = background { return onBlack >= onWhite ? .ansi(0) : .ansi(15) }
        return onBlack >= onWhite ? .rgb(0, 0, 0) : .rgb(255, 255, 255)
    }

    private static func linear(_ component: UInt8) -> Double {
        let value = Double(component) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
