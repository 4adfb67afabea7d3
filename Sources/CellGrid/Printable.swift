/// Visible stand-ins for characters that would move the cursor, hide, or reorder the rest of a line.
package enum Printable {
    /// The one-cell stand-in of a scalar that must not reach the terminal; nil where the scalar may be shown as it is.
    package static func substitute(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x20...0x7E: return nil
        case 0...0x1F: return Unicode.Scalar(0x2400 + scalar.value)
        case 0x7F: return "\u{2421}"
        case 0x80...0x9F: return "\u{2426}"
        case 0xA0...0x2FF where scalar.value != 0xAD: return nil
        case 0x2028, 0x2029: return "\u{2424}"
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return "⇄"
        default: return substituteByCategory(scalar)
        }
    }

    /// What a program's output must not have outside of full screens: controls, which terminals obey, and marks that reorder
    /// a line. Line ends and tabs stay, and every other character, whatever it looks like.
    package static func lines(_ text: String) -> String {
        // Most texts have none, and long ones are not copied for that.
        guard text.unicodeScalars.contains(where: isHostile) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            shown.append(isHostile(scalar) ? substitute(for: scalar) ?? scalar : scalar)
        }
        return String(shown)
    }

    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func substituteByCategory(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.properties.generalCategory {
        case .format: return "·"
        case .control, .surrogate, .privateUse, .unassigned: return "\u{FFFD}"
        default: return isInkless(scalar) ? "·" : nil
        }
    }

    /// Fillers are letters without ink; selectors and the grapheme joiner are marks without ink.
    private static func isInkless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5, 0x180B...0x180F: return true
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return true
        default: return false
        }
    }

    /// The text with every character that would garble a screen replaced; its width is `CellWidth.of(text)`.
    package static func text(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var shown = ""
        for character in text { DisplayText.forEachCell(of: character) { shown += $0.text } }
        return shown
    }
}
