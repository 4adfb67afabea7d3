import RopewalkCellGrid
import Testing

@testable import RopewalkApp

@Suite struct KeyTests {
    @Test func namesAndKeysAreInverse() {
        let keys: [Key] = [
            .character("j"), .character(" "), .character("语"), .left, .right, .up, .down, .home, .end, .pageUp,
            .pageDown, .tab, .backTab, .enter, .escape, .backspace, .delete, .insert, .function(1), .function(12),
            .control("z"),
        ]
        for key in keys { #expect(KeyNames.key(KeyNames.name(key)) == key) }
        #expect(KeyNames.name(.control("z")) == "Ctrl-Z")
        #expect(KeyNames.key("F13") == nil)
        #expect(KeyNames.key("Pagedown") == nil)
    }

    @Test func scriptsHoldKeysTextMouseSizesAndWaits() throws {
        let script = try KeyScript(parsing: "j  PageDown text:\"a b\" mouse:12,5 size:80x24 wait ,")
        #expect(
            script.steps == [
                .event(.key(.character("j"))), .event(.key(.pageDown)), .event(.key(.character("a"))),
                .event(.key(.character(" "))), .event(.key(.character("b"))),
                .event(.mouse(Mouse(action: .press, x: 12, y: 5))),
                .event(.resize(Size(width: 80, height: 24))), .wait, .event(.key(.character(","))),
            ])
        #expect(try KeyScript(parsing: "text:whale").steps.count == 5)
        #expect(try KeyScript(parsing: "").steps.isEmpty)
    }

    @Test func scriptErrorsNameTheWord() {
        #expect(throws: AppError.unknownKey(name: "PgDn", position: 2)) { try KeyScript(parsing: "j PgDn") }
        #expect(throws: AppError.badMouse("3;4")) { try KeyScript(parsing: "mouse:3;4") }
        #expect(throws: AppError.badSize("0x24")) { try KeyScript(parsing: "size:0x24") }
        #expect(throws: AppError.badSize("80x99999999999999999999")) {
            try KeyScript(parsing: "size:80x99999999999999999999")
        }
        #expect(throws: AppError.unclosedQuote(position: 2)) { try KeyScript(parsing: "j text:\"a b") }
        let sentence = AppError.unknownKey(name: "PgDn", position: 2).description
        #expect(sentence.contains("PgDn") && sentence.contains("PageDown") && !sentence.contains("\n"))
    }

    @Test func everyBindingHasKeysAndNoContextUsesAKeyTwice() {
        var used: [String: Action] = [:]
        for binding in KeyMap.bindings {
            #expect(!binding.keys.isEmpty, "\(binding.action)")
            for key in binding.keys {
                let place = "\(binding.context) \(KeyNames.name(key))"
                #expect(used[place] == nil, "\(place)")
                used[place] = binding.action
            }
        }
    }

    @Test func theFocusedPanelsBindingsComeFirst() {
        #expect(KeyMap.action(for: .character("j"), focus: .text) == .move(.line(1)))
        #expect(KeyMap.action(for: .character("j"), focus: .map) == .map(.pan(Steps(rows: 1, columns: 0))))
        #expect(KeyMap.action(for: .enter, focus: .heads) == .heads(.take))
        #expect(KeyMap.action(for: .character("m"), focus: .heads) == .methods(.menu))
        #expect(KeyMap.action(for: .character("ß"), focus: .text) == nil)
    }
}
