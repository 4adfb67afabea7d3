import Foundation
import Testing

@Suite struct SettingsTests {
    /// Option before settings, settings before the locale; and what is wrong with the option is told.
    @Test func theLanguageIsThatOfTheOptionElseOfTheSettings() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch.url("ropewalk"), withIntermediateDirectories: true)
        _ = try scratch.file("ropewalk/settings.json", "{\"lang\": \"zh\"}")
        let settings = ["XDG_CONFIG_HOME": scratch.path("")]
        let lesson = ["render", "--lesson", "word", "--size", "80x24"]
        #expect(try CommandRun(lesson, environment: settings).output.contains("空格"))
        #expect(try CommandRun(lesson + ["--lang", "en"], environment: settings).output.contains("Space next"))
        #expect(try CommandRun(lesson, environment: ["LC_ALL": "zh_CN.UTF-8"]).output.contains("空格"))
        #expect(try CommandRun(["--lang=zh"] + lesson).output.contains("空格"))
        try CommandRun("info --lang fr").expectError("--lang is 'fr': it takes en or zh")
        try CommandRun("info --lang").expectError("--lang is '': it takes en or zh")
    }

    /// Errors are told before the screen is taken over, with file and line.
    @Test(arguments: [
        ("{\n  \"theme\": \"pink\"\n}", "line 2: 'theme pink': after its name the action takes"),
        ("{\"map\": \"zz\"}", "line 1: 'map zz': after its name the action takes"),
        ("{\"map\": 3}", "line 1: map is no text in quotes"),
        (
            "{\n\n\"colour\": \"magma\"}",
            "line 3: 'colour' is no setting: there are theme, map, scale, preset, step, lang, last-place, keys"
        ),
        ("{\"keys\": {\n\"Ctrl-1\": \"quit\"}}", "line 2: 'Ctrl-1' is no key"),
        ("{\"keys\": {\"Ctrl-G\": \"fly\"}}", "line 1: no action is called 'fly'"),
        ("{\n\"lang\": \"fr\"}", "line 2: lang is \"en\" or \"zh\""),
        ("{\"last-place\": 1}", "line 1: last-place is true or false"),
        ("{\"keys\": 7}", "keys is no object"), ("{\"theme\": ", "line 1"), ("[]", "an object in braces"),
    ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ error: String) throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch.url("ropewalk"), withIntermediateDirectories: true)
        _ = try scratch.file("ropewalk/settings.json", text)
        let environment = ["XDG_CONFIG_HOME": scratch.path("")]
        try CommandRun(["open"], environment: environment).expectError("settings.json", error)
        // A lesson is played with them too.
        try CommandRun(["lesson", "word"], environment: environment).expectError("settings.json", error)
    }
}
