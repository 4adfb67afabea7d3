import RopewalkCellGrid

/// The keys that terminals of the last forty years agree on; keys with Shift, Alt or Ctrl are none here.
enum KeySequences {
    /// After CSI, the final byte included.
    static func control(_ body: ArraySlice<UInt8>) -> Key? {
        guard let final = body.last else { return nil }
        let parameters = body.dropLast()
        if final == 0x7E {
            return Int(String(decoding: parameters, as: UTF8.self)).flatMap(editing)
        }
        if parameters.elementsEqual([0x5B]), (0x41...0x45).contains(final) { return .function(Int(final) - 0x40) }
        // "1" says: once, with no other key.
        guard parameters.isEmpty || parameters.elementsEqual([0x31]) else { return nil }
        return final == 0x5A ? .backTab : cursor(final)
    }

    /// After SS3, the final byte included.
    static func function(_ body: ArraySlice<UInt8>) -> Key? {
        guard body.count == 1, let final = body.last else { return nil }
        switch final {
        case 0x4D: return .enter
        case 0x49: return .tab
        case 0x20: return .character(" ")
        // The keypad in application mode: "*+,-./0123456789" and "=".
        case 0x6A...0x79, 0x58: return .character(Character(Unicode.Scalar(final == 0x58 ? 0x3D : final - 0x40)))
        default: return cursor(final)
        }
    }

    private static func cursor(_ final: UInt8) -> Key? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(final) - 0x4F)
        default: nil
        }
    }

    /// CSI number ~.
    private static func editing(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }
}

/// What a terminal says of the mouse.
struct MouseReport {
    /// The button, with flags for keys held, motion (32) and the wheel (64).
    let button: Int
    /// From 1.
    let x: Int
    let y: Int
    let isRelease: Bool

    init(button: Int, x: Int, y: Int, isRelease: Bool) {
        (self.button, self.x, self.y, self.isRelease) = (button, x, y, isRelease)
    }

    /// `<b;x;yM` and `…m` (SGR), or `b;x;yM` with 32 added to b (urxvt), after CSI; nil where it is neither.
    static func parse(_ body: ArraySlice<UInt8>) -> MouseReport? {
        guard let final = body.last, final == 0x4D || final == 0x6D else { return nil }
        let isSGR = body.first == 0x3C
        let text = String(decoding: body.dropLast().dropFirst(isSGR ? 1 : 0), as: UTF8.self)
        let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let b = numbers[0], let x = numbers[1], let y = numbers[2] else { return nil }
        // Numbers of any size fit: a place beyond every screen is none.
        guard isSGR || final == 0x4D, (0..<1024).contains(b), (0..<1 << 20).contains(x), (0..<1 << 20).contains(y)
        else { return MouseReport(button: 0, x: 1, y: 1, isRelease: true) }
        let button = isSGR ? b : b - 32
        return MouseReport(button: button, x: x, y: y, isRelease: isSGR ? final == 0x6D : button & 3 == 3)
    }

    /// Nil for what means nothing here: releases, motion, other buttons.
    var event: Mouse? {
        guard button >= 0, x > 0, y > 0, button & 32 == 0, button < 128 else { return nil }
        let action: Mouse.Action
        switch (button & 64, button & 3) {
        case (64, 0): action = .wheelUp
        case (64, 1): action = .wheelDown
        case (0, 0) where !isRelease: action = .press
        case (0, 2) where !isRelease: action = .secondaryPress
        default: return nil
        }
        return Mouse(action: action, x: x - 1, y: y - 1)
    }
}
