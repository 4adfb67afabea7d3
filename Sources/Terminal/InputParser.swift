import RopewalkCellGrid

/// Cuts the bytes that a terminal sends into keys, mouse events and pasted texts.
///
/// Sequences that mean nothing here are swallowed whole: what stands in them is no key. It knows no clock: the caller says
/// when nothing has followed for as long as `patience`.
package struct InputParser {
    private enum Mode {
        case keys
        /// Between the marks of a bracketed paste.
        case paste
        /// In a text for programs (OSC, DCS, APC, PM, SOS), which ends with BEL or ESC \.
        case string
    }

    /// What a sequence can be at most; longer ones are swallowed in parts.
    private static let longestSequence = 256
    /// Of a text for programs: what is longer is none that means something here.
    private static let longestString = 64
    /// Of a pasted text, in bytes; what comes after is left out.
    static let longestPaste = 16 << 20

    /// Sequences that this terminal has for keys beside the usual ones.
    private let named: [[UInt8]: Key]
    private var mode = Mode.keys
    private var bytes: [UInt8] = []
    /// The first byte that has not been read.
    private var place = 0
    private var pasted: [UInt8] = []
    /// What has come of a text for programs (OSC).
    private var told: [UInt8] = []
    /// Whether the terminal was asked something: its answer may come in parts, long after one another.
    package var awaitsAnswer = false
    /// Whether Escape was the last key, with nothing behind it: it may have been the first byte of an answer.
    private var hasLoneEscape = false

    package init(named: [[UInt8]: Key] = [:]) { self.named = named }

    package mutating func feed(_ more: some Sequence<UInt8>) {
        bytes.removeFirst(place)
        place = 0
        bytes += more
    }

    /// How long to wait for more before `next(isPatient: false)`, in seconds; nil where nothing is unfinished.
    package var patience: Double? {
        switch mode {
        case .keys: place < bytes.count ? (isInAnswer ? (hasLoneEscape ? 0.4 : 2) : 0.025) : nil
        case .string: awaitsAnswer ? 3 : 0.5
        case .paste: 2
        }
    }

    /// What follows the Escape of an answer to what the background is.
    private static let answer = Array("]11;".utf8)

    /// Whether what has come could be the beginning of an answer, and is no key that anybody presses.
    private var isInAnswer: Bool {
        guard awaitsAnswer else { return false }
        return bytes[place...].elementsEqual([0x1B, 0x5D])
            || hasLoneEscape && Self.answer.starts(with: bytes[place...])
    }

    /// The next event; nil where there is none yet.
    /// - Parameter isPatient: whether what is unfinished may still go on
    package mutating func next(isPatient: Bool = true) -> InputEvent? {
        while true {
            switch mode {
            case .paste:
                if let event = paste(isPatient) { return event }
                if mode == .paste { return nil }
            case .string:
                if let ground = skipString(isPatient) { return .ground(ground) }
                if mode == .string { return nil }
            case .keys:
                guard let step = step(isPatient) else { return nil }
                place += step.length
                if let event = step.event { return event }
            }
        }
    }

    /// What stands at the place: how many bytes, and what they mean.
    private struct Step {
        var length: Int
        var event: InputEvent?

        init(_ length: Int, _ event: InputEvent? = nil) { (self.length, self.event) = (length, event) }
        init(_ length: Int, key: Key?) { self.init(length, key.map { .key($0) }) }
    }

    /// Nil where more bytes have to come first.
    private mutating func step(_ isPatient: Bool) -> Step? {
        guard place < bytes.count else { return nil }
        let first = bytes[place]
        if awaitsAnswer, hasLoneEscape {
            if bytes[place...].starts(with: Self.answer) { return string(start: 1) }
            if isPatient, isInAnswer { return nil }
        }
        hasLoneEscape = false
        switch first {
        case 0x1B: return afterEscape(isPatient)
        case 0x8F: return function(start: 1, isPatient)
        case 0x9B: return control(start: 1, isPatient)
        case 0x90, 0x98, 0x9D...0x9F: return string(start: 1)
        case 0..<0x20, 0x7F: return Step(1, key: Self.key(control: first))
        case 0x20..<0x7F: return Step(1, key: .character(Character(Unicode.Scalar(first))))
        default: return character(isPatient)
        }
    }

    private static func key(control byte: UInt8) -> Key? {
        switch byte {
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x08, 0x7F: .backspace
        case 0: .control(" ")
        // Ctrl clears the upper bits of "a" to "z" and of "\", "]", "^", "_".
        default: .control(Character(Unicode.Scalar(byte + (byte < 27 ? 0x60 : 0x40))))
        }
    }

    /// A character of several bytes; bytes that are none are swallowed one by one.
    private mutating func character(_ isPatient: Bool) -> Step? {
        let length = bytes[place] >= 0xF0 ? 4 : bytes[place] >= 0xE0 ? 3 : bytes[place] >= 0xC2 ? 2 : 1
        let end = min(place + length, bytes.count)
        let tail = bytes[place + 1..<end].prefix { $0 & 0xC0 == 0x80 }
        if tail.count + 1 < length {
            return place + 1 + tail.count == bytes.count && isPatient ? nil : Step(1)
        }
        guard let text = String(validating: bytes[place..<end], as: UTF8.self), let scalar = text.unicodeScalars.first
        else { return Step(1) }
        switch scalar.value {
        // Eight-bit controls may come as UTF-8.
        case 0x8F: return function(start: 2, isPatient)
        case 0x9B: return control(start: 2, isPatient)
        case 0x90, 0x98, 0x9D...0x9F: return string(start: 2)
        case 0x80...0x9F: return Step(2)
        default: return Step(length, key: .character(Character(scalar)))
        }
    }

    /// Escape alone, or what begins with it.
    private mutating func afterEscape(_ isPatient: Bool) -> Step? {
        guard place + 1 < bytes.count else {
            hasLoneEscape = !isPatient
            return isPatient ? nil : Step(1, key: .escape)
        }
        switch bytes[place + 1] {
        case 0x5B: return control(start: 2, isPatient)
        case 0x4F: return function(start: 2, isPatient)
        case 0x50, 0x58, 0x5D...0x5F:
            // With nothing after it, it is Escape (or Alt) and a letter.
            guard place + 2 < bytes.count else { return isPatient ? nil : Step(1, key: .escape) }
            return string(start: 2)
        default: return Step(1, key: .escape)
        }
    }

    /// A text for programs begins.
    private mutating func string(start: Int) -> Step {
        mode = .string
        hasLoneEscape = false
        told = []
        return Step(start)
    }

    /// SS3: keys of the keypad and some function keys.
    private func function(start: Int, _ isPatient: Bool) -> Step? {
        var end = place + start
        while end < bytes.count, (0x30...0x3B).contains(bytes[end]) { end += 1 }
        guard end < bytes.count else { return isPatient ? nil : Step(end - place) }
        guard (0x40...0x7E).contains(bytes[end]) || bytes[end] == 0x20 else { return Step(end - place) }
        let length = end + 1 - place
        return Step(length, key: named[Array(bytes[place...end])] ?? KeySequences.function(bytes[place + start...end]))
    }

    /// CSI: parameters (0x30 to 0x3F), intermediates (0x20 to 0x2F), a final byte.
    private mutating func control(start: Int, _ isPatient: Bool) -> Step? {
        var end = place + start
        // The Linux console's first function keys.
        if end < bytes.count, bytes[end] == 0x5B { end += 1 }
        while end < bytes.count, (0x20...0x3F).contains(bytes[end]) { end += 1 }
        guard end < bytes.count else {
            if end - place > Self.longestSequence { return string(start: end - place) }
            return isPatient ? nil : Step(end - place)
        }
        // Another control breaks a sequence off.
        guard (0x40...0x7E).contains(bytes[end]) else { return Step(end - place) }
        let body = bytes[place + start...end]
        if body == [0x4D] { return oldMouse(start: start + 1, isPatient) }
        let length = end + 1 - place
        if body == [0x32, 0x30, 0x30, 0x7E] {
            mode = .paste
            return Step(length)
        }
        if let mouse = MouseReport.parse(body) { return Step(length, mouse.event.map { .mouse($0) }) }
        return Step(length, key: named[Array(bytes[place...end])] ?? KeySequences.control(body))
    }

    /// The first form of mouse reports: three bytes, each with 32 added.
    private func oldMouse(start: Int, _ isPatient: Bool) -> Step? {
        let first = place + start
        guard first + 3 <= bytes.count else { return isPatient ? nil : Step(bytes.count - place) }
        let numbers = bytes[first..<first + 3].map { Int($0) - 32 }
        let report = MouseReport(button: numbers[0], x: numbers[1], y: numbers[2], isRelease: numbers[0] & 3 == 3)
        return Step(start + 3, report.event.map { .mouse($0) })
    }

    /// Takes pasted bytes up to the mark that ends them.
    private mutating func paste(_ isPatient: Bool) -> InputEvent? {
        let mark: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
        while let escape = bytes[place...].firstIndex(of: 0x1B) {
            take(until: escape)
            let found = bytes[escape...].prefix(mark.count)
            if found.elementsEqual(mark) {
                place = escape + mark.count
                return endPaste()
            }
            // The mark may have come in part.
            if isPatient, mark.starts(with: found) { return nil }
            take(until: escape + 1)
        }
        take(until: bytes.count)
        return isPatient ? nil : endPaste()
    }

    private mutating func take(until end: Int) {
        pasted += bytes[place..<end].prefix(max(0, Self.longestPaste - pasted.count))
        place = end
    }

    private mutating func endPaste() -> InputEvent {
        mode = .keys
        defer { pasted = [] }
        return .paste(String(decoding: pasted, as: UTF8.self))
    }

    /// Skips a text for programs up to its end; what it says of the background.
    private mutating func skipString(_ isPatient: Bool) -> Ground? {
        while place < bytes.count {
            switch bytes[place] {
            case 0x07:
                place += 1
                mode = .keys
                return GroundReport.parse(told)
            case 0x1B:
                guard place + 1 < bytes.count else {
                    if !isPatient { mode = .keys }
                    return nil
                }
                mode = .keys
                // ESC \ ends it; any other sequence breaks it off.
                guard bytes[place + 1] == 0x5C else { return nil }
                place += 2
                return GroundReport.parse(told)
            default:
                if told.count < Self.longestString { told.append(bytes[place]) }
                place += 1
            }
        }
        if !isPatient { mode = .keys }
        return nil
    }
}
