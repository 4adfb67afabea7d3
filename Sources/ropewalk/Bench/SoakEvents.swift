import RopewalkApp
import RopewalkCellGrid
import RopewalkMethods

/// Everything that may happen to the program, at random: event n of a seed is the same in every list that has it.
struct SoakEvents {
    enum Event {
        case input(InputEvent)
        case action(Action)
        /// Another model or text in place of those that are open, whatever is going on.
        case open(Int)
        /// Somebody changes the file of the mask.
        case disturb(Int)
    }

    let seed: UInt64

    private static let named: [Key] = [
        .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backTab, .backspace,
        .delete,
        .insert, .function(1), .function(12), .control("f"), .control("d"), .control("r"), .control("o"), .control("l"),
        .control("s"), .control("w"), .control("x"), .function(11),
    ]
    /// Keys that lead far: menus, prompts, panels, moves through the text, exact runs.
    private static let frequent = Array("mmmm  /:fgG%%||Z~[]{}<>+-,.?wdeEtvkKpPLHRxr`Y0123456789")
    private static let typed = [
        "q - k < 9", "window:size=8", "50%", "the", "1204", "\u{202E}x\u{301}\u{301}", "[[[(", "from 30", "here",
    ]

    func event(_ number: Int, mask: String) -> Event {
        var dice = Dice(state: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        switch dice.roll(1000) {
        case 0..<8: return .open(dice.roll(1 << 16))
        case 8..<18: return .disturb(dice.roll(1 << 16))
        case 18..<70: return .action(Self.methods(&dice, mask: mask))
        case 70..<110:
            let form = ActionForm.all[dice.roll(ActionForm.all.count)]
            return .action(form.example)
        default: return .input(Self.input(&dice))
        }
    }

    /// One to three methods of the catalogue, sometimes the mask of the file.
    private static func methods(_ dice: inout Dice, mask: String) -> Action {
        var specs = (0...dice.roll(3)).map { _ in Catalogue.names[dice.roll(Catalogue.names.count)] }
        if dice.roll(4) == 0 { specs.append("file:\(mask)") }
        return .methods(.take(specs.joined(separator: " ")))
    }

    private static func input(_ dice: inout Dice) -> InputEvent {
        switch dice.roll(100) {
        case 0..<34: return .key(.character(frequent[dice.roll(frequent.count)]))
        case 34..<58: return .key(named[dice.roll(named.count)])
        case 58..<78: return .key(.character(Character(Unicode.Scalar(UInt8(33 + dice.roll(94))))))
        case 78..<84: return .paste(typed[dice.roll(typed.count)])
        case 84..<93:
            let actions: [Mouse.Action] = [.press, .doublePress, .wheelUp, .wheelDown, .secondaryPress]
            return .mouse(Mouse(action: actions[dice.roll(actions.count)], x: dice.roll(220), y: dice.roll(90)))
        case 93..<96: return .resize(Size(width: 120, height: 40))
        default: return .resize(Size(width: 1 + dice.roll(220), height: 1 + dice.roll(90)))
        }
    }

    /// Milliseconds that background work gets after an event.
    func pause(_ number: Int) -> UInt32 {
        var dice = Dice(state: seed &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
        return [0, 0, 0, 1, 3, 10, 40][dice.roll(7)]
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, sides)))
        }
    }
}
