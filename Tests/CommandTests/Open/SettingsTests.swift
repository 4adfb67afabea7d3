import Foundation
import Testing

@Suite struct SettingsTests {
    /// Errors are told before the screen is taken over, with file and line.
    @Test(arguments: [
        ("{\n  \"theme\": \"pink\"\n}", "line 2: 'theme pink': after its name the action takes"),
        ("{\"map\": 3}", "line 1: map is no text in quotes"),
        ("{\n\n\"colour\": \"magma\"}", "line 3: 'colour' is no setting: there are theme, map, scale, preset, keys"),
        ("{\"keys\": {\n\"Ctrl-1\": \"quit\"}}", "line 2: 'Ctrl-1' is no key"),
        ("{\"keys\": {\"Ctrl-G\": \"fly\"}}", "line 1: no action is called 'fly'"),
        ("{\"keys\": 7}", "keys is no object"), ("{\"theme\": ", "line 1"), ("[]", "an object in braces"),
    ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ error: String) throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch.url("ropewalk"), withIntermediateDirectories: true)
        _ = try scratch.file("ropewalk/settings.json", text)
        let run = try CommandRun(["open"], environment: ["XDG_CONFIG_HOME": scratch.path("")])
        run.expectError("settings.json", error)
    }
}
